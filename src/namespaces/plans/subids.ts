/** Ranges of subordinate ids that users have been given. Source: subuid(5), subgid(5). */
import { readFileSync } from 'node:fs';
import { decodeText } from '../../wire/text.ts';

/** A line of a subordinate id file: whose range it is, where it starts and how many ids it has, as the file spells them. */
export interface SubordinateIds {
  readonly owner: string;
  readonly start: string;
  readonly count: string;
}

/** The lines of `file` that have all three parts. Throws if it cannot be opened. */
export function readSubordinateIds(file: string): SubordinateIds[] {
  return readLines(file).flatMap(line => {
    const [owner = '', start = '', ...rest] = line.split(':');
    return rest.length === 0 ? [] : [{ owner, start, count: rest.join(':') }];
  });
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
