/** The schemas of what `--strict-json xfrm` prints, and that it prints no keys. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ours } from '../../support/capture/capture.ts';
import {
  ATTRIBUTES,
  attributeFor,
  STRUCTS,
  structFor,
  xfrmAttribute,
  xfrmMessage,
} from '../../support/capture/xfrm-messages.ts';
import { assertDescribed } from '../../support/strict-schemas.ts';

const KEY = 'c0ffee00c0ffee00';

/** An algorithm with a key that is easy to find. */
function algorithm(type: number): Buffer {
  const struct = Buffer.alloc(type >= 18 ? 72 : 68);
  struct.write('cbc(aes)');
  struct.writeUInt32LE(64, 64);
  return xfrmAttribute(type, Buffer.concat([struct, Buffer.from(KEY, 'hex')]));
}

function messagesOf(type: number): Buffer[] {
  return Object.keys(ATTRIBUTES)
    .map(Number)
    .filter(attribute => attribute !== 16)
    .map(attribute => {
      const text = `described ${type} ${attribute}`;
      const deleted = type === 0x11 ? [6] : type === 0x14 ? [7] : [];
      const attributes = [...deleted, attribute].map(number => attributeFor(number, text));
      return xfrmMessage(type, structFor(type, text), [...[1, 2, 18].map(algorithm), ...attributes]);
    });
}

describe('the schemas of xfrm', () => {
  for (const [line, type, schema] of [
    ['xfrm state', 0x10, 'xfrm-state'],
    ['xfrm policy', 0x13, 'xfrm-policy'],
  ] as const)
    it(`describe ${line}, which has no keys`, async () => {
      const replies = { xfrmReplies: Buffer.concat(messagesOf(type)) };
      for (const options of [[], ['-s']]) {
        const { stdout } = await ours(['--strict-json', ...options, ...line.split(' ')], replies);
        const records = assertDescribed(stdout, schema, line) as readonly object[];
        assert.equal(records.length, messagesOf(type).length);
        assert.ok(!stdout.includes(KEY));
      }
    });

  it('describe numbers and defaults', async () => {
    const counts = xfrmMessage(0x22, Buffer.alloc(4), [xfrmAttribute(1, Buffer.from([5, 0, 0, 0]))]);
    const state = await ours(['--strict-json', '-s', 'xfrm', 'state', 'count'], { xfrmReplies: counts });
    assert.deepEqual(assertDescribed(state.stdout, 'xfrm-count', 'state count'), [{ count: 5 }]);
    const policies = xfrmMessage(0x24, Buffer.alloc(4), [
      xfrmAttribute(1, Buffer.alloc(24)),
      xfrmAttribute(2, Buffer.alloc(8)),
      xfrmAttribute(3, Buffer.from([32, 32])),
    ]);
    const words = ['--strict-json', '-s', '-s', 'xfrm', 'policy', 'count'];
    const policy = await ours(words, { xfrmReplies: policies });
    assertDescribed(policy.stdout, 'xfrm-count', 'policy count');
    const defaults = xfrmMessage(0x28, Buffer.from([1, 2, 0, 0]));
    const { stdout } = await ours(['--strict-json', 'xfrm', 'policy', 'getdefault'], {
      xfrmReplies: defaults,
    });
    assert.deepEqual(assertDescribed(stdout, 'xfrm-default', 'getdefault'), [
      { in: 'block', fwd: 'accept', out: 'unspec' },
    ]);
  });

  it('describe each line of the monitor', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tsip-xfrm-'));
    try {
      const file = join(folder, 'messages');
      const types = Object.keys(STRUCTS).map(Number);
      writeFileSync(file, Buffer.concat(types.flatMap(messagesOf)));
      for (const options of [[], ['-s']]) {
        const { stdout } = await ours(['--strict-json', ...options, 'xfrm', 'monitor', 'file', file]);
        const lines = stdout.trimEnd().split('\n');
        assert.ok(lines.length > 100);
        for (const line of lines) assertDescribed(line, 'xfrm-monitor', 'a line');
        assert.ok(!stdout.includes(KEY));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
