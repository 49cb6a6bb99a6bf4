'use strict';
/**
 * Loads a bundled program with the code that V8 compiled when it was built, if this V8 still takes it: compiling
 * anew costs as much as starting Node. A cache is read whole, so there is one for each sort of call, made by
 * `src/build.mjs`; where a call has none, that of the program serves.
 */
const { readFileSync, writeSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

exports.cacheOf = cacheOf;
exports.load = load;

/** The objects that have caches, in the order in which abbreviations are tried. */
const OBJECTS = ['address', 'route', 'neighbour', 'link', 'netns'];

/**
 * The name of the cache for the words of a call: NAME, or NAME-OBJECT-show and the like. It is a guess: a wrong one
 * costs time only.
 */
function cacheOf(name, words) {
  if (name !== 'tsip') return name;
  let sort;
  let at = 0;
  for (; words[at]?.startsWith('-'); at++) {
    if (/^-+b(a|at|atch)?$/.test(words[at])) return 'tsip-batch';
    if (/^-+d(e|et|eta|etai|etail|etails)?$/.test(words[at])) sort = 'details';
    if (/^-+(n|netns|f|family|rc|rcvbuf)$/.test(words[at])) at++;
  }
  const word = words[at] ?? '';
  const object = OBJECTS.find(known => word !== '' && known.startsWith(word));
  if (object === undefined) return name;
  sort ??= /^(|s|sh.*|l.*)$/.test(words[at + 1] ?? '') ? 'show' : 'change';
  return `tsip-${object}-${sort}`;
}

/** Loads `file`, with the first of `caches` beside it that is there. */
function load(file, caches = []) {
  const folder = dirname(file);
  const script = new Script(wrap(readFileSync(file, 'latin1')), {
    filename: file,
    cachedData: firstOf(caches.map(cache => join(folder, `${cache}.cache`))),
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, folder);
  return { script, ...module.exports };
}

function firstOf(files) {
  for (const file of files) {
    try {
      return readFileSync(file);
    } catch {
      // The next one, or none: compiled anew.
    }
  }
  return undefined;
}

/** Runs the program of this name. */
exports.start = function start(name) {
  let program;
  try {
    const file = join(__dirname, '../dist/bin', `${name}.cjs`);
    program = load(file, [cacheOf(name, process.argv.slice(2)), name]);
  } catch (error) {
    const [reason] = error.message.split('\n');
    writeSync(2, `${name}: it is not whole, run \`npm install\` where it lies: ${reason}\n`);
    process.exit(1);
  }
  program.main();
};
