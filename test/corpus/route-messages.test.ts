/**
 * Route messages that kernels seldom send: each attribute of IPv4, IPv6 and MPLS alone, of each wrong length, and all
 * together, each flag and each type. What the original prints of them, from a file and in a list, is what ours
 * prints. Each is surrounded by zeros and ones in turn: where that changes what the original prints, it has read beyond
 * the message, and nothing is compared.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeText } from '../../src/wire/text.ts';
import { type CaptureOptions, linkMessages, original, ours } from '../support/capture/capture.ts';
import { difference } from '../support/difference.ts';
import { filler } from '../support/mutations.ts';
import { needs } from '../support/requirements.ts';
import {
  ADDRESSES,
  AF_INET,
  AF_INET6,
  AF_MPLS,
  type Made,
  route,
  routeMessages,
  u32,
} from '../support/route-messages.ts';

/** The families, with the options that list their routes. */
const FAMILIES = [
  { name: 'IPv4', family: AF_INET, option: '-4' },
  { name: 'IPv6', family: AF_INET6, option: '-6' },
  { name: 'MPLS', family: AF_MPLS, option: '-M' },
];
/** Options that change what is printed: a monitor of a file prints text only. */
const MONITOR_OPTIONS = [[], ['-d', '-s'], ['-N']];
const LIST_OPTIONS = [['-j'], ['-j', '-d', '-s'], ['-j', '-N'], ['-d']];

/** A way to have messages printed. */
interface View {
  /** A message whose output marks where that of another ends. */
  readonly mark: Buffer;
  readonly words: readonly string[];
  options(messages: Buffer): CaptureOptions;
}

function monitorView(options: readonly string[], file: string): View {
  return {
    mark: linkMessages({ 5000: 'mark' }),
    words: [...options, 'monitor', 'file', file],
    options(messages) {
      writeFileSync(file, messages);
      return {};
    },
  };
}

function listView(options: readonly string[], family: number): View {
  return {
    mark: route(family, [
      [1, ADDRESSES[family]!],
      [6, u32(4242)],
    ]),
    words: [...options, 'route', 'show', 'table', 'all'],
    options: messages => ({ replies: messages }),
  };
}

describe('route messages that kernels seldom send', () => {
  let folder: string | undefined;

  before(function () {
    needs(this, 'oracle', 'compiler');
    folder = mkdtempSync(join(tmpdir(), 'tsip-routes-'));
  });

  after(() => folder && rmSync(folder, { recursive: true }));

  for (const { name, family, option } of FAMILIES) {
    it(`are printed as the original prints them: ${name}`, async function () {
      this.timeout(60_000);
      const all = routeMessages(family);
      const reports: string[] = [];
      for (const options of MONITOR_OPTIONS)
        reports.push(...(await compare(all, monitorView(options, join(folder!, 'messages')))));
      for (const options of LIST_OPTIONS)
        reports.push(...(await compare(all, listView([option, ...options], family))));
      assert.equal(reports.length, 0, `${reports.length} differ\n\n${reports.slice(0, 20).join('\n\n')}`);
    });
  }
});

/** The differences of what is printed of each message, up to the mark behind it. */
async function compare(all: readonly Made[], { mark, words, options }: View): Promise<string[]> {
  const surrounded = (made: readonly Made[], value: number) =>
    Buffer.concat(made.flatMap(({ bytes }) => [filler(value, 4096), bytes, mark]));
  const marked = original(words, options(mark)).stdout.replace(/^\[|\]\n$/g, '');
  const [wanted = [], other = []] = [0x00, 0xff].map(value =>
    original(words, { ...options(surrounded(all, value)), filler: value }).stdout.split(marked),
  );
  const { stdout } = await ours(words, options(surrounded(all, 0)));
  const got = Buffer.from(encodeText(stdout)).toString().split(marked);
  assert.equal(wanted.length, all.length + 1, `${words.join(' ')}: the original has not read all messages`);
  const compared = all.filter((_, at) => other[at] === wanted[at]);
  assert.ok(compared.length > 0.95 * all.length, `${words.join(' ')}: only ${compared.length} are compared`);
  return all.flatMap(({ title }, at) => {
    if (other[at] !== wanted[at] || got[at] === wanted[at]) return [];
    return [`${words.join(' ')}: ${title}\n${difference(wanted[at]!, got[at] ?? '')}`];
  });
}
