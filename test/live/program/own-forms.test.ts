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
    for (const [line, start] of [
      ['netns del --help', 'Usage: ip netns delete [ --if-present ]'],
      ['addr a --help', 'Usage: ip address add PREFIX [ peer PREFIX ]'],
      ['mptcp endpoint add --help', 'Usage: ip mptcp endpoint add ADDRESS [ signal ]'],
      ['neighbor show --help', 'Usage: ip neighbor show'],
    ]) {
      const [text = '', ...ending] = await outcome(`tsip ${line}`);
      assert.ok(String(text).startsWith(start!), String(text));
      assert.deepEqual(ending, ['', 0]);
    }
    assert.match(
      String((await outcome('tsip neighbor add --help'))[0]),
      /\n\ntsip-neighbour\(8\) describes it\.\n$/,
    );
    assert.deepEqual(await outcome('tsip link --help'), await outcome('tsip help link'));
    assert.deepEqual(await outcome('tsip xfrm s --help'), await outcome('tsip help xfrm state'));
    // These words are not the names of a command alone.
    assert.deepEqual(await outcome('tsip link show dev --help'), [
      '',
      'Device "--help" does not exist.\n',
      1,
    ]);
    assert.match(
      String((await outcome('tsip netns add red && tsip netns exec red ls --help'))[0]),
      /^Usage: ls /,
    );
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

  differential(
    'are not known to the program called as ip',
    [
      ...['--version', '-version', '--Version', '-V', 'link --help', 'link show --help', 'addr add --help'],
      ...['netns add --help', 'netns list', 'netns del --help', 'xfrm state --help', 'rule add --help'],
    ],
    {
      state: false,
    },
  );
});
