/** VLAN devices (802.1Q, 802.1ad). Source: linux/if_link.h IFLA_VLAN_*, linux/if_vlan.h VLAN_FLAG_*. */
import { type Args, incompleteCommand, mustBeOnOrOff, wrongArgument } from '../../schema/args.ts';
import type { Facets } from '../../schema/facets.ts';
import { parseUnsigned } from '../../schema/number.ts';
import * as row from '../../schema/row.ts';
import { showFlags, showRows } from '../../schema/show.ts';
import * as codec from '../../wire/codec.ts';
import { linkKind } from '../kind.ts';
import { etherProtocol } from '../names/ether-protocol.ts';

const usage = `Usage: ... vlan id VLANID [ protocol 802.1Q|802.1ad ]
		[ reorder_hdr on|off ] [ gvrp on|off ] [ mvrp on|off ]
		[ loose_binding on|off ] [ bridge_binding on|off ]
		[ ingress-qos-map FROM:TO ... ] [ egress-qos-map FROM:TO ... ]

VLANID: 0 to 4095. A map takes any number of FROM:TO: the priority in the tag to that of the packet
for ingress, the other way round for egress.`;

/** The bits of VLAN_FLAG_* in print order, by keyword. */
const FLAGS: Readonly<Record<string, number>> = {
  reorder_hdr: 1,
  gvrp: 2,
  mvrp: 8,
  loose_binding: 4,
  bridge_binding: 16,
};

const FLAG_NAMES = Object.fromEntries(Object.entries(FLAGS).map(([name, bit]) => [name.toUpperCase(), bit]));

/** struct ifla_vlan_qos_mapping. */
const mapping = codec.struct({ from: codec.u32, to: codec.u32 });

type Mapping = codec.ValueOf<typeof mapping>;

const qosMap = codec.list(mapping, 1);

/** The facets of a list of priority mappings: as many words with a colon as follow `keyword`, at least one word. */
function qosMapFacets(keyword: string, key: string): Facets<Mapping[], never> {
  return {
    keyword,
    operands: [{ synopsis: 'FROM:TO ...' }],
    parse: parseMappings,
    show(mappings, out) {
      out.newline();
      out.list(key, `      ${keyword} { `);
      for (const { from, to } of mappings) {
        out.open();
        out.field('from', from, `${from}:`);
        out.field('to', to, `${to} `);
        out.close();
      }
      out.end('} ');
    },
  };
}

function parseMappings(args: Args, keyword: string): Mapping[] {
  if (args.done) throw incompleteCommand();
  const mappings: Mapping[] = [];
  for (let word = args.peek(); word?.includes(':'); word = args.peek()) {
    args.skip();
    const [first, second] = [word.slice(0, word.indexOf(':')), word.slice(word.indexOf(':') + 1)];
    const [from, to] = [parseUnsigned(first, 0xffffffff), parseUnsigned(second, 0xffffffff)];
    if (from === undefined || to === undefined) throw wrongArgument(first, `invalid ${keyword}`);
    mappings.push({ from, to });
  }
  return mappings;
}

const rows = row.abbreviable({
  protocol: row.be16(5, {
    spelling: etherProtocol,
    complaint: 'protocol is invalid',
    absent: { datum: '802.1q', text: '802.1q' },
  }),
  id: row.u16(1, { complaint: 'id is invalid' }),
  flags: row.switches(2, FLAGS, {
    complaint: (word, keyword) => mustBeOnOrOff(keyword, word),
    show: ({ flags }, out) => showFlags(flags, FLAG_NAMES, out),
  }),
  ingress_qos: row.value(4, qosMap, qosMapFacets('ingress-qos-map', 'ingress_qos')),
  egress_qos: row.value(3, qosMap, qosMapFacets('egress-qos-map', 'egress_qos')),
});

export const vlan = linkKind('vlan', usage, rows, {
  required: ['id', 'link'],
  // Without an id the original shows nothing.
  show(values, out, view) {
    if (values.id !== undefined) showRows(rows, values, out, view);
  },
});
