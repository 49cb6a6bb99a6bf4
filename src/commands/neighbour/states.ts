/** Words of the neighbour commands that are read in several of them. */
import { NEIGHBOUR_STATES } from '../../rtnetlink/neighbour.ts';
import { wrongArgument } from '../../schema/args.ts';
import { parseUnsigned } from '../../schema/number.ts';
import type { Context } from '../frame/context.ts';

/** Reads one state, by name or number; 0 is `none`. */
export function parseState(word: string): number {
  if (word === 'none') return 0;
  const state = Object.hasOwn(NEIGHBOUR_STATES, word)
    ? NEIGHBOUR_STATES[word as keyof typeof NEIGHBOUR_STATES]
    : parseUnsigned(word, 0xff);
  if (state === undefined || (state & (state - 1)) !== 0) throw wrongArgument(word, 'nud state is bad');
  return state;
}

/** Type (ARPHRD_*) of a device. */
export function deviceType(index: number, { devices }: Context): number | undefined {
  return devices.state(index).type;
}
