/**
 * Builds dist/: the library as ES modules with declarations, each program as one CommonJS file.
 * With a folder as argument it builds only the programs, and there.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const { cacheOf } = createRequire(import.meta.url)('../bin/start.cjs');
const programsFolder = process.argv[2] === undefined ? undefined : resolve(process.argv[2]);
process.chdir(root);

/** Loads the netlink package's binding, where `map` needs it, from its known place. */
const netlinkBinding = {
  name: 'netlink-binding',
  setup(bundle) {
    bundle.onResolve({ filter: /^node-gyp-build$/ }, ({ path }) => ({ path, namespace: 'netlink-binding' }));
    bundle.onLoad({ filter: /.*/, namespace: 'netlink-binding' }, () => ({
      contents: "module.exports = () => require(__dirname + '/../../build/Release/netlink.node');",
    }));
  },
};

/** Leaves what is seldom wanted, and yargs with it, in files of their own: reading those would slow every start down. */
const seldomApart = {
  name: 'seldom-apart',
  setup(bundle) {
    bundle.onResolve({ filter: /(-help|\/map|\/table)\.ts$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: path.replace(/ts$/, 'cjs'), external: true } : undefined,
    );
  },
};

const common = {
  outdir: programsFolder ?? 'dist/bin',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  keepNames: false,
  // A script that is loaded with cached code has no import().
  supported: { 'dynamic-import': false },
  plugins: [netlinkBinding, seldomApart],
};

// The programs, each a function as Node makes one of a module; bin/start.cjs calls it.
await build({
  ...common,
  entryPoints: {
    tsip: 'src/commands/ip.ts',
    tsnsenter: 'src/commands/nsenter.ts',
    tsunshare: 'src/commands/unshare.ts',
  },
  define: { 'import.meta.dirname': '__dirname' },
  banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
  footer: { js: '})' },
});

// What they seldom need.
await build({
  ...common,
  entryPoints: ['map', 'table', 'nsenter-help', 'unshare-help', 'completion-help'].map(
    name => `src/commands/${name}.ts`,
  ),
  define: { 'import.meta.dirname': '__dirname', 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = 'file://' + __filename.split('/').map(encodeURIComponent).join('/');" },
});

// What is called most, in the caches that bin/start.cjs will look for.
cacheCode('tsip', [
  'netns list',
  '-V',
  'link show lo',
  '-j link show lo',
  '-d link show lo',
  '-j -d link show lo',
  'link add cache0 type veth peer name cache1',
  'link set lo up',
  'link delete lo',
  'address show dev lo',
  '-j address show dev lo',
  '-d address show dev lo',
  'address add 192.0.2.1/24 dev lo',
  'address delete 192.0.2.1/24 dev lo',
  'route',
  '-j route',
  'route add 192.0.2.0/24 via 192.0.2.1 dev lo',
  'route delete 192.0.2.0/24',
  'neighbour show',
  '-b /dev/null',
]);
cacheCode('tsnsenter', ['--target 1 --net true']);
cacheCode('tsunshare', ['--net true']);
if (programsFolder !== undefined) process.exit();
rmSync('dist/lib', { recursive: true, force: true });
const tsc = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'src/tsconfig.json'], {
  stdio: 'inherit',
});
process.exit(tsc.status ?? 1);

/** Makes the caches of a program. Without them it only starts slower. */
function cacheCode(name, lines) {
  const folder = resolve(programsFolder ?? 'dist/bin');
  for (const old of readdirSync(folder)) {
    if (old === `${name}.cache` || (old.startsWith(`${name}-`) && old.endsWith('.cache')))
      rmSync(join(folder, old));
  }
  const sorts = new Map();
  for (const line of lines) {
    const cache = cacheOf(name, line.split(' '));
    sorts.set(cache, [...(sorts.get(cache) ?? []), line]);
  }
  for (const [cache, served] of sorts)
    runForCache(join(folder, `${name}.cjs`), join(folder, `${cache}.cache`), served);
}

/**
 * Runs a program, and keeps what V8 compiled for it. It may not become another program, and the kernel hears nothing
 * but questions.
 */
function runForCache(file, cache, lines) {
  const keep = `
    const { dlopen, exit } = process;
    const isQuestion = request => (request.readUInt16LE(4) & 3) === 2;
    process.dlopen = (module, path) => {
      dlopen(module, path);
      const { send } = module.exports;
      module.exports.execve = () => -1;
      module.exports.send = (fd, request, flags) => (isQuestion(request) ? send(fd, request, flags) : -1);
    };
    process.exit = () => undefined;
    const { script, run, main } = require('./bin/start.cjs').load(process.argv[1]);
    (async () => {
      for (const line of ${JSON.stringify(lines)}) {
        process.argv.splice(1, Infinity, 'ip', ...line.split(' '));
        await (run ?? main)();
      }
      require('node:fs').writeFileSync(${JSON.stringify(cache)}, script.createCachedData());
      exit(0);
    })();`;
  spawnSync(process.execPath, ['-e', keep, file], { stdio: 'ignore', timeout: 30_000 });
}
