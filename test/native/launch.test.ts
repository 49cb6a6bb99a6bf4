/** The launcher: how it finds its folder, Node and the script, whatever it is called by, and what it says if it cannot. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { needs, repository, unshareFlags } from '../support/requirements.ts';

const built = resolve(repository, 'native', process.arch, 'tsip');

/** A stand-in for Node: prints what it was started with. */
const NODE = '#!/bin/bash -p\nprintf "%s\\0" "$0" "$@"; printf "%s\\0" "$TSIP_START"\n';

/** Node's words before the script. */
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
  /** The Node that a build leaves with the launcher. */
  let own: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'tsip launch '));
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  beforeEach(() => {
    rmSync(root, { recursive: true, force: true });
    makePackage(join(root, 'a package'));
    mkdirSync(join(root, 'elsewhere'));
    writeExecutable(own, NODE);
  });

  function makePackage(folder: string): void {
    mkdirSync(join(folder, 'native/cpu'), { recursive: true });
    mkdirSync(join(folder, 'dist/bin'), { recursive: true });
    program = join(folder, 'native/cpu/tsip');
    copyFileSync(built, program);
    script = join(folder, 'dist/bin/start.cjs');
    writeFileSync(script, '');
    own = join(folder, 'native/cpu/node');
  }

  function writeExecutable(path: string, text: string): void {
    writeFileSync(path, text);
    chmodSync(path, 0o755);
  }

  function run({ words = [], env = {}, cwd = root, argv0, program: path = program }: Start = {}) {
    const { stdout, stderr, status } = spawnSync(path, words, { env, cwd, argv0, encoding: 'latin1' });
    return { words: stdout.split('\0').slice(0, -1), stderr, status };
  }

  it('becomes Node with the script of its package and the words given', () => {
    const { words, stderr, status } = run({ words: ['link', '', 'a b', '-x'] });
    assert.deepEqual(words.slice(1, -1), [...OPTIONS, script, 'tsip', 'link', '', 'a b', '-x']);
    assert.deepEqual([stderr, status], ['', 0]);
  });

  it('finds its folder through links of links, from any directory, under any name', () => {
    symlinkSync('../a package/native/cpu/tsip', join(root, 'elsewhere/ip'));
    symlinkSync('elsewhere/ip', join(root, 'ipaddr'));
    symlinkSync('a package', join(root, 'linked'));
    const starts: Start[] = [
      { program: join(root, 'elsewhere/ip') },
      { program: './ipaddr' },
      { program: '../ipaddr', cwd: join(root, 'elsewhere') },
      { program: join(root, 'linked/native/cpu/tsip') },
      { program: './linked/native/cpu/tsip' },
      { program: 'ip', env: { PATH: join(root, 'elsewhere') } },
    ];
    for (const start of starts)
      assert.deepEqual(
        run(start).words.slice(1, -1),
        [...OPTIONS, script, 'tsip'],
        `${start.program} ${start.cwd}`,
      );
  });

  it('does so without /proc', function () {
    needs(this, 'namespaces');
    symlinkSync('../a package/native/cpu/tsip', join(root, 'elsewhere/ip'));
    symlinkSync(program, join(root, 'ip'));
    for (const path of [join(root, 'elsewhere/ip'), './elsewhere/ip', './ip', 'a package/native/cpu/tsip']) {
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

  it('gives Node the name that it was called by', () => {
    rmSync(own);
    symlinkSync(process.execPath, own);
    writeFileSync(script, "require('fs').writeSync(1, require('fs').readFileSync('/proc/self/cmdline'))");
    for (const argv0 of ['ip', '/usr/sbin/ip', '', '-ip', 'r\u00e9'])
      assert.deepEqual(run({ argv0, words: ['x'] }).words, [
        Buffer.from(argv0).toString('latin1'),
        ...OPTIONS,
        script,
        'tsip',
        'x',
      ]);
  });

  it('takes the program and the name that it was called by from its words when it is `launch`', () => {
    const launch = join(dirname(program), 'launch');
    copyFileSync(program, launch);
    const { words } = run({ program: launch, words: ['tsnsenter', '/x/nsenter', 'a', 'b'] });
    assert.deepEqual(words.slice(1, -1), [...OPTIONS, script, 'tsnsenter', 'a', 'b']);
  });

  it('takes the Node of PATH where the one that built it is gone or not for this user', () => {
    writeExecutable(join(root, 'elsewhere/node'), NODE);
    const path = `/nonexistent:${root}/elsewhere/node::${join(root, 'elsewhere')}:/usr/bin`;
    for (const change of [() => chmodSync(own, 0o644), () => rmSync(own)]) {
      change();
      const { words } = run({ env: { PATH: path } });
      assert.equal(words[0], join(root, 'elsewhere/node'));
      assert.equal(words[1 + OPTIONS.length], script);
    }
  });

  it('takes the Node of the prefix that the package is installed in before that of PATH', () => {
    makePackage(join(root, 'prefix/lib/node_modules/tsip'));
    mkdirSync(join(root, 'prefix/bin'));
    for (const folder of ['prefix/bin', 'elsewhere']) writeExecutable(join(root, folder, 'node'), NODE);
    const env = { PATH: join(root, 'elsewhere') };
    assert.equal(run({ env }).words[0], join(root, 'prefix/bin/node'));
    rmSync(join(root, 'prefix/bin/node'));
    assert.equal(run({ env }).words[0], join(root, 'elsewhere/node'));
  });

  it('never takes a Node of the current folder, nor of a relative one', () => {
    rmSync(own);
    writeExecutable(join(root, 'elsewhere/node'), '#!/bin/sh\necho taken\n');
    const found = ['', ':', '::', '.', './', 'elsewhere', '../elsewhere'].filter(path => {
      const words = ['-c', 'exec "$0"', program];
      const options = { cwd: join(root, 'elsewhere'), encoding: 'utf8', env: { PATH: path } } as const;
      return spawnSync('/bin/sh', words, options).stdout === 'taken\n';
    });
    assert.deepEqual(found, []);
  });

  it('says in one line what is missing', function () {
    needs(this, 'namespaces');
    rmSync(own);
    // Where no system folder has a Node either.
    const ends = (setUp: string, name = program) => {
      const line = `mount -t tmpfs none /usr/local/bin; mount --bind "$1" /usr/bin/node; ${setUp}; PATH=$2 exec -a "$3" "$0"`;
      const words = ['bash', '-c', line, program, join(root, 'none'), join(root, 'elsewhere'), name];
      const { stdout, stderr, status } = spawnSync('unshare', [...unshareFlags, ...words], {
        encoding: 'utf8',
      });
      return [stdout, stderr, status];
    };
    writeFileSync(join(root, 'none'), '');
    const isInSystem = existsSync('/usr/bin/node');
    if (isInSystem)
      assert.deepEqual(ends(':'), ['', 'tsip: cannot run /usr/bin/node: Permission denied\n', 1]);
    writeFileSync(join(root, 'elsewhere/node'), '');
    const denied = `tsip: cannot run ${root}/elsewhere/node: Permission denied\n`;
    assert.deepEqual(ends(':'), ['', denied, 1]);
    chmodSync(join(root, 'elsewhere/node'), 0o755);
    writeFileSync(join(root, 'elsewhere/node'), '\x7fELF');
    assert.deepEqual(ends(':'), ['', denied.replace('Permission denied', 'Exec format error'), 1]);
    rmSync(script);
    assert.deepEqual(ends(':', '/x/ip'), ['', 'ip: is not in the folder that it belongs to\n', 1]);
  });

  const limits: Readonly<Record<string, RegExp>> = {
    'ulimit -n 18': /^tsip: cannot run node: the limit of open files \(ulimit -n\) is 18, it needs 20\n$/,
    'ulimit -n 13': /^tsip: cannot run node: the limit of open files \(ulimit -n\) is 13, it needs 20\n$/,
    'ulimit -v 300000':
      /^tsip: cannot run node: the limit of memory \(ulimit -v\) is 300000, it needs \d+\n$/,
  };
  for (const [limit, complaint] of Object.entries(limits))
    it(`says in one line what Node lacks with ${limit}`, () => {
      const { stderr, status } = spawnSync('bash', ['-c', `${limit}; exec "$0"`, program], {
        encoding: 'utf8',
      });
      assert.match(stderr, complaint);
      assert.equal(status, 1);
    });

  it('says in one line that too few processes may be started', function () {
    needs(this, 'root');
    chmodSync(root, 0o755);
    const words = ['--reuid', '54321', '--clear-groups', 'prlimit', '--nproc=3', program];
    const { stderr, status } = spawnSync('setpriv', words, { encoding: 'utf8' });
    assert.equal(stderr, 'tsip: cannot run node: too few processes may be started (ulimit -u)\n');
    assert.equal(status, 1);
  });

  it('records what Node will change, in one variable before all others', () => {
    const script = 'ulimit -Sn 77; trap "" HUP USR2; exec 9</dev/null 12</dev/null "$0" 0<&-';
    const { stdout } = spawnSync('bash', ['-c', script, program], { encoding: 'utf8' });
    assert.equal(stdout.split('\0').at(-2), '77 801 0 1-2,9,12');
  });

  it('hides from Node what is meant for others, but not what yarn needs to find packages', () => {
    writeExecutable(own, '#!/bin/bash -p\ncat /proc/$$/environ\n');
    const env = {
      A: '1',
      NODE_EXTRA_CA_CERTS: '/x',
      NODE_OPTIONS: '--x',
      NODE_: '',
      NODE: 'y',
      OPENSSL_CONF: 'z',
      OPENSSL_CONFX: 'z',
    };
    const { words } = run({ env });
    assert.deepEqual(words.slice(1), [
      'A=1',
      '\x01ODE_EXTRA_CA_CERTS=/x',
      '\x01ODE_OPTIONS=--x',
      '\x01ODE_=',
      'NODE=y',
      '\x01PENSSL_CONF=z',
      'OPENSSL_CONFX=z',
    ]);
    const yarn = { NODE_OPTIONS: '--require /x/.pnp.cjs --experimental-loader file:///x/.pnp.loader.mjs' };
    assert.deepEqual(run({ env: yarn }).words.slice(1), [`NODE_OPTIONS=${yarn.NODE_OPTIONS}`]);
    assert.match(words[0]!, /^TSIP_START=\d+ [\da-f]+ [\da-f]+ [\d,-]+$/);
  });

  it('costs little: it is small and needs no library', () => {
    assert.ok(statSync(built).size < 10_240);
    assert.ok(!readFileSync(built, 'latin1').includes('ld-linux'));
  });

  it('is clean under valgrind and the sanitizers', function () {
    this.timeout(60_000);
    needs(this, 'valgrind', 'compiler');
    const compile = (...flags: string[]) => {
      const words = ['-std=gnu11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-g', ...flags];
      const folder = resolve(repository, 'src/native/launch');
      const sources = readdirSync(folder).filter(file => file.endsWith('.c'));
      const options = { cwd: folder, encoding: 'utf8' } as const;
      const { status, stderr } = spawnSync('cc', [...words, '-o', program, ...sources], options);
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
    rmSync(own);
    for (const PATH of [env.PATH, '', ':', '::', 'x'.repeat(4090), 'x'.repeat(4091), 'x'.repeat(9000)]) {
      const result = run({ env: { ...env, PATH }, words });
      assert.doesNotMatch(result.stderr, /Sanitizer|runtime error/);
    }
  });
});
