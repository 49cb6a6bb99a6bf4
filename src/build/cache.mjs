/**
 * Caches the code of all parts of the programs in their folder, as the programs do at run time: `cache.mjs FOLDER`, run
 * with the options that the launcher gives Node, because compiled code depends on them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { LIBRARY_ENTRIES, START_FILES } from './programs.mjs';

const folder = resolve(process.argv[2]);
const addon = { exports: {} };
process.dlopen(addon, resolve(import.meta.dirname, '../../native', process.arch, 'tsip.node'));
const { CodeCache, saveCaches, sourceOf } = createRequire(import.meta.url)(join(folder, 'save.cjs'));
const cache = new CodeCache(folder, addon.exports);
// Node itself loads what is the library's alone.
const uncached = [...START_FILES, ...Object.keys(LIBRARY_ENTRIES).map(name => `${name}.cjs`)];
const files = readdirSync(folder).filter(file => file.endsWith('.cjs') && !uncached.includes(file));
const parts = files.map(file => {
  const name = file.slice(0, -'.cjs'.length);
  const text = readFileSync(join(folder, file));
  return {
    name,
    key: cache.read(name, text).key,
    source: sourceOf(text),
    filename: join(folder, file),
  };
});
saveCaches(cache, folder, parts);
