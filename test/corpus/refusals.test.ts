/**
 * What is reported of dumps and deletions that the kernel refuses, and what of them is shown: as the original has it. A
 * kernel rarely refuses any of them, so that it is a pretended one that does.
 */
import assert from 'node:assert/strict';
import { type CaptureOptions, linkMessages, original, ours, requests } from '../support/capture/capture.ts';
import { needs } from '../support/requirements.ts';
import { words } from '../support/sandbox.ts';

/** Lines that ask for a dump, by the type of the request (RTM_GET...). */
const LISTS: Readonly<Record<number, readonly string[]>> = {
  18: ['-j token', '-j tuntap', '-j vrf', 'vrf', 'addr show', '-j addr show eth0'],
  22: ['addr show', '-j addr show eth0', '-br addr', 'addr flush dev eth1'],
  26: ['route', '-j route show table all', '-6 route', 'route flush table 78', 'route show cache'],
  30: ['neigh', '-j neigh show nud all', '-br neigh', 'neigh flush dev eth1', 'neigh show proxy'],
  34: ['rule', '-j rule', '-6 rule', 'rule show table 77', 'rule flush', '-j rule flush', '-j -6 rule flush'],
  66: ['ntable', '-j ntable show dev eth0', '-s ntable'],
  74: ['addrlabel', '-j addrlabel', 'addrlabel flush'],
  82: [
    'netconf',
    '-4 netconf',
    'netconf show dev eth0',
    '-j -4 netconf',
    '-j netconf',
    '-j netconf show dev eth0',
  ],
  90: ['netns list-id', '-j netns list-id'],
  94: ['link afstats', '-j link afstats dev eth0', 'link xstats type bridge'],
  106: ['nexthop', '-j nexthop', 'nexthop flush', 'nexthop flush proto static'],
  118: ['nexthop bucket', '-j nexthop bucket list id 1'],
};

/** Lines that delete what they find, by the type of the request (RTM_DEL...). */
const DELETIONS: Readonly<Record<number, readonly string[]>> = {
  33: ['rule flush', '-j rule flush table 77'],
  73: ['addrlabel flush'],
  105: ['nexthop flush', 'nexthop flush id 1'],
};

const KNOWN = [
  'addr add 10.0.0.1/8 dev eth0',
  'addr add fd00::1/64 dev eth0',
  'nexthop add id 1 via 10.0.0.1 dev eth0',
  'neigh add 10.0.0.1 lladdr 02:00:00:00:00:01 dev eth0 nud reachable',
  'rule add pref 5 table 77',
  'rule add from 1.2.3.4 pref 6 table 77',
  'route add 10.0.0.0/8 dev eth0 table 77',
  'route add 10.0.0.0/8 dev eth0 proto kernel',
  'addrlabel add prefix fd00::/8 label 5',
];

/** EPERM, and those that are something else at the end of a dump: ENOENT, EMSGSIZE, EOPNOTSUPP. */
const ERRORS = [1, 2, 90, 95];

describe('a refusal', () => {
  let replies: Buffer;

  before(function () {
    needs(this, 'oracle', 'compiler');
    const messages = KNOWN.flatMap(line => requests(original(words(line))));
    replies = Buffer.concat([linkMessages({ 10: 'eth0' }), ...messages]);
  });

  for (const [type, lines] of Object.entries(LISTS)) {
    it(`of a list is reported as by the original: ${lines[0]}`, async function () {
      this.timeout(60_000);
      for (const line of lines)
        for (const errno of ERRORS) {
          await assertSame(line, { refusals: { [type]: errno } });
          // Devices are shown as they come here, there when all are known.
          if (type !== '18') await assertSame(line, { lateRefusals: { [type]: errno } });
        }
    });
  }

  it('of a deletion is reported as by the original', async () => {
    for (const [type, lines] of Object.entries(DELETIONS))
      for (const line of lines)
        for (const errno of ERRORS) await assertSame(line, { refusals: { [type]: errno } });
  });

  async function assertSame(line: string, refused: CaptureOptions): Promise<void> {
    const options = { replies, ...refused };
    const wanted = original(words(line), options);
    const got = await ours(words(line), options);
    const seen = ({ stdout, stderr, status }: typeof wanted) => ({ stdout, stderr, status });
    assert.deepEqual(seen(got), seen(wanted), `${line}: ${JSON.stringify(refused)}`);
  }
});
