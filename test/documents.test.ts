/** What the documents for maintainers say of files: each that they name is there. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './support/requirements.ts';

const DOCUMENTS = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'test/README.md', 'src/native/README.md'];
/** Names in capitals stand for any. */
const FILE = /`([\w./-]+\.(?:ts|mjs|cjs|c|h|sh))`/g;
const PLACEHOLDER = /(^|\/)[A-Z]+(\.|\/)/;

const files = ['src', 'test', 'bench', 'bin', '.ci'].flatMap(folder =>
  readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' }).map(
    path => `/${folder}/${path}`,
  ),
);

describe('the documents', () => {
  for (const document of DOCUMENTS)
    it(`name files that are there: ${document}`, () => {
      const text = readFileSync(join(repository, document), 'utf8');
      const named = [...text.matchAll(FILE)].map(([, path]) => path!).filter(path => !PLACEHOLDER.test(path));
      assert.ok(named.length > 0);
      // Where the text speaks of a folder, the path begins there.
      assert.deepEqual(
        named.filter(path => !files.some(file => file.endsWith(`/${path}`))),
        [],
      );
    });
});
