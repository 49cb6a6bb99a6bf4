'use strict';
/**
 * Starts the program that the first argument names: the launcher runs `node bin/start.cjs tsip WORDS...`. Loads it with
 * the code that V8 compiled when it was built, if this V8 still takes it: compiling anew costs as much as starting
 * Node. Program and code are read whole, so there is a slice of the program for each usual sort of call, made by
 * `src/build.mjs`. Needs as little as it can: what Node loads and compiles for it costs, too.
 */
const { readFileSync, writeSync } = require('node:fs');
const { Script } = require('node:vm');

/** The sorts of calls that have slices, by object in the order in which abbreviations are tried. */
const SORTS = {
  address: ['show', 'details', 'change'],
  route: ['show', 'change'],
  neighbour: ['show'],
  link: ['show', 'details', 'change'],
  netns: ['show', 'change'],
};
const OBJECTS = Object.keys(SORTS);
const OPTIONS_WITH_VALUES = ['netns', 'family', 'loops', 'rcvbuf'];
const FOLDER = `${__dirname.slice(0, __dirname.lastIndexOf('/'))}/dist/bin`;

exports.load = load;
exports.partOf = partOf;
exports.startWhole = startWhole;

if (require.main === module) start();

function start() {
  const [name] = process.argv.splice(2, 1);
  const part = partOf(name, process.argv.slice(2));
  run(part === 'tsip-batch' ? name : part, part, name);
}

/**
 * Called by a slice that lacks what the call needs, before the call has had any effect: starts the whole program. What
 * the slice was about is never gone on with.
 */
function startWhole() {
  run('tsip', 'tsip', 'tsip');
}

function run(file, cache, name) {
  try {
    load(FOLDER, file, cache).main();
  } catch (error) {
    const [reason] = error.message.split('\n');
    writeSync(2, `${name}: it is not whole, run \`npm install\` where it lies: ${reason}\n`);
    process.exit(1);
  }
}

/**
 * The slice for the words of a call, `tsip-OBJECT-show` and the like; or `tsip-batch`, the whole program with what a
 * batch has compiled; or NAME. It is a guess: a wrong one costs time only.
 */
function partOf(name, words) {
  if (name !== 'tsip') return name;
  let hasDetails = false;
  let at = 0;
  for (; words[at]?.startsWith('-'); at++) {
    const option = words[at].slice(words[at][1] === '-' ? 2 : 1);
    if (isShort(option, 'batch')) return 'tsip-batch';
    // Tables want details, which a slice for plain lists lacks.
    if (option === 'table') return name;
    if (isShort(option, 'details')) hasDetails = true;
    if (OPTIONS_WITH_VALUES.some(known => isShort(option, known))) at++;
  }
  const object = OBJECTS.find(known => isShort(words[at], known));
  if (object === undefined) return name;
  const sorts = SORTS[object];
  const shows = hasDetails && sorts.includes('details') ? 'details' : 'show';
  const sort = isShowing(words[at + 1]) ? shows : 'change';
  return sorts.includes(sort) ? `tsip-${object}-${sort}` : name;
}

function isShowing(command = 's') {
  return command === 's' || command.startsWith('sh') || command.startsWith('l');
}

function isShort(word, whole) {
  return word !== undefined && word !== '' && whole.startsWith(word);
}

/** Loads the program NAME.cjs in `folder`, a module that is wrapped already, with the code in CACHE.cache if it is there. */
function load(folder, name, cache) {
  const filename = `${folder}/${name}.cjs`;
  const cachedData = cache === undefined ? undefined : readIfThere(`${folder}/${cache}.cache`);
  const script = new Script(readFileSync(filename, 'utf8'), { filename, cachedData });
  const module = { exports: {} };
  const requireBeside = path => require(path.startsWith('./') ? `${folder}/${path}` : path);
  script.runInThisContext()(module.exports, requireBeside, module, filename, folder);
  return { script, ...module.exports };
}

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
