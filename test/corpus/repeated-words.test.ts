/**
 * Words that a line gives twice: the original appends an attribute each time, save where it collects what it reads, and
 * so does ours. Parameters of all kinds of links come from the fixtures' lines.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LINK_KINDS } from '../rtnetlink/kinds/list.ts';
import { attributeSet } from '../support/capture/bytes.ts';
import { original, ours, requests } from '../support/capture/capture.ts';
import { fixturesFolder } from '../support/capture/fixtures.ts';
import { difference } from '../support/difference.ts';
import { needs } from '../support/requirements.ts';
import { sweepTimeout } from '../support/sweep.ts';

const GENERAL = [
  'alias a alias b',
  // -1 counts as not given, and is sent.
  'mtu -1 mtu 5',
  'mtu -1 mtu 5 mtu 6',
  'txqlen -1 qlen -1 txqueuelen 3',
  'numtxqueues -1 numtxqueues 4 numrxqueues 5',
  'master br0 master eth1',
  'nomaster nomaster',
  'address 02:00:00:00:00:01 address 02:00:00:00:00:02',
  'broadcast ff:00:00:00:00:01 brd 02:00:00:00:00:02',
  'addrgenmode none addrgenmode eui64',
  'gso_max_size 5 gso_max_size 6',
  'protodown on protodown off',
  'protodown_reason 3 on protodown_reason 4 off',
  'carrier on carrier off',
  'mode dormant mode default',
  'state up state down',
  'inet forwarding on inet rp_filter 1',
  'addrgenmode none inet forwarding on',
  'vf 0 mac 02:00:00:00:00:01 vf 1 mac 02:00:00:00:00:02',
  'vf 0 mac 02:00:00:00:00:01 mac 02:00:00:00:00:02 vf 1 trust on',
  // With a protocol the original sends two bytes of whatever its stack holds.
  'vf 0 vlan 7 vlan 8 qos 3 vf 0 vlan 9 qos 2',
  'vf 0 rate 5 rate 6',
  'vf 0 max_tx_rate 5 min_tx_rate 4 max_tx_rate 6',
  'vf 0 spoofchk on spoofchk off trust on trust off query_rss on query_rss off',
  'vf 0 state auto state enable',
  'vf 0 node_guid 01:02:03:04:05:06:07:08 node_guid 01:02:03:04:05:06:07:09',
].map(words => `link set eth0 ${words}`);

/**
 * A message with the padding of `struct ifla_vf_guid` masked: four bytes after the number of the function, in which the
 * original sends whatever its stack holds.
 */
const withoutPadding = (message: string) =>
  message.replace(/^( {4}10(?: [\da-f]{2}){4})(?: [\da-f]{2}){4}/gm, '$1');

/** The lines of a kind's fixture that give it a parameter, one for each, with what they give it twice. */
function linesOf(kind: string): string[] {
  const file = join(fixturesFolder, 'link', kind, 'arguments');
  if (!existsSync(file)) return [];
  const start = new RegExp(`^link (?:add|set) .*type ${kind} `);
  const lines = new Map<string, string>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const before = start.exec(line)?.[0];
    if (before === undefined) continue;
    const given = line.slice(before.length).split(' ');
    if (given.length <= 3 && !lines.has(given[0]!)) lines.set(given[0]!, `${line} ${given.join(' ')}`);
  }
  return [...lines.values()];
}

/** Compares what is sent; of a line that the original refuses, how it ends. */
async function assertSame(lines: readonly string[]): Promise<void> {
  const differences: string[] = [];
  for (const line of lines) {
    const words = line.split(' ');
    const wanted = original(words, { filler: 0 });
    const got = await ours(words);
    const shown = (run: typeof got) => {
      const sent = wanted.status === 0 ? requests(run).map(attributeSet).map(withoutPadding) : [];
      return [`exit ${run.status}`, ...sent].join('\n');
    };
    const differs = difference(shown(wanted), shown(got));
    if (differs !== '') differences.push(`${line}\n${differs}`);
  }
  assert.deepEqual(differences, []);
}

describe('words that are given twice', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  it('of a device and of its functions are sent as often as by the original', () => assertSame(GENERAL));

  for (const { name } of LINK_KINDS) {
    const lines = linesOf(name);
    if (lines.length === 0) continue;
    it(`of ${name} are sent as often as by the original`, async function () {
      this.timeout(sweepTimeout);
      await assertSame(lines);
    });
  }
});
