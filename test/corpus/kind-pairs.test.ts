/**
 * `link set DEV type KIND` of a device of another kind. The original reads what the device has by the attributes of the kind
 * that is named: ends that are no addresses of its family end the call; other values are taken for what they are not.
 */
import assert from 'node:assert/strict';
import { attributeSet } from '../support/capture/bytes.ts';
import { type CaptureOptions, original, ours, type Recorded, requests } from '../support/capture/capture.ts';
import { linkReply } from '../support/capture/link-reply.ts';
import { needs } from '../support/requirements.ts';
import { words } from '../support/sandbox.ts';

const INDEX = 20;
const DEVICES = [
  'type gre local 1.2.3.4',
  'type gretap local 1.2.3.4 key 5',
  'type ip6gre local fd00::1',
  'type ip6erspan seq key 5 local fd00::1',
  'type ipip local 1.2.3.4',
  'type sit local 1.2.3.4',
  'type ip6tnl local fd00::1',
  'type vti local 1.2.3.4 key 5',
  'type vti6 local fd00::1 key 5',
  'link eth0 type vlan id 5',
  'type bridge',
  'type vxlan id 5 dstport 4789',
  'type geneve id 5 remote 1.2.3.4',
  'type xfrm if_id 5',
  'type hsr slave1 eth0 slave2 eth1',
  'type gtp role ggsn',
  'type bareudp dstport 5 ethertype ip',
  'type wireguard',
];
const KINDS = ['gre', 'ip6gre', 'ip6erspan', 'ipip', 'sit', 'ip6tnl', 'vti', 'vti6'];

describe('link set of another kind', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  for (const device of DEVICES)
    it(`does what the original does: ${device}`, async function () {
      this.timeout(120_000);
      const [request] = requests(original(words(`link add dev20 ${device}`)));
      const reply = linkReply(request!, INDEX);
      assert.ok(reply !== undefined);
      const options: CaptureOptions = { replies: reply };
      for (const kind of KINDS) {
        const line = `link set dev20 type ${kind}${kind.startsWith('vti') ? '' : ' ttl 5'}`;
        const [wanted, got] = [original(words(line), options), await ours(words(line), options)];
        assert.deepEqual(seen(got), seen(wanted), line);
      }
    });
});

function seen({ sent, stdout, stderr, status }: Recorded) {
  const changes = sent.filter(bytes => (bytes.readUInt16LE(4) & 3) !== 2).map(attributeSet);
  return { changes, stdout, stderr, status };
}
