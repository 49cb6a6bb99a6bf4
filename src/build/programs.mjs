/**
 * Builds the programs and the library: the parts (parts.mjs) as CommonJS files that share what they import, and what
 * starts the programs. Rollup divides them, esbuild removes types and makes them small.
 */
import { copyFile, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { build, transform } from 'esbuild';
import { rollup } from 'rollup';
import { PARTS } from './parts.mjs';

/** Characters of a line of what is built: see renderChunk. */
const LINE_LIMIT = 500;
const TARGET = 'node20';
/** Old enough to say in words that Node is too old. */
const START_TARGET = 'node14.6';
/**
 * What parts stand between: a function, which Node's loader of modules calls, and that of src/start/loader.ts gets. It
 * would otherwise have to copy the text.
 */
const PARAMETERS = 'exports,require,module,__dirname';
const PART_BEGIN = `(f=>this===globalThis?f:f(${PARAMETERS}))(function(${PARAMETERS}){`;
const PART_END = '})';
/** Its name for rollup, as if it were a source. */
const NETLINK_MODULE = resolve('src/netlink.ts');
const NETLINK = 'netlink/dist/raw.js';
/** What is not a part of a program. */
export const START_FILES = ['start.cjs', 'folders.cjs', 'save.cjs'];
/** What programs read at run time, next to them. */
const ASSETS = ['src/layouts/map/page.css', 'src/layouts/map/page.js'];
const PROGRAMS = 'src/commands/programs.ts';
/** What users import and what the library starts, by the name of its part. */
export const LIBRARY_ENTRIES = {
  library: 'src/index.ts',
  rtnetlink: 'src/rtnetlink.ts',
  testing: 'src/testing/lab.ts',
  agent: 'src/testing/agent.ts',
};
const ENTRIES = { core: PROGRAMS, ...LIBRARY_ENTRIES };

/** Builds all parts into `folder`; returns the names of the files, and what each entry exports. */
export async function buildPrograms(folder) {
  const [{ files, exports }] = await Promise.all([buildParts(folder), buildStart(folder)]);
  await Promise.all(ASSETS.map(asset => copyFile(asset, join(folder, basename(asset)))));
  return { files: [...files, ...START_FILES, ...ASSETS.map(asset => basename(asset))], exports };
}

async function buildParts(folder) {
  const bundle = await rollup({
    input: ENTRIES,
    plugins: [typescript],
    preserveEntrySignatures: 'allow-extension',
    onwarn: warning => {
      throw new Error(warning.message);
    },
  });
  let parts;
  let exports;
  const { output } = await bundle.write({
    dir: folder,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name].cjs',
    manualChunks: (id, { getModuleInfo }) => {
      parts ??= assignParts(Object.values(ENTRIES), getModuleInfo);
      exports ??= mapValues(ENTRIES, path => getModuleInfo(resolve(path)).exports);
      return parts.get(id);
    },
    // A part that is needed later only must not be loaded because a part between imports it.
    hoistTransitiveImports: false,
    minifyInternalExports: true,
    generatedCode: { preset: 'es2015', symbols: false },
    esModule: false,
    freeze: false,
    externalLiveBindings: false,
    interop: 'auto',
  });
  await bundle.close();
  return { files: output.map(({ fileName }) => fileName), exports };
}

/** Lines as esbuild prints them: an import of names, and a number or string that a module exports. */
const IMPORT = /^import \{\s+([^}]*?)\s+\} from "(\..*)";$/gm;
const CONSTANT = /^export const (\w+) = (-?\d[\w.]*|"[^"\\]*");$/gm;

/** By path: most modules are read once for themselves, and once more for those that import them. */
const compiled = new Map();

/** A source without types, and the numbers and strings that it exports. */
function compile(path) {
  if (!compiled.has(path)) compiled.set(path, compileOnce(path));
  return compiled.get(path);
}

async function compileOnce(path) {
  const { code } = await transform(await readFile(path, 'utf8'), {
    loader: 'ts',
    target: TARGET,
    sourcefile: path,
  });
  return {
    code,
    constants: new Map(Array.from(code.matchAll(CONSTANT), ([, name, value]) => [name, value])),
  };
}

/**
 * The code of the module `path` with the numbers and strings that it imports: each part has those that it uses. What
 * one part exports to others costs 2 us at each start, and there would be twice as much of it.
 */
async function compileWithConstants(path) {
  const { code } = await compile(path);
  const imports = [...code.matchAll(IMPORT)];
  const modules = await Promise.all(imports.map(([, , from]) => compile(resolve(dirname(path), from))));
  return imports.reduceRight((text, { 0: whole, 1: names, 2: from, index }, at) => {
    const known = modules[at].constants;
    const [constants, others] = partition(names.split(/,\s+/), name => known.has(name.split(' as ')[0]));
    const lines = constants.map(name => {
      const [exported, local = exported] = name.split(' as ');
      return `const ${local} = ${known.get(exported)};`;
    });
    if (others.length > 0) lines.unshift(`import { ${others.join(', ')} } from "${from}";`);
    return text.slice(0, index) + lines.join(' ') + text.slice(index + whole.length);
  }, code);
}

function partition(list, isFirst) {
  return [list.filter(isFirst), list.filter(item => !isFirst(item))];
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

/** Finds sources, leaves packages where they are, and makes parts small. */
const typescript = {
  name: 'typescript',
  resolveId(path, importer) {
    if (importer === undefined) return resolve(path);
    if (path.startsWith('.')) return resolve(dirname(importer), path);
    return path === NETLINK ? NETLINK_MODULE : { id: path, external: true };
  },
  load: path => (path === NETLINK_MODULE ? netlinkModule() : compileWithConstants(path)),
  resolveImportMeta: property =>
    ({ dirname: '__dirname', filename: '__filename', addon: 'require.addon' })[property] ?? null,
  // Code from a cache has no import(), so start.ts imports packages for it.
  renderDynamicImport: ({ targetModuleId }) =>
    targetModuleId?.endsWith('.ts')
      ? null
      : { left: '(require.import ?? (path => import(path)))(', right: ')' },
  async renderChunk(text, { name }) {
    // Names stay in what is the library's alone, for those who debug. Of an error that nobody catches, Node prints the
    // line that threw it: lines are short.
    const isLibrary = Object.hasOwn(LIBRARY_ENTRIES, name);
    const { code } = await transform(isLibrary ? text : withExportsAtOnce(text), {
      minifyWhitespace: true,
      minifySyntax: true,
      minifyIdentifiers: !isLibrary,
      lineLimit: LINE_LIMIT,
      target: TARGET,
      platform: 'node',
      format: 'cjs',
    });
    return { code: isLibrary ? code : PART_BEGIN + code + PART_END };
  },
};

/** What a part exports as one object literal: V8 makes a shape for each single export, which takes it 2 us. */
function withExportsAtOnce(text) {
  return text.replace(/(?:(?<=\n)exports\.[\w$]+ = [\w$]+;\n?)+$/, lines => {
    const members = lines.replaceAll(/^exports\.([\w$]+) = ([\w$]+);\n?/gm, '$1: $2,');
    return `module.exports = {${members}};\n`;
  });
}

/** The part of each module that the entries reach. */
function assignParts(entries, getModuleInfo) {
  const modules = reachable(
    entries.map(path => resolve(path)),
    id => {
      const { importedIds, dynamicallyImportedIds } = getModuleInfo(id);
      return [...importedIds, ...dynamicallyImportedIds];
    },
  );
  const parts = new Map();
  const assign = (part, roots) => {
    for (const id of reachable(roots, id => getModuleInfo(id).importedIds))
      if (!parts.has(id)) parts.set(id, part);
  };
  for (const [part, names] of Object.entries(PARTS))
    for (const name of names)
      assign(
        part,
        [...modules].filter(id => isNamed(relative('src', id), name)),
      );
  // Whatever nobody has thought of yet is a part, too, so that it works.
  assign('rest', [...modules]);
  return parts;
}

/** Whether a name of parts.mjs means a source. */
export function isNamed(path, name) {
  return path === `${name}.ts` || path.startsWith(`${name}/`);
}

/** All sources that can be reached from some. */
function reachable(roots, importsOf) {
  const found = new Set();
  const open = [...roots];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id) || !id.endsWith('.ts')) continue;
    found.add(id);
    open.push(...importsOf(id));
  }
  return found;
}

/** What starts the programs; and, loaded by that where a cache is missing, what finds folders and saves caches. */
async function buildStart(folder) {
  const entries = {
    start: ['start'],
    folders: ['folders'],
    save: ['save', 'code-cache', 'loader'],
  };
  const builds = Object.entries(entries).map(([name, modules]) =>
    build({
      stdin: {
        contents: modules.map(module => `export * from './src/start/${module}.ts';`).join('\n'),
        resolveDir: '.',
      },
      outfile: join(folder, `${name}.cjs`),
      bundle: true,
      platform: 'node',
      target: START_TARGET,
      format: 'cjs',
      minify: true,
      external: ['./folders.cjs', './save.cjs'],
      define: { 'import.meta.dirname': '__dirname' },
    }),
  );
  await Promise.all(builds);
}

/** The text of the netlink package as one module, for the part that uses it. */
async function netlinkModule() {
  const { outputFiles } = await build({
    bundle: true,
    platform: 'node',
    target: TARGET,
    minify: true,
    plugins: [netlinkBinding],
    legalComments: 'none',
    stdin: { contents: `export { RawNetlinkSocket } from '${NETLINK}';`, resolveDir: '.' },
    format: 'esm',
    write: false,
  });
  return outputFiles[0].text;
}

/** Its binding is the one in native/, which is made of its sources so that any C library has what it needs. */
const netlinkBinding = {
  name: 'netlink-binding',
  setup(bundle) {
    // What the package needs after errors only is not loaded before.
    bundle.onResolve({ filter: /^os$/ }, ({ path }) => ({ path, namespace: 'netlink-os' }));
    bundle.onLoad({ filter: /.*/, namespace: 'netlink-os' }, () => ({
      contents: "Object.defineProperty(exports, 'constants', { get: () => require('node:os').constants });",
    }));
    bundle.onResolve({ filter: /^node-gyp-build$/ }, ({ path }) => ({
      path,
      namespace: 'netlink-binding',
    }));
    bundle.onLoad({ filter: /.*/, namespace: 'netlink-binding' }, () => ({
      // At the first socket, so that a runtime that cannot load it gets an error that can be caught.
      contents: `let loaded;
      module.exports = () => ({
        get NativeNetlink() {
          if (loaded === undefined) {
            const module = { exports: {} };
            process.dlopen(module, __dirname + '/../../native/' + process.arch + '/netlink.node');
            loaded = module.exports;
          }
          return loaded.NativeNetlink;
        },
      });`,
    }));
  },
};
