/** The manual pages: correct mdoc(7), of one structure, complete, and each to be found from the others. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { OPTIONS } from '../src/commands/frame/options.ts';
import { findObject, OBJECTS, OWN_OBJECTS } from '../src/commands/objects.ts';
import { keywordsAfter, linesOf } from './commands/completion/command-words.ts';
import { needs, repository } from './support/requirements.ts';

const folder = resolve(repository, 'man');
const pages = readdirSync(folder).filter(name => /\.[1-8]$/.test(name));
const textOf = (page: string) => readFileSync(resolve(folder, page), 'utf8');

/** In the order in which they stand; what a page has besides these stands where it fits. */
const SECTIONS = ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'EXIT STATUS', 'EXAMPLES', 'SEE ALSO'];

/** Words that most commands and prefixes of addresses take, and `del`, which is short for `delete`. */
const EVERYWHERE = ['help', 'default', 'any', 'del'];

/** How a page may spell a keyword: pages say once of all keywords that `no`, or for CAN `d` and `x`, may begin. */
function spellings(keyword: string): string[] {
  return [
    keyword,
    ...['no', 'd', 'x', '-'].flatMap(start => (keyword.startsWith(start) ? keyword.slice(start.length) : [])),
  ];
}

/** The words of a page, without the backslashes of roff. */
function wordsOf(page: string): Set<string> {
  return new Set(
    textOf(page)
      .replaceAll(/\\[&-]?/g, '')
      .match(/[\w.+-]*\w/g),
  );
}

for (const page of pages)
  describe(`man/${page}`, () => {
    it('passes mandoc without a warning', function () {
      needs(this, 'mandoc');
      const { stdout } = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', page], {
        cwd: folder,
        encoding: 'utf8',
      });
      assert.equal(stdout, '');
    });

    it('has the sections of every page', () => {
      const found = [...textOf(page).matchAll(/^\.Sh (.+)$/gm)].map(([, title]) => title!);
      assert.deepEqual(
        found.filter(title => SECTIONS.includes(title)),
        SECTIONS,
      );
    });

    it('refers to pages that exist', () => {
      const referred = [...textOf(page).matchAll(/^\.Xr (ts[\w-]+) (\d)/gm)];
      const missing = referred
        .map(([, name, section]) => `${name}.${section}`)
        .filter(name => !pages.includes(name));
      assert.deepEqual(missing, []);
      assert.ok(page === 'tsip.8' || referred.some(([, name]) => name === 'tsip' || page.startsWith('ts')));
    });

    const object = /^tsip-(.+)\.8$/.exec(page)?.[1];
    if (object === undefined || !OBJECTS.some(({ name, run }) => name === object && run !== undefined))
      return;

    it('has every command and keyword', async () => {
      const words = wordsOf(page);
      const missing = new Map<string, string>();
      for (const line of await linesOf(findObject(object)!.name))
        for (const keyword of await keywordsAfter(line))
          if (!EVERYWHERE.includes(keyword) && !spellings(keyword).some(word => words.has(word)))
            missing.set(keyword, line);
      assert.deepEqual([...missing], []);
    });
  });

describe('man/tsip.8', () => {
  it('leads to every other page', () => {
    const text = textOf('tsip.8');
    const missing = pages.filter(
      page => page !== 'tsip.8' && !text.includes(`.Xr ${page.replace('.', ' ')}`),
    );
    assert.deepEqual(missing, []);
  });

  it('has every option', () => {
    const text = textOf('tsip.8');
    const missing = OPTIONS.map(({ names }) => names).filter(
      names => !names.some(name => new RegExp(`(Fl|,) -?${name}( |$)`, 'm').test(text)),
    );
    assert.deepEqual(missing, []);
  });

  it('names every object', () => {
    const text = textOf('tsip.8');
    const missing = [...OBJECTS, ...OWN_OBJECTS]
      .filter(({ run }) => run !== undefined)
      .map(({ name }) => name)
      .filter(name => !new RegExp(`^\\.It Cm .*\\b${name}\\b`, 'm').test(text));
    assert.deepEqual(missing, []);
  });
});

describe('package.json', () => {
  it('names every page, so that npm installs them', () => {
    const { man } = JSON.parse(readFileSync(resolve(repository, 'package.json'), 'utf8'));
    assert.deepEqual(man, pages.map(page => `./man/${page}`).sort());
  });
});
