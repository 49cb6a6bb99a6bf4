/** Kinds where the original crashes, reads beyond a message, or sends an attribute twice: what ours does. */
import assert from 'node:assert/strict';
import { textOutput } from '../../../src/output/text.ts';
import { encodeKind, type LinkTools, parseKind, showKind } from '../../../src/rtnetlink/kind.ts';
import { Args } from '../../../src/schema/args.ts';
import type { View } from '../../../src/schema/view.ts';
import { findKind } from './list.ts';

const names = {
  device: (index: number) => `if${index}`,
  deviceIndex: () => undefined,
  host: (address: string) => address,
};
const tools = { names, isAdd: true, warn: () => undefined } as unknown as LinkTools;
const view = { details: 1, names } as unknown as View;

/** The attributes that the words make, as hexadecimal. */
function encoded(kind: string, line: string): string {
  const description = findKind(kind)!;
  const draft = parseKind(description, new Args(line.split(' ')), { ...tools, kind });
  return encodeKind(description, draft).toString('hex');
}

/** What is shown of attributes in hexadecimal. */
function shown(kind: string, hex: string): string {
  const description = findKind(kind)!;
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  let text = '';
  const sink = { write: (part: string) => (text += part), flush: () => undefined };
  const out = textOutput(sink, { oneLine: true, palette: undefined });
  showKind(description, description.table.decode(bytes, 0, bytes.length), out, view);
  return text;
}

describe('kinds', () => {
  it('every value of an attribute that is given twice is sent, as by the original', () => {
    assert.equal(encoded('macsec', 'encrypt on encrypt off'), '05000700010000000500070000000000');
    assert.equal(encoded('vlan', 'id 5 id 6'), '06000100050000000600010006000000');
    assert.equal(
      encoded('bridge_slave', 'mcast_fast_leave off fastleave on'),
      '05000700000000000500070001000000',
    );
  });

  it('a name of CAN hardware without an end is cut off', () => {
    const limits = `34000200${'41'.repeat(16)}${'01000000'.repeat(8)}`;
    assert.match(shown('can', limits), /^\\\t {2}A{16}: tseg1 1\.\.1 /);
  });

  it('pulse widths of CAN XL without a least value are not shown', () => {
    const limits = `34001300${'41'.repeat(16)}${'01000000'.repeat(8)}`;
    assert.match(shown('can', `${limits} 0c001600 08000200 05000000`), /xbrp_inc 1\\\t $/);
  });

  it('attributes that are too short for their values are not shown', () => {
    for (const [kind, hex] of [
      ['bridge', '0600010001000000'],
      ['bridge', '0600100001000000'],
      ['vlan', '0500010001000000'],
      ['bond', '0c000800 06000000 0102 0000'],
      ['macsec', '0600010001000000'],
      ['can', '0600010001000000'],
    ] as const) {
      assert.doesNotMatch(shown(kind, hex), /undefined|NaN/);
    }
  });
});
