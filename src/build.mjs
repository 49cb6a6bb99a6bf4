/**
 * Builds dist/: in bin/ the parts of the programs and of the library and the code that this Node has compiled of them,
 * in lib/ what users import, with declarations. With a folder as argument it builds only bin/, and there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { writeNotice } from './build/notice.mjs';
import { buildPrograms } from './build/programs.mjs';

/** Those of launch/launch.c that compiled code depends on. */
const LAUNCHER_OPTIONS = ['--v8-pool-size=1'];

/** What `exports` of package.json names, and the part that has it. */
const ENTRIES = { index: 'library', rtnetlink: 'rtnetlink', 'testing/lab': 'testing' };
/** Where tsc writes them: see tsconfig.json. */
const DECLARATIONS = 'build/declarations';

const root = resolve(import.meta.dirname, '..');
const programsFolder = process.argv[2] === undefined ? undefined : resolve(process.argv[2]);
process.chdir(root);

const exported = await buildAndCache(programsFolder ?? join(root, 'dist/bin'));
if (programsFolder === undefined) await buildLibrary(exported);

/**
 * Builds the parts, which may be in use: old files stay until others have taken their place. Returns what each entry
 * exports.
 */
async function buildAndCache(folder) {
  const before = existsSync(folder) ? readdirSync(folder) : [];
  const { files, exports } = await buildPrograms(folder);
  for (const file of before) if (!files.includes(file)) rmSync(join(folder, file), { force: true });
  cacheCode(folder);
  return exports;
}

/**
 * Caches the code of all parts in the folder of the programs. Without caches they only start slower.
 */
function cacheCode(folder) {
  const words = [...LAUNCHER_OPTIONS, join(root, 'src/build/cache.mjs'), folder];
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' });
  if (status !== 0) throw new Error('the code of the programs cannot be cached');
}

async function buildLibrary(exported) {
  const { writeCommonDeclarations, writeDeclarations } = await import('./build/declarations.mjs');
  for (const folder of ['dist/lib', DECLARATIONS]) rmSync(folder, { recursive: true, force: true });
  const words = ['node_modules/typescript/bin/tsc', '-p', 'src/tsconfig.json'];
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  simplifyDeclarations(DECLARATIONS);
  const entries = Object.keys(ENTRIES);
  await writeDeclarations(DECLARATIONS, 'dist/lib', entries);
  for (const [entry, part] of Object.entries(ENTRIES)) writeEntry(entry, part, exported[part]);
  writeCommonDeclarations('dist/lib', entries);
  writeNotice('NOTICE');
}

/** What users import of a part: whichever way, it is loaded once. Classes have their own names there. */
function writeEntry(entry, part, names) {
  const path = `${'../'.repeat(entry.split('/').length)}bin/${part}.cjs`;
  const list = names.join(',');
  writeFileSync(
    `dist/lib/${entry}.cjs`,
    `'use strict';
const {${list}} = require('${path}');
module.exports = {${list}};
for (const [name, value] of Object.entries(module.exports))
  if (typeof value === 'function') Object.defineProperty(value, 'name', { value: name, configurable: true });
`,
  );
  writeFileSync(
    `dist/lib/${entry}.js`,
    `import module from './${basename(entry)}.cjs';\nexport const {${list}} = module;\n`,
  );
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
