/** Values of nsenter's options. Each reader throws {@link CommandLineError} for a word that it does not take. */

import type { Step } from '../../kernel/plans/plan.ts';
import { checkTarget, type Identity } from '../../namespaces/plans/enter.ts';
import { CommandLineError } from './command-line-error.ts';
import { idOption, readNumber, readUnsignedLong } from './numbers.ts';

/** `-n=/path`: getopt leaves the equals sign of a letter's argument. */
export function withoutEquals(value: string | undefined): string | undefined {
  return value?.startsWith('=') ? value.slice(1) : value;
}

/** The id of a namespace, as text. */
export function readNamespaceId(word: string): string {
  const id = readUnsignedLong(word);
  if (id === undefined) throw new CommandLineError(`failed to parse nsid: ${word}`);
  return id;
}

/** `PID` or `PID:INODE`, the latter making sure that the number has not been given to another process. */
export function readTarget(word: string, early: Step[]): number {
  const colon = word.indexOf(':');
  const pid = readNumber(colon < 0 ? word : word.slice(0, colon), 1, 0x7fff_ffff);
  if (pid === undefined) throw new CommandLineError('invalid PID argument');
  if (colon >= 0) {
    // Digits count as far as they go, and 0 is no inode.
    const digits = /^[\t-\r ]*\+?0*(\d+)/.exec(word.slice(colon + 1))?.[1] ?? '0';
    if (digits === '0') throw new CommandLineError('invalid PID argument');
    early.push(checkTarget(pid, digits));
  }
  return pid;
}

/** An id, or `follow` for the target's. */
export function readIdentity(what: string, word: string): Identity {
  return word === 'follow' ? 'follow' : idOption(what, word);
}
