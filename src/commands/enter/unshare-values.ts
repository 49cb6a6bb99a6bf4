/** Values of unshare's options. Each reader throws {@link CommandLineError} for a word that it does not take. */

import { NO_ID } from '../../namespaces/plans/id-maps.ts';
import type { Propagation, UnshareOptions } from '../../namespaces/plans/unshare.ts';
import { CommandLineError } from './command-line-error.ts';
import { readLooseId } from './numbers.ts';
import { signalNumber } from './signal-names.ts';

/** What --propagation takes. */
export const PROPAGATIONS: readonly Propagation[] = ['slave', 'shared', 'private', 'unchanged'];
/** What --setgroups takes. */
export const SETGROUPS = ['allow', 'deny'] as const;

/** The number of a signal. */
export function readSignal(word: string): number {
  const number = signalNumber(word);
  if (number === undefined) throw new CommandLineError(`unknown signal: ${word}`);
  return number;
}

/** `UID:GID`, of which -1 leaves one as it is. */
export function readOwner(word: string): UnshareOptions['owner'] {
  const [user, group, ...rest] = word.split(':').map(readLooseId);
  if (user === undefined || group === undefined || rest.length > 0)
    throw new CommandLineError('failed to parse owner');
  const known = (id: number) => (id === NO_ID ? undefined : id);
  return { user: known(user), group: known(group) };
}

/** A word of {@link PROPAGATIONS}. */
export function readPropagation(word: string): Propagation {
  const mode = PROPAGATIONS.find(known => known === word);
  if (mode === undefined) throw new CommandLineError(`unsupported propagation mode: ${word}`);
  return mode;
}

/** A word of {@link SETGROUPS}. */
export function readSetgroups(word: string): 'allow' | 'deny' {
  const answer = SETGROUPS.find(known => known === word);
  if (answer === undefined) throw new CommandLineError(`unsupported --setgroups argument '${word}'`);
  return answer;
}
