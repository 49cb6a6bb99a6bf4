/** What a sink holds on to, and when it is written. */
import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { descriptorSink } from '../../src/output/sink.ts';

describe('a sink', () => {
  it('holds on to all of a piece, though it is flushed meanwhile', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tsip-sink-'));
    const file = join(folder, 'output');
    const descriptor = openSync(file, 'w');
    try {
      const sink = descriptorSink(descriptor, () => assert.fail('nobody stops reading'));
      sink.write('before ');
      sink.record();
      sink.write('held ');
      sink.flush();
      assert.equal(readFileSync(file, 'utf8'), 'before ');
      sink.write('x'.repeat(10_000));
      assert.equal(sink.release(), `held ${'x'.repeat(10_000)}`);
      sink.write(' after');
      sink.flush();
      assert.equal(readFileSync(file, 'utf8'), `before held ${'x'.repeat(10_000)} after`);
    } finally {
      closeSync(descriptor);
      rmSync(folder, { recursive: true });
    }
  });
});
