/** The package as its users get it: packed, unpacked elsewhere, the examples of its documents checked by the compiler and run. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { needs, repository, skip, unshareFlags } from '../../support/requirements.ts';
import { buildRepository } from '../../support/sandbox.ts';

const tsx = ['--import', join(repository, 'node_modules/tsx/dist/esm/index.mjs')];
const mocha = join(repository, 'node_modules/mocha/bin/mocha.js');

/** The ```ts blocks of README.md and LIBRARY.md. */
function examples(): string[] {
  const texts = ['README.md', 'LIBRARY.md'].map(file => readFileSync(join(repository, file), 'utf8'));
  return Array.from(texts.join('\n').matchAll(/^```ts\n([\s\S]*?)^```$/gm), match => match[1]!);
}

/** The example that has `words`. */
function exampleOf(words: string): string {
  const found = examples().findIndex(text => text.includes(words));
  assert.notEqual(found, -1, `no example has "${words}"`);
  return `example${found}.mts`;
}

describe('the package', () => {
  let folder: string;

  const run = (command: string, words: readonly string[]) =>
    execFileSync(command, words, {
      cwd: folder,
      encoding: 'utf8',
      timeout: 240_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  /** The words that run a program in its own namespaces, with an empty run directory. */
  const inside = (...words: string[]) => [
    ...unshareFlags,
    '--kill-child',
    ...['sh', '-c', 'mount -t tmpfs none /run && exec "$@"', 'sh'],
    ...words,
  ];

  before(function () {
    this.timeout(300_000);
    folder = mkdtempSync(join(tmpdir(), 'tsip-package-'));
    buildRepository();
    const words = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
    execFileSync('npm', words, { cwd: repository, stdio: 'pipe' });
    const archive = readdirSync(folder).find(name => name.endsWith('.tgz'))!;
    mkdirSync(join(folder, 'node_modules/tsip'), { recursive: true });
    run('tar', ['xf', archive, '-C', 'node_modules/tsip', '--strip-components=1']);
    const { dependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
      dependencies: Readonly<Record<string, string>>;
    };
    for (const name of [...Object.keys(dependencies), '@types', 'undici-types'])
      symlinkSync(join(repository, 'node_modules', name), join(folder, 'node_modules', name));
    for (const [index, text] of examples().entries())
      writeFileSync(join(folder, `example${index}.mts`), text);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('has types that fit a strict program of ES modules, and the examples of the documents do', function () {
    this.timeout(300_000);
    const compilerOptions = {
      module: 'nodenext',
      moduleResolution: 'nodenext',
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable'],
      types: ['node', 'mocha'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.mts'] }));
    assert.ok(examples().length >= 3);
    run(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc'), '-p', '.']);
  });

  it('has types for programs of CommonJS, and for bundlers', function () {
    this.timeout(300_000);
    const source =
      "import { Network, type Link } from 'tsip';\nimport { lab } from 'tsip/testing';\nimport { Session } from 'tsip/rtnetlink';\n" +
      'export const all = async (): Promise<Link[]> => (await Network.open()).links.all();\nexport { lab, Session };\n';
    for (const name of ['required.cts', 'bundled.ts']) writeFileSync(join(folder, name), source);
    const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--types', 'node'];
    const libraries = ['--target', 'es2022', '--lib', 'es2023,esnext.disposable', '--ignoreConfig'];
    for (const [file, module, resolution] of [
      ['required.cts', 'node16', 'node16'],
      ['bundled.ts', 'esnext', 'bundler'],
    ] as const) {
      const words = [...options, ...libraries, '--module', module, '--moduleResolution', resolution, file];
      run(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc'), ...words]);
    }
  });

  it('has types for TypeScript 5.2, 5.4 and the newest', function () {
    if (process.env.TSIP_INSTALL !== '1')
      skip(this, 'compilers are fetched from the registry: TSIP_INSTALL=1');
    this.timeout(600_000);
    const compilers = mkdtempSync(join(tmpdir(), 'tsip-typescript-'));
    try {
      const versions = { oldest: '5.2', older: '5.4', newest: 'latest' };
      const packages = Object.entries(versions).map(([name, version]) => `${name}@npm:typescript@${version}`);
      const quiet = ['--no-save', '--silent', '--ignore-scripts', '--no-audit', '--no-fund'];
      run('npm', ['install', '--prefix', compilers, ...quiet, ...packages]);
      const source =
        "import { Network, type Link } from 'tsip';\nimport { lab } from 'tsip/testing';\nimport { Session } from 'tsip/rtnetlink';\n" +
        'export const all = async (): Promise<Link[]> => (await Network.open()).links.all();\nexport { lab, Session };\n';
      writeFileSync(join(folder, 'versions.mts'), source);
      const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--types', 'node'];
      const libraries = ['--target', 'es2022', '--lib', 'es2023,esnext.disposable'];
      const modules = ['--module', 'node16', '--moduleResolution', 'node16'];
      for (const name of Object.keys(versions)) {
        // Since 6.0 a compiler wants to hear that the configuration next to the file is not meant.
        const ignoring = name === 'newest' ? ['--ignoreConfig'] : [];
        const compiler = join(compilers, 'node_modules', name, 'bin/tsc');
        const words = [...options, ...libraries, ...modules, ...ignoring, 'versions.mts'];
        run(process.execPath, [compiler, ...words]);
      }
    } finally {
      rmSync(compilers, { recursive: true });
    }
  });

  it('can be required by CommonJS', function () {
    needs(this, 'namespaces');
    const source = `
      const { Network, spawn } = require('tsip');
      Network.open().then(async network => {
        for await (const { name } of network.links.list()) console.log(name, typeof spawn);
        network.close();
      });`;
    assert.equal(run('unshare', inside(process.execPath, '--no-warnings', '-e', source)), 'lo function\n');
  });

  it('shows where it was called, not a screen of its program, when nobody catches an error', () => {
    const source = "import { Namespace } from 'tsip';\nawait Namespace.open('no such namespace');\n";
    writeFileSync(join(folder, 'uncaught.mjs'), source);
    const { stderr } = spawnSync(process.execPath, ['uncaught.mjs'], { cwd: folder, encoding: 'utf8' });
    assert.match(stderr, /Cannot open network namespace "\/run\/netns\/no such namespace"/);
    assert.match(stderr, /uncaught\.mjs:2:\d+/);
    assert.ok(stderr.length < 3000, stderr);
  });

  it('passes the test of the README', function () {
    needs(this, 'namespaces', 'ping');
    const words = inside(process.execPath, ...tsx, mocha, exampleOf("it('"));
    assert.match(run('unshare', words), /1 passing/);
  });

  it('makes devices as in the README', function () {
    needs(this, 'namespaces');
    const printed = run('unshare', inside(process.execPath, ...tsx, exampleOf('v%d')));
    assert.equal(printed, 'lo undefined 65536\nw0 veth 1500\nv0 veth 1500\n');
  });

  it('makes the lab of a test as in the README', function () {
    needs(this, 'namespaces');
    assert.equal(run('unshare', inside(process.execPath, ...tsx, exampleOf('tsip/testing'))), 'hello\n');
  });

  it('plans and changes a lab as in the documents', function () {
    needs(this, 'root');
    const printed = run('unshare', inside(process.execPath, ...tsx, exampleOf('10.0.0.3/24')));
    assert.equal(printed, 'b 10.0.0.3/24 dev eth0 create\nb 10.0.0.2/24 dev eth0 destroy\n');
  });

  it('serves HTTP as in the documents', function () {
    needs(this, 'namespaces');
    const words = inside(process.execPath, ...tsx, exampleOf('shop.listen'));
    assert.equal(run('unshare', words), 'hello from inside\n\nhello from inside\n\n');
  });

  it('makes namespaces as in the documents', function () {
    needs(this, 'namespaces');
    assert.equal(run('unshare', inside(process.execPath, ...tsx, exampleOf('newNamespaces'))), 'box 0 1\n');
  });

  it('does the same as an ordinary user, in namespaces without root', function () {
    this.timeout(300_000);
    needs(this, 'root', 'ping', 'open repository');
    const NOBODY = '65534';
    const home = join(folder, 'home');
    mkdirSync(home, { mode: 0o700 });
    chownSync(home, Number(NOBODY), Number(NOBODY));
    chmodSync(folder, 0o755);
    const user = ['--reuid', NOBODY, '--regid', NOBODY, '--clear-groups', '--inh-caps=-all'];
    const variables = [`XDG_RUNTIME_DIR=${home}`, `HOME=${home}`, `TMPDIR=${home}`];
    const runs = (...words: string[]) => run('setpriv', [...user, 'env', ...variables, ...words]);
    const tsip = join(folder, 'node_modules/tsip/bin/tsip');
    const programs: readonly (readonly [example: string, words: readonly string[], prints: RegExp])[] = [
      ["it('", [mocha], /1 passing/],
      ['v%d', [], /^lo undefined 65536\nw0 veth 1500\nv0 veth 1500\n$/],
      ['shop.listen', [], /^hello from inside\n\nhello from inside\n\n$/],
      ['tsip/testing', [], /^hello\n$/],
    ];
    try {
      for (const [example, words, prints] of programs)
        assert.match(
          runs(tsip, '--rootless', 'run', process.execPath, ...tsx, ...words, exampleOf(example)),
          prints,
        );
      // A program that asks for it itself, with its words and folder.
      const source =
        "import { Namespace, rootless } from 'tsip'; rootless(); await using red = await Namespace.create('rootless1');" +
        "console.log(process.argv[2], process.getuid(), (await red.exec('cat', ['/proc/net/dev'])).stdout.includes('lo:'));";
      writeFileSync(join(folder, 'rootless.mts'), source);
      assert.equal(runs(process.execPath, ...tsx, 'rootless.mts', 'a  b'), 'a  b 0 true\n');
    } finally {
      runs(tsip, 'rootless', 'stop', '--kill=KILL');
    }
  });

  it('watches as in the documents', async function () {
    needs(this, 'namespaces');
    const script = '"$@" & read -r line; cat /proc/net/dev > /dev/null; wait';
    const change =
      "const { Network } = await import('tsip'); const network = await Network.open(); await network.links.add({ kind: 'bridge', name: 'br0' }); network.close();";
    writeFileSync(join(folder, 'change.mjs'), change);
    const words = inside(
      ...[
        'sh',
        '-c',
        script.replace('cat /proc/net/dev > /dev/null', `${process.execPath} change.mjs`),
        'sh',
      ],
      ...[process.execPath, ...tsx, exampleOf('network.watch')],
    );
    const child = spawn('unshare', words, { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (line === 'synchronized') child.stdin.write('go on\n');
      if (line.includes('br0')) break;
    }
    child.kill('SIGKILL');
    await once(child, 'close');
    assert.deepEqual(lines, ['present lo down', 'synchronized', 'set br0 down']);
  });
});
