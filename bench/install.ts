/**
 * The package as it is installed: the last rows of `npm run bench`, `--only install:` for these alone. Sizes of the archive and of what is compiled; how long each package manager takes to install it into
 * an empty project, its dependencies being in the manager's cache; how long programs take to start with cached code,
 * and where there can be none, next to bare Node.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MANAGERS, type Manager, registryVariables } from '../test/native/managers.ts';
import { makeRelease, type Release } from '../test/native/release.ts';
import { median, Rows } from './rows.ts';

const MAX_PACKED = 800_000;
const MAX_UNPACKED = 3_000_000;
const INSTALL_ROUNDS = 3;
const START_ROUNDS = 20;
/** How many times longer than bare Node a start may take. */
const CACHED_LIMIT = 1.35;
const UNCACHED_LIMIT = 1.7;
/** A user who owns nothing of the package and has no home, so that nothing is cached. */
const NOBODY = 65534;

const STARTS = [
  ['tsip', '-V'],
  ['tsip', 'link', 'show', 'lo'],
  ['tsip', 'netns', 'list'],
  ['tsunshare', 'true'],
] as const;

const rows = new Rows();

/** Measures what `wanted` matches; returns whether all is within its limits. */
export async function measureInstall(wanted: RegExp, rounds?: number): Promise<boolean> {
  const names = ['sizes', 'start', ...Object.keys(MANAGERS)].map(name => `install: ${name}`);
  if (!names.some(name => wanted.test(name))) return true;
  const released = makeRelease();
  if (typeof released === 'string') {
    rows.print('install', `left out: ${released}`);
    return true;
  }
  const folder = mkdtempSync(join(tmpdir(), 'tsip-bench-install-'));
  try {
    if (wanted.test('install: sizes')) sizes(released, folder);
    for (const [title, manager] of Object.entries(MANAGERS))
      if (wanted.test(`install: ${title}`))
        install(title, manager, released.archive, folder, rounds ?? INSTALL_ROUNDS);
    if (wanted.test('install: start')) starts(released.archive, folder, rounds ?? START_ROUNDS);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return rows.isWithinLimits;
}

function sizes({ archive, size, unpackedSize }: Release, folder: string): void {
  rows.print(
    'install: sizes',
    `${size} bytes packed (at most ${MAX_PACKED}), ${unpackedSize} unpacked (at most ${MAX_UNPACKED})`,
    size <= MAX_PACKED && unpackedSize <= MAX_UNPACKED,
  );
  const natives = join(unpack(archive, join(folder, 'sizes')), 'native');
  for (const cpu of readdirSync(natives)) {
    const files = ['launch', 'tsip.node', 'netlink.node', 'nsexec'];
    const texts = files.map(file => `${file} ${statSync(join(natives, cpu, file)).size}`);
    console.log(`  ${cpu}: ${texts.join(', ')}`);
  }
}

function unpack(archive: string, folder: string): string {
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['xf', archive, '-C', folder, '--strip-components=1', '--no-same-owner']);
  return folder;
}

/** The first of the rounds, which is not counted, fills the caches. */
function install(
  title: string,
  { from, words, files = {} }: Manager,
  archive: string,
  folder: string,
  rounds: number,
): void {
  const tools = join(folder, `tools-${from.replace(/\W+/g, '-')}`);
  mkdirSync(tools, { recursive: true });
  const get = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--prefix', tools, from];
  const fetched = spawnSync('npm', get, { cwd: tools, encoding: 'utf8' });
  if (fetched.status !== 0) {
    rows.print(`install: ${title}`, `left out: npm cannot get ${from}: ${fetched.stderr.split('\n')[0]}`);
    return;
  }
  const env = {
    ...process.env,
    ...registryVariables(),
    PATH: `${join(tools, 'node_modules/.bin')}:${process.env['PATH']}`,
    HOME: folder,
    CI: 'true',
  };
  const taken: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const project = mkdtempSync(join(folder, 'project-'));
    const manifest = { name: 'project', private: true, dependencies: { tsip: `file:${archive}` } };
    for (const [name, text] of Object.entries({ 'package.json': JSON.stringify(manifest), ...files }))
      writeFileSync(join(project, name), text);
    const [program = '', ...rest] = words;
    const begin = performance.now();
    execFileSync(program, rest, { cwd: project, env, stdio: 'pipe' });
    if (round >= 0) taken.push(performance.now() - begin);
    rmSync(project, { recursive: true, force: true });
  }
  rows.print(`install: ${title}`, `${(median(taken) / 1000).toFixed(1)} s`);
}

/** Two copies: one with caches, one of another owner, where there is nobody who may write them. */
function starts(archive: string, folder: string, rounds: number): void {
  chmodSync(folder, 0o755);
  const cached = unpack(archive, join(folder, 'cached'));
  const uncached = join(folder, 'uncached');
  cpSync(cached, uncached, { recursive: true });
  for (const at of ['', 'dist', 'dist/bin']) chownSync(join(uncached, at), NOBODY, NOBODY);
  for (const [program, ...words] of STARTS) {
    const start = (root: string) => join(root, 'native', process.arch, program);
    const contenders = {
      cached: [start(cached), ...words],
      uncached: [start(uncached), ...words],
      node: [process.execPath, '-e', '0'],
    };
    const taken: Record<string, number[]> = {};
    for (let round = -2; round < rounds; round++)
      for (const [name, command] of Object.entries(contenders)) {
        const ms = startOnce(command, folder);
        if (round >= 0) taken[name] = [...(taken[name] ?? []), ms];
      }
    const line = [program, ...words].join(' ');
    for (const [name, limit] of [
      ['cached', CACHED_LIMIT],
      ['uncached', UNCACHED_LIMIT],
    ] as const) {
      const ratio = median(taken[name]!.map((ms, at) => ms / taken['node']![at]!));
      const ms = [name, 'node'].map(key => `${median(taken[key]!).toFixed(1)} ms`);
      rows.print(
        `install: start, ${name === 'cached' ? 'with caches' : 'without caches'}: ${line}`,
        `${ms[0]}, bare Node ${ms[1]}: ${ratio.toFixed(2)} times, at most ${limit}`,
        ratio <= limit,
      );
    }
  }
}

function startOnce(command: readonly string[], home: string): number {
  const [program = '', ...words] = command;
  const env = { PATH: process.env['PATH'], HOME: join(home, 'nothing') };
  const begin = performance.now();
  const { status } = spawnSync(program, words, { stdio: 'ignore', env });
  const ms = performance.now() - begin;
  if (status !== 0) throw new Error(`${command.join(' ')} fails with ${status}`);
  return ms;
}
