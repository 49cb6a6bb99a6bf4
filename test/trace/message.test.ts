/** The trace of messages: names as in the kernel's headers, for everything that the fixtures hold, and nothing that crashes it. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { RTM_NEWLINK } from '../../src/linux/rtnetlink.ts';
import { attributePath } from '../../src/rtnetlink/catalogue/attribute-path.ts';
import { loadKinds } from '../../src/rtnetlink/kinds/load.ts';
import { linkRequest } from '../../src/rtnetlink/request.ts';
import { datagramLines } from '../../src/trace/message.ts';
import { parseHex, splitMessages } from '../support/capture/bytes.ts';
import { fixtureFolders, fixturesFolder } from '../support/capture/fixtures.ts';
import { damaged } from '../support/random/damage.ts';
import { SEED } from '../support/random/sample.ts';

/** Attributes of the older headers that the fixtures were annotated with, which have other names by now. */
const renamed: Readonly<Record<string, string>> = { IFLA_DSA_MASTER: 'IFLA_DSA_CONDUIT' };

/** Items of lists, which are printed as the value of their list. */
const items = new Set(['IFLA_VF_VLAN_INFO', 'IFLA_MACVLAN_MACADDR', 'IFLA_VLAN_QOS_MAPPING']);

/** The names in an annotated file: of messages and attributes, in order, '' where the recorder knew none. */
function annotatedNames(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap(line => {
      const comment = /^\s*(?:[0-9a-f]{2} )+ # (.*)$/.exec(line)?.[1];
      if (comment === undefined) return [];
      const name = /^[A-Z][A-Z0-9]*_[A-Z0-9_]+|^AF_\w+/.exec(comment)?.[0];
      if (name !== undefined) return [renamed[name] ?? name];
      return /^attribute/.test(comment) ? [''] : [];
    });
}

/** The same of the trace. */
function tracedNames(lines: readonly string[]): string[] {
  return lines.flatMap(line => {
    const found = /^(?:sent: | +)([A-Z][A-Z0-9]*_[A-Z0-9_]+)/.exec(line)?.[1];
    return found === undefined ? [] : [found];
  });
}

before(loadKinds);

describe('the trace of messages', () => {
  for (const folder of fixtureFolders()) {
    for (const file of ['request.hex', 'reply.hex']) {
      const path = join(folder, file);
      if (!existsSync(path)) continue;
      it(`names what is in ${relative(fixturesFolder, path)} as the kernel's headers do`, () => {
        const bytes = Buffer.concat(parseHex(readFileSync(path, 'utf8')).map(block => block.bytes));
        const traced = new Set(tracedNames(datagramLines(bytes, 'sent:')));
        const missing = [...new Set(annotatedNames(path))].filter(
          name => name !== '' && !items.has(name) && !traced.has(name),
        );
        assert.deepEqual(missing, []);
      });
    }
  }

  it('shows damaged messages in a bounded number of lines', () => {
    const replies = fixtureFolders()
      .map(folder => join(folder, 'reply.hex'))
      .filter(path => existsSync(path))
      .flatMap(path => parseHex(readFileSync(path, 'utf8')).flatMap(({ bytes }) => splitMessages(bytes)));
    const reply = fc.constantFrom(...replies).chain(damaged);
    fc.assert(
      fc.property(
        reply.map(bytes => bytes.toString('hex')),
        hex => {
          const lines = datagramLines(Buffer.from(hex, 'hex'), 'received:');
          assert.ok(lines.length > 0 && lines.length < 2 * hex.length);
          assert.deepEqual(
            lines.filter(line => /undefined|NaN|\[object/.test(line)),
            [],
          );
        },
      ),
      { seed: SEED, numRuns: 4 * replies.length },
    );
  });

  it('prints unknown attributes and messages by number, with their bytes', () => {
    const request = linkRequest({ type: RTM_NEWLINK });
    request.attribute(999, { write: out => out.raw(Buffer.from([1, 2, 255])) }, 0);
    assert.deepEqual(datagramLines(Buffer.from(request.finish(7)), 'sent:'), [
      'sent: RTM_NEWLINK, REQUEST, sequence 7, 40 bytes',
      '  struct ifinfomsg: family=AF_UNSPEC type=0 index=0 flags=0 change=0',
      '  attribute 999 hex 01 02 ff',
    ]);
    const unknown = Buffer.from('1400000039050000010000000000000001020304', 'hex');
    assert.deepEqual(datagramLines(unknown, 'received:'), [
      'received: message 1337, sequence 1, 20 bytes',
      '  payload hex 01 02 03 04',
    ]);
    assert.deepEqual(datagramLines(Buffer.from('0102', 'hex'), 'received:'), [
      'received: 2 bytes that are no message: 01 02',
    ]);
  });

  it('reads an extended acknowledgement, and finds the attribute that was refused', () => {
    const request = Buffer.from(
      linkRequest(
        { type: RTM_NEWLINK },
        {},
        {
          ifname: 'v',
          linkinfo: { kind: 'vlan', data: Buffer.from('060001000700 0000'.replace(' ', ''), 'hex') },
        },
      ).finish(7),
    );
    const offset = request.indexOf(Buffer.from('06000100', 'hex'));
    assert.equal(attributePath(request, offset), 'linkinfo.data.id');
    assert.equal(attributePath(request, offset + 1), undefined);
    assert.equal(attributePath(request, 5000), undefined);
    const text = Buffer.from('no such VLAN\0\0\0\0');
    const acknowledgement = Buffer.alloc(20 + request.length + 4 + text.length + 8);
    acknowledgement.writeUInt32LE(acknowledgement.length, 0);
    acknowledgement.writeUInt16LE(2, 4);
    acknowledgement.writeUInt16LE(0x200, 6);
    acknowledgement.writeInt32LE(-22, 16);
    request.copy(acknowledgement, 20);
    let at = 20 + request.length;
    acknowledgement.writeUInt16LE(4 + 'no such VLAN\0'.length, at);
    acknowledgement.writeUInt16LE(1, at + 2);
    text.copy(acknowledgement, at + 4);
    at += 4 + text.length;
    acknowledgement.writeUInt16LE(8, at);
    acknowledgement.writeUInt16LE(2, at + 2);
    acknowledgement.writeUInt32LE(offset, at + 4);
    assert.deepEqual(datagramLines(acknowledgement, 'received:').slice(1), [
      '  error -22: EINVAL, Invalid argument',
      '  NLMSGERR_ATTR_MSG "no such VLAN"',
      `  NLMSGERR_ATTR_OFFS ${offset}: IFLA_LINKINFO, in it IFLA_INFO_DATA, in it IFLA_VLAN_ID`,
    ]);
  });
});
