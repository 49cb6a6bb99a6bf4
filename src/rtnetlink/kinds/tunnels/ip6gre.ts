/** GRE tunnels over IPv6: of packets, of frames, of mirrored frames. Source: linux/if_tunnel.h, linux/ip6_tunnel.h. */
import * as row from '../../../schema/row.ts';
import { linkKind } from '../../kind.ts';
import { encapsulation, existingEncapsulation, NO_ENCAPSULATION6 } from './encapsulation.ts';
import {
  dropUnspecified,
  endpoint6,
  external,
  inheritedHopLimit,
  keepOnly,
  lowerDevice,
} from './endpoints.ts';
import { erspan, finishErspan, keysAndFlags } from './gre-rows.ts';
import { IP6_DEFAULTS, ip6FirewallMark, ip6Header } from './ip6-header.ts';

const PARAMETERS = `[ remote ADDR ] [ local ADDR ] [ dev DEVICE ]
		[ hoplimit LIMIT ] [ encaplimit { none | 0..255 } ]
		[ tclass { 0x0..0xff | inherit } ] [ flowlabel { 0x0..0xfffff | inherit } ]
		[ dscp inherit ] [ fwmark { MARK | inherit } ] [ [no]allow-localremote ]
		[ key KEY | ikey KEY | okey KEY | nokey | noikey | nookey ]
		[ [no][i|o]seq ] [ [no][i|o]csum ]
		[ encap { fou | gue | none } | noencap ]
		[ encap-sport { PORT | auto } ] [ encap-dport PORT ]
		[ [no]encap-csum ] [ [no]encap-udp6-csum ] [ [no]encap-remcsum ]
		[ erspan_ver { 0 | 1 | 2 } ] [ erspan INDEX ]
		[ erspan_dir { ingress | egress } ] [ erspan_hwid ID ]
		[ external ]

	ADDR  := { IPV6_ADDRESS | any }
	LIMIT := { 0..255 | inherit }, usually 64
	KEY   := { NUMBER | DOTTED_QUAD }`;

const rows = {
  collect_metadata: external(18),
  remote: endpoint6(7, { abbreviable: true }),
  local: endpoint6(6, { abbreviable: true }),
  link: lowerDevice(1, { abbreviable: true }),
  ttl: row.u8(8, { ...inheritedHopLimit, abbreviable: true }),
  ...ip6Header({ encapLimit: 11, flowinfo: 12, flags: 13 }, ['t', 'ds']),
  ...keysAndFlags,
  fwmark: ip6FirewallMark(20),
  ...erspan(true),
  ...encapsulation(14),
};

const DEFAULTS: row.ValuesOf<typeof rows> = {
  ...{ ikey: 0, okey: 0, iflags: 0, oflags: 0, erspan_ver: 1 },
  ...IP6_DEFAULTS,
  ...NO_ENCAPSULATION6,
};

function ip6greKind<const N extends string>(name: N) {
  return linkKind(name, `Usage: ... ${name} ${PARAMETERS}`, rows, {
    unknownWord: false,
    start: (existing = {}) => ({ ...DEFAULTS, ...existing, ...existingEncapsulation(existing) }),
    finish(draft) {
      if (draft.collect_metadata) {
        keepOnly(draft, ['collect_metadata']);
        return;
      }
      dropUnspecified(draft);
      if (draft.link === 0) delete draft.link;
      finishErspan(draft);
      if (draft.erspan_ver !== undefined && draft.erspan_ver > 2) delete draft.erspan_ver;
    },
  });
}

export const ip6gre = ip6greKind('ip6gre');
export const ip6gretap = ip6greKind('ip6gretap');
export const ip6erspan = ip6greKind('ip6erspan');
