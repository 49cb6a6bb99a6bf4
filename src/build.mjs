/**
 * Builds dist/: the library as ES modules with declarations, each program as one CommonJS file.
 * With a folder as argument it builds only the programs, and there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
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

await build({
  entryPoints: Object.fromEntries(
    Object.entries({
      tsip: 'src/commands/ip.ts',
      tsnsenter: 'src/commands/nsenter.ts',
      tsunshare: 'src/commands/unshare.ts',
      map: 'src/commands/map.ts',
      table: 'src/commands/table.ts',
      'nsenter-help': 'src/commands/nsenter-help.ts',
      'unshare-help': 'src/commands/unshare-help.ts',
      'completion-help': 'src/commands/completion-help.ts',
    }).filter(([, path]) => existsSync(path)),
  ),
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
  define: { 'import.meta.dirname': '__dirname', 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = 'file://' + __filename.split('/').map(encodeURIComponent).join('/');" },
});

// What is called most. More would make all calls slower, as the cache is read whole.
cacheCode('tsip', ['link show lo', '-j link show lo', 'address show dev lo', 'route', 'netns list']);
cacheCode('tsnsenter', ['--target 1 --net true']);
cacheCode('tsunshare', ['--net true']);
if (programsFolder !== undefined) process.exit();
rmSync('dist/lib', { recursive: true, force: true });
const tsc = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'src/tsconfig.json'], {
  stdio: 'inherit',
});
process.exit(tsc.status ?? 1);

/**
 * Runs a program, without letting it become another, and keeps what V8 compiled for it; see bin/cached.cjs. A program
 * without cache only starts slower.
 */
function cacheCode(name, lines) {
  const file = join(programsFolder ?? 'dist/bin', `${name}.cjs`);
  rmSync(`${file}.cache`, { force: true });
  const keep = `
    const { dlopen, exit } = process;
    process.dlopen = (module, path) => {
      dlopen(module, path);
      module.exports.execve = () => -1;
    };
    process.exit = () => undefined;
    const { script, run, main } = require('./bin/cached.cjs').load(process.argv[1]);
    (async () => {
      for (const line of ${JSON.stringify(lines)}) {
        process.argv.splice(1, Infinity, 'ip', ...line.split(' '));
        await (run ?? main)();
      }
      require('node:fs').writeFileSync(${JSON.stringify(`${resolve(file)}.cache`)}, script.createCachedData());
      exit(0);
    })();`;
  spawnSync(process.execPath, ['-e', keep, resolve(file)], { stdio: 'ignore', timeout: 30_000 });
}
