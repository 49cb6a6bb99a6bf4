/** Tunnels of bare packets over IPv6. Source: linux/if_tunnel.h IFLA_IPTUN_*, linux/ip6_tunnel.h IP6_TNL_F_*. */
import * as row from '../../../schema/row.ts';
import { linkKind } from '../../kind.ts';
import { encapsulation, NO_ENCAPSULATION6 } from './encapsulation.ts';
import {
  dropUnspecified,
  endpoint,
  external,
  inheritedHopLimit,
  innerProtocol,
  keepOnly,
  lowerDevice,
} from './endpoints.ts';
import { IP6_COPY_DSCP, IP6_DEFAULTS, IP6_MIP6, ip6FirewallMark, ip6Header } from './ip6-header.ts';

const usage = `Usage: ... ip6tnl [ remote ADDR ] [ local ADDR ] [ dev DEVICE ]
		[ mode { ip6ip6 | ipip6 | any } ]
		[ hoplimit LIMIT ] [ encaplimit { none | 0..255 } ]
		[ tclass { 0x0..0xff | inherit } ] [ flowlabel { 0x0..0xfffff | inherit } ]
		[ dscp inherit ] [ fwmark { MARK | inherit } ] [ [no]allow-localremote ]
		[ encap { fou | gue | none } | noencap ]
		[ encap-sport { PORT | auto } ] [ encap-dport PORT ]
		[ [no]encap-csum ] [ [no]encap-udp6-csum ] [ [no]encap-remcsum ]
		[ external ]

	ADDR  := { IPV6_ADDRESS | any }
	LIMIT := { 0..255 | inherit }, usually 64`;

/** Protocols inside the tunnel, as they are shown. */
const PROTOCOLS: Readonly<Record<number, string>> = { 0: 'any', 4: 'ipip6', 41: 'ip6ip6' };

const MODES: ReadonlyMap<string, number> = new Map([
  ...['ip6ip6', 'ipv6/ipv6'].map(mode => [mode, 41] as const),
  ...['ipip6', 'ip/ipv6', 'ipv4/ipv6', 'ip4ip6'].map(mode => [mode, 4] as const),
  ...['any', 'any/ipv6'].map(mode => [mode, 0] as const),
]);

const header = ip6Header({ encapLimit: 6, flowinfo: 7, flags: 8 }, ['ds']);

export const ip6tnl = linkKind(
  'ip6tnl',
  usage,
  {
    collect_metadata: external(19),
    proto: innerProtocol(9, PROTOCOLS, MODES),
    remote: endpoint('remote', 3, 'inet6'),
    local: endpoint('local', 2, 'inet6'),
    link: lowerDevice(1, { abbreviable: true }),
    ttl: row.u8(4, inheritedHopLimit),
    ...header,
    flags: {
      ...header.flags,
      show(value, out) {
        if (value & IP6_COPY_DSCP) out.field('ip6_tnl_f_rcv_dscp_copy', true, 'dscp inherit ');
        if (value & IP6_MIP6) out.field('ip6_tnl_f_mip6_dev', true, 'mip6 ');
      },
    },
    fwmark: ip6FirewallMark(20),
    ...encapsulation(15),
  },
  {
    unknownWord: false,
    // The original does not read the encapsulation that the device has: `set` takes it away unless it is given again.
    start: existing => ({ proto: 0, link: 0, ...IP6_DEFAULTS, ...existing, ...NO_ENCAPSULATION6 }),
    finish(draft) {
      if (draft.collect_metadata) keepOnly(draft, ['proto', 'collect_metadata']);
      else dropUnspecified(draft);
    },
  },
);
