/** What the neighbour commands read and show alike: states, destinations, types of devices. */
import { NEIGHBOUR_STATES } from '../../rtnetlink/neighbour.ts';
import { isPrefixOf, wrongArgument } from '../../schema/args.ts';
import type { Value } from '../../schema/keywords.ts';
import { parseUnsigned } from '../../schema/number.ts';
import type { Context } from '../frame/context.ts';

/** States of which any beginning is enough; the others must be spelt out, `none` too. */
const ABBREVIABLE = ['permanent', 'reachable', 'failed'] as const;
const WORDS = [...Object.keys(NEIGHBOUR_STATES), 'none'];

/** One state, by name or number; 0 is `none`. */
export const STATE: Value<number> = {
  synopsis: 'STATE',
  words: WORDS,
  read: args => parseState(args.next()),
};

/** States to show: another name is `all`. */
export const SHOWN_STATES: Value<number | 'all'> = {
  synopsis: 'STATE',
  words: [...WORDS, 'all'],
  read(args) {
    const word = args.next();
    return word === 'all' ? word : parseState(word);
  },
};

function parseState(word: string): number {
  if (word === 'none') return 0;
  const name = ABBREVIABLE.find(state => isPrefixOf(word, state)) ?? word;
  const state = Object.hasOwn(NEIGHBOUR_STATES, name)
    ? NEIGHBOUR_STATES[name as keyof typeof NEIGHBOUR_STATES]
    : parseUnsigned(word, 0xff);
  if (state === undefined || (state & (state - 1)) !== 0) throw wrongArgument(word, 'nud state is bad');
  return state;
}

/** Type (ARPHRD_*) of a device. */
export function deviceType(index: number, { devices }: Context): number | undefined {
  return devices.state(index).type;
}
