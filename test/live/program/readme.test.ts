/** What README.md shows of the programs works as it stands there. The library's examples: package.test.ts. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../support/requirements.ts';
import type { Sandbox } from '../../support/sandbox.ts';
import { alone } from '../../support/twin.ts';

const readme = readFileSync(join(repository, 'README.md'), 'utf8');

/** The first block of `language` after a heading. */
function blockAfter(heading: string, language: string): string {
  const section = readme.slice(readme.indexOf(`\n## ${heading}\n`));
  const block = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(section)?.[1];
  assert.ok(block, `no block of ${language} after ${heading}`);
  return block;
}

async function succeed(sandbox: Sandbox, line: string): Promise<string> {
  const { stdout, stderr, status } = await sandbox.run(line, { timeoutMs: 30_000 });
  assert.equal(status, 0, `${line}: ${stderr}`);
  return stdout;
}

describe('the README', () => {
  alone(
    'makes two namespaces that reach each other',
    async sandbox => {
      let last = '';
      for (const line of blockAfter('Scripts', '').trim().split('\n'))
        last = await succeed(sandbox, `$ ${line}`);
      assert.match(last, / 0% packet loss/);
    },
    { needs: ['ping'] },
  );

  alone(
    'has a lab that is applied, checked and destroyed',
    async sandbox => {
      const [apply = '', check = '', exec = '', diff = '', destroy = ''] = blockAfter('Labs', 'sh')
        .split('\n')
        .map(line => line.replace(/ *#.*/, ''));
      const written = await sandbox.run('$ cat >/run/router.yaml', { stdin: blockAfter('Labs', 'yaml') });
      assert.equal(written.status, 0);
      for (const line of [apply, check, exec, diff, destroy]) await succeed(sandbox, `$ cd /run && ${line}`);
      assert.equal(await succeed(sandbox, 'netns list'), '');
    },
    { needs: ['ping'] },
  );
});
