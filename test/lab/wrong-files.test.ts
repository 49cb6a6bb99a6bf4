/** Wrong lab files: each has one mistake, and is refused with one complaint at its place. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ipWords } from '../../src/commands/lab/ip-words.ts';
import { LabFileError } from '../../src/lab/format/problems.ts';
import { loadLab } from '../../src/lab/load.ts';
import { repository } from '../support/requirements.ts';

/** `=== NAME`, `? LINE:COLUMN: COMPLAINT`, then the file. */
const cases = readFileSync(resolve(repository, 'fixtures/lab/wrong.txt'), 'utf8')
  .split(/^=== /m)
  .slice(1)
  .map(block => {
    const [name = '', expected = '', ...lines] = block.split('\n');
    return { name, expected: expected.slice(2), text: lines.join('\n') };
  });

describe('a lab file with', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tsip-lab-'));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('mistakes of many kinds is among the fixtures', () => {
    assert.ok(cases.length >= 60);
  });

  for (const { name, expected, text } of cases) {
    it(name, async () => {
      const file = join(folder, 'wrong.yaml');
      writeFileSync(file, text);
      const error = await loadLab(file, ipWords).then(
        () => assert.fail('nothing is found wrong'),
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof LabFileError, String(error));
      const found = error.problems.map(
        ({ message, path, place }) =>
          `${place?.line}:${place?.column}: ${path === '' ? '' : `${path}: `}${message.replaceAll(`${folder}/`, '')}`,
      );
      assert.deepEqual(found, [expected]);
      assert.match(error.message.split('\n').at(-1)!, /^ {4} *\^~*$/);
    });
  }
});
