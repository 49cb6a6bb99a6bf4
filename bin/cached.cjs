'use strict';
/**
 * Loads a bundled program with the code that V8 compiled when it was built, if this V8 still takes it: compiling
 * anew costs as much as starting Node. `src/build.mjs` writes the cache beside the program.
 */
const { readFileSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

exports.load = function load(file) {
  let cachedData;
  try {
    cachedData = readFileSync(`${file}.cache`);
  } catch {
    // Compiled anew.
  }
  const script = new Script(wrap(readFileSync(file, 'latin1')), { filename: file, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return { script, ...module.exports };
};
