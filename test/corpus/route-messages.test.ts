/**
 * Messages of routes and addresses that kernels seldom send: each attribute of IPv4, IPv6, MPLS and other families alone,
 * of each wrong length, and all together, each flag and each type. What the original prints of them, from a file, of a
 * saved dump and in a list, is what ours prints. Each is surrounded by zeros and ones in turn: where that changes what the original prints, it has read beyond
 * the message, and nothing is compared.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeText } from '../../src/wire/text.ts';
import { type CaptureOptions, linkMessages, original, ours } from '../support/capture/capture.ts';
import { difference } from '../support/difference.ts';
import { address, addressMessages } from '../support/messages/addresses.ts';
import {
  ADDRESSES,
  AF_BRIDGE,
  AF_INET,
  AF_INET6,
  AF_MPLS,
  AF_NONE,
  AF_PACKET,
  type Made,
  route,
  routeMessages,
  u32,
} from '../support/messages/routes.ts';
import { filler } from '../support/mutations.ts';
import { needs } from '../support/requirements.ts';

/** The families, with the options that list their routes. */
const FAMILIES = [
  { name: 'IPv4', family: AF_INET, option: '-4' },
  { name: 'IPv6', family: AF_INET6, option: '-6' },
  { name: 'MPLS', family: AF_MPLS, option: '-M' },
];
/** Families that have neither routes nor addresses in any kernel, or no addresses. */
const ODD_FAMILIES = [
  { name: 'bridges', family: AF_BRIDGE },
  { name: 'packets', family: AF_PACKET },
  { name: 'no family', family: AF_NONE },
];
/** What saved routes and addresses begin with. */
const SAVED_ROUTES = Buffer.from([0x24, 0x12, 0x31, 0x45]);
const SAVED_ADDRESSES = Buffer.from([0x22, 0x12, 0x36, 0x47]);
/** Options that change what is printed: a monitor of a file prints text only. */
const MONITOR_OPTIONS = [[], ['-d', '-s'], ['-N']];
const LIST_OPTIONS = [['-j'], ['-j', '-d', '-s'], ['-j', '-N'], ['-d']];

/** What stands around the one message of a list. */
const FRAME = /^\[(?:\{"addr_info":\[)?|\](?:\}\])?\n$/g;

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

function savedRoutesView(options: readonly string[], family: number): View {
  return {
    mark: route(family, [
      [1, ADDRESSES[family]!],
      [6, u32(4242)],
    ]),
    words: [...options, 'route', 'showdump'],
    options: messages => ({ stdin: Buffer.concat([SAVED_ROUTES, messages]) }),
  };
}

function savedAddressesView(options: readonly string[]): View {
  return {
    mark: address(AF_INET, [[2, Buffer.of(192, 0, 2, 99)]], { length: 31 }),
    words: [...options, 'addr', 'showdump'],
    options: messages => ({ stdin: Buffer.concat([SAVED_ADDRESSES, messages]) }),
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
      this.timeout(300_000);
      const all = routeMessages(family);
      const reports: string[] = [];
      for (const options of MONITOR_OPTIONS)
        reports.push(...(await compare(all, monitorView(options, join(folder!, 'messages')))));
      for (const options of LIST_OPTIONS)
        reports.push(...(await compare(all, listView([option, ...options], family))));
      assert.equal(reports.length, 0, `${reports.length} differ\n\n${reports.slice(0, 20).join('\n\n')}`);
    });
  }

  // Of an empty address of a packet the original prints memory that nothing has been written to.
  for (const { name, family } of [...FAMILIES, ...ODD_FAMILIES.filter(odd => odd.family !== AF_PACKET)])
    it(`are printed as the original prints them of a saved dump: ${name}`, async function () {
      this.timeout(300_000);
      const all = routeMessages(family);
      const reports: string[] = [];
      if (!FAMILIES.some(known => known.family === family))
        for (const options of MONITOR_OPTIONS)
          reports.push(...(await compare(all, monitorView(options, join(folder!, 'messages')))));
      for (const options of [...LIST_OPTIONS, ['-N']])
        reports.push(...(await compare(all, savedRoutesView(options, family))));
      assert.equal(reports.length, 0, `${reports.length} differ\n\n${reports.slice(0, 20).join('\n\n')}`);
    });

  for (const { name, family } of [...FAMILIES, ...ODD_FAMILIES])
    it(`are printed as the original prints them, addresses: ${name}`, async function () {
      this.timeout(300_000);
      const all = addressMessages(family);
      const reports: string[] = [];
      for (const options of [...MONITOR_OPTIONS, ['-o']])
        reports.push(...(await compare(all, monitorView(options, join(folder!, 'messages')))));
      for (const options of [...LIST_OPTIONS, ['-N'], ['-o']])
        reports.push(...(await compare(all, savedAddressesView(options))));
      assert.equal(reports.length, 0, `${reports.length} differ\n\n${reports.slice(0, 20).join('\n\n')}`);
    });
});

/** {@link filler} of a header that is zero: the original prints of it the device of an address. */
function padding(value: number): Buffer {
  return filler(value, 4096).fill(0, 16, 24);
}

/** The differences of what is printed of each message, up to the mark behind it. */
async function compare(all: readonly Made[], { mark, words, options }: View): Promise<string[]> {
  const surrounded = (made: readonly Made[], value: number) =>
    Buffer.concat(made.flatMap(({ bytes }) => [padding(value), bytes, mark]));
  const marked = original(words, options(mark)).stdout.replace(FRAME, '');
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
