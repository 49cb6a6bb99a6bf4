/** IPVLAN and IPVTAP devices. Source: linux/if_link.h IFLA_IPVLAN_*, IPVLAN_MODE_*, IPVLAN_F_*. */
import { UsageError } from '../../schema/args.ts';
import * as row from '../../schema/row.ts';
import { named } from '../../schema/spelling.ts';
import * as codec from '../../wire/codec.ts';
import { linkKind, unknownOption } from '../kind.ts';

const usageOf = (kind: string) => `Usage: ... ${kind} [ mode l3|l3s|l2 ] [ bridge | private | vepa ]

The first words are the defaults.`;

const MODES = ['l2', 'l3', 'l3s'];

const PRIVATE = 1;
const VEPA = 2;
const FLAGS: Readonly<Record<string, number>> = { bridge: 0, private: PRIVATE, vepa: VEPA };

const u16Alone: codec.Codec<number> = {
  ...codec.u16,
  read: (bytes, at, length) => (length === 2 ? codec.u16.read(bytes, at, length) : undefined),
};

/** A number that is not looked at where more follows. */
function only16(type: number, facets: row.Facets<number>): row.Row<number> {
  return { ...row.u16(type, facets), codec: u16Alone };
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
        spelling: named({ ...MODES }, { unknown: () => 'unknown' }),
        complaint: (_word, keyword) =>
          new UsageError(`Error: argument of "${keyword}" must be either "l2", "l3" or "l3s"`),
      }),
      flags: only16(2, {
        keyword: Object.keys(FLAGS),
        abbreviable: true,
        parse(args, draft, _tools, keyword) {
          if (draft['flags'] !== undefined) {
            // Only one of these words is a keyword.
            args.back();
            throw new UsageError(`${unknownOption(args.next(), name)}\n${usageOf(name)}`);
          }
          draft['flags'] = FLAGS[keyword];
        },
        show(flags, out) {
          const word = flags & PRIVATE ? 'private' : flags & VEPA ? 'vepa' : 'bridge';
          out.field(word, true, `${word} `);
        },
      }),
    },
    {
      unknownWord: unknownOption,
      finish(draft) {
        draft.flags ??= 0;
      },
    },
  );
}

export const ipvlan = ipvlanKind('ipvlan');
export const ipvtap = ipvlanKind('ipvtap');
