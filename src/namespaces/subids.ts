/** Ranges of subordinate ids that users have been given. Source: subuid(5), subgid(5). */
import { readFileSync } from 'node:fs';
import { decodeText } from '../wire/text.ts';

/** A line of a subordinate id file: where the range starts and how many ids it has, as the file spells them. */
export interface SubordinateIds {
  readonly start: string;
  readonly count: string;
}

/** The first range in `file` for a user, by name or number; undefined if there is none. Throws if it cannot be opened. */
export function readSubordinateIds(file: string, name: string, id: number): SubordinateIds | undefined {
  for (const line of readLines(file)) {
    const [owner, start, ...rest] = line.split(':');
    if (rest.length > 0 && (owner === name || owner === String(id)))
      return { start: start!, count: rest.join(':') };
  }
  return undefined;
}

/** A folder can be opened, but has no lines. */
function readLines(file: string): readonly string[] {
  try {
    return decodeText(readFileSync(file)).split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EISDIR') return [];
    throw error;
  }
}
