/**
 * Messages of address translation: those that nft 1.0.6 sends (`nft --debug=mnl`) for
 *
 *     table inet tsip {
 *       chain prerouting { type nat hook prerouting priority dstnat; policy accept;
 *         iifname "eth1" meta nfproto ipv4 dnat ip to 10.0.1.11 }
 *       chain postrouting { type nat hook postrouting priority srcnat; policy accept;
 *         oifname "eth1" masquerade; oifname "eth2" masquerade fully-random }
 *     }
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { natRequests } from '../../src/nftables/nat.ts';

describe('address translation', () => {
  it('is asked for as nft does', () => {
    const expected = JSON.parse(readFileSync(resolve(import.meta.dirname, 'nft.json'), 'utf8')) as object[];
    const requests = natRequests(
      'tsip',
      [
        { device: 'eth1', masquerade: 'same port', destination: Buffer.of(10, 0, 1, 11) },
        { device: 'eth2', masquerade: 'random' },
      ],
      false,
    );
    const sent = requests.map(request => {
      const bytes = request.finish(0);
      return { type: bytes.readUInt16LE(4), body: bytes.toString('hex', 16) };
    });
    assert.deepEqual(sent, expected);
  });
});
