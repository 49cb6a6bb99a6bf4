/** The words of sources, tests, manual pages and documents: none that CONTRIBUTING.md lists as not used here. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './support/requirements.ts';

const FOLDERS = ['src', 'test', 'man', 'bench', 'bin'];
const TEXTS = /\.(ts|mjs|js|css|c|h|sh|md|[1-8])$|^bin\/ts\w+$/;
/** The list itself, and what names the words to find them. */
const EXEMPT = new Set(['CONTRIBUTING.md', 'test/english.test.ts']);

/** The first column of CONTRIBUTING.md's table of words. */
function unwantedWords(): string[] {
  const rows =
    readFileSync(join(repository, 'CONTRIBUTING.md'), 'utf8').split('\n| not here | but |\n')[1] ?? '';
  return rows
    .split('\n')
    .map(row => /^\| ([a-z, ]+) \|/.exec(row)?.[1])
    .filter(cell => cell !== undefined)
    .flatMap(cell => cell.split(', '));
}

function texts(): string[] {
  const below = FOLDERS.flatMap(folder =>
    readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' }).map(
      path => `${folder}/${path}`,
    ),
  );
  return [...readdirSync(repository), ...below].filter(path => TEXTS.test(path) && !EXEMPT.has(path));
}

describe('the English of this project', () => {
  const words = unwantedWords();
  const unwanted = new RegExp(`\\b(${words.join('|')})\\b`, 'gi');

  it('has a list of words that are not used', () => {
    assert.ok(words.includes('anew') && words.includes('of its own') && words.length > 10, words.join());
  });

  it('does not use them', () => {
    const uses = texts().flatMap(path =>
      readFileSync(join(repository, path), 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          [...line.matchAll(unwanted)].map(([word]) => `${path}:${index + 1}: ${word}`),
        ),
    );
    assert.deepEqual(uses, []);
  });
});
