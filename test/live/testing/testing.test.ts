/** `tsip/testing`, and its examples with the test runners that they are for. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { runInside } from '../../support/private-mocha.ts';
import { needs, repository } from '../../support/requirements.ts';
import { buildRepository } from '../../support/sandbox.ts';

const NOBODY = 65534;

function run(command: string, words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, words, {
    cwd: repository,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, HOME: '/tmp', NODE_OPTIONS: '' },
  });
  assert.equal(status, 0, stdout + stderr);
  return stdout;
}

describe('tests with tsip/testing', function () {
  this.timeout(300_000);

  before(function () {
    needs(this, 'namespaces', 'ping');
    buildRepository();
  });

  it('do what they are for', () => {
    const { passed, failed } = runInside(
      ['lab', 'change', 'parallel'].map(name => `test/live/testing/${name}.inside.ts`),
      'self',
    );
    assert.deepEqual(failed, []);
    assert.ok(passed.length > 0);
  });

  it('run by node --test', () => {
    assert.match(
      run(process.execPath, ['--test', 'examples/testing/node-test.test.mjs']),
      /# pass 2\n# fail 0/,
    );
  });

  it('run by mocha', () => {
    run(process.execPath, [
      'node_modules/mocha/bin/mocha.js',
      '--no-config',
      '--no-package',
      'examples/testing/mocha.test.mjs',
    ]);
  });

  it('run without root', function () {
    needs(this, 'root', 'open repository');
    const nobody = [
      '--reuid',
      String(NOBODY),
      '--regid',
      String(NOBODY),
      '--clear-groups',
      '--inh-caps=-all',
    ];
    const test = [process.execPath, '--test', 'examples/testing/node-test.test.mjs'];
    assert.match(run('setpriv', [...nobody, ...test]), /# pass 2\n# fail 0/);
  });

  it('say which setting forbids user namespaces', function () {
    needs(this, 'root');
    const program =
      "import('tsip/testing').then(({ lab }) => lab({ nodes: { a: {} } })).catch(error => console.log(error.message))";
    // The limit is one of a user namespace, so that of the test alone is changed.
    const script = `echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --inh-caps=-all --bounding-set=-all "$1" -e "$2"`;
    const output = run('unshare', ['-U', '-r', 'sh', '-c', script, 'sh', process.execPath, program]);
    assert.match(output, /user\.max_user_namespaces/);
  });
});
