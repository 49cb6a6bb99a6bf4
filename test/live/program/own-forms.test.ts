/** What the program answers under its own name, and as the original does when it is called as `ip`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { repository } from '../../support/requirements.ts';
import { quote } from '../../support/sandbox.ts';
import { alone, differential } from '../../support/twin.ts';

const { version } = JSON.parse(readFileSync(resolve(repository, 'package.json'), 'utf8')) as {
  version: string;
};

describe('forms of our own', () => {
  alone('are the version and the help text of an object', async sandbox => {
    const outcome = async (line: string) => {
      const { stdout, stderr, status } = await sandbox.run(`$ ${line}`);
      return [stdout, stderr, status];
    };
    assert.deepEqual(await outcome('tsip --version'), [
      `tsip ${version}, in the place of ip from iproute2 7.3.0\n`,
      '',
      0,
    ]);
    for (const [own, asked] of [
      ['help link', 'link help'],
      ['help neigh', 'neighbour help'],
      ['help xfrm state', 'xfrm state help'],
      ['help map', 'map help'],
      ['help run', 'run --help'],
    ]) {
      const [stdout = '', stderr = ''] = await outcome(`tsip ${asked}`);
      assert.deepEqual(await outcome(`tsip ${own}`), [`${stdout}${stderr}`, '', 0], own);
    }
    assert.deepEqual(await outcome('tsip help nothing'), await outcome('tsip help'));
    const served = await outcome("tsip run -- sh -c 'tsip --version; tsip help link | head -n 1'");
    assert.match(String(served[0]), new RegExp(`^tsip ${version}, .*\nUsage: `));
  });

  alone('are offered by the completion of tsip, not of ip', async sandbox => {
    const offered = async (program: string, words: readonly string[]) => {
      const line = [program, '--get-yargs-completions', 'zsh', ...words].map(quote).join(' ');
      const { stdout } = await sandbox.run(`$ ${line}`);
      return stdout.split('\n').map(text => text.split('\t')[0]);
    };
    assert.ok((await offered('tsip', ['--v'])).includes('--version'));
    assert.ok(!(await offered('ip', ['--v'])).includes('--version'));
    assert.ok((await offered('tsip', ['help', ''])).includes('netns'));
    assert.ok(!(await offered('ip', ['help', ''])).includes('netns'));
  });

  differential('are not known to the program called as ip', ['--version', '-version', '--Version', '-V'], {
    state: false,
  });
});
