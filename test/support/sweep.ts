/**
 * Hundreds of command lines run by the original and by ours under capture: what is sent, what is printed, how it ends.
 */
import assert from 'node:assert/strict';
import { type Attribute, readMessage } from './capture/bytes.ts';
import { type CaptureOptions, original, ours, type Recorded, requests } from './capture/capture.ts';
import { difference } from './difference.ts';
import { pick } from './random/sample.ts';

/** Values of every type, right and wrong. */
export const VALUES = [
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

/** How long a test of many lines may take. */
export const sweepTimeout = isExhaustive ? 1_200_000 : 120_000;

/**
 * Lines of `before`, a keyword and `after`: without a value, with each of {@link VALUES}, given twice, followed by
 * itself, cut short. Unless TSIP_EXHAUSTIVE=1, only two of them for each keyword, which depend on the words alone.
 */
export function linesWith(keywords: Iterable<string>, before: string, after = ''): string[][] {
  const split = (text: string) => text.split(' ').filter(word => word !== '');
  return [...keywords].flatMap(keyword => {
    const line = [before, keyword, after].join(' ');
    const value = pick(VALUES, `a value: ${line}`);
    const half = keyword.slice(0, Math.ceil(keyword.length / 2));
    const twice = (value: string) => [keyword, value, keyword, value];
    const odd = [[keyword], twice(value), [keyword, keyword], [half, value]];
    const all = [...odd, ...VALUES.flatMap(value => [[keyword, value], twice(value)])];
    const chosen = isExhaustive ? all : [pick(odd, `a form: ${line}`), [keyword, value]];
    return chosen.map(words => [...split(before), ...words, ...split(after)]);
  });
}

/** Runs each of `lines` with both, and fails with what differs. */
export async function assertSame(
  lines: Iterable<readonly string[]>,
  options: CaptureOptions = {},
): Promise<void> {
  const reports: string[] = [];
  let count = 0;
  for (const words of lines) {
    count++;
    const report = await compare(words, options);
    if (report !== '') reports.push(report);
  }
  assert.ok(count > 0, 'there are no lines to compare');
  const text = `${reports.length} lines differ\n\n${reports.slice(0, 20).join('\n\n')}`;
  assert.equal(reports.length, 0, text);
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

/** Below the attributes of a kind are lists, in which every element counts. */
const LAST_COUNTS_TO = 2;

function lines(attributes: readonly Attribute[], depth: number): string[] {
  const isLast = ({ type }: Attribute, at: number) =>
    !attributes.slice(at + 1).some(other => other.type === type);
  const counting = depth > LAST_COUNTS_TO ? attributes : attributes.filter(isLast);
  return counting
    .map(({ type, flagBits, header, payload, nested }) => {
      const value = nested === undefined ? payload.toString('hex') : `${header.toString('hex')} {`;
      // A nested device (a peer) has the same attributes as the outer one.
      const below = header.length > 0 ? 0 : depth + 1;
      const inner = nested === undefined ? [] : lines(nested, below).map(line => `  ${line}`);
      return [`${type} ${flagBits} ${value}`, ...inner].join('\n');
    })
    .sort();
}

const isChange = (run: Recorded) => requests(run).some(bytes => (bytes.readUInt16LE(4) & 3) !== 2);
const withoutUsage = (text: string) => text.replace(/^Usage:[\s\S]*/m, 'Usage\n');

/** What differs between the original and ours; '' if nothing does. */
async function compare(words: readonly string[], options: CaptureOptions): Promise<string> {
  const [wanted, got] = [original(words, options), await ours(words, options)];
  const found = [
    isChange(wanted) || isChange(got) ? difference(sent(wanted), sent(got)) : '',
    difference(withoutUsage(wanted.stdout), withoutUsage(got.stdout)),
    difference(withoutUsage(wanted.stderr), withoutUsage(got.stderr)),
    wanted.status === got.status ? '' : `exit code ${got.status} instead of ${wanted.status}`,
  ].filter(text => text !== '');
  return found.length === 0 ? '' : `ip ${words.map(word => word || "''").join(' ')}\n${found.join('\n')}`;
}
