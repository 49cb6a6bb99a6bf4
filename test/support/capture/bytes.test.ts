/** The tools that the byte proofs rest on: reading and writing annotated bytes, comparing them as sets. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { skip } from '../requirements.ts';
import { readAttributeNames } from './attribute-names.ts';
import { assertSameRequest, attributeSet, formatHex, parseHex, splitMessages } from './bytes.ts';

const vlan = `
# link add v1 link eth0 type vlan id 5
4c 00 00 00 10 00 05 06 00 00 00 00 00 00 00 00  # RTM_NEWLINK, flags 0x605, 76 bytes
00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  # ifinfomsg
08 00 05 00 0a 00 00 00  # IFLA_LINK 10
07 00 03 00 76 31 00 00  # IFLA_IFNAME "v1"
1c 00 12 00  # IFLA_LINKINFO
  09 00 01 00 76 6c 61 6e 00 00 00 00  # IFLA_INFO_KIND "vlan"
  0c 00 02 00  # IFLA_INFO_DATA
    06 00 01 00 05 00 00 00  # IFLA_VLAN_ID 5
`.trimStart();

/** The bytes of `text` with some of its lines changed. */
function bytesOf(text: string): Buffer {
  return parseHex(text)[0]!.bytes;
}

function swapped(first: string, second: string): Buffer {
  return bytesOf(vlan.replace(first, '@').replace(second, first).replace('@', second));
}

describe('annotated bytes', () => {
  it('are read without their annotations and written with them', function () {
    if (!existsSync('/usr/include/linux/if_link.h')) skip(this, 'no kernel headers');
    const [block] = parseHex(vlan);
    assert.deepEqual(block!.comments, ['link add v1 link eth0 type vlan id 5']);
    assert.equal(block!.bytes.length, 76);
    assert.equal(formatHex([block!], readAttributeNames()), vlan);
  });

  it('come in blocks, of which one may be only comments', () => {
    const blocks = parseHex('# title\n\n# a\n01 02\n03\n\n\n# b\n');
    assert.deepEqual(
      blocks.map(({ comments, bytes }) => [comments, bytes.toString('hex')]),
      [
        [['title'], ''],
        [['a'], '010203'],
        [['b'], ''],
      ],
    );
    assert.throws(() => parseHex('01 2'), /not hexadecimal/);
    assert.throws(() => parseHex('xy'), /not hexadecimal/);
  });

  it('are split into messages that add up', () => {
    const bytes = bytesOf(vlan);
    assert.equal(splitMessages(Buffer.concat([bytes, bytes])).length, 2);
    assert.throws(() => splitMessages(bytes.subarray(0, 70)), /no netlink message at offset 0/);
    assert.throws(() => splitMessages(Buffer.concat([bytes, Buffer.alloc(16)])), /at offset 76/);
  });
});

describe('sets of attributes', () => {
  const same = bytesOf(vlan);

  it('do not depend on the order, on any level, nor on sequence number and port', () => {
    assertSameRequest([swapped('08 00 05 00 0a 00 00 00', '07 00 03 00 76 31 00 00')], [same]);
    const inner = [
      '09 00 01 00 76 6c 61 6e 00 00 00 00',
      '0c 00 02 00  # IFLA_INFO_DATA\n    06 00 01 00 05 00 00 00',
    ];
    assertSameRequest([swapped(inner[0]!, inner[1]!)], [same]);
    const numbered = Buffer.from(same);
    numbered.fill(7, 8, 16);
    assertSameRequest([numbered], [same]);
  });

  it('differ by every value, type, flag, length, struct and padding, and by repetition', () => {
    const different = (from: string, to: string) =>
      assert.throws(() => assertSameRequest([bytesOf(vlan.replace(from, to))], [same]), {
        code: 'ERR_ASSERTION',
      });
    different('06 00 01 00 05', '06 00 01 00 06');
    different('06 00 01 00 05', '06 00 05 00 05');
    different('0c 00 02 00', '0c 00 02 80');
    different('05 06 00 00', '05 05 00 00');
    different('07 00 03 00 76 31 00 00', '07 00 03 00 76 31 00 ff');
    different('07 00 03 00 76 31 00 00', '06 00 03 00 76 31 00 00');
    different(
      '00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  # ifinfomsg',
      '00 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00',
    );
    const twice = Buffer.concat([same, Buffer.from('0800050 00a000000'.replaceAll(' ', ''), 'hex')]);
    twice.writeUInt32LE(twice.length, 0);
    assert.throws(() => assertSameRequest([twice], [same]), { code: 'ERR_ASSERTION' });
    assert.throws(() => assertSameRequest([same, same], [same]), { code: 'ERR_ASSERTION' });
    assert.throws(() => assertSameRequest([], [same]), { code: 'ERR_ASSERTION' });
  });

  it('are read through the struct that begins the peer of a veth pair', () => {
    const peer = `
      58 00 00 00 10 00 05 06 00 00 00 00 00 00 00 00
      00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
      38 00 12 00 09 00 01 00 76 65 74 68 00 00 00 00 28 00 02 00 24 00 01 00
      00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
      08 00 04 00 dc 05 00 00 07 00 03 00 76 32 00 00`;
    assert.match(
      attributeSet(bytesOf(peer)),
      /1 (00 ){15}00 \{\n {6}3 76 32 00 "v2"\n {6}4 dc 05 00 00 1500\n/,
    );
  });
});
