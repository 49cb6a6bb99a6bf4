/**
 * Builds dist/: the library as ES modules with declarations, each program as one CommonJS file.
 * With a folder as argument it builds only the programs, and there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const programsFolder = process.argv[2] === undefined ? undefined : resolve(process.argv[2]);
process.chdir(root);

/** Programs as a whole: where each begins, and what is called most of what no slice serves. */
const WHOLE = {
  tsip: { entry: 'ip', lines: ['-V'] },
  tsnsenter: { entry: 'nsenter', lines: ['--target 1 --net true'] },
  tsunshare: { entry: 'unshare', lines: ['--net true'] },
};

/**
 * Slices of tsip, one for each usual sort of call (`partOf` in bin/start.cjs): which of the modules that are loaded on
 * demand each has, files and folders of src/, and calls of that sort. Where another one is demanded, the whole program
 * starts anew. So modules that are demanded after a command has had an effect must not be left out: there are none but
 * the hints, and those are a file of their own.
 */
const SLICES = {
  'tsip-address-show': {
    modules: ['commands/address/subcommands', 'commands/address/show'],
    lines: ['address', '-j address', 'address show dev lo'],
  },
  'tsip-address-details': {
    modules: ['commands/address/subcommands', 'commands/address/show', 'rtnetlink/kinds/'],
    lines: ['-d address', '-d address show dev lo'],
  },
  'tsip-address-change': {
    modules: ['commands/address/subcommands', 'commands/address/change'],
    lines: ['address add 192.0.2.1/24 dev lo', 'address delete 192.0.2.1/24 dev lo'],
  },
  'tsip-route-show': {
    modules: ['commands/route/subcommands', 'commands/route/show'],
    lines: ['route', '-j route'],
  },
  'tsip-route-change': {
    modules: ['commands/route/subcommands', 'commands/route/change'],
    lines: ['route add 192.0.2.0/24 via 192.0.2.1 dev lo', 'route delete 192.0.2.0/24'],
  },
  'tsip-neighbour-show': {
    modules: ['commands/neighbour/subcommands', 'commands/neighbour/show'],
    lines: ['neighbour show'],
  },
  'tsip-link-show': {
    modules: ['commands/link/subcommands', 'commands/link/show'],
    lines: ['link', '-j link', 'link show lo'],
  },
  'tsip-link-details': {
    modules: ['commands/link/subcommands', 'commands/link/show', 'rtnetlink/kinds/'],
    lines: ['-d link', '-j -d link', '-d link show lo'],
  },
  'tsip-link-change': {
    modules: ['commands/link/subcommands', 'commands/link/change', 'rtnetlink/kinds/'],
    lines: ['link add cache0 type veth peer name cache1', 'link set lo up', 'link delete lo'],
  },
  'tsip-netns-show': {
    modules: ['commands/netns/subcommands', 'commands/netns/show'],
    lines: ['netns list'],
  },
  'tsip-netns-change': {
    modules: ['commands/netns/subcommands', 'commands/netns/change', 'commands/netns/exec'],
    lines: ['netns exec no true'],
  },
};

/** What programs seldom need, in files of their own: yargs among it, and much that would slow every start down. */
const APART = [
  'map/map',
  'table/table',
  'hints/hint',
  'enter/nsenter-help',
  'enter/unshare-help',
  'completion/script',
];

/**
 * Loads the netlink package's binding, which sessions need, from its known place, as require would without its search
 * for the file; and what the package needs after errors only (`os`) not before.
 */
const netlinkBinding = {
  name: 'netlink-binding',
  setup(bundle) {
    bundle.onResolve({ filter: /^node-gyp-build$/ }, ({ path }) => ({ path, namespace: 'netlink-binding' }));
    bundle.onResolve({ filter: /^os$/ }, ({ path, importer }) =>
      importer.includes('/netlink/dist/') ? { path, namespace: 'netlink-os' } : undefined,
    );
    bundle.onLoad({ filter: /.*/, namespace: 'netlink-os' }, () => ({
      contents: "Object.defineProperty(exports, 'constants', { get: () => require('node:os').constants });",
    }));
    bundle.onLoad({ filter: /.*/, namespace: 'netlink-binding' }, () => ({
      contents: `module.exports = () => {
        const binding = { exports: {} };
        process.dlopen(binding, __dirname + '/../../build/Release/netlink.node');
        return binding.exports;
      };`,
    }));
  },
};

/** Leaves out what lies in files of its own. */
const apart = {
  name: 'apart',
  setup(bundle) {
    bundle.onResolve({ filter: /\.ts$/ }, ({ kind, path }) => {
      const isApart = kind === 'dynamic-import' && APART.some(name => path.endsWith(`/${basename(name)}.ts`));
      return isApart ? { path: `./${basename(path, '.ts')}.cjs`, external: true } : undefined;
    });
  },
};

/** Leaves out what is demanded by none of the slice's calls. Whoever demands it waits forever for it. */
function slice(modules) {
  return {
    name: 'slice',
    setup(bundle) {
      bundle.onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) => {
        const file = relative('src', join(resolveDir, path));
        const isHere = [...modules, 'kernel/netlink/event-socket'].some(name =>
          name.endsWith('/') ? file.startsWith(name) : file === `${name}.ts`,
        );
        return kind === 'dynamic-import' && !isHere ? { path: 'elsewhere', namespace: 'slice' } : undefined;
      });
      bundle.onLoad({ filter: /.*/, namespace: 'slice' }, () => ({
        contents: "exports.then = () => require(__dirname + '/../../bin/start.cjs').startWhole();",
      }));
    },
  };
}

const outdir = programsFolder ?? 'dist/bin';
const common = {
  outdir,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  keepNames: false,
  // A script that is loaded with cached code has no import().
  supported: { 'dynamic-import': false },
};

/** Builds a program as a function, as Node makes one of a module; bin/start.cjs calls it. */
async function buildProgram(name, entry, plugins) {
  await build({
    ...common,
    entryPoints: { [name]: `src/commands/${entry}.ts` },
    plugins: [netlinkBinding, apart, ...plugins],
    define: { 'import.meta.dirname': '__dirname' },
    banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
    footer: { js: '})' },
  });
}

// V8 takes code for any source of the same length. The rest stays until it is built anew, for who runs it meanwhile.
for (const old of filesOf(outdir)) if (old.endsWith('.cache')) rmSync(join(outdir, old));
await build({
  ...common,
  entryPoints: Object.fromEntries(APART.map(name => [basename(name), `src/commands/${name}.ts`])),
  plugins: [netlinkBinding, apart],
  define: { 'import.meta.dirname': '__dirname', 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = 'file://' + __filename.split('/').map(encodeURIComponent).join('/');" },
});
for (const [name, { entry, lines }] of Object.entries(WHOLE)) {
  await buildProgram(name, entry, []);
  cacheCode(name, name, lines);
}
cacheCode('tsip', 'tsip-batch', ['-b /dev/null']);
for (const [name, { modules, lines }] of Object.entries(SLICES)) {
  await buildProgram(name, WHOLE.tsip.entry, [slice(modules)]);
  cacheCode(name, name, lines);
}
const programs = [...Object.keys(WHOLE), ...Object.keys(SLICES), ...APART.map(path => basename(path))];
for (const file of filesOf(outdir))
  if (file.endsWith('.cjs') && !programs.includes(basename(file, '.cjs'))) rmSync(join(outdir, file));
if (programsFolder !== undefined) process.exit();
rmSync('dist/lib', { recursive: true, force: true });
const tsc = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'src/tsconfig.json'], {
  stdio: 'inherit',
});
process.exit(tsc.status ?? 1);

function filesOf(folder) {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/**
 * Runs lines by a program, and keeps what V8 compiled for them: without that it only starts slower. The program may not
 * become another one, nor begin anew, and the kernel hears nothing but questions.
 */
function cacheCode(name, cache, lines) {
  const keep = `
    const { dlopen, exit } = process;
    const start = require('./bin/start.cjs');
    const isQuestion = request => (request.readUInt16LE(4) & 3) === 2;
    process.dlopen = (module, path) => {
      dlopen(module, path);
      const { send } = module.exports;
      module.exports.execve = () => -1;
      module.exports.send = (fd, request, flags) => (isQuestion(request) ? send(fd, request, flags) : -1);
      // Sessions send by the netlink package.
      const { NativeNetlink } = module.exports;
      if (NativeNetlink !== undefined)
        module.exports.NativeNetlink = class extends NativeNetlink {
          send(port, groups, request, onSent) {
            if (isQuestion(request)) super.send(port, groups, request, onSent);
            else onSent(Object.assign(new Error('not sent'), { errno: -1 }));
          }
        };
    };
    process.exit = () => undefined;
    start.startWhole = () => exit(1);
    const [, folder, name, cache, ...lines] = process.argv;
    const { script, run, main } = start.load(folder, name);
    (async () => {
      for (const line of lines) {
        process.argv.splice(1, Infinity, 'ip', ...line.split(' '));
        await (run ?? main)();
      }
      require('node:fs').writeFileSync(folder + '/' + cache + '.cache', script.createCachedData());
      exit(0);
    })();`;
  const words = ['-e', keep, resolve(outdir), name, cache, ...lines];
  const { status } = spawnSync(process.execPath, words, { stdio: 'ignore', timeout: 30_000 });
  if (status !== 0)
    console.error(`no code is cached for ${cache}: it needs what its slice has not, or fails`);
}
