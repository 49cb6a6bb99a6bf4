/** Signals by name, as util-linux takes them: with or without SIG, in any case, no numbers. */
import { constants } from 'node:os';

/** Names in addition to those that Node knows. */
const MORE_NAMES: Readonly<Record<string, number>> = { SIGCLD: constants.signals.SIGCHLD };

/** The usual names, without SIG. */
export const SIGNAL_NAMES: readonly string[] = Object.keys(constants.signals)
  .map(name => name.slice('SIG'.length))
  .filter(name => name !== 'UNUSED');

/** The real-time signals that the C library leaves to programs. */
const SIGRTMIN = 34;
const SIGRTMAX = 64;

/** The number of the signal with this name; undefined if there is none. */
export function signalNumber(word: string): number | undefined {
  const name = `SIG${word.toUpperCase().replace(/^SIG/, '')}`;
  const realTime = /^SIGRT(MIN\+|MAX-)(\d+)/.exec(name);
  if (realTime) {
    const distance = Number(realTime[2]);
    if (distance > SIGRTMAX - SIGRTMIN) return undefined;
    return realTime[1] === 'MIN+' ? SIGRTMIN + distance : SIGRTMAX - distance;
  }
  if (name === 'SIGUNUSED') return undefined;
  const known = constants.signals as Readonly<Record<string, number>>;
  return Object.hasOwn(known, name) ? known[name] : MORE_NAMES[name];
}
