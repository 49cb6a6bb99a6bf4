/** GRE tunnels over IPv4: of packets (gre), of frames (gretap), of mirrored frames (erspan). Source: linux/if_tunnel.h. */
import { UsageError } from '../../../schema/args.ts';
import { withBits } from '../../../schema/parse.ts';
import * as row from '../../../schema/row.ts';
import { packIp } from '../../../wire/address.ts';
import { linkKind } from '../../kind.ts';
import { encapsulation, existingEncapsulation, NO_ENCAPSULATION } from './encapsulation.ts';
import {
  dropUnspecified,
  endpoint4,
  external,
  firewallMark,
  inheritedTtl,
  isMulticast,
  keepOnly,
  lowerDevice,
  typeOfService,
  UNSPECIFIED,
} from './endpoints.ts';
import { dropErspan, erspan as erspanRows, finishErspan, GRE_KEY, keysAndFlags } from './gre-rows.ts';

const PARAMETERS = `[ remote ADDR ] [ local ADDR ] [ dev DEVICE ]
		[ ttl TTL ] [ tos TOS ] [ fwmark MARK ]
		[ [no]pmtudisc ] [ [no]ignore-df ]
		[ key KEY | ikey KEY | okey KEY | nokey | noikey | nookey ]
		[ [no][i|o]seq ] [ [no][i|o]csum ]
		[ encap { fou | gue | none } | noencap ]
		[ encap-sport { PORT | auto } ] [ encap-dport PORT ]
		[ [no]encap-csum ] [ [no]encap-udp6-csum ] [ [no]encap-remcsum ]
		[ external ]`;

const ERSPAN_PARAMETERS = `
		[ erspan_ver { 0 | 1 | 2 } ] [ erspan INDEX ]
		[ erspan_dir { ingress | egress } ] [ erspan_hwid ID ]`;

const WHERE = `

	ADDR := { IPV4_ADDRESS | any }
	TTL  := { 1..255 | inherit }
	TOS  := { NUMBER | inherit }
	KEY  := { NUMBER | DOTTED_QUAD }`;

function rowsOf(isErspan: boolean) {
  return {
    collect_metadata: external(18),
    remote: endpoint4(7, { abbreviable: true }),
    local: endpoint4(6, { abbreviable: true }),
    link: lowerDevice(1, { abbreviable: true }),
    ttl: row.u8(8, { ...inheritedTtl, abbreviable: true }),
    tos: row.u8(9, { ...typeOfService, keyword: ['tos', 'tclass', 'dsfield'], abbreviable: true }),
    pmtudisc: row.u8(10, {
      ...row.toggle('pmtudisc'),
      abbreviable: ['p', 'nop'],
      textWhen: value => value === 0,
    }),
    ignore_df: row.u8(19, { ...row.toggle('ignore-df'), when: value => value !== 0 }),
    ...keysAndFlags,
    fwmark: row.u32(20, firewallMark),
    ...erspanRows(isErspan),
    ...encapsulation(14),
  };
}

type Values = row.ValuesOf<ReturnType<typeof rowsOf>>;

const DEFAULTS: Values = {
  ...{ ikey: 0, okey: 0, iflags: 0, oflags: 0, pmtudisc: 1, ttl: 0, tos: 0, fwmark: 0, erspan_ver: 1 },
  ...NO_ENCAPSULATION,
};

/** The address of a group of receivers is the key of their tunnel, unless it has another. */
function finishMulticast(draft: Values): void {
  const { remote } = draft;
  if (remote === undefined || !isMulticast(remote)) return;
  for (const way of ['i', 'o'] as const) {
    if (draft[`${way}key`]) continue;
    draft[`${way}key`] = Buffer.from(packIp(remote)).readUInt32BE();
    draft[`${way}flags`] = withBits(draft[`${way}flags`], { set: GRE_KEY });
  }
  if ((draft.local ?? UNSPECIFIED.inet) === UNSPECIFIED.inet) {
    throw new UsageError('A broadcast tunnel requires a source address.');
  }
}

function greKind<const N extends string>(name: N, isErspan: boolean) {
  const usage = `Usage: ... ${name} ${PARAMETERS}${isErspan ? ERSPAN_PARAMETERS : ''}${WHERE}`;
  return linkKind(name, usage, rowsOf(isErspan), {
    unknownWord: false,
    start(existing = {}) {
      const draft = { ...DEFAULTS, ...existing, ...existingEncapsulation(existing) };
      draft.ignore_df = existing.ignore_df ? 1 : undefined;
      return draft;
    },
    finish(draft) {
      finishMulticast(draft);
      if (draft.collect_metadata) {
        keepOnly(draft, ['collect_metadata']);
        return;
      }
      dropUnspecified(draft);
      if (draft.link === 0) delete draft.link;
      if (isErspan) finishErspan(draft);
      else dropErspan(draft);
    },
  });
}

export const gre = greKind('gre', false);
export const gretap = greKind('gretap', false);
export const erspan = greKind('erspan', true);
