/** Releases of Node from npm, for tests of what differs between them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'mocha';
import { skip } from '../support/requirements.ts';

/** Root's copies are where ordinary users can run them too. */
const cache =
  process.getuid?.() === 0
    ? '/var/cache/tsip-node'
    : join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tsip-node');

/** Has it been said already that the registry cannot be reached? Then nobody waits for it again. */
let unreachable: string | undefined;

/** What the registry does not have: npm's answer says so. It is different from one that does not answer. */
export function whyAbsent(name: string, answer: string): string | undefined {
  return /\b(E404|ETARGET)\b/.test(answer) ? `the registry has no ${name}` : undefined;
}

/** Path of a release of Node for a CPU, fetched once. Skips the test where there is none; CI promises all of them. */
export function nodeRelease(context: Context, version: string, cpu: string = process.arch): string {
  const folder = join(cache, `${version}-${cpu}`);
  const path = join(folder, 'bin/node');
  if (existsSync(path)) return path;
  const name = `node-linux-${cpu}@${version}`;
  const answer = unreachable === undefined ? fetchRelease(folder, name) : undefined;
  if (existsSync(path)) return path;
  const absent = whyAbsent(name, answer ?? '');
  if (absent !== undefined) return skip(context, absent);
  unreachable ??= `npm cannot fetch ${name}: ${answer?.trim().split('\n').at(0)}`;
  if (process.env.CI === 'true') throw new Error(`CI promises Node ${version}, but: ${unreachable}`);
  return skip(context, `no Node ${version}: ${unreachable}`);
}

/** Fetches a release, or returns what npm says. */
function fetchRelease(folder: string, name: string): string | undefined {
  mkdirSync(cache, { recursive: true, mode: 0o755 });
  const scratch = mkdtempSync(`${folder}.`);
  try {
    const words = ['pack', '--loglevel=error', '--prefer-offline', '--pack-destination', scratch, name];
    const packed = spawnSync('npm', words, { cwd: scratch, encoding: 'utf8', timeout: 150_000 });
    if (packed.status !== 0) return packed.stderr;
    const unpacked = spawnSync('tar', ['xf', packed.stdout.trim()], { cwd: scratch });
    if (unpacked.status !== 0) return `${name} cannot be unpacked`;
    spawnSync('chmod', ['-R', 'a+rX', scratch]);
    renameSync(join(scratch, 'package'), folder);
    return undefined;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
