import assert from 'node:assert/strict';
import { packIp } from '../../src/wire/address.ts';
import { broadcastAddress, isGroupAddress, isInNetwork, netmaskLength } from '../../src/wire/networks.ts';

describe('networks', () => {
  it('read every netmask, and none with holes', () => {
    for (let length = 0; length <= 32; length++) {
      const mask = Buffer.alloc(4);
      mask.writeUInt32BE(2 ** 32 - 2 ** (32 - length));
      assert.equal(netmaskLength(mask), length);
      // One bit less in front leaves a hole.
      if (length > 1) {
        mask[0]! ^= 0x80;
        assert.equal(netmaskLength(mask), undefined);
      }
    }
  });

  const broadcasts: readonly [string, number, string][] = [
    ['10.1.2.3', 0, '255.255.255.255'],
    ['10.1.2.3', 9, '10.127.255.255'],
    ['10.1.2.3', 24, '10.1.2.255'],
    ['10.1.2.3', 30, '10.1.2.3'],
    ['10.1.2.3', 32, '10.1.2.3'],
  ];
  for (const [address, length, expected] of broadcasts) {
    it(`reach all of ${address}/${length} by ${expected}`, () => {
      assert.equal(broadcastAddress(address, length), expected);
    });
  }

  const insides: readonly [string, string, number, boolean][] = [
    ['10.1.2.3', '10.1.0.0', 16, true],
    ['10.1.2.3', '10.2.0.0', 16, false],
    ['10.1.2.3', '10.3.0.0', 15, false],
    ['10.2.2.3', '10.3.0.0', 15, true],
    ['1.2.3.4', '255.0.0.0', 0, true],
    ['10.1.2.3', '10.1.2.3', 32, true],
    ['fd00::1:2', 'fd00::', 64, true],
    ['fd00:0:0:1::', 'fd00::', 64, false],
    ['fd00:0:0:1::', 'fd00::', 63, true],
    ['::ffff:1.2.3.4', '::ffff:1.2.0.0', 112, true],
    ['::1.2.3.4', '::ffff:1.2.3.4', 96, false],
  ];
  for (const [address, network, length, expected] of insides) {
    it(`${expected ? 'have' : 'do not have'} ${address} in ${network}/${length}`, () => {
      assert.equal(isInNetwork(packIp(address), packIp(network), length), expected);
    });
  }

  const groups: readonly [string, boolean][] = [
    ['223.255.255.255', false],
    ['224.0.0.0', true],
    ['239.255.255.255', true],
    ['240.0.0.0', false],
    ['255.255.255.255', false],
    ['fe80::1', false],
    ['ff00::', true],
    ['ffff::', true],
    ['::ffff:224.0.0.1', false],
  ];
  for (const [address, expected] of groups) {
    it(`${expected ? 'know' : 'do not know'} ${address} as a group`, () => {
      assert.equal(isGroupAddress(packIp(address)), expected);
    });
  }
});
