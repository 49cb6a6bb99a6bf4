/** Tunnels of bare packets over IPv6. Source: linux/if_tunnel.h IFLA_IPTUN_*, linux/ip6_tunnel.h IP6_TNL_F_*. */
import * as row from '../../../schema/row.ts';
import { linkKind } from '../../kind.ts';
import { encapsulation, NO_ENCAPSULATION6 } from './encapsulation.ts';
import {
  dropUnspecified,
  endpoint6,
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

const PROTOCOLS = [
  { number: 41, name: 'ip6ip6', modes: ['ip6ip6', 'ipv6/ipv6'] },
  { number: 4, name: 'ipip6', modes: ['ipip6', 'ip/ipv6', 'ipv4/ipv6', 'ip4ip6'] },
  { number: 0, name: 'any', modes: ['any', 'any/ipv6'] },
] as const;

export const ip6tnl = linkKind(
  'ip6tnl',
  usage,
  {
    collect_metadata: external(19),
    proto: innerProtocol(9, PROTOCOLS),
    remote: endpoint6(3),
    local: endpoint6(2),
    link: lowerDevice(1, { abbreviable: true }),
    ttl: row.u8(4, inheritedHopLimit),
    ...ip6Header({ encapLimit: 6, flowinfo: 7, flags: 8 }, ['ds'], IP6_COPY_DSCP | IP6_MIP6),
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
