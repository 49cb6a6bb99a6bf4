/** The processes of a lab: found by their namespace or their output, asked to end, ended. Source: proc(5). */

import { fstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** How long a process may take to end when it is asked to, in milliseconds. */
const PATIENCE = 2000;
/** How often is looked. No event reports the end of a process that is not a child. */
const INTERVAL = 5;
/** Bytes of /proc/PID/stat after the name of the program: the 20th number is the start time. */
const START_TIME_FIELD = 19;

/** Ids of the processes in the namespaces behind descriptors, except this process. */
export function processesIn(namespaces: Iterable<number>): number[] {
  const identities = new Set([...namespaces].map(fd => identity(fstatSync(fd))));
  if (identities.size === 0) return [];
  return processIds().filter(pid => isIn(pid, identities));
}

/**
 * Ids of the processes whose standard output is a file in `folder`, except this process: services that were started, though
 * who started them had no time to write it down.
 */
export function writersTo(folder: string): number[] {
  let device: number;
  try {
    device = statSync(folder).dev;
  } catch {
    return []; // There is no output.
  }
  return processIds().filter(pid => {
    const output = `/proc/${pid}/fd/1`;
    try {
      // Another mount namespace may have another folder of that name.
      return readlinkSync(output).startsWith(`${folder}/`) && statSync(output).dev === device;
    } catch {
      return false; // It has ended, or is none of ours.
    }
  });
}

/** Ids of all processes except this one. */
function processIds(): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => pid !== process.pid);
}

function isIn(pid: number, identities: ReadonlySet<string>): boolean {
  try {
    return identities.has(identity(statSync(`/proc/${pid}/ns/net`)));
  } catch {
    return false; // It has ended, or is none of ours.
  }
}

function identity({ dev, ino }: { readonly dev: number; readonly ino: number }): string {
  return `${dev}:${ino}`;
}

/** Start time of a process; undefined if there is none, or it has ended and only waits for its parent. */
export function startTime(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[START_TIME_FIELD];
  } catch {
    return undefined;
  }
}

/** Ends processes: by SIGTERM, and those that do not end by SIGKILL. Resolves with those that are still there. */
export async function endProcesses(find: () => readonly number[]): Promise<readonly number[]> {
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    const deadline = Date.now() + PATIENCE;
    let left = find().filter(pid => startTime(pid) !== undefined);
    for (const pid of left) send(pid, name);
    while (left.length > 0 && Date.now() < deadline) {
      await setTimeout(INTERVAL);
      const before = new Set(left);
      left = find().filter(pid => startTime(pid) !== undefined);
      // Children that were started while their parent ended.
      for (const pid of left) if (!before.has(pid)) send(pid, name);
    }
    if (left.length === 0) return [];
  }
  return find();
}

/** Sends a signal to a process that may have ended. */
export function send(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}
