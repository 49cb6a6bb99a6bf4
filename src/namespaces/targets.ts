/**
 * What may stand in the place of a namespace's name: `pid:N`, `container:ID`, `docker:NAME`, `podman:NAME`,
 * `netns:INODE` and `path:PATH`. A file of that name in the run directory comes first, so that nothing changes for
 * names; a bare path stays what it is to the original, which has no namespace of that name. Namespaces that only a descriptor holds are found by their inode.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync, statfsSync, statSync } from 'node:fs';
import { NSFS_MAGIC } from '../linux/namespaces.ts';
import { encodeText } from '../wire/text.ts';
import { containerOf } from './inventory/containers.ts';
import { containerNamed } from './inventory/runtimes.ts';
import { pathOfNamespace } from './named.ts';

const SORTED = /^(pid|container|docker|podman|netns|path):(.+)$/s;
/** Fewer characters of an id are not taken for it. */
const LEAST_ID = 4;

/** Whether a word is of another form than a name. */
export function isTarget(word: string): boolean {
  return SORTED.test(word);
}

/** The file of the namespace that a word means; that of a name where nothing else is found. */
export function fileOfNamespace(word: string): string {
  const named = pathOfNamespace(word);
  if (!isTarget(word) || existsSync(encodeText(named))) return named;
  return fileOfTarget(word) ?? named;
}

/** The same without names; undefined if nothing is found. */
export function fileOfTarget(word: string): string | undefined {
  const [, sort, value = ''] = SORTED.exec(word) ?? [];
  switch (sort) {
    case 'pid':
      return /^\d+$/.test(value) ? fileOfProcess(value) : undefined;
    case 'path':
      return value;
    case 'netns':
      return /^\d+$/.test(value) ? fileOfInode(value) : undefined;
    case 'container':
      return fileOfContainer(value, undefined);
    case 'docker':
    case 'podman': {
      const found = containerNamed(sort, value);
      if (found?.pid !== undefined) return fileOfProcess(String(found.pid));
      return fileOfContainer(found?.id ?? value, sort);
    }
    default:
      return undefined;
  }
}

function fileOfProcess(pid: string): string {
  return `/proc/${pid}/ns/net`;
}

function processes(): readonly string[] {
  return folder('/proc').filter(name => /^\d+$/.test(name));
}

function folder(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** The first process whose control group is that of a container. */
function fileOfContainer(id: string, runtime: string | undefined): string | undefined {
  for (const pid of processes()) {
    const found = containerOf(read(`/proc/${pid}/cgroup`));
    if (found === undefined || (runtime !== undefined && found.runtime !== runtime)) continue;
    if (found.id === id || (id.length >= LEAST_ID && found.id.startsWith(id))) return fileOfProcess(pid);
  }
  return undefined;
}

/** A process in the namespace, or one that holds a descriptor of it. */
function fileOfInode(inode: string): string | undefined {
  const wanted = `net:[${inode}]`;
  const all = processes();
  const member = all.find(pid => link(fileOfProcess(pid)) === wanted);
  if (member !== undefined) return fileOfProcess(member);
  for (const pid of all) {
    const descriptors = `/proc/${pid}/fd`;
    const held = folder(descriptors).find(name => isHeld(`${descriptors}/${name}`, wanted, inode));
    if (held !== undefined) return `${descriptors}/${held}`;
  }
  return mountOf(wanted);
}

/** Whether a descriptor is of the namespace: one whose mount is gone is called by the root of that mount. */
function isHeld(path: string, wanted: string, inode: string): boolean {
  const target = link(path);
  if (target === wanted) return true;
  try {
    return target === '/' && String(statSync(path).ino) === inode && statfsSync(path).type === NSFS_MAGIC;
  } catch {
    return false;
  }
}

/** Where a namespace is mounted: the source of the mount is its name. */
function mountOf(wanted: string): string | undefined {
  for (const line of read('/proc/thread-self/mountinfo').split('\n')) {
    const fields = line.split(' ');
    if (fields[3] === wanted)
      return fields[4]?.replace(/\\(\d{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8)));
  }
  return undefined;
}

function link(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
