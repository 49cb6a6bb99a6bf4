/**
 * Settings of virtual functions whose request depends on what the device reports of its functions, against the
 * original on the devices of fixtures/link/vf.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { attributeSet } from '../../support/capture/bytes.ts';
import { original, ours, type Recorded, requests } from '../../support/capture/capture.ts';
import { fixturesFolder, repliesOf } from '../../support/capture/fixtures.ts';
import { needs } from '../../support/requirements.ts';

/** struct ifla_vf_vlan_info ends in two bytes that the original does not set. */
const UNSET = /(88 a8) .. ..$/gm;

const replies = repliesOf(join(fixturesFolder, 'link/vf'));

function outcome(run: Recorded): string {
  const sent = run.status === 0 ? requests(run).map(attributeSet).join('\n') : 'nothing sent';
  return [sent.replace(UNSET, '$1'), run.stderr, run.status].join('\n');
}

/** One that reports the rates of its function, one that does not, one whose only function is the fourth, none. */
const DEVICES = ['full', 'basic', 'off', 'nowhere'];

const SETTINGS = [
  'vf 0 max_tx_rate 2000',
  'vf 0 max_tx_rate 7',
  'vf 0 min_tx_rate 3',
  'vf 0 min_tx_rate 3 rate 5',
  'vf 0 rate 5 min_tx_rate 3',
  'vf 0 rate 2000 max_tx_rate 3000',
  'vf 0 max_tx_rate 3000 rate 2000',
  'vf 0 rate 5 trust on',
  'vf 0 min_tx_rate 9 rate 5',
  'vf 0 min_tx_rate 0 rate 0',
  'vf 3 max_tx_rate 7',
  'vf 7 max_tx_rate 7',
  'vf -1 min_tx_rate 7',
  'vf 0 max_tx_rate 2000 mtu 5',
  'vf 0 max_tx_rate 2000 nonsense nonsense',
  'vf 0 max 2000',
  'vf 0 mac 02:00:00:00:00:01',
  'vf 0 mac 02:00',
  'vf 0 vlan 100 qos 3 proto 802.1ad',
];

describe('link set ... vf', () => {
  for (const device of DEVICES) {
    it(`asks for what the original asks for: ${device}`, async function () {
      needs(this, 'oracle', 'compiler');
      this.timeout(30_000);
      for (const setting of SETTINGS) {
        const words = ['link', 'set', device, ...setting.split(' ')];
        assert.equal(outcome(await ours(words, { replies })), outcome(original(words, { replies })), setting);
      }
    });
  }
});
