/**
 * Messages that no kernel sends, in a file: what the original's monitor prints of them is what ours prints. Each is
 * surrounded by zeros, letters and ones in turn; where that changes what the original prints, it has read beyond the
 * message, and nothing is compared. TSIP_EXHAUSTIVE=1 tries all, otherwise it is a share of them.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeText } from '../src/wire/text.ts';
import { readMessage, splitMessages } from './bytes.ts';
import { linkMessages, original, ours, requests } from './capture.ts';
import { fixturesFolder, repliesOf } from './fixtures.ts';
import { difference } from './live/difference.ts';
import { words } from './live/sandbox.ts';
import { filler, type OddMessage, oddMessages } from './mutations.ts';
import { needs } from './requirements.ts';

const FIXTURES = [
  'address/general',
  'route/general',
  'nsid/ids',
  'link/vlan',
  'link/ipvlan',
  'link/bridge_slave',
];

/** Requests whose messages are those that tell of what was asked for, too. */
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

/** Where reading the message wrong makes the original read its next attribute as this one's, or crash. */
const UNDEFINED =
  /byte 0 of the struct (2|7|10)$|attribute (8|12|18|18.2|18.5|52)(\.\d+)* beginning|attribute 9/;

const SHARE = process.env.TSIP_EXHAUSTIVE === '1' ? 1 : 7;
const FILLERS = [0x00, 0x41, 0xff];
const AT_ONCE = 100;

/** A device whose line ends what is printed of one message. */
const mark = linkMessages({ 5000: 'mark' });

describe('messages that no kernel sends', () => {
  let folder: string;
  let turn = 0;

  before(function () {
    needs(this, 'oracle', 'compiler');
    folder = mkdtempSync(join(tmpdir(), 'tsip-odd-'));
  });

  after(() => rmSync(folder, { recursive: true }));

  for (const name of FIXTURES) {
    it(`are printed as the original prints them: ${name}`, async function () {
      this.timeout(120_000);
      await assertSame(splitMessages(repliesOf(join(fixturesFolder, name))).slice(0, 8));
    });
  }

  for (const [name, lines] of Object.entries(REQUESTS)) {
    it(`are printed as the original prints them: ${name}`, async function () {
      this.timeout(120_000);
      await assertSame(lines.flatMap(line => requests(original(words(line)))));
    });
  }

  async function assertSame(messages: readonly Buffer[]): Promise<void> {
    const odd = messages
      .flatMap(bytes => oddMessages(readMessage(bytes)))
      .filter(({ title }) => !UNDEFINED.test(title) && turn++ % SHARE === 0);
    const reports: string[] = [];
    for (let at = 0; at < odd.length; at += AT_ONCE)
      reports.push(...(await compare(odd.slice(at, at + AT_ONCE))));
    assert.equal(reports.length, 0, `${reports.length} differ\n\n${reports.slice(0, 20).join('\n\n')}`);
  }

  async function compare(odd: readonly OddMessage[]): Promise<string[]> {
    const [wanted, ...others] = FILLERS.map(value => parts(original(write(odd, value)).stdout));
    const { stdout } = await ours(write(odd, FILLERS[0]!));
    const got = parts(Buffer.from(encodeText(stdout)).toString());
    assert.equal(wanted!.length, odd.length + 1, 'the original has not read all messages');
    return odd.flatMap(({ title }, at) => {
      if (others.some(other => other[at] !== wanted![at]) || got[at] === wanted![at]) return [];
      return [`${title}\n${difference(wanted![at]!, got[at] ?? '')}`];
    });
  }

  /** Words that print `odd`, from a file. */
  function write(odd: readonly OddMessage[], value: number): string[] {
    const file = join(folder, 'messages');
    const all = odd.flatMap(message => [filler(value, 4096), message.bytes(value), mark]);
    writeFileSync(file, Buffer.concat(all));
    return ['-d', '-s', 'monitor', 'file', file];
  }
});

function parts(text: string): string[] {
  return text.split(/^5000: mark: .*\n.*\n(?: {4}RX:.*\n.*\n {4}TX:.*\n.*\n)?/m);
}
