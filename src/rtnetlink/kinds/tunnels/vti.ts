/** Virtual tunnel interfaces for IPsec over IPv4 and IPv6. Source: linux/if_tunnel.h IFLA_VTI_*. */
import type { Args } from '../../../schema/args.ts';
import * as row from '../../../schema/row.ts';
import { linkKind } from '../../kind.ts';
import {
  dropUnspecified,
  endpoint4,
  endpoint6,
  firewallMark,
  KEY_OPERANDS,
  key,
  lowerDevice,
  readKey,
} from './endpoints.ts';

function readKeys(args: Args, keyword: string): { ikey?: number; okey?: number } {
  const key = readKey(args.next(), keyword);
  return { ...(keyword === 'okey' ? {} : { ikey: key }), ...(keyword === 'ikey' ? {} : { okey: key }) };
}

function vtiKind<const N extends string>(name: N, family: 'inet' | 'inet6') {
  const usage = `Usage: ... ${name} [ remote ADDR ] [ local ADDR ] [ dev DEVICE ]
		[ key KEY | ikey KEY | okey KEY ] [ fwmark MARK ]

	ADDR := { ${family === 'inet' ? 'IPV4' : 'IPV6'}_ADDRESS | any }
	KEY  := { NUMBER | DOTTED_QUAD }`;
  const endpoint = family === 'inet' ? endpoint4 : endpoint6;
  const rows = {
    remote: endpoint(5, { abbreviable: true }),
    local: endpoint(4, { abbreviable: true }),
    link: lowerDevice(1, { abbreviable: true }),
    ikey: key(2, {
      keyword: ['key', 'ikey', 'okey'],
      abbreviable: true,
      operands: KEY_OPERANDS,
      patch: readKeys,
      when: value => value !== 0,
    }),
    okey: key(3, { keyword: false, when: value => value !== 0 }),
    fwmark: row.u32(6, firewallMark),
  };
  return linkKind(name, usage, rows, {
    unknownWord: false,
    start(existing = {}) {
      const draft = { ikey: 0, okey: 0, fwmark: 0, ...existing };
      // The original reads one byte of the index.
      if (draft.link !== undefined) draft.link &= 0xff;
      return draft;
    },
    finish(draft) {
      dropUnspecified(draft);
      if (draft.link === 0) delete draft.link;
    },
  });
}

export const vti = vtiKind('vti', 'inet');
export const vti6 = vtiKind('vti6', 'inet6');
