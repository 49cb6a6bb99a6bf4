/**
 * What keeps a network namespace alive, as far as it can be seen: processes and threads in it, mounts, and descriptors of
 * its file. A socket that a process has made inside and uses elsewhere cannot be seen. Source: namespaces(7).
 */
import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { type Kernel, systemKernel } from '../../kernel/kernel.ts';
import { identityOf, NamespaceProcess } from './processes.ts';
import { readRegistry } from './registry.ts';

/** A descriptor of a namespace's file. */
export interface HeldDescriptor {
  readonly process: NamespaceProcess;
  readonly descriptor: number;
}

/** All that is known to hold one namespace. */
export interface Holders {
  readonly processes: readonly NamespaceProcess[];
  /** Files that it is mounted on. */
  readonly paths: readonly string[];
  readonly descriptors: readonly HeldDescriptor[];
}

/** Finds what holds the namespace of this identity, apart from descriptors of this process. Throws {@link SystemError}. */
export function holdersOf(identity: string, kernel: Kernel = systemKernel): Holders {
  const entry = readRegistry(kernel).namespaces.find(namespace => namespace.identity === identity);
  return {
    processes: entry?.processes ?? [],
    paths: entry?.paths ?? [],
    descriptors: descriptorsOf(identity),
  };
}

function descriptorsOf(identity: string): HeldDescriptor[] {
  const inode = identity.slice(identity.indexOf(':') + 1);
  const held: HeldDescriptor[] = [];
  for (const pid of numbersIn('/proc')) {
    if (pid === process.pid) continue;
    const folder = `/proc/${pid}/fd`;
    for (const descriptor of numbersIn(folder))
      if (isHeld(`${folder}/${descriptor}`, inode, identity))
        held.push({ process: new NamespaceProcess(pid), descriptor });
  }
  return held;
}

/** A descriptor whose mount is gone is called by the root of that mount, or by the file that it was mounted on. */
function isHeld(path: string, inode: string, identity: string): boolean {
  try {
    const target = readlinkSync(path);
    if (/^(pipe|socket|anon_inode):/.test(target)) return false;
    return target === `net:[${inode}]` || identityOf(statSync(path)) === identity;
  } catch {
    return false; // It has been closed, or is that of another user.
  }
}

function numbersIn(path: string): number[] {
  try {
    return readdirSync(path)
      .filter(name => /^\d+$/.test(name))
      .map(Number)
      .sort((one, other) => one - other);
  } catch {
    return [];
  }
}
