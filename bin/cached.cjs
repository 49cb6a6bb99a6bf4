'use strict';
/**
 * Loads a bundled program with the code that V8 compiled when it was built, if this V8 still takes it: compiling
 * anew costs as much as starting Node. `src/build.mjs` writes the cache beside the program.
 */
const { readFileSync, writeSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

exports.load = load;

function load(file) {
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
}

/** Runs the program of this name. */
exports.start = function start(name) {
  let program;
  try {
    program = load(join(__dirname, '../dist/bin', `${name}.cjs`));
  } catch (error) {
    const [reason] = error.message.split('\n');
    writeSync(2, `${name}: it is not whole, run \`npm install\` where it lies: ${reason}\n`);
    process.exit(1);
  }
  program.main();
};
