/** The words after `nexthop`: one way of a route that has several. */
import { RTNH_F_ONLINK } from '../../linux/rtnetlink.ts';
import type { NextHop as AnyNextHop, NextHopValues, RouteHeader } from '../../rtnetlink/route.ts';
import { type Args, EXIT_USAGE, UsageError } from '../../schema/args.ts';
import {
  exact,
  flag,
  type Grammar,
  type Operand,
  reads,
  readWords,
  shortened,
  value,
} from '../../schema/keywords.ts';
import { parseUnsigned } from '../../schema/number.ts';
import type { Context } from '../frame/context.ts';
import { ENCAP } from '../grammar/encap/value.ts';
import { GATEWAY } from '../grammar/route-words.ts';
import { NEW_DESTINATION, REALMS, readGateway, readNewDestination } from './values.ts';

type NextHop = AnyNextHop<Uint8Array>;

/** A hop while it is being read. */
interface Draft {
  flags: number;
  hops: number;
  ifindex: number;
  /** Attributes in the order of their words, which may be repeated. */
  readonly more: NextHopValues<Uint8Array>[];
  /** The header of the route, whose family a hop may settle. */
  readonly header: RouteHeader;
}

const MAX_WEIGHT = 256;

const DEVICE = value(
  { synopsis: 'STRING', names: 'device' },
  (word, { names }: Context) => names.deviceIndex(word),
  word => new UsageError(`Cannot find device "${word}"\nError: cannot parse nexthop`, EXIT_USAGE),
);

const WEIGHT = value(
  { synopsis: 'NUMBER', examples: ['1', '256'] },
  word => parseUnsigned(word, MAX_WEIGHT) || undefined,
  '"weight" is invalid\n',
);

/** The words of one hop. */
export const NEXTHOP_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    exact('encap', ENCAP, ({ more }, { type, payload }) => {
      more.push({ encap: payload, encap_type: type });
    }),
    reads('via', GATEWAY, ({ more, header }, args) => {
      const values: NextHopValues<Uint8Array> = {};
      readGateway(args, header, values);
      more.push(values);
    }),
    exact('dev', DEVICE, 'ifindex'),
    exact('weight', WEIGHT, (hop, weight) => {
      hop.hops = weight - 1;
    }),
    flag('onlink', hop => {
      hop.flags |= RTNH_F_ONLINK;
    }),
    shortened(
      exact('realms', REALMS, ({ more }, flow) => {
        more.push({ flow });
      }),
    ),
    reads('as', NEW_DESTINATION, ({ more, header }, args) => {
      more.push({ newdst: readNewDestination(args, header) });
    }),
  ],
};

/** What stands after `nexthop` in a route. */
export const NEXTHOP: Operand = { synopsis: 'NH', grammar: () => NEXTHOP_GRAMMAR as Grammar };

/** Reads hops to the end of the line. */
export function readNextHops(args: Args, header: RouteHeader, context: Context): NextHop[] {
  const hops: NextHop[] = [];
  while (!args.done) {
    if (!args.accept('nexthop')) {
      const found = args.peek();
      throw new UsageError(`Error: "nexthop" or end of line is expected instead of "${found}"`, EXIT_USAGE);
    }
    if (args.done) throw new UsageError('Error: unexpected end of line after "nexthop"', EXIT_USAGE);
    const draft: Draft = { flags: 0, hops: 0, ifindex: 0, more: [], header };
    readWords(NEXTHOP_GRAMMAR, draft, args, context);
    const { header: _, ...hop } = draft;
    hops.push(hop);
  }
  return hops;
}
