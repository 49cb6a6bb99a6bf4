/** `tsip install-links`: links in place of the originals, which start without a script in between. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../../support/requirements.ts';

const native = join(repository, 'native', process.arch);

describe('tsip install-links', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tsip-links-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...words: string[]) => {
    const { stdout, stderr, status } = spawnSync(join(native, 'tsip'), ['install-links', ...words], {
      cwd: folder,
      encoding: 'utf8',
    });
    return [stdout, stderr, status];
  };
  const links = () =>
    Object.fromEntries(
      readdirSync(folder)
        .sort()
        .map(name => [name, readlinkSync(join(folder, name))]),
    );
  const all = {
    ip: join(native, 'tsip'),
    nsenter: join(native, 'tsnsenter'),
    unshare: join(native, 'tsunshare'),
  };

  it('makes three links to the launchers, which keep the environment as it is', () => {
    assert.deepEqual(run('.'), ['', '', 0]);
    assert.deepEqual(links(), all);
    const words = ['-i', 'A.B=1', join(folder, 'unshare'), 'env'];
    assert.equal(spawnSync('env', words, { encoding: 'utf8' }).stdout, 'A.B=1\n');
    assert.match(spawnSync(join(folder, 'ip'), ['-V'], { encoding: 'utf8' }).stdout, /^ip utility/);
  });

  it('leaves what stands there, unless it is forced', () => {
    writeFileSync(join(folder, 'ip'), 'mine');
    symlinkSync('/nonexistent', join(folder, 'unshare'));
    const exists = (name: string) => `${join(folder, name)} exists already; --force replaces it.\n`;
    assert.deepEqual(run(folder), ['', exists('ip') + exists('unshare'), 1]);
    assert.equal(readFileSync(join(folder, 'ip'), 'utf8'), 'mine');
    assert.deepEqual(run(folder, '--force'), ['', '', 0]);
    assert.deepEqual(links(), all);
  });

  it('complains about a folder that is not there, and about wrong words', () => {
    const [, missing, status] = run('none');
    assert.equal(
      String(missing).split('\n')[0],
      `Cannot make the link ${folder}/none/ip: No such file or directory`,
    );
    assert.equal(status, 1);
    for (const words of [[], ['a', 'b'], ['--nonsense']])
      assert.match(String(run(...words)[1]), /^install-links: one directory is required\.\nUsage: /);
    assert.deepEqual(run('help'), ['Usage: ip install-links DIRECTORY [--force]\n', '', 0]);
  });
});
