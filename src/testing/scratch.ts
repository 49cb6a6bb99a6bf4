/** Folders for the files of one lab: gone with it, and those of processes that were killed with the next one. */

import { mkdtempSync, readdirSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a folder. Its name says whose it is: the process, and the namespace in which its id means that process. */
export function makeFolder(): string {
  const owner = `tsip-lab-${processSpace()}-`;
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(owner) ? /^\d+/.exec(name.slice(owner.length))?.[0] : undefined;
    if (pid !== undefined && !isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  return mkdtempSync(join(tmpdir(), `${owner}${process.pid}-`));
}

/** The number of the PID namespace that this process is in. */
function processSpace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
}

function isAlive(pid: string): boolean {
  try {
    statSync(`/proc/${pid}`);
    return true;
  } catch {
    return false;
  }
}
