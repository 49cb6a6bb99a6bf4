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

/** Loads the netlink package's binding from its known place instead of searching for it at every start. */
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
    bundle.onResolve({ filter: /(-help|\/map)\.ts$/ }, ({ kind, path }) =>
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
      'nsenter-help': 'src/commands/nsenter-help.ts',
      'unshare-help': 'src/commands/unshare-help.ts',
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
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
});

cacheCode(join(programsFolder ?? 'dist/bin', 'tsip.cjs'));
if (programsFolder !== undefined) process.exit();
rmSync('dist/lib', { recursive: true, force: true });
const tsc = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'src/tsconfig.json'], {
  stdio: 'inherit',
});
process.exit(tsc.status ?? 1);

/** Runs the program once and keeps what V8 compiled; see bin/cached.cjs. A program without cache only starts slower. */
function cacheCode(file) {
  rmSync(`${file}.cache`, { force: true });
  const keep = `
    const { script, main } = require('./bin/cached.cjs').load(process.argv[1]);
    const exit = process.exit;
    process.exit = () => undefined;
    process.argv.splice(1, 1, 'ip', 'link', 'show', 'lo');
    main().finally(() => {
      require('node:fs').writeFileSync(${JSON.stringify(`${resolve(file)}.cache`)}, script.createCachedData());
      exit(0);
    });`;
  spawnSync(process.execPath, ['-e', keep, resolve(file)], { stdio: 'ignore', timeout: 30_000 });
}
