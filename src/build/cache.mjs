/**
 * Caches the code of all parts of the programs in their folder, as the programs do at run time: `cache.mjs FOLDER`, run
 * with the options that the launcher gives Node, because compiled code depends on them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { START_FILES } from './programs.mjs';

const folder = resolve(process.argv[2]);
const addon = { exports: {} };
process.dlopen(addon, resolve(import.meta.dirname, '../../native', process.arch, 'tsip.node'));
const { CodeCache, saveCaches } = createRequire(import.meta.url)(join(folder, 'save.cjs'));
const cache = new CodeCache(folder, addon.exports);
const files = readdirSync(folder).filter(file => file.endsWith('.cjs') && !START_FILES.includes(file));
const parts = files.map(file => {
  const name = file.slice(0, -'.cjs'.length);
  const text = readFileSync(join(folder, file));
  return {
    name,
    key: cache.read(name, text).key,
    source: text.toString('latin1'),
    filename: join(folder, file),
  };
});
saveCaches(cache, folder, parts);
