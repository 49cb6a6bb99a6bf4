/** The manual pages of nsenter and unshare: correct mdoc(7), and complete. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { OptionRule } from '../../../src/commands/enter/getopt.ts';
import { NSENTER_OPTIONS } from '../../../src/commands/enter/nsenter-options.ts';
import { UNSHARE_OPTIONS } from '../../../src/commands/enter/unshare-options.ts';
import { needs, repository } from '../../support/requirements.ts';

const pages: readonly [page: string, rules: readonly OptionRule[]][] = [
  ['man/tsnsenter.1', NSENTER_OPTIONS],
  ['man/tsunshare.1', UNSHARE_OPTIONS],
];

for (const [page, rules] of pages)
  describe(page, () => {
    it('passes mandoc without a warning', function () {
      needs(this, 'mandoc');
      const { stdout } = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', page], {
        cwd: repository,
        encoding: 'utf8',
      });
      assert.equal(stdout, '');
    });

    it('explains every option', () => {
      const text = readFileSync(resolve(repository, page), 'utf8');
      const items = text.split('\n').filter(line => line.startsWith('.It '));
      for (const { name, letter } of rules) {
        const item = items.find(line => new RegExp(`(Fl|,) -${name}( |$)`).test(line));
        assert.ok(item, `--${name}`);
        if (letter) assert.match(item, new RegExp(`Fl ${letter}( |$)`), `-${letter}`);
      }
    });
  });
