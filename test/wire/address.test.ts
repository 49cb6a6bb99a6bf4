import assert from 'node:assert/strict';
import {
  formatHardwareAddress,
  formatIpv4,
  formatIpv6,
  parseHardwareAddress,
  parseIpv4,
  parseIpv6,
} from '../../src/wire/address.ts';

describe('addresses', () => {
  // Spellings as inet_ntop(3) of glibc gives them (python3 -c "import socket; ..." agrees).
  const spellings: readonly [string, string][] = [
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000000000001', '::1'],
    ['20010db8000000000000000000000001', '2001:db8::1'],
    ['20010db8000000010000000000000001', '2001:db8:0:1::1'],
    ['20010db8000100000000000100000000', '2001:db8:1::1:0:0'],
    ['00010000000200000003000000040000', '1:0:2:0:3:0:4:0'],
    ['00000000000000000000ffff01020304', '::ffff:1.2.3.4'],
    ['00000000000000000000000001020304', '::1.2.3.4'],
    ['00000000000000000000000000010002', '::0.1.0.2'],
    ['0000000000000000000000000000abcd', '::abcd'],
    ['fe800000000000000000000000000000', 'fe80::'],
    ['00000000000000000001000000000000', '::1:0:0:0'],
  ];

  for (const [hex, text] of spellings) {
    it(`spells ${hex} as ${text}`, () => {
      assert.equal(formatIpv6(Buffer.from(hex, 'hex')), text);
    });

    it(`reads ${text} back`, () => {
      assert.equal(Buffer.from(parseIpv6(text) as Uint8Array).toString('hex'), hex);
    });
  }

  for (const text of [
    '',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    'g::',
    '::1.2.3',
    '::01.2.3.4',
    '1.2.3.4::',
    '1:2:3:4:5:6:7::8',
    '::256.1.1.1',
  ]) {
    it(`refuses "${text}" as an IPv6 address`, () => {
      assert.equal(parseIpv6(text), undefined);
    });
  }

  it('reads short IPv4 addresses with zeros at the end, and octal and hexadecimal parts', () => {
    const read = (text: string) => parseIpv4(text)?.join('.');
    assert.equal(read('10'), '10.0.0.0');
    assert.equal(read('10.9'), '10.9.0.0');
    assert.equal(read('1.2.3.4'), '1.2.3.4');
    assert.equal(read('010.0x10.0.1'), '8.16.0.1');
    for (const bad of ['', '1.2.3.4.5', '256', '1..2', '1.2.3.', '-1', '08', 'x', '1.2.3.4 ']) {
      assert.equal(read(bad), undefined, bad);
    }
  });

  it('spells link-layer addresses of any length', () => {
    assert.equal(formatHardwareAddress(Buffer.from('02fc00000a01', 'hex')), '02:fc:00:00:0a:01');
    assert.equal(formatHardwareAddress(Buffer.alloc(0)), '');
    assert.equal(formatIpv4(Buffer.from([0, 10, 1, 2, 255]), 1), '10.1.2.255');
  });

  it('reads link-layer bytes of one or two digits', () => {
    assert.deepEqual(parseHardwareAddress('2:fc:0:0:a:1'), Uint8Array.of(2, 0xfc, 0, 0, 10, 1));
    for (const bad of ['', '1:', '123:4', '02-fc', 'zz'])
      assert.equal(parseHardwareAddress(bad), undefined, bad);
  });
});
