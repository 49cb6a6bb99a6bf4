/** How a program starts: the parts that it is made of, and the compiled code that is kept of them and by whom it is used. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeRelease } from '../native/node-releases.ts';
import { needs, repository } from '../support/requirements.ts';

const built = join(repository, 'dist/bin');
const HEADER_SIZE = 512;
/** What is not a part of the programs: what starts them, and what is the library's alone. */
const OTHERS = /^(start|save|folders|library|rtnetlink|testing|agent)\./;
const PARTS_OF_LINK_SHOW = ['core', 'devices'];
const ALL = PARTS_OF_LINK_SHOW.length;

/** A copy of the package without caches. Not in /tmp, where others may write, so that it can hold homes of users. */
function copyPackage(): string {
  const folder = mkdtempSync(join(isPrivate(tmpdir()) ? tmpdir() : '/var/lib', 'tsip-start-'));
  chmodSync(folder, 0o755);
  for (const part of ['native', 'package.json', 'dist/bin'])
    cpSync(join(repository, part), join(folder, part), { recursive: true, verbatimSymlinks: true });
  for (const file of cachesIn(join(folder, 'dist/bin'))) rmSync(join(folder, 'dist/bin', file));
  return folder;
}

function isPrivate(path: string): boolean {
  return (statSync(path).mode & 0o022) === 0;
}

function cachesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.cache')) : [];
}

/** The part that a cache is of. */
function partOf(cache: string): string {
  return cache.slice(0, cache.indexOf('-'));
}

interface RunOptions {
  readonly node?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly program?: string;
  /** The folder of the caches that count. */
  readonly place?: string;
}

describe('the parts of the programs', () => {
  it('share what they import: failures of one part are known in another', () => {
    const lines: Readonly<Record<string, RegExp>> = {
      'link set lo mtu x': /^Error: argument "x" is wrong: Invalid "mtu" value\n$/m,
      '--strict-json link show nonsense': /does not exist/,
      'route get 127.0.0.1': /127\.0\.0\.1 dev lo/,
      '-d link show lo': /promiscuity/,
      'map --nonsense': /Unknown argument/,
      '--table link show lo': /^NAME/,
    };
    for (const [line, expected] of Object.entries(lines)) {
      const words = [join(built, 'start.cjs'), 'tsip', ...line.split(' ')];
      const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
      assert.match(stdout + stderr, expected, line);
      assert.doesNotMatch(stderr, /internal error/);
    }
  });

  it('are named by files and folders that exist, and have all that there is', async () => {
    const { PARTS } = (await import(join(repository, 'src/build/parts.mjs'))) as {
      PARTS: Readonly<Record<string, readonly string[]>>;
    };
    const paths = Object.values(PARTS)
      .flat()
      .map(name => join(repository, 'src', name));
    assert.deepEqual(
      paths.filter(path => !existsSync(path) && !existsSync(`${path}.ts`)),
      [],
    );
    assert.ok(!existsSync(join(built, 'rest.cjs')), 'a module is in no part of src/build/parts.mjs');
  });

  it('are loaded by the library without commands that nobody has called, and without packages', () => {
    const script = `require(${JSON.stringify(join(built, 'library.cjs'))});
      console.log(Object.keys(require.cache).map(path => require('node:path').basename(path, '.cjs')).sort().join());`;
    const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    const shared =
      'command,common,core,devices,enter,generic,library,netns,rootless,routes,settings,spawn,statistics,tables,vxlan,xfrm-tables';
    assert.equal(stdout, `${shared}\n`);
  });

  it('export all at once', () => {
    const parts = readdirSync(built).filter(name => name.endsWith('.cjs') && !OTHERS.test(name));
    for (const part of parts.filter(name => !/^(library|rtnetlink|testing|agent)\./.test(name)))
      assert.doesNotMatch(readFileSync(join(built, part), 'utf8'), /\bexports\.[\w$]+\s*=[^=]/, part);
  });

  it('need nothing of those that are the library’s alone', () => {
    for (const part of readdirSync(built).filter(name => name.endsWith('.cjs') && !OTHERS.test(name)))
      assert.doesNotMatch(
        readFileSync(join(built, part), 'utf8'),
        /require\("\.\/(library|rtnetlink|testing|agent)\.cjs"\)/,
        part,
      );
  });

  it('each have a cache, which the Node that made it takes', () => {
    const parts = readdirSync(built).filter(name => name.endsWith('.cjs') && !OTHERS.test(name));
    assert.ok(parts.length > 15);
    const script = `
      const { readFileSync } = require('node:fs');
      const { Script } = require('node:vm');
      const [, , folder, path, ...parts] = process.argv;
      const addon = { exports: {} };
      process.dlopen(addon, path);
      const { CodeCache, sourceOf } = require(folder + '/save.cjs');
      const cache = new CodeCache(folder, addon.exports);
      for (const part of parts) {
        const text = readFileSync(folder + '/' + part);
        const { cachedData } = cache.read(part.replace('.cjs', ''), text);
        console.log(part, cachedData && new Script(sourceOf(text), { cachedData }).cachedDataRejected);
      }`;
    // Compiled code depends on this option of the launcher's.
    const option = '--v8-pool-size=1';
    const words = [option, '-', built, join(repository, 'native', process.arch, 'tsip.node'), ...parts];
    const { stdout } = spawnSync(process.execPath, words, { encoding: 'utf8', input: script });
    assert.equal(stdout, parts.map(part => `${part} false\n`).join(''));
  });

  it('say so where Node is too old or the package is not complete', () => {
    const old =
      "Object.defineProperty(process.versions, 'node', { value: '18.20.1' }); require(process.argv[1]).start('tsip')";
    const run = (...words: string[]) => spawnSync(process.execPath, words, { encoding: 'utf8' });
    assert.equal(
      run('-e', old, join(built, 'start.cjs')).stderr,
      `tsip: ${process.execPath} is Node 18.20.1, it needs 20.19 or newer\n`,
    );
    const folder = copyPackage();
    try {
      rmSync(join(folder, 'dist/bin/core.cjs'));
      const { stderr, status } = run(join(folder, 'dist/bin/start.cjs'), 'tsip');
      assert.match(stderr, /^tsip: the package in .* is not complete, install it again: ENOENT.*\n$/);
      assert.equal(status, 1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('cached code', () => {
  let folder: string;
  let programs: string;

  before(function () {
    needs(this, 'root');
    folder = copyPackage();
    programs = join(folder, 'dist/bin');
  });

  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(() => {
    chownSync(programs, 0, 0);
    chmodSync(programs, 0o755);
    for (const file of cachesIn(programs)) rmSync(join(programs, file), { recursive: true });
  });

  /** Runs a program; `used` counts the caches in `place` whose code V8 took. */
  function run(line: string, options: RunOptions = {}) {
    const { node = process.execPath, env = {}, program = 'tsip', place = programs } = options;
    const sizes = new Set(cachesIn(place).map(file => statSync(join(place, file)).size - HEADER_SIZE));
    const words = ['--profile-deserialization', join(programs, 'start.cjs'), program, ...line.split(' ')];
    const { stdout, stderr, status } = spawnSync(node, words, {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...env },
    });
    const taken = Array.from(stdout.matchAll(/^\[Deserializing from (\d+) bytes/gm), match =>
      Number(match[1]),
    );
    return {
      stdout: stdout.replace(/^\[(Deserializing|Serializing|Verifying) .*\n/gm, ''),
      stderr,
      status,
      used: [...sizes].filter(size => taken.includes(size)).length,
    };
  }

  const show = (options: RunOptions = {}) => run('link show lo', options);

  it('is of few parts where nothing is known yet of what is called', () => {
    // `tsip run` may become a trace or a summary, which know all objects.
    assert.equal(run('run true').status, 0);
    assert.deepEqual(cachesIn(programs).map(partOf).sort(), ['command', 'common', 'core', 'run']);
  });

  it('is saved by a call that succeeds, for the parts that it loads, and used by the next', () => {
    const first = show();
    assert.deepEqual([first.status, first.stderr, first.used], [0, '', 0]);
    assert.deepEqual(cachesIn(programs).map(partOf).sort(), PARTS_OF_LINK_SHOW);
    const second = show();
    assert.deepEqual([second.stdout, second.used], [first.stdout, ALL]);
    for (const file of cachesIn(programs)) assert.equal(statSync(join(programs, file)).mode & 0o777, 0o644);
    assert.deepEqual(
      readdirSync(programs).filter(name => name.startsWith('.')),
      [],
    );
  });

  it('is not saved by a call that fails, nor where the size of files is limited', () => {
    assert.equal(run('link show nonsense').status, 1);
    const words = ['-c', `ulimit -f 1; exec "$@"`, 'sh', process.execPath, join(programs, 'start.cjs')];
    assert.equal(spawnSync('sh', [...words, 'tsip', 'link', 'show', 'lo']).status, 0);
    assert.deepEqual(cachesIn(programs), []);
  });

  it('is saved before the process becomes another program', () => {
    const { stdout, status } = run('true', { program: 'tsunshare' });
    assert.deepEqual([stdout, status], ['', 0]);
    assert.deepEqual(cachesIn(programs).map(partOf).sort(), ['command', 'core', 'enter']);
  });

  const damages: Readonly<Record<string, (path: string) => void>> = {
    'a byte of its header differs': path => flip(path, 10),
    'its checksum differs': path =>
      flip(path, readFileSync(path).subarray(0, 512).toString().trimEnd().length - 1),
    'the first byte of the code differs': path => flip(path, 512),
    'a byte in the middle differs': path => flip(path, statSync(path).size >> 1),
    'its last byte differs': path => flip(path, statSync(path).size - 1),
    'it is cut': path => truncateSync(path, statSync(path).size - 8),
    'it is cut within the header': path => truncateSync(path, 100),
    'it is empty': path => truncateSync(path, 0),
    'it is longer': path => writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(8)])),
    'it is of another owner': path => chownSync(path, 54321, 54321),
    'its group may write to it': path => chmodSync(path, 0o664),
    'all may write to it': path => chmodSync(path, 0o646),
    'it is a link': path => {
      renameSync(path, `${path}.real`);
      symlinkSync(`${path}.real`, path);
    },
    'it is a folder': path => {
      rmSync(path);
      mkdirSync(path);
    },
    'it is a pipe': path => {
      rmSync(path);
      spawnSync('mkfifo', [path]);
    },
    'it was made for another text': path => {
      const core = cachesIn(programs).find(file => partOf(file) === 'core')!;
      const devices = cachesIn(programs).find(file => partOf(file) === 'devices')!;
      cpSync(join(programs, path.endsWith(core) ? devices : core), path);
    },
  };

  function flip(path: string, at: number): void {
    const bytes = readFileSync(path);
    bytes[at]! ^= 1;
    writeFileSync(path, bytes);
  }

  for (const [title, damage] of Object.entries(damages))
    it(`is not used if ${title}`, () => {
      const { stdout } = show();
      damage(join(programs, cachesIn(programs).find(file => partOf(file) === 'devices')!));
      const result = show();
      assert.deepEqual([result.stdout, result.stderr, result.status, result.used], [stdout, '', 0, ALL - 1]);
    });

  it('is replaced where it is damaged', () => {
    show();
    for (const file of cachesIn(programs)) flip(join(programs, file), 1000);
    assert.deepEqual([show().used, show().used], [0, ALL]);
  });

  for (const mode of [0o775, 0o757, 0o1777])
    it(`is not used from a folder of mode ${mode.toString(8)}, nor saved there`, () => {
      show();
      chmodSync(programs, mode);
      assert.equal(show().used, 0);
      for (const file of cachesIn(programs)) rmSync(join(programs, file));
      show();
      assert.deepEqual(cachesIn(programs), []);
    });

  it('is kept of the three newest Nodes', () => {
    show();
    const [own = ''] = cachesIn(programs).filter(file => partOf(file) === 'core');
    // The last is of a part whose name begins as this one's does.
    for (const [at, name] of [
      'core-a.cache',
      'core-b.cache',
      'core-c.cache',
      'core-more-a.cache',
    ].entries()) {
      writeFileSync(join(programs, name), '');
      lutimesSync(join(programs, name), 1000 + at, 1000 + at);
    }
    rmSync(join(programs, own));
    writeFileSync(join(programs, '.core-x.cache.1'), '');
    lutimesSync(join(programs, '.core-x.cache.1'), 1000, 1000);
    show();
    assert.deepEqual(
      readdirSync(programs)
        .filter(file => file.includes('core-'))
        .sort(),
      ['core-b.cache', 'core-c.cache', 'core-more-a.cache', own].sort(),
    );
  });

  describe('of a program in the folder of another user', () => {
    let home: string;
    let cache: string;

    beforeEach(() => {
      chownSync(programs, 54321, 54321);
      home = join(folder, 'home');
      cache = join(home, '.cache/tsip');
      rmSync(home, { recursive: true, force: true });
      mkdirSync(home, { mode: 0o755 });
    });

    const atHome = () => show({ env: { HOME: home }, place: cache });

    it('is in the own cache folder of the user who runs it', () => {
      assert.equal(atHome().used, 0);
      assert.deepEqual(cachesIn(programs), []);
      assert.deepEqual(cachesIn(cache).map(partOf).sort(), PARTS_OF_LINK_SHOW);
      assert.equal(statSync(cache).mode & 0o777, 0o700);
      for (const file of cachesIn(cache)) assert.equal(statSync(join(cache, file)).mode & 0o777, 0o600);
      assert.equal(atHome().used, ALL);
    });

    it('is in XDG_CACHE_HOME if that is set', () => {
      const chosen = join(home, 'chosen');
      mkdirSync(chosen, { mode: 0o755 });
      show({ env: { HOME: home, XDG_CACHE_HOME: chosen } });
      assert.deepEqual(cachesIn(join(chosen, 'tsip')).map(partOf).sort(), PARTS_OF_LINK_SHOW);
      assert.deepEqual(cachesIn(cache), []);
    });

    const untrusted: Readonly<Record<string, () => void>> = {
      'the home is another user’s': () => chownSync(home, 54321, 54321),
      'all may write to the home': () => chmodSync(home, 0o1777),
      'the group may write to the folder': () => chmodSync(cache, 0o770),
      'the folder is another user’s': () => chownSync(cache, 54321, 54321),
      'the folder on the way is another user’s': () => chownSync(join(home, '.cache'), 54321, 54321),
      'the folder is a link': () => {
        renameSync(cache, `${cache}.real`);
        symlinkSync(`${cache}.real`, cache);
      },
    };
    for (const [title, change] of Object.entries(untrusted))
      it(`is neither used nor saved where ${title}`, () => {
        atHome();
        change();
        assert.equal(atHome().used, 0);
        rmSync(`${cache}.real`, { recursive: true, force: true });
        const left = cachesIn(cache);
        for (const file of left) rmSync(join(cache, file));
        atHome();
        assert.deepEqual(cachesIn(cache), []);
      });

    it('is nowhere without a home', () => {
      const { used, status } = show({ env: { HOME: 'relative', XDG_CACHE_HOME: '' } });
      assert.deepEqual([used, status, show().used], [0, 0, 0]);
    });
  });

  describe('of three releases of Node 20', () => {
    const releases = ['20.19.0', '20.19.6', '20.20.2'];
    const nodes: string[] = [];

    before(function () {
      this.timeout(180_000);
      for (const release of releases) nodes.push(nodeRelease(this, release));
    });

    const lines = ['-V', 'link show lo', 'netns list', '-d address show lo', 'link show nonsense'];

    it('is not taken by another release, though V8 would take it and crash', () => {
      const results = nodes.map(node => {
        const outcomes = lines.map(line => run(line, { node }));
        const enters = run('--target 1 --net true', { node, program: 'tsnsenter' });
        return [...outcomes, enters].map(({ stdout, stderr, status }) => ({ stdout, stderr, status }));
      });
      for (const result of results) assert.deepEqual(result, results[0]);
      // Each has made its own, and none has taken another's away.
      for (const node of nodes) assert.equal(show({ node }).used, ALL);
      assert.equal(cachesIn(programs).filter(file => partOf(file) === 'core').length, releases.length);
    });

    it('is not taken by another release under its own name either', () => {
      for (const node of nodes) show({ node });
      const caches = cachesIn(programs).filter(file => partOf(file) === 'core');
      const [first, second, third] = caches.map(file => readFileSync(join(programs, file)));
      for (const [at, content] of [second!, third!, first!].entries())
        writeFileSync(join(programs, caches[at]!), content);
      for (const node of nodes) {
        const { used, status, stderr } = show({ node });
        assert.deepEqual([used, status, stderr], [ALL - 1, 0, '']);
      }
    });
  });
});
