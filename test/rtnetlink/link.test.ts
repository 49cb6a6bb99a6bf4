/** Link messages: what the table of attributes cannot say by itself. */

import assert from 'node:assert/strict';
import { RTM_NEWLINK } from '../../src/linux/rtnetlink.ts';
import {
  decodeLink,
  type LinkAttributes,
  link,
  linkHeader,
  linkMessage,
  linkStatistics,
} from '../../src/rtnetlink/link.ts';
import { splitDatagram } from '../../src/wire/message.ts';
import { MessageWriter } from '../../src/wire/writer.ts';

const header = { family: 17, type: 772, index: -5, flags: 0xffffffff, change: 0x80000001 };

/** A message as bytes, built in a buffer full of ones so that nothing is zero by chance. */
function encode(attributes: LinkAttributes): Buffer {
  const out = new MessageWriter(RTM_NEWLINK, 0, Buffer.alloc(4096, 0xff));
  linkMessage.write(out, { header, attributes });
  return Buffer.from(out.finish(1));
}

const decode = (bytes: Buffer) => decodeLink(splitDatagram(bytes).messages[0]!);

describe('a link message', () => {
  it('is read as it was written', () => {
    const attributes: LinkAttributes = {
      address: Buffer.from([2, 0, 0, 0, 0, 1]),
      ifname: 'v0',
      mtu: 0xffffffff,
      ifalias: 'an alias',
      num_vf: 1,
      vfinfo_list: [
        {
          vlan_list: [{ vf: 7, vlan: 100, qos: 3, protocol: 0x88a8 }],
          ib_node_guid: { vf: 7, guid: 0x1122334455667788n },
        },
      ],
      linkinfo: { kind: 'veth', data: Buffer.from([1, 2, 3]) },
      xdp: { fd: -1, flags: 1 },
      link_netnsid: -1,
      prop_list: ['one', 'two'],
      proto_down_reason: { mask: 0x80000000, value: 1 },
    };
    assert.deepEqual(decode(encode(attributes)), { ...attributes, header });
  });

  it('has the header that its codec reads', () => {
    assert.deepEqual(decode(encode({}))?.header, header);
    assert.deepEqual(linkHeader.read(encode({}), 16, linkHeader.size), header);
  });

  it('is none when it is shorter than its header', () => {
    const bytes = encode({});
    bytes.writeUInt32LE(31, 0);
    assert.equal(decode(bytes.subarray(0, 31)), undefined);
  });

  it('keeps the attributes that are complete in a message that is cut off anywhere', () => {
    const attributes = { ifname: 'v0', mtu: 1500, link: 7 };
    const whole = encode(attributes);
    // The header, then 4 bytes before each value; a text ends with a zero byte and is padded to 4 bytes.
    const ends = { ifname: 32 + 4 + 3, mtu: 40 + 8, link: 48 + 8 };
    assert.equal(whole.length, ends.link);
    for (let length = 32; length <= whole.length; length++) {
      const cut = Buffer.from(whole.subarray(0, length));
      cut.writeUInt32LE(length, 0);
      const complete = Object.entries(attributes).filter(
        ([name]) => length >= ends[name as keyof typeof ends],
      );
      assert.deepEqual(decode(cut), { ...Object.fromEntries(complete), header }, `${length} bytes`);
    }
  });

  it('writes guids behind four zero bytes', () => {
    const bytes = encode({ vfinfo_list: [{ ib_port_guid: { vf: 1, guid: 0x1122334455667788n } }] });
    assert.equal(bytes.subarray(-16).toString('hex'), '01000000000000008877665544332211');
  });

  it('carries the IPv4 settings one by one in requests and as an array in answers', () => {
    const request = encode({ af_spec: { inet: { conf: { forwarding: 1, rp_filter: 2 } } } });
    const sent = '1c001a0018000200140001800800010001000000080008000200000';
    assert.equal(request.subarray(32).toString('hex').slice(0, sent.length), sent);

    const settings = [1, 0, 0, 0, 0, 0, 0, 2];
    const words = Buffer.alloc(4 * settings.length);
    for (const [at, value] of settings.entries()) words.writeInt32LE(value, 4 * at);
    const out = new MessageWriter(RTM_NEWLINK, 0);
    linkMessage.write(out, { header, attributes: {} });
    const families = out.open(26, 0);
    const inet = out.open(2, 0);
    const conf = out.open(1, 0);
    out.raw(words);
    for (const mark of [conf, inet, families]) out.close(mark);
    const found = decode(Buffer.from(out.finish(1)))?.af_spec;
    assert.equal(found?.inet?.conf?.forwarding, 1);
    assert.equal(found?.inet?.conf?.rp_filter, 2);
    assert.equal(found?.inet?.conf?.tag, undefined);
    assert.equal(found?.inet6, undefined);
  });

  it('reads counters of 32 bits where it has none of 64', () => {
    const out = new MessageWriter(RTM_NEWLINK, 0);
    linkMessage.write(out, { header, attributes: {} });
    const mark = out.open(link.rows.stats.type, 0);
    for (let counter = 0; counter < 23; counter++) out.u32(counter + 0xfffffff0);
    out.close(mark);
    const { stats, stats64 } = decode(Buffer.from(out.finish(1)))!;
    assert.equal(stats64, undefined);
    assert.equal(stats?.rx_packets, 0xfffffff0n);
    assert.equal(stats?.tx_packets, 0xfffffff1n);
    assert.equal(stats?.rx_nohandler, 0n);
  });

  it('reads counters that no double can hold', () => {
    const stats64 = { ...linkStatistics.zero(), rx_bytes: 2n ** 64n - 1n, tx_bytes: 2n ** 53n + 1n };
    assert.deepEqual(decode(encode({ stats64 }))?.stats64, stats64);
  });

  it('has only alternative names among its properties', () => {
    const out = new MessageWriter(RTM_NEWLINK, 0);
    linkMessage.write(out, { header, attributes: {} });
    const list = out.open(52);
    for (const [type, text] of [
      [53, 'one'],
      [9, 'two'],
      [53, 'three'],
    ] as const) {
      const mark = out.open(type, 0);
      out.raw(Buffer.from(`${text}\0`));
      out.close(mark);
    }
    out.close(list);
    assert.deepEqual(decode(Buffer.from(out.finish(1)))?.prop_list, ['one', 'three']);
  });
});
