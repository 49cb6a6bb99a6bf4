/**
 * Messages that no kernel sends, in a file and as a list: what the original prints of them, as text and as JSON, is
 * what ours prints. Each is surrounded by zeros, letters and ones in turn; where that changes what the original prints,
 * it has read beyond the message, and nothing is compared. TSIP_EXHAUSTIVE=1 tries all of them; otherwise a sample.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { encodeText } from '../../src/wire/text.ts';
import { readMessage, splitMessages } from '../support/capture/bytes.ts';
import { type CaptureOptions, linkMessages, original, ours, requests } from '../support/capture/capture.ts';
import { fixtureFolders, fixturesFolder, repliesOf } from '../support/capture/fixtures.ts';
import { difference } from '../support/difference.ts';
import { filler, type OddMessage, oddMessages } from '../support/mutations.ts';
import { hashOf } from '../support/random/sample.ts';
import { needs } from '../support/requirements.ts';
import { words } from '../support/sandbox.ts';

const FIXTURES = fixtureFolders()
  .filter(folder => existsSync(join(folder, 'reply.hex')))
  .map(folder => relative(fixturesFolder, folder));

/** Requests whose messages also have the form of the kernel's reports. */
const REQUESTS = {
  neighbours: [
    'neigh add 10.0.0.1 lladdr 02:00:00:00:00:01 dev eth0 router use extern_learn protocol static nud reachable',
    'neigh add fd00::1 lladdr 02:00:00:00:00:01 dev eth0 managed extern_valid protocol 5',
  ],
  rules: [
    'rule add not from 10.0.0.0/8 to 1.2.3.4 pref 5 tos 4 fwmark 5/7 iif eth0 oif eth1 table 77 realms 1/2 protocol 5',
    'rule add suppress_prefixlength 3 suppress_ifgroup 4 uidrange 1-2 ipproto tcp sport 1-5 dport 7 tun_id 77 goto 99',
    '-6 rule add from fd00::/8 dscp 5 flowlabel 7/9 l3mdev',
  ],
  nexthops: [
    'nexthop add id 1 via 10.0.0.1 dev eth0 onlink protocol static',
    'nexthop add id 2 via fd00::1 dev eth0 encap mpls 5/6',
    'nexthop add id 5 group 1,3/2,5 hw_stats on',
  ],
  routes: [
    'route add 10.0.0.0/8 from 1.2.3.4 tos 4 via 10.0.0.1 dev eth0 table 77 proto static scope site src 1.1.1.1 metric 5',
    'route add 10.0.0.0/8 via inet6 fe80::1 dev eth0 mtu lock 5 advmss 7 features ecn congctl bbr realms 5/6 onlink',
    '-6 route add fd00::/8 via fe80::1 dev eth0 pref high encap mpls 5/6 ttl 7',
  ],
};

/** The words that list messages of a type (RTM_NEW...) as JSON, and a request for a message that marks where the output of another ends. */
const LISTS: Readonly<Record<number, { list: string; mark: string }>> = {
  20: { list: '-j addr showdump', mark: 'addr add 192.0.2.99 dev lo' },
  24: { list: '-d -j route show table all', mark: 'route add 192.0.2.99 dev lo' },
  28: { list: '-j neigh show nud all', mark: 'neigh add 192.0.2.99 dev lo nud permanent' },
  32: { list: '-d -j rule show', mark: 'rule add pref 9999' },
  72: { list: '-j addrlabel show', mark: 'addrlabel add prefix 2001:db8::99 label 99' },
  104: { list: '-d -j nexthop show', mark: 'nexthop add id 9999 blackhole' },
};

/** What a file of saved addresses begins with. */
const SAVED_ADDRESSES = Buffer.from([0x22, 0x12, 0x36, 0x47]);

/** A way to have messages printed. */
interface View {
  /** A message whose output marks where that of another ends. */
  readonly mark: Buffer;
  readonly words: readonly string[];
  options(messages: Buffer): CaptureOptions;
}

/** The words that print messages from `file`. */
function monitorView(file: string): View {
  return {
    mark: linkMessages({ 5000: 'mark' }),
    words: ['-d', '-s', 'monitor', 'file', file],
    options(messages) {
      writeFileSync(file, messages);
      return {};
    },
  };
}

/** The words that list messages of `type` as JSON; undefined if the original cannot. */
function jsonView(type: number): View | undefined {
  if (type === 16) return dumpView('-d -s -j link show', linkMessages({ 5000: 'mark' }));
  const { list, mark } = LISTS[type] ?? {};
  if (list === undefined || mark === undefined) return undefined;
  const message = Buffer.concat(requests(original(words(mark))));
  if (type !== 20) return dumpView(list, message);
  return {
    mark: message,
    words: words(list),
    options: messages => ({ stdin: Buffer.concat([SAVED_ADDRESSES, messages]) }),
  };
}

function dumpView(list: string, mark: Buffer): View {
  return { mark, words: words(list), options: replies => ({ replies }) };
}

/** What is not compared, by fixture and title, and why. */
const UNDEFINED: readonly { what: RegExp; because: string }[] = [
  {
    what: /^link.*: byte 4 of the struct (1|2|3|7|10|11)$/,
    because:
      'of two devices with one number in a list, the original takes the flags of the later one for both',
  },
  {
    what: /^(?!link).* byte 0 of the struct (7|10)$/,
    because: 'the family has longer addresses than there are',
  },
  {
    what: /^link.amt: attribute 18.2.1 beginning/,
    because: 'the original reads on behind its modes, or crashes',
  },
  {
    what: /^link.bond.*: attribute 18.2.(8|31).0 (missing|unknown|in network order)/,
    because: 'without a first address the original neither begins nor ends a list',
  },
  {
    what: /^link.*: attribute 3 (missing|unknown|in network order)/,
    because: 'the original keeps the names of all unknown devices in one place',
  },
  {
    what: /^link.(bridge|can).*: attribute 18.2.(4|50).0 missing/,
    because: 'it is the only attribute: what is read instead has no name',
  },
  {
    what: /^link.(\w*gre|ip6tnl|ipip|sit|vti6?|tunnels): attribute 18.2.[2-7] \w+ bytes? longer/,
    because: 'the original prints "unknown" for what is not an address of the family',
  },
];

const SHARE = process.env.TSIP_EXHAUSTIVE === '1' ? 1 : 23;
const FILLERS = [0x00, 0x41, 0xff] as const;
const AT_ONCE = 100;
/** At most so many messages of a fixture are changed. */
const MESSAGES = 8;
/** What stands around the one message of a list. */
const FRAME = /^\[(?:\{"addr_info":\[)?|\](?:\}\])?\n$/g;
const KILLED = 128;

describe('messages that no kernel sends', () => {
  let folder: string | undefined;

  before(function () {
    needs(this, 'oracle', 'compiler');
    folder = mkdtempSync(join(tmpdir(), 'tsip-odd-'));
  });

  after(() => folder && rmSync(folder, { recursive: true }));

  for (const name of FIXTURES) {
    it(`are printed as the original prints them: ${name}`, async function () {
      this.timeout(120_000);
      await assertSame(name, splitMessages(repliesOf(join(fixturesFolder, name))).slice(0, MESSAGES));
    });
  }

  for (const [name, lines] of Object.entries(REQUESTS)) {
    it(`are printed as the original prints them: ${name}`, async function () {
      this.timeout(120_000);
      await assertSame(
        name,
        lines.flatMap(line => requests(original(words(line)))),
      );
    });
  }

  async function assertSame(name: string, messages: readonly Buffer[]): Promise<void> {
    const isDefined = ({ title }: OddMessage) =>
      !UNDEFINED.some(({ what }) => what.test(`${name}: ${title}`));
    const reports: string[] = [];
    for (const [type, group] of byType(messages)) {
      const all = group.flatMap((bytes, at) =>
        oddMessages(readMessage(bytes))
          .filter(isDefined)
          .map(message => ({ message, hash: hashOf(`${name} ${type} ${at}: ${message.title}`) })),
      );
      const sampled = all.filter(({ hash }) => hash % SHARE === 0);
      const odd = (sampled.length > 0 ? sampled : all.slice(0, 1)).map(({ message }) => message);
      assert.ok(odd.length > 0, 'there are no messages to compare');
      reports.push(...(await compareAll(odd, monitorView(join(folder!, 'messages')))));
      const view = jsonView(type);
      // Only what is there is listed.
      const listed = odd.filter(({ title }) => title !== 'deleted');
      if (view !== undefined) reports.push(...(await compareAll(listed, view)));
    }
    assert.equal(reports.length, 0, `${reports.length} differ\n\n${reports.slice(0, 20).join('\n\n')}`);
  }
});

function byType(messages: readonly Buffer[]): Map<number, Buffer[]> {
  const groups = new Map<number, Buffer[]>();
  for (const bytes of messages) {
    const type = bytes.readUInt16LE(4);
    groups.set(type, [...(groups.get(type) ?? []), bytes]);
  }
  return groups;
}

async function compareAll(odd: readonly OddMessage[], view: View): Promise<string[]> {
  const mark = original(view.words, view.options(view.mark)).stdout.replace(FRAME, '');
  const reports: string[] = [];
  for (let at = 0; at < odd.length; at += AT_ONCE)
    reports.push(...(await compare(odd.slice(at, at + AT_ONCE), view, mark)));
  return reports;
}

/** The differences of what is printed of each message, up to `mark`. One at which the original crashes has none. */
async function compare(odd: readonly OddMessage[], view: View, mark: string): Promise<string[]> {
  const runs = FILLERS.map(value =>
    original(view.words, { ...view.options(surrounded(odd, view, value)), filler: value }),
  );
  if (runs.some(({ status }) => status >= KILLED)) {
    const half = odd.length >> 1;
    if (half === 0) return [];
    return [
      ...(await compare(odd.slice(0, half), view, mark)),
      ...(await compare(odd.slice(half), view, mark)),
    ];
  }
  const [wanted = [], ...others] = runs.map(({ stdout }) => stdout.split(mark));
  const { stdout } = await ours(view.words, view.options(surrounded(odd, view, FILLERS[0])));
  const got = Buffer.from(encodeText(stdout)).toString().split(mark);
  assert.equal(wanted.length, odd.length + 1, 'the original has not read all messages');
  return odd.flatMap(({ title }, at) => {
    if (others.some(other => other[at] !== wanted[at]) || got[at] === wanted[at]) return [];
    return [`${view.words.join(' ')}: ${title}\n${difference(wanted[at]!, got[at] ?? '')}`];
  });
}

/** Messages, each with the bytes that show where the original reads beyond it, and with its mark. */
function surrounded(odd: readonly OddMessage[], view: View, value: number): Buffer {
  return Buffer.concat(odd.flatMap(message => [filler(value, 4096), message.bytes(value), view.mark]));
}
