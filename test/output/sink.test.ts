/** What a sink writes, and when. */
import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { descriptorSink, type Sink } from '../../src/output/sink.ts';
import { decodeText } from '../../src/wire/text.ts';

/** Gives `use` a sink on a file, and a function that reads the file. */
function withFile(use: (sink: Sink, written: () => Buffer) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'tsip-sink-'));
  const file = join(folder, 'output');
  const descriptor = openSync(file, 'w');
  try {
    use(
      descriptorSink(descriptor, () => assert.fail('nobody stops reading')),
      () => readFileSync(file),
    );
  } finally {
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  }
}

describe('a sink', () => {
  it('keeps short texts until it is flushed', () => {
    withFile((sink, written) => {
      sink.write('one ');
      sink.write('two');
      assert.equal(written().toString(), '');
      sink.flush();
      assert.equal(written().toString(), 'one two');
    });
  });

  it('writes long outputs in pieces, whole and in order', () => {
    withFile((sink, written) => {
      const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`);
      for (const line of lines) sink.write(line);
      assert.ok(written().length > 65_536, 'most is written before the end');
      sink.flush();
      assert.equal(written().toString(), lines.join(''));
    });
  });

  it('writes bytes that are not UTF-8 as they came, between texts that are', () => {
    withFile((sink, written) => {
      const name = Buffer.from('a\xff\xfe', 'latin1');
      for (const part of ['é ', decodeText(name), 'x'.repeat(5000), ' ü', decodeText(name)]) sink.write(part);
      sink.flush();
      const expected = [Buffer.from('é '), name, Buffer.from(`${'x'.repeat(5000)} ü`), name];
      assert.deepEqual(written(), Buffer.concat(expected));
    });
  });
});
