/** Generic network virtualization: Ethernet or IP over UDP. Source: linux/if_link.h IFLA_GENEVE_*. */
import { wrongArgument } from '../../../schema/args.ts';
import type { Facets } from '../../../schema/facets.ts';
import * as row from '../../../schema/row.ts';
import { linkKind } from '../../kind.ts';
import { external, familyOf, isMulticast, readAddress, typeOfService, UNSPECIFIED } from './endpoints.ts';
import { address6, dontFragment, flowLabel, networkIdentifier, refuse, timeToLive } from './udp-tunnel.ts';

const usage = `Usage: ... geneve id VNI remote ADDR [ local ADDR ]
		[ ttl { 1..255 | auto | inherit } ] [ tos { NUMBER | inherit } ]
		[ df { unset | set | inherit } ] [ flowlabel LABEL ] [ dstport PORT ]
		[ [no]external ] [ [no]udpcsum ] [ [no]udp6zerocsumtx ] [ [no]udp6zerocsumrx ]
		[ innerprotoinherit ]

	VNI   := 0..16777215
	ADDR  := IPV4_ADDRESS | IPV6_ADDRESS
	LABEL := 0..1048575`;

type Ends = { [N in 'remote' | 'remote6' | 'local' | 'local6']?: string | undefined };

/** Reads the address of one receiver into `NAME` or `NAME6`. */
function addressFacets(name: 'remote' | 'local'): Facets<string, string, Ends> {
  return {
    operands: [{ synopsis: 'ADDRESS' }],
    patch(args) {
      const word = args.next();
      const address = readAddress(word, 'any valid');
      if (address === '' || isMulticast(address)) throw wrongArgument(word, `invalid ${name} address`);
      return { [familyOf(address) === 'inet' ? name : `${name}6`]: address };
    },
  };
}

const rows = row.unique(
  row.abbreviable({
    collect_metadata: external(6, {
      standalone: { external: true, noexternal: undefined },
      abbreviable: ['e', 'n'],
    }),
    id: row.u32(1, networkIdentifier),
    remote: row.ipv4(2, { ...addressFacets('remote'), when: value => value !== UNSPECIFIED.inet }),
    remote6: address6(7, 'remote'),
    local: row.ipv4(17, { ...addressFacets('local'), abbreviable: false, colour: 'inet' }),
    local6: address6(18, 'local', { colour: 'inet6' }),
    ttl: row.u8(3, timeToLive({ ttl_inherit: 1, ttl: 0 })),
    ttl_inherit: row.u8(12, { keyword: false, show: false }),
    tos: row.u8(4, { ...typeOfService, keyword: ['tos', 'dsfield'] }),
    df: row.u8(13, { ...dontFragment, abbreviable: false }),
    label: row.be32(11, flowLabel),
    port: row.be16(5, { word: 'dstport', complaint: 'dstport' }),
    udp_csum: row.u8(8, row.toggle('udpcsum')),
    udp_zero_csum6_tx: row.u8(9, row.toggle('udp6zerocsumtx')),
    udp_zero_csum6_rx: row.u8(10, row.toggle('udp6zerocsumrx')),
    inner_proto_inherit: row.flag(14, {
      word: 'innerprotoinherit',
      abbreviable: false,
    }),
  }),
);

export const geneve = linkKind('geneve', usage, rows, {
  finish(draft, { isAdd }) {
    const isExternal = draft.collect_metadata === true;
    if (isExternal && draft.id !== undefined) refuse('geneve', "both 'external' and vni cannot be specified");
    if (!isExternal && draft.id === undefined) refuse('geneve', 'missing virtual network identifier');
    if (isAdd && !isExternal && (draft.remote ?? draft.remote6) === undefined) {
      refuse('geneve', 'remote link partner not specified');
    }
    draft.id ??= 0;
    if (isAdd) {
      draft.ttl ??= 0;
      draft.tos ??= 0;
      draft.label ??= 0;
    }
    if (draft.port === 0) delete draft.port;
  },
});
