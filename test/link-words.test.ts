/**
 * Every parameter of every kind with values of every type, right and wrong, past the original and ours under
 * capture: what is sent, what is said, how it ends. The keywords are those of the original's own help and ours.
 * Each keyword gets a share of the values that changes from keyword to keyword; TSIP_EXHAUSTIVE=1 tries all.
 */
import assert from 'node:assert/strict';
import { LINK_KINDS } from '../src/rtnetlink/kinds/index.ts';
import { keywordsOf } from '../src/schema/parse.ts';
import type { Rows } from '../src/schema/row.ts';
import { type Attribute, readMessage } from './bytes.ts';
import { original, ours, type Recorded, requests } from './capture.ts';
import { difference } from './live/difference.ts';
import { needs } from './requirements.ts';

const VALUES = [
  ...['', '-1', '0', '1', '8', '17', '255', '256', '4096', '65536', '16777216', '2147483648', '-2147483649'],
  ...[
    '4294967296',
    '-4294967295',
    '18446744073709551616',
    '0x10',
    '0x',
    '010',
    '08',
    '1.5',
    ' 1',
    '1 ',
    '1:2',
  ],
  ...['x', 'on', 'off', 'ON', 'inherit', 'auto', 'any', 'none', 'default', '10.0.0.1', '10.1', '224.0.0.1'],
  ...['0.0.0.0', '10.0.0.0/8', '10.0.0.1,10.0.0.2', 'fe80::1', 'ff02::1', '::', '2001:db8::/32'],
  ...[
    '02:00:00:00:00:01',
    '02:00',
    'zz:00:00:00:00:00',
    'ipv4',
    '802.1ad',
    'eth0',
    'nowhere',
    'main',
    'help',
  ],
  'x'.repeat(300),
];

const isExhaustive = process.env.TSIP_EXHAUSTIVE === '1';

/** How many of {@link VALUES} a keyword is tried with. */
const SHARE = isExhaustive ? VALUES.length : 1;

/** Words of help texts that are prose, not keywords. */
const PROSE =
  /^(get|if|not|is|the|for|values|are|first|nothing|specified|of|to|be|two|devices|given|number|or)$/;

/** Where the original crashes, or sends memory that it has not written: tunnel-defects.test.ts has what ours does. */
const DEFECTS = /6rd-reset|type ip6tnl encaplimit/;

/** The words of a help text that may be keywords, `[no][i|o]seq` standing for six. */
function helpWords(text: string): string[] {
  const spelt = text
    .replace(/\[no\]\[i\|o\](\w+)/g, '$1 i$1 o$1 no$1 noi$1 noo$1')
    .replace(/no\[i\|o\](\w+)/g, 'no$1 noi$1 noo$1')
    .replace(/\[i\|o\](\w+)/g, '$1 i$1 o$1')
    .replace(/\[no\]([\w-]+)/g, '$1 no$1');
  const words = spelt.split(/[\s[\]{}|,()":]+/).map(word => word.replace(/\.+$/, ''));
  return words.filter(
    word => /^[a-z0-9][a-z0-9_+.-]*$/.test(word) && !/^[\d.]+$/.test(word) && !PROSE.test(word),
  );
}

/** The messages as text in which an attribute that is repeated counts once, the last time, as for the kernel. */
function sent(run: Recorded): string {
  return requests(run)
    .map(bytes => {
      const { type, flags, header, attributes } = readMessage(bytes);
      return [`type ${type} flags ${flags}`, header.toString('hex'), ...lines(attributes, 0)].join('\n');
    })
    .join('\n\n');
}

/** Below the attributes of a kind there are lists, in which every element counts. */
const LAST_COUNTS_TO = 2;

function lines(attributes: readonly Attribute[], depth: number): string[] {
  const isLast = ({ type }: Attribute, at: number) =>
    !attributes.slice(at + 1).some(other => other.type === type);
  const counting = depth > LAST_COUNTS_TO ? attributes : attributes.filter(isLast);
  return counting
    .map(({ type, flagBits, header, payload, nested }) => {
      const value = nested === undefined ? payload.toString('hex') : `${header.toString('hex')} {`;
      const inner = nested === undefined ? [] : lines(nested, depth + 1).map(line => `  ${line}`);
      return [`${type} ${flagBits} ${value}`, ...inner].join('\n');
    })
    .sort();
}

const isChange = (run: Recorded) => requests(run).some(bytes => (bytes.readUInt16LE(4) & 3) !== 2);
const withoutUsage = (text: string) => text.replace(/^Usage:[\s\S]*/m, 'Usage\n');

/** What differs between the original and ours; '' if nothing does. */
async function compare(words: readonly string[]): Promise<string> {
  const [wanted, got] = [original(words), await ours(words)];
  const found = [
    isChange(wanted) || isChange(got) ? difference(sent(wanted), sent(got)) : '',
    difference(withoutUsage(wanted.stdout), withoutUsage(got.stdout)),
    difference(withoutUsage(wanted.stderr), withoutUsage(got.stderr)),
    wanted.status === got.status ? '' : `exit code ${got.status} instead of ${wanted.status}`,
  ].filter(text => text !== '');
  return found.length === 0 ? '' : `ip ${words.map(word => word || "''").join(' ')}\n${found.join('\n')}`;
}

describe('words after a kind of link', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  let turn = 0;
  for (const { name, table } of LINK_KINDS) {
    it(`${name}: values of every type do what they do in the original`, async function () {
      this.timeout(isExhaustive ? 1_200_000 : 120_000);
      const help = original(['link', 'help', name]).stdout;
      const hasOwnHelp = !help.includes('parentdev');
      const own = keywordsOf(table.rows as Rows).map(({ word }) => word);
      const keywords = new Set([...(hasOwnHelp ? helpWords(help) : []), ...own, 'nonsense']);
      const reports: string[] = [];
      for (const keyword of keywords) {
        const set = ['link', 'set', 'eth0', 'type', name];
        const add = ['link', 'add', 'x', 'link', 'eth0', 'type', name];
        const values = Array.from({ length: SHARE }, (_, at) => VALUES[(turn + at * 11) % VALUES.length]!);
        const value = values[0]!;
        const more = [
          [...add, keyword, value, keyword, value],
          [...add, keyword, keyword],
          [...set, keyword, value],
          [...add, keyword.slice(0, Math.ceil(keyword.length / 2)), '1'],
        ];
        const all = [
          [...add, keyword],
          ...values.map(value => [...add, keyword, value]),
          ...(isExhaustive ? [...more, ...values.map(value => [...set, keyword, value])] : [more[turn % 4]!]),
        ];
        turn++;
        for (const words of all) {
          if (DEFECTS.test(words.join(' '))) continue;
          const report = await compare(words);
          if (report !== '') reports.push(report);
        }
      }
      assert.equal(
        reports.length,
        0,
        `${reports.length} lines differ\n\n${reports.slice(0, 20).join('\n\n')}`,
      );
    });
  }
});
