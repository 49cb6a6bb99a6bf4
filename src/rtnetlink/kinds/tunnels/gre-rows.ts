/** Rows that GRE tunnels over IPv4 and over IPv6 share. Source: linux/if_tunnel.h IFLA_GRE_*, GRE_*. */
import { isPrefixOf, wrongArgument } from '../../../schema/args.ts';
import { parseUnsigned } from '../../../schema/number.ts';
import type { Output } from '../../../schema/output.ts';
import * as row from '../../../schema/row.ts';
import { alternateHex } from '../../../schema/spelling.ts';
import { key, readKey, setBits } from './endpoints.ts';

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

/** Reads a keyword of {@link keywordsOf}, and the value after it if it has one. */
const readFlag: NonNullable<row.Facets<number>['parse']> = (args, draft, _tools, keyword) => {
  const [, no, direction, flag = ''] = KEYWORD.exec(keyword) ?? [];
  const value = flag === 'key' && no === undefined ? readKey(args.next(), keyword) : 0;
  for (const way of direction === '' ? ['i', 'o'] : [direction]) {
    if (flag === 'key') draft[`${way}key`] = value;
    draft[`${way}flags`] = setBits(draft[`${way}flags`] as number, FLAGS[flag]!, no === undefined);
  }
};

const flagsOf = (values: row.Values, name: string) => (values[name] as number | undefined) ?? 0;

function showFlags(values: row.Values, out: Output): void {
  for (const flag of ['seq', 'csum']) {
    for (const way of ['i', 'o']) {
      const isSet = flagsOf(values, `${way}flags`) & FLAGS[flag]!;
      if (isSet) out.field(`${way}${flag}`, true, `${way}${flag} `);
    }
  }
}

/** Keys, sequence numbers and checksums, each for packets that come in and that go out. */
export const keysAndFlags = {
  ikey: key(4, {
    keyword: keywordsOf('key'),
    abbreviable: true,
    parse: readFlag,
    when: (_value, all) => (flagsOf(all, 'iflags') & GRE_KEY) !== 0,
  }),
  okey: key(5, { keyword: false, when: (_value, all) => (flagsOf(all, 'oflags') & GRE_KEY) !== 0 }),
  iflags: row.be16(2, {
    keyword: [...keywordsOf('seq'), ...keywordsOf('csum')],
    abbreviable: true,
    parse: readFlag,
    show: (_value, out, all) => showFlags(all, out),
    whenAbsent: (out, all) => showFlags(all, out),
  }),
  oflags: row.be16(3, { keyword: false, show: false }),
};

const MAX_INDEX = 0xfffff;
const MAX_VERSION = 2;
const DIRECTIONS = ['ingress', 'egress'];

/** What ERSPAN adds; other kinds show it too, but only some read it from arguments. */
export function erspan(isSettable: boolean) {
  const keyword = (word: string) => (isSettable ? word : false);
  return {
    erspan_index: row.u32(21, {
      keyword: keyword('erspan'),
      parse(args, draft, _tools, _keyword, name) {
        const word = args.next();
        const index = parseUnsigned(word, 0xffffffff);
        if (index === undefined) throw wrongArgument(word, 'invalid erspan index\n');
        if (index === 0 || index > MAX_INDEX) {
          throw wrongArgument(word, 'erspan index must be > 0 and <= 20-bit\n');
        }
        draft[name] = index;
      },
    }),
    erspan_ver: row.u8(22, {
      keyword: keyword('erspan_ver'),
      parse(args, draft, _tools, _keyword, name) {
        const word = args.next();
        const version = parseUnsigned(word, 0xff);
        if (version === undefined) throw wrongArgument(word, 'invalid erspan version\n');
        if (version > MAX_VERSION) throw wrongArgument(word, 'erspan version must be 0/1/2\n');
        draft[name] = version;
      },
    }),
    erspan_dir: row.u8(23, {
      keyword: keyword('erspan_dir'),
      spelling: {
        show: value => DIRECTIONS[Math.min(value, 1)]!,
        parse(word) {
          const direction = DIRECTIONS.findIndex(known => isPrefixOf(word, known));
          return direction < 0 ? undefined : direction;
        },
      },
      complaint: 'Invalid erspan direction.',
    }),
    erspan_hwid: row.u16(24, {
      keyword: keyword('erspan_hwid'),
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
