import assert from 'node:assert/strict';
import * as codec from '../../src/wire/codec.ts';
import { splitDatagram, walkAttributes } from '../../src/wire/message.ts';
import { MessageWriter } from '../../src/wire/writer.ts';

function soiled(length = 64): Buffer {
  return Buffer.alloc(length, 0xff);
}

describe('messages', () => {
  it('pads attributes and patches the lengths of nests, whatever the buffer held before', () => {
    const message = new MessageWriter(16, 0x600, soiled(20));
    message.reserve(16);
    message.attribute(3, codec.text, 'v0');
    const nest = message.open(18);
    message.attribute(1, codec.bareText, 'veth');
    const inner = message.open(2, 0);
    message.attribute(7, codec.be16, 0x8100);
    message.close(inner);
    message.close(nest);
    assert.equal(
      message.finish(5).toString('hex'),
      '40000000100001060500000000000000' + // nlmsghdr: length 64, RTM_NEWLINK, CREATE EXCL REQUEST, sequence 5
        '00000000000000000000000000000000' + // ifinfomsg
        '0700030076300000' + // IFLA_IFNAME "v0"
        '18001280' + // IFLA_LINKINFO, nested
        '0800010076657468' + // IFLA_INFO_KIND "veth"
        '0c000200' + // IFLA_INFO_DATA
        '0600070081000000', // IFLA_VLAN_PROTOCOL 802.1Q
    );
  });

  it('refuses an attribute that its length field cannot hold', () => {
    const message = new MessageWriter(16, 0);
    assert.throws(() => message.attribute(1, codec.bytes, Buffer.alloc(0x10000)), RangeError);
  });

  it('splits a datagram into its messages and returns what is left over', () => {
    const first = new MessageWriter(16, 0).finish(1);
    const second = new MessageWriter(17, 0).finish(2);
    const whole = splitDatagram(Buffer.concat([first, second]));
    assert.deepEqual(
      whole.messages.map(message => [message.type, message.sequence, message.payload, message.end]),
      [
        [16, 1, 16, 16],
        [17, 2, 32, 32],
      ],
    );
    assert.equal(whole.rest, 0);
    assert.equal(splitDatagram(Buffer.concat([first, second.subarray(0, 7)])).rest, 7);
  });

  it('ends at a length that does not fit instead of looping or reading past the end', () => {
    for (const length of [0, 15, 17, 0xffffffff]) {
      const bytes = Buffer.from(new MessageWriter(16, 0).finish(1));
      bytes.writeUInt32LE(length, 0);
      assert.deepEqual(splitDatagram(bytes).messages, [], `length ${length}`);
    }
    for (const length of [0, 3, 9, 0xffff]) {
      const bytes = Buffer.from([0, 0, 1, 0, 42, 0, 0, 0]);
      bytes.writeUInt16LE(length, 0);
      let visits = 0;
      walkAttributes(bytes, 0, bytes.length, () => visits++);
      assert.equal(visits, 0, `length ${length}`);
    }
  });
});

describe('codecs', () => {
  it('answer undefined for a payload that is too short', () => {
    const bytes = Buffer.alloc(0);
    for (const one of [
      codec.u8,
      codec.u16,
      codec.u32,
      codec.s32,
      codec.be16,
      codec.be32,
      codec.ipv4,
      codec.ipv6,
      codec.ip,
    ]) {
      assert.equal(one.read(bytes, 0, 0), undefined);
    }
    for (const one of [codec.u64, codec.be64]) assert.equal(one.read(Buffer.alloc(7), 0, 7), undefined);
  });

  it('end a text at its first NUL or at the end of the payload', () => {
    assert.equal(codec.text.read(Buffer.from('ab\0cd'), 0, 5), 'ab');
    assert.equal(codec.text.read(Buffer.from('abcd'), 0, 2), 'ab');
  });

  const pair = codec.struct({
    first: codec.u8,
    _padding: codec.padding(3),
    second: codec.be32,
    third: codec.u64,
  });

  it('lay out a struct with its padding', () => {
    const out = new MessageWriter(0, 0, soiled());
    pair.write(out, { first: 1, second: 2, third: 3n });
    assert.equal(
      out.bytes.subarray(16, out.length).toString('hex'),
      '01000000' + '00000002' + '0300000000000000',
    );
    assert.equal(pair.size, 16);
  });

  it('read the members that a shorter struct of an older kernel lacks as zero', () => {
    assert.deepEqual(pair.read(Buffer.from('0100000000000002', 'hex'), 0, 8), {
      first: 1,
      second: 2,
      third: 0n,
    });
  });
});
