/**
 * Makes src/lab/format/schema-check.ts: the code that checks a lab file against schemas/lab.json, made by ajv so that
 * nothing of ajv is needed when the program runs. `node src/build/lab-schema.mjs` writes it; a test compares it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { transform } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');
export const GENERATED = resolve(root, 'src/lab/format/schema-check.ts');

/** The text of the file. */
export async function schemaCheck() {
  // What is for readers alone is left out.
  const schema = JSON.parse(readFileSync(resolve(root, 'schemas/lab.json'), 'utf8'), (key, value) =>
    ['title', 'description', 'default'].includes(key) && typeof value !== 'object' ? undefined : value,
  );
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    messages: false,
    strict: true,
    strictTypes: false,
    allowUnionTypes: true,
    code: { source: true, esm: true, lines: false },
  });
  const standalone = standaloneCode.default ?? standaloneCode;
  const code = standalone(ajv, ajv.compile(schema))
    .replace('"use strict";', '')
    .replace(/export default \w+;/, '')
    // The length of a text counts characters; ajv's own helper would be a dependency.
    .replace(
      /const (\w+) = require\("ajv\/dist\/runtime\/ucs2length"\)\.default;/g,
      'const $1 = text => [...text].length;',
    );
  if (code.includes('require(')) throw new Error('the code needs a package');
  const { code: small } = await transform(code, { minifySyntax: true, target: 'node20' });
  return `/** Checks a lab file against schemas/lab.json. Made by src/build/lab-schema.mjs: change that or the schema instead. */
// @ts-nocheck
${small}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(GENERATED, await schemaCheck());
