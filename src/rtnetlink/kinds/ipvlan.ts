/** IPVLAN and IPVTAP devices. Source: linux/if_link.h IFLA_IPVLAN_*, IPVLAN_MODE_*, IPVLAN_F_*. */
import { type Args, UsageError } from '../../schema/args.ts';
import * as row from '../../schema/row.ts';
import { oneOf, unsigned } from '../../schema/spelling.ts';
import * as codec from '../../wire/codec.ts';
import { linkKind, unknownOption } from '../kind.ts';

const usageOf = (kind: string) => `Usage: ... ${kind} [ mode l3|l3s|l2 ] [ bridge | private | vepa ]

The first words are the defaults.`;

const PRIVATE = 1;
const VEPA = 2;
const FLAGS: Readonly<Record<string, number>> = { bridge: 0, private: PRIVATE, vepa: VEPA };

const u16Alone: codec.Codec<number> = {
  ...codec.u16,
  read: (bytes, at, length) => (length === 2 ? codec.u16.read(bytes, at, length) : undefined),
};

/** A number that is ignored if more bytes follow. */
const only16 = row.rowOf(u16Alone, unsigned(0xffff));

/** Only one of the words for flags is a keyword. */
function readFlag(args: Args, keyword: string, { flags }: { readonly flags?: number }, kind: string): number {
  if (flags === undefined) return FLAGS[keyword]!;
  args.back();
  throw new UsageError(`${unknownOption(args.next(), kind)}\n${usageOf(kind)}`);
}

function ipvlanKind<const N extends string>(name: N) {
  return linkKind(
    name,
    usageOf(name),
    {
      mode: only16(1, {
        // The original begins this field with a space.
        label: ' mode',
        abbreviable: true,
        spelling: oneOf(['l2', 'l3', 'l3s'], { unknown: () => 'unknown' }),
        complaint: (_word, keyword) =>
          new UsageError(`Error: argument of "${keyword}" must be either "l2", "l3" or "l3s"`),
      }),
      flags: only16(2, {
        keyword: Object.keys(FLAGS),
        abbreviable: true,
        operands: [],
        parse: (args, keyword, draft: { flags?: number }) => readFlag(args, keyword, draft, name),
        show(flags, out) {
          const word = flags & PRIVATE ? 'private' : flags & VEPA ? 'vepa' : 'bridge';
          out.field(word, true, `${word} `);
        },
      }),
    },
    {
      required: ['link'],
      unknownWord: unknownOption,
      finish(draft) {
        draft.flags ??= 0;
      },
    },
  );
}

export const ipvlan = ipvlanKind('ipvlan');
export const ipvtap = ipvlanKind('ipvtap');
