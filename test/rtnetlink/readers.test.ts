/**
 * Readers, which find attributes in place, against the tables: both say the same of any message whose numbers are whole.
 * Of one that is too short, tables have nothing; readers read on in what is behind it, as the original does.
 */
import assert from 'node:assert/strict';
import { AF_INET } from '../../src/linux/families.ts';
import { NLA_HDRLEN } from '../../src/linux/netlink.ts';
import { RTM_NEWADDR, RTM_NEWLINK, RTM_NEWROUTE } from '../../src/linux/rtnetlink.ts';
import { AddressReader, addressHeader, decodeAddress } from '../../src/rtnetlink/address.ts';
import { formatAddress } from '../../src/rtnetlink/family-address.ts';
import { decodeLink, type Link, link, linkHeader } from '../../src/rtnetlink/link.ts';
import { linkReader } from '../../src/rtnetlink/link-reader.ts';
import { decodeRoute, routeHeader } from '../../src/rtnetlink/route.ts';
import { RouteReader } from '../../src/rtnetlink/route-reader.ts';
import { AttributeIndex, bitsOf } from '../../src/wire/attributes.ts';
import { type Message, splitDatagram } from '../../src/wire/message.ts';
import { MessageWriter } from '../../src/wire/writer.ts';

const TYPE_BITS = 0x3fff;
const LENGTHS = [0, 1, 2, 3, 4, 5, 8, 16, 17, 64, 200, 240];

/** A message of `type` with this header and one attribute for each pair of number and length, of bytes that differ. */
function message(
  type: number,
  header: Uint8Array,
  attributes: readonly (readonly [number, number])[],
): Message {
  const out = new MessageWriter(type, 0);
  out.raw(header);
  for (const [attribute, length] of attributes) {
    const mark = out.open(attribute & TYPE_BITS, 0);
    out.raw(Uint8Array.from({ length }, (_, index) => (index * 7 + attribute + length) & 0xff));
    out.close(mark);
  }
  return splitDatagram(out.finish(1)).messages[0]!;
}

const bytes = (length: number) => Uint8Array.from({ length }, (_, index) => index * 17 + 3);

/** The number of 32 bits at the end of a message, which is its last attribute and what is behind that. */
function lastNumber({ bytes }: Message): number {
  return bytes.readUInt32LE(bytes.length - 4);
}

describe('a link reader', () => {
  const reader = linkReader();
  const names = Object.keys(link.rows) as (keyof Link & string)[];

  /** What is compared: families are decoded when they are asked for, by both. */
  const plain = (value: unknown) =>
    value !== null && typeof value === 'object' && 'inet6' in value && 'inet' in value
      ? { inet: value.inet, inet6: value.inet6 }
      : value;

  for (const name of names) {
    it(`reads ${name} as its row does, first of two and not at all, a short number with what is behind it`, () => {
      const { type, codec } = link.rows[name as keyof typeof link.rows];
      for (const attributes of [
        [],
        ...LENGTHS.map(length => [[type, length] as const]),
        [[type, 16] as const, [type, 4] as const],
      ]) {
        const sent = message(RTM_NEWLINK, bytes(linkHeader.size), attributes);
        assert.ok(reader.read(sent));
        const at = sent.payload + linkHeader.size + NLA_HDRLEN;
        const behind = attributes.length > 0 ? codec.read(sent.bytes, at, sent.bytes.length - at) : undefined;
        const expected = plain(decodeLink(sent)![name] ?? behind);
        assert.deepEqual(plain(reader[name]), expected);
        assert.deepEqual(plain(reader[name]), expected, 'asked for twice');
      }
    });
  }

  it('reads the kind of each device, where others had the same, another or none, and their datagram is overwritten', () => {
    const datagram = Buffer.alloc(256);
    for (const kind of ['veth', 'veth', 'vlan', undefined, 'vlan', 'bridge', '', 'veth']) {
      const out = new MessageWriter(RTM_NEWLINK, 0);
      out.raw(bytes(linkHeader.size));
      link.encode(out, { linkinfo: kind === undefined ? undefined : { kind } });
      const [sent] = splitDatagram(out.finish(1)).messages;
      datagram.fill(0xff);
      sent!.bytes.copy(datagram);
      assert.ok(reader.read({ ...sent!, bytes: datagram }));
      assert.deepEqual(reader.linkinfo, kind === undefined ? undefined : { kind });
    }
  });

  it('reads the members of the header', () => {
    const sent = message(RTM_NEWLINK, bytes(linkHeader.size), []);
    assert.ok(reader.read(sent));
    const { family, type, index, flags, change } = reader.header;
    assert.deepEqual({ family, type, index, flags, change }, decodeLink(sent)!.header);
  });

  it('refuses a message that is shorter than the header', () => {
    assert.equal(reader.read(message(RTM_NEWLINK, bytes(linkHeader.size - 4), [])), false);
  });
});

describe('an address reader', () => {
  const reader = new AddressReader();

  it('reads the members of the header, and the flags of the attribute where it is there', () => {
    for (const attributes of [[], [[8, 4] as const], [[8, 3] as const]]) {
      const sent = message(RTM_NEWADDR, bytes(addressHeader.size), attributes);
      const { header } = decodeAddress(sent)!;
      // One that is too short is read with what is behind it.
      const flags = attributes.length > 0 ? lastNumber(sent) : header.flags;
      assert.ok(reader.read(sent));
      const { family, prefixLength: prefixlen, scope, device: index } = reader;
      assert.deepEqual({ family, prefixlen, scope, index, flags: reader.flags }, { ...header, flags });
    }
  });
});

describe('a route reader', () => {
  const reader = new RouteReader();
  const header = Uint8Array.from(routeHeaderBytes());

  function routeHeaderBytes(): Uint8Array {
    const out = new MessageWriter(RTM_NEWROUTE, 0);
    routeHeader.write(out, {
      family: AF_INET,
      dst_len: 24,
      src_len: 3,
      tos: 4,
      table: 5,
      protocol: 6,
      scope: 7,
      type: 1,
      flags: 0x80000009,
    });
    return out.finish(1).subarray(16);
  }

  it('reads the members of the header, and the table of the attribute where it is there', () => {
    for (const attributes of [[], [[15, 4] as const], [[15, 2] as const]]) {
      const sent = message(RTM_NEWROUTE, header, attributes);
      const { attributes: _, ...expected } = decodeRoute(sent)!;
      const table = attributes.length > 0 ? lastNumber(sent) : expected.table;
      assert.ok(reader.read(sent));
      const { family, dstLength: dst_len, srcLength: src_len, tos, protocol, scope, type, flags } = reader;
      const read = { family, dst_len, src_len, tos, protocol, scope, type, flags, table: reader.table };
      assert.deepEqual(read, { ...expected, table });
    }
  });

  it('spells addresses as their row does', () => {
    const sent = message(RTM_NEWROUTE, header, [
      [1, 4],
      [5, 4],
    ]);
    const { attributes } = decodeRoute(sent)!;
    assert.ok(reader.read(sent));
    assert.equal(formatAddress(reader.attributes, 1, AF_INET), attributes.dst);
    assert.equal(formatAddress(reader.attributes, 5, AF_INET), attributes.gateway);
  });

  it('forgets the attributes of the message before', () => {
    assert.ok(
      reader.read(
        message(RTM_NEWROUTE, header, [
          [1, 4],
          [30, 4],
        ]),
      ),
    );
    assert.ok(reader.read(message(RTM_NEWROUTE, header, [[4, 4]])));
    const present = Array.from({ length: 31 }, (_, type) => type).filter(type => reader.attributes.has(type));
    assert.deepEqual(present, [4]);
    assert.equal(reader.attributes.present, bitsOf(4));
  });
});

describe('an index of attributes', () => {
  it('ends where a length does not fit, and keeps what came before', () => {
    const sent = message(RTM_NEWROUTE, new Uint8Array(0), [
      [1, 4],
      [2, 8],
    ]);
    const index = new AttributeIndex(5);
    index.index(sent.bytes, sent.payload, sent.end - 4);
    assert.equal(index.has(1), true);
    assert.equal(index.has(2), false);
    assert.equal(index.u32(1), sent.bytes.readUInt32LE(index.start(1)));
  });

  it('reads alike wherever the bytes lie, and what memory has now', () => {
    const sent = message(RTM_NEWROUTE, new Uint8Array(0), [
      [1, 4],
      [2, 8],
      [3, 4],
    ]);
    const length = sent.end - sent.payload;
    const index = new AttributeIndex(5);
    for (const offset of [0, 1, 2, 3, 4])
      for (const start of [0, 1, 2, 3]) {
        const memory = Buffer.alloc(length + offset + start).subarray(offset);
        for (const flip of [0, 0xff]) {
          sent.bytes.copy(memory, start, sent.payload, sent.end);
          // The payload of the last attribute.
          for (let at = memory.length - 4; at < memory.length; at++) memory[at]! ^= flip;
          index.index(memory, start, memory.length);
          const place = `offset ${offset}, start ${start}, ${flip}`;
          assert.deepEqual(
            [1, 2, 3, 4].map(type => index.length(type)),
            [4, 8, 4, 0],
            place,
          );
          assert.equal(index.u32(1), sent.bytes.readUInt32LE(sent.payload + 4), place);
          assert.equal(index.u32(3), memory.readUInt32LE(memory.length - 4), place);
          assert.equal(index.s32(3), memory.readInt32LE(memory.length - 4), place);
        }
      }
  });
});
