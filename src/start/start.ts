/**
 * Starts a program: the launcher runs `node dist/bin/start.cjs tsip WORDS...`. A program is made of parts
 * (src/build/parts.mjs), each loaded when it is needed, with the code that V8 has compiled for it before where that fits
 * this Node exactly (code-cache.ts): compiling costs as much as starting Node. This file itself is compiled at each
 * start, so it is small and loads as little of Node as it can.
 */
import { existsSync, writeSync } from 'node:fs';
import { STDERR } from '../linux/descriptors.ts';
import { type CheckingAddon, CodeCache } from './code-cache.ts';
import { Loader } from './loader.ts';

const CPUS: readonly string[] = ['x64', 'arm64'];
const OLDEST_NODE = [20, 19] as const;

const folder = import.meta.dirname;
const root = folder.slice(0, -'/dist/bin'.length);

/** What start.ts needs of the part `core`: see commands/programs.ts. */
interface Core {
  readonly PROGRAMS: Readonly<Record<string, () => Promise<number | undefined>>>;
  readonly native: { execve: (...words: unknown[]) => number; exit(status: number): never };
}

if (require.main === module) start(process.argv.splice(2, 1)[0] ?? '');

/** Runs the program `name` with the words after the script in process.argv. */
export function start(name: string): void {
  checkNode(name);
  let loader: Loader;
  let core: Core;
  try {
    const addon = loadAddon();
    loader = new Loader(new CodeCache(folder, addon), addon, {
      require,
      import: path => import(path),
    });
    core = loader.load('core') as Core;
  } catch (error) {
    refuse(name, whyUnusable(error as Error & { code?: string }));
  }
  const { PROGRAMS, native } = core;
  const { execve } = native;
  // Nothing comes after the moment in which this process becomes another.
  native.execve = (...words) => {
    loader.saveCaches();
    return execve(...words);
  };
  PROGRAMS[name]?.().then(status => {
    if (status === undefined) return;
    if (status === 0) loader.saveCaches();
    native.exit(status);
  });
}

function loadAddon(): CheckingAddon {
  const addon: { exports: unknown } = { exports: {} };
  process.dlopen(addon, `${root}/native/${process.arch}/tsip.node`);
  return addon.exports as CheckingAddon;
}

function checkNode(name: string): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldest, oldestMinor] = OLDEST_NODE;
  if (major > oldest || (major === oldest && minor >= oldestMinor)) return;
  refuse(
    name,
    `${process.execPath} is Node ${process.versions.node}, it needs ${OLDEST_NODE.join('.')} or newer`,
  );
}

/** What is wrong with the package, as far as the error shows it. */
function whyUnusable({ code, message }: Error & { code?: string }): string {
  const [reason = ''] = message.split('\n');
  if (!CPUS.includes(process.arch)) return `it runs on ${CPUS.join(' and ')}, not on ${process.arch}`;
  if (code === 'ERR_DLOPEN_FAILED' && existsSync(`${root}/src`))
    return `the native part is not built, run \`npm install\` in ${root}: ${reason}`;
  return `the package in ${root} is not complete, install it again: ${reason}`;
}

function refuse(name: string, problem: string): never {
  writeSync(STDERR, `${name}: ${problem}\n`);
  process.exit(1);
}
