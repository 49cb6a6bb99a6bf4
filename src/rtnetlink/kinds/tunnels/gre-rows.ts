/** Rows that GRE tunnels over IPv4 and over IPv6 share. Source: linux/if_tunnel.h IFLA_GRE_*, GRE_*. */
import type { Args } from '../../../schema/args.ts';
import type { Output } from '../../../schema/output.ts';
import { withBits } from '../../../schema/parse.ts';
import * as row from '../../../schema/row.ts';
import { alternateHex, oneOf } from '../../../schema/spelling.ts';
import { KEY_OPERANDS, key, readKey } from './endpoints.ts';

/** Flags of incoming and outgoing packets. */
export const GRE_CHECKSUM = 0x8000;
export const GRE_KEY = 0x2000;
export const GRE_SEQUENCE = 0x1000;

const FLAGS: Readonly<Record<string, number>> = { key: GRE_KEY, seq: GRE_SEQUENCE, csum: GRE_CHECKSUM };
const KEYWORD = /^(no)?([io]?)(key|seq|csum)$/;

/** Every keyword about one flag: of both directions, of one, and to clear it. */
function keywordsOf(flag: string): string[] {
  return ['', 'no'].flatMap(no => ['', 'i', 'o'].map(direction => `${no}${direction}${flag}`));
}

/** The values of the rows below, each for packets that come in and that go out. */
type KeysAndFlags = { [N in 'ikey' | 'okey' | 'iflags' | 'oflags']?: number | undefined };

const WAYS = ['i', 'o'] as const;

/** A keyword of {@link keywordsOf} in its parts. */
function partsOf(keyword: string) {
  const [, no, way, flag = ''] = KEYWORD.exec(keyword) ?? [];
  return { isSet: no === undefined, ways: WAYS.filter(known => way === '' || way === known), flag };
}

/** Reads the value after a keyword, if it has one; the values that the keyword sets. */
function readFlag(args: Args, keyword: string, draft: Readonly<KeysAndFlags>): KeysAndFlags {
  const { isSet, ways, flag } = partsOf(keyword);
  const key = flag === 'key' && isSet ? readKey(args.next(), keyword) : 0;
  const bit = FLAGS[flag]!;
  const changed: KeysAndFlags = {};
  for (const way of ways) {
    if (flag === 'key') changed[`${way}key`] = key;
    changed[`${way}flags`] = withBits(draft[`${way}flags`], isSet ? { set: bit } : { clear: bit });
  }
  return changed;
}

function showFlags(values: Readonly<KeysAndFlags>, out: Output): void {
  for (const flag of ['seq', 'csum']) {
    for (const way of WAYS) {
      const isSet = (values[`${way}flags`] ?? 0) & FLAGS[flag]!;
      if (isSet) out.field(`${way}${flag}`, true, `${way}${flag} `);
    }
  }
}

const hasKey = (flags = 0) => (flags & GRE_KEY) !== 0;

/** Keys, sequence numbers and checksums, each for packets that come in and that go out. */
export const keysAndFlags = {
  ikey: key(4, {
    keyword: keywordsOf('key'),
    abbreviable: true,
    operands: keyword => (partsOf(keyword).isSet ? KEY_OPERANDS : []),
    patch: readFlag,
    when: (_value, { iflags }: KeysAndFlags) => hasKey(iflags),
  }),
  okey: key(5, { keyword: false, when: (_value, { oflags }: KeysAndFlags) => hasKey(oflags) }),
  iflags: row.be16(2, {
    keyword: [...keywordsOf('seq'), ...keywordsOf('csum')],
    abbreviable: true,
    operands: [],
    patch: readFlag,
    show: (_value, out, all: KeysAndFlags) => showFlags(all, out),
    whenAbsent: (out, all: KeysAndFlags) => showFlags(all, out),
  }),
  oflags: row.be16(3, { keyword: false, show: false }),
};

const MAX_INDEX = 0xfffff;
const MAX_VERSION = 2;
const DIRECTIONS = oneOf(['ingress', 'egress'], { isAbbreviable: true, unknown: () => 'egress' });

/** What ERSPAN adds; other kinds show it too, but only some read it from arguments. */
export function erspan(isSettable: boolean) {
  const settable = isSettable ? {} : ({ keyword: false } as const);
  return {
    erspan_index: row.u32(21, {
      keyword: 'erspan',
      ...settable,
      complaint: 'invalid erspan index\n',
      range: { min: 1, max: MAX_INDEX, complaint: 'erspan index must be > 0 and <= 20-bit\n' },
    }),
    erspan_ver: row.u8(22, {
      ...settable,
      complaint: 'invalid erspan version\n',
      range: { max: MAX_VERSION, complaint: 'erspan version must be 0/1/2\n' },
    }),
    erspan_dir: row.u8(23, { ...settable, spelling: DIRECTIONS, complaint: 'Invalid erspan direction.' }),
    erspan_hwid: row.u16(24, {
      ...settable,
      spelling: alternateHex(0xffff),
      complaint: 'invalid erspan hwid\n',
    }),
  };
}

/** Keeps of ERSPAN what its version knows. */
export function finishErspan(draft: row.ValuesOf<ReturnType<typeof erspan>>): void {
  const { erspan_ver: version } = draft;
  if (version !== 1 || !draft.erspan_index) delete draft.erspan_index;
  if (version === 2) {
    draft.erspan_dir ??= 0;
    draft.erspan_hwid ??= 0;
  } else {
    delete draft.erspan_dir;
    delete draft.erspan_hwid;
  }
}

/** Removes all of ERSPAN. */
export function dropErspan(draft: row.ValuesOf<ReturnType<typeof erspan>>): void {
  delete draft.erspan_ver;
  finishErspan(draft);
}
