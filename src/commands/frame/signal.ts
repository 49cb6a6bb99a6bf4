/** Signals by name or number, as options of ours take them. */
import { constants } from 'node:os';

const LAST_SIGNAL = 64;

/** The number of a signal, spelt `TERM`, `SIGTERM` or `15`; undefined for what is none. */
export function signalNumber(word: string): number | undefined {
  const names: Readonly<Record<string, number>> = constants.signals;
  const name = word.toUpperCase().replace(/^(SIG)?/, 'SIG');
  const number = Object.hasOwn(names, name) ? names[name]! : /^\d+$/.test(word) ? Number(word) : 0;
  return number > 0 && number <= LAST_SIGNAL ? number : undefined;
}
