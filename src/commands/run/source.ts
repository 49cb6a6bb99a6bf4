/** Where in a script a call stands, as far as the shell shows it. */
import { closeSync, openSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { basename } from 'node:path';

/** bash reads its script from this descriptor, and leaves it after the command that it is about to start. */
const SCRIPT_DESCRIPTOR = 255;
/** Longer scripts are not read for the number of a line. */
const MAX_SCRIPT = 4 << 20;

/** `lab.sh:7`, `lab.sh`, or the name of the program that started the call. */
export function sourceOf(parent: number): string {
  return scriptLine(parent) ?? commandOf(parent);
}

function scriptLine(parent: number): string | undefined {
  try {
    const link = `/proc/${parent}/fd/${SCRIPT_DESCRIPTOR}`;
    const path = readlinkSync(link);
    if (!path.startsWith('/') || path.startsWith('/dev/')) return undefined;
    const position = Number(
      /^pos:\s*(\d+)/m.exec(readFileSync(`/proc/${parent}/fdinfo/${SCRIPT_DESCRIPTOR}`, 'latin1'))?.[1],
    );
    return `${basename(path)}:${countLines(link, position)}`;
  } catch {
    return undefined;
  }
}

/** The number of the line that ends at `position`. */
function countLines(path: string, position: number): number {
  if (!(position <= MAX_SCRIPT)) throw new RangeError('a long script');
  const bytes = Buffer.alloc(position);
  const descriptor = openSync(path, 'r');
  try {
    const length = readSync(descriptor, bytes, 0, position, 0);
    let lines = 0;
    for (let at = bytes.indexOf('\n'); at >= 0 && at < length; at = bytes.indexOf('\n', at + 1)) lines++;
    return Math.max(1, lines);
  } finally {
    closeSync(descriptor);
  }
}

/** The script that a shell runs, or its own name. */
function commandOf(pid: number): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').filter(Boolean);
    const script = words.slice(1).find(word => !word.startsWith('-'));
    // After -c stands no file.
    return basename((words.includes('-c') ? undefined : script) ?? words[0] ?? String(pid));
  } catch {
    return String(pid);
  }
}
