/** The words by which `ip nexthop show`, `flush` and `bucket` select objects. */
import type { NextHopValues } from '../../rtnetlink/nexthop.ts';
import { type Args, UsageRequest, wrongArgument } from '../../schema/args.ts';
import {
  exact,
  flag,
  type Grammar,
  type Keyword,
  reads,
  readWords,
  shortened,
} from '../../schema/keywords.ts';
import type { Context } from '../frame/context.ts';
import { VRF_DEVICE } from '../grammar/route-words.ts';
import { called, DEVICE, number } from '../grammar/values.ts';

/** The id of an object. */
export const ID = number('ID', 'invalid id value');

/** What the words select: attributes of the dump request, the protocol, or one object by its id. */
export interface Selectors extends NextHopValues {
  protocol?: number | undefined;
}

/** What both next hops and their buckets are selected by. */
export const DEVICE_SELECTORS: readonly Keyword<NextHopValues, Context>[] = [
  shortened(exact('dev', called('DEV', DEVICE), 'oif')),
  shortened(exact('vrf', VRF_DEVICE, 'master')),
  shortened(exact('master', called('DEV', DEVICE), 'master')),
];

/** The words of `show` and `flush`. */
export const SELECTOR_GRAMMAR: Grammar<Selectors, Context> = {
  keywords: [
    reads('id', [ID], (selectors, args, context) => {
      selectors.id = ID.read(args, context, 'id');
      while (!args.done) args.skip(); // The original looks at nothing after it.
    }),
    ...DEVICE_SELECTORS,
    shortened(
      flag('groups', selectors => {
        selectors.groups = true;
      }),
    ),
    shortened(
      flag('fdb', selectors => {
        selectors.fdb = true;
      }),
    ),
    shortened(
      exact('protocol', number('ID', 'invalid protocol value'), (selectors, protocol) => {
        selectors.protocol = protocol || undefined;
      }),
    ),
  ],
  readOperand: (_selectors, args) => refuseWord(args),
};

/** Complains of a word that is not a keyword. */
export function refuseWord(args: Args): never {
  if (args.matches('help')) throw new UsageRequest();
  throw wrongArgument(args.next(), '');
}

/** What lines of a batch have selected: the original forgets none of it but the id. */
export function earlierSelectors(context: Context): Selectors {
  return context.state.draft(SELECTOR_GRAMMAR, (): Selectors => ({}));
}

/** Reads the rest of the line. */
export function readSelectors(args: Args, context: Context): Selectors {
  const selectors = earlierSelectors(context);
  readWords(SELECTOR_GRAMMAR, selectors, args, context);
  const found = { ...selectors };
  selectors.id = undefined;
  return found;
}
