'use strict';
/**
 * Starts the program that the first argument names: the launcher runs `node bin/start.cjs tsip WORDS...`. Loads it with
 * the code that V8 compiled when it was built, if this V8 still takes it: compiling anew costs as much as starting
 * Node. A cache is read whole, so there is one for each sort of call, made by `src/build.mjs`; where a call has none,
 * that of the program serves. Needs as little as it can: what Node loads and compiles for it costs, too.
 */
const { readFileSync, writeSync } = require('node:fs');
const { Script } = require('node:vm');

exports.cacheOf = cacheOf;
exports.load = load;

/** The objects that have caches, in the order in which abbreviations are tried. */
const OBJECTS = ['address', 'route', 'neighbour', 'link', 'netns'];
const OPTIONS_WITH_VALUES = ['netns', 'family', 'loops', 'rcvbuf'];

if (require.main === module) start();

function start() {
  const [name] = process.argv.splice(2, 1);
  const file = `${__dirname.slice(0, __dirname.lastIndexOf('/'))}/dist/bin/${name}.cjs`;
  let program;
  try {
    program = load(file, [cacheOf(name, process.argv.slice(2)), name]);
  } catch (error) {
    const [reason] = error.message.split('\n');
    writeSync(2, `${name}: it is not whole, run \`npm install\` where it lies: ${reason}\n`);
    process.exit(1);
  }
  program.main();
}

/**
 * The name of the cache for the words of a call: NAME, or NAME-OBJECT-show and the like. It is a guess: a wrong one
 * costs time only.
 */
function cacheOf(name, words) {
  if (name !== 'tsip') return name;
  let hasDetails = false;
  let at = 0;
  for (; words[at]?.startsWith('-'); at++) {
    const option = words[at].slice(words[at][1] === '-' ? 2 : 1);
    if (isShort(option, 'batch')) return 'tsip-batch';
    if (isShort(option, 'details')) hasDetails = true;
    if (OPTIONS_WITH_VALUES.some(known => isShort(option, known))) at++;
  }
  const object = OBJECTS.find(known => isShort(words[at], known));
  if (object === undefined) return name;
  return `tsip-${object}-${hasDetails ? 'details' : isShowing(words[at + 1]) ? 'show' : 'change'}`;
}

function isShowing(command = 's') {
  return command === 's' || command.startsWith('sh') || command.startsWith('l');
}

function isShort(word, whole) {
  return word !== undefined && word !== '' && whole.startsWith(word);
}

/** Loads the program in `file`, a module that is wrapped already, with the first of `caches` beside it that is there. */
function load(file, caches = []) {
  const folder = file.slice(0, file.lastIndexOf('/'));
  const script = new Script(readFileSync(file, 'utf8'), {
    filename: file,
    cachedData: firstOf(caches.map(cache => `${folder}/${cache}.cache`)),
  });
  const module = { exports: {} };
  const requireBeside = name => require(name.startsWith('./') ? `${folder}/${name}` : name);
  script.runInThisContext()(module.exports, requireBeside, module, file, folder);
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
