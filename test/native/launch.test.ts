/** The launcher: how it finds its folder, Node and the script, whatever it is called by, and what it says if it cannot. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { needs, repository, skip, unshareFlags } from '../support/requirements.ts';

const built = resolve(repository, 'build/Release/launch');

/** A stand-in for Node: tells what it was started with. */
const NODE = '#!/bin/bash -p\nprintf "%s\\0" "$0" "$@"; printf "%s\\0" "$TSIP_START"\n';

/** What Node is told before the script. */
const OPTIONS = ['--random-seed=10331', '--v8-pool-size=1'];

interface Start {
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly argv0?: string;
  readonly program?: string;
}

describe('the launcher', () => {
  let root: string;
  let program: string;
  let script: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'tsip launch '));
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  beforeEach(() => {
    rmSync(root, { recursive: true, force: true });
    mkdirSync(join(root, 'a package/bin'), { recursive: true });
    mkdirSync(join(root, 'a package/build/Release'), { recursive: true });
    mkdirSync(join(root, 'elsewhere'));
    program = join(root, 'a package/bin/tsip');
    copyFileSync(built, program);
    script = join(dirname(program), 'start.cjs');
    writeFileSync(script, '');
    writeExecutable(join(root, 'a package/build/Release/node'), NODE);
  });

  function writeExecutable(path: string, text: string): void {
    writeFileSync(path, text);
    chmodSync(path, 0o755);
  }

  function run({ words = [], env = {}, cwd = root, argv0, program: path = program }: Start = {}) {
    const { stdout, stderr, status } = spawnSync(path, words, { env, cwd, argv0, encoding: 'latin1' });
    return { told: stdout.split('\0').slice(0, -1), stderr, status };
  }

  it('becomes Node with the script beside it and the words given', () => {
    const { told, stderr, status } = run({ words: ['link', '', 'a b', '-x'] });
    assert.deepEqual(told.slice(1, -1), [...OPTIONS, script, 'tsip', 'link', '', 'a b', '-x']);
    assert.deepEqual([stderr, status], ['', 0]);
  });

  it('finds its folder through links of links, from any directory, under any name', () => {
    symlinkSync('../a package/bin/tsip', join(root, 'elsewhere/ip'));
    symlinkSync('elsewhere/ip', join(root, 'ipaddr'));
    symlinkSync('a package', join(root, 'linked'));
    const starts: Start[] = [
      { program: join(root, 'elsewhere/ip') },
      { program: './ipaddr' },
      { program: '../ipaddr', cwd: join(root, 'elsewhere') },
      { program: join(root, 'linked/bin/tsip') },
      { program: './linked/bin/tsip' },
      { program: 'ip', env: { PATH: join(root, 'elsewhere') } },
    ];
    for (const start of starts)
      assert.deepEqual(
        run(start).told.slice(1, -1),
        [...OPTIONS, script, 'tsip'],
        `${start.program} ${start.cwd}`,
      );
  });

  it('does so without /proc', function () {
    needs(this, 'namespaces');
    symlinkSync('../a package/bin/tsip', join(root, 'elsewhere/ip'));
    symlinkSync(program, join(root, 'ip'));
    for (const path of [join(root, 'elsewhere/ip'), './elsewhere/ip', './ip', 'a package/bin/tsip']) {
      const flags = unshareFlags.filter(flag => flag !== '--mount-proc');
      const line = 'mount -t tmpfs none /proc; exec "$0" word';
      const { stdout, stderr } = spawnSync('unshare', [...flags, 'bash', '-c', line, path], {
        cwd: root,
        encoding: 'utf8',
      });
      const [found = '', ...words] = stdout.split('\0').slice(1 + OPTIONS.length, -2);
      assert.equal(resolve(root, found).replace('/elsewhere/../', '/'), script, stderr);
      assert.ok(!found.startsWith('-'));
      assert.deepEqual(words, ['tsip', 'word']);
    }
  });

  it('tells Node the name that it was called by', () => {
    const build = join(root, 'a package/build/Release');
    rmSync(join(build, 'node'));
    symlinkSync(process.execPath, join(build, 'node'));
    writeFileSync(script, "require('fs').writeSync(1, require('fs').readFileSync('/proc/self/cmdline'))");
    for (const argv0 of ['ip', '/usr/sbin/ip', '', '-ip', 'r\u00e9'])
      assert.deepEqual(run({ argv0, words: ['x'] }).told, [
        Buffer.from(argv0).toString('latin1'),
        ...OPTIONS,
        script,
        'tsip',
        'x',
      ]);
  });

  it('takes the Node of PATH where the one that built it is gone or not for this user', () => {
    const build = join(root, 'a package/build/Release/node');
    writeExecutable(join(root, 'elsewhere/node'), NODE);
    const path = `/nonexistent:${root}/elsewhere/node::${join(root, 'elsewhere')}:/usr/bin`;
    for (const change of [() => chmodSync(build, 0o644), () => rmSync(build)]) {
      change();
      const { told } = run({ env: { PATH: path } });
      assert.equal(told[0], join(root, 'elsewhere/node'));
      assert.equal(told[1 + OPTIONS.length], script);
      assert.equal(run({ env: { PATH: '' }, cwd: join(root, 'elsewhere') }).told[0], 'node');
    }
  });

  it('says in one line what is missing', () => {
    const ends = (start?: Start) => {
      const { told, stderr, status } = run(start);
      return [told.length, stderr, status];
    };
    rmSync(join(root, 'a package/build/Release/node'));
    assert.deepEqual(ends({ env: { PATH: root } }), [
      0,
      'tsip: cannot run node: No such file or directory\n',
      1,
    ]);
    assert.deepEqual(ends({ env: { PATH: `${'x'.repeat(5000)}:` } }), [
      0,
      'tsip: cannot run node: No such file or directory\n',
      1,
    ]);
    rmSync(script);
    assert.deepEqual(ends({ argv0: '/x/ip' }), [0, 'ip: is not in the folder that it belongs to\n', 1]);
  });

  it('records what Node will change, in one variable before all others', () => {
    const script = 'ulimit -Sn 77; trap "" HUP USR2; exec 9</dev/null 12</dev/null "$0" 0<&-';
    const { stdout } = spawnSync('bash', ['-c', script, program], { encoding: 'utf8' });
    assert.equal(stdout.split('\0').at(-2), '77 801 0 1-2,9,12');
  });

  it('hides from Node what is meant for others, and leaves NODE_OPTIONS and the rest alone', () => {
    writeExecutable(join(root, 'a package/build/Release/node'), '#!/bin/bash -p\ncat /proc/$$/environ\n');
    const env = {
      A: '1',
      NODE_EXTRA_CA_CERTS: '/x',
      NODE_OPTIONS: '--x',
      NODE_: '',
      NODE: 'y',
      OPENSSL_CONF: 'z',
      OPENSSL_CONFX: 'z',
    };
    const { told } = run({ env });
    assert.deepEqual(told.slice(1), [
      'A=1',
      '\x01ODE_EXTRA_CA_CERTS=/x',
      'NODE_OPTIONS=--x',
      '\x01ODE_=',
      'NODE=y',
      '\x01PENSSL_CONF=z',
      'OPENSSL_CONFX=z',
    ]);
    assert.match(told[0]!, /^TSIP_START=\d+ [\da-f]+ [\da-f]+ [\d,-]+$/);
  });

  it('costs little: it is small and needs no library on the common machines', function () {
    if (!['x64', 'arm64'].includes(process.arch))
      skip(this, 'other machines have a launcher with the C library');
    assert.ok(statSync(built).size < 8192);
    assert.ok(!readFileSync(built, 'latin1').includes('ld-linux'));
  });

  it('is clean under valgrind and the sanitizers', function () {
    this.timeout(60_000);
    needs(this, 'valgrind', 'compiler');
    const compile = (...flags: string[]) => {
      const words = ['-std=gnu11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-g', ...flags];
      const source = resolve(repository, 'src/native/launch.c');
      const { status, stderr } = spawnSync('cc', [...words, '-o', program, source], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    };
    const env = {
      PATH: `/a::${'b/'.repeat(2500)}:/usr/bin:/bin`,
      NODE_X: '1',
      TSIP_START: 'x',
      N: '',
      O: '',
    };
    const words = Array.from({ length: 300 }, (_, index) => 'x'.repeat(index));
    compile();
    const { stderr, status } = spawnSync('valgrind', ['-q', '--error-exitcode=99', program, ...words], {
      env,
      encoding: 'utf8',
    });
    assert.deepEqual([stderr, status], ['', 0]);
    compile('-fsanitize=address,undefined', '-fno-sanitize-recover=all');
    rmSync(join(root, 'a package/build/Release/node'));
    for (const PATH of [env.PATH, '', ':', '::', 'x'.repeat(4090), 'x'.repeat(4091), 'x'.repeat(9000)]) {
      const result = run({ env: { ...env, PATH }, words });
      assert.doesNotMatch(result.stderr, /Sanitizer|runtime error/);
    }
  });
});
