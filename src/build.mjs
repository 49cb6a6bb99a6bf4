/**
 * Builds dist/: the library as ES modules with declarations, the programs and the code of theirs that this Node has
 * compiled. With a folder as argument it builds only the programs, and there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { transform } from 'esbuild';
import { removeUnusedDeclarations, writeCommonDeclarations } from './build/declarations.mjs';
import { writeNotice } from './build/notice.mjs';
import { buildLibraryNetlink, buildPrograms } from './build/programs.mjs';

/** Those of launch/launch.c that compiled code depends on. */
const LAUNCHER_OPTIONS = ['--min-semi-space-size=2'];

/** What `exports` of package.json names. */
const ENTRIES = ['index', 'rtnetlink', 'testing/lab'];

const root = resolve(import.meta.dirname, '..');
const programsFolder = process.argv[2] === undefined ? undefined : resolve(process.argv[2]);
process.chdir(root);

await buildAndCache(programsFolder ?? join(root, 'dist/bin'));
if (programsFolder === undefined) await buildLibrary();

/** Builds the programs, which may be running: old files stay until others have taken their place. */
async function buildAndCache(folder) {
  const before = existsSync(folder) ? readdirSync(folder) : [];
  const parts = await buildPrograms(folder);
  for (const file of before) if (!parts.includes(file)) rmSync(join(folder, file), { force: true });
  cacheCode(folder);
}

/**
 * Caches the code of all parts in the folder of the programs. Without caches they only start slower.
 */
function cacheCode(folder) {
  const words = [...LAUNCHER_OPTIONS, join(root, 'src/build/cache.mjs'), folder];
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' });
  if (status !== 0) throw new Error('the code of the programs cannot be cached');
}

async function buildLibrary() {
  rmSync('dist/lib', { recursive: true, force: true });
  const words = ['node_modules/typescript/bin/tsc', '-p', 'src/tsconfig.json'];
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  simplifyDeclarations('dist/lib');
  await buildLibraryNetlink('dist/lib/netlink.js');
  // For importers that are CommonJS: every Node that is supported can require ES modules.
  for (const entry of ENTRIES)
    writeFileSync(`dist/lib/${entry}.cjs`, `module.exports = require('./${basename(entry)}.js');\n`);
  removeUnusedDeclarations('dist/lib', ENTRIES);
  writeCommonDeclarations('dist/lib', ENTRIES);
  writeNotice('NOTICE');
  const user = 'dist/lib/kernel/netlink/event-socket.js';
  const text = readFileSync(user, 'utf8');
  const bundled = text.replace("'netlink/dist/raw.js'", "'../../netlink.js'");
  if (bundled === text) throw new Error(`${user} does not import the netlink package`);
  writeFileSync(user, bundled);
  await makeSmall('dist/lib');
}

/** Takes comments and white space off the modules; names stay, for those who debug. */
async function makeSmall(folder) {
  for (const file of readdirSync(folder, { recursive: true })) {
    if (!file.endsWith('.js')) continue;
    const path = join(folder, file);
    const options = { minifyWhitespace: true, minifySyntax: true, target: 'node20', legalComments: 'none' };
    const { code } = await transform(readFileSync(path, 'utf8'), options);
    writeFileSync(path, code);
  }
}

/**
 * Buffers have type parameters since TypeScript 5.7 only, and NoInfer is of 5.4: what stands there is what they mean
 * without.
 */
function simplifyDeclarations(folder) {
  for (const file of readdirSync(folder, { recursive: true })) {
    if (!file.endsWith('.d.ts')) continue;
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    const plain = text.replace(/\b(Buffer|Uint8Array)<ArrayBufferLike>/g, '$1');
    writeFileSync(path, plain.replace(/\bNoInfer<(\w+)>/g, '$1'));
  }
}
