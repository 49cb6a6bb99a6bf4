/**
 * What a test needs from the machine. A test that lacks it is skipped with the reason; with CI=true, which promises
 * a complete machine, it fails instead.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Context, Suite, Test } from 'mocha';
import { whyNoGuest } from './guest/guest.ts';
import { noteSkipReason } from './skip-reason.ts';

/** Folder of the repository. */
export const repository = resolve(import.meta.dirname, '../..');

/** Flags that give this user a private set of namespaces: root directly, others in a user namespace. */
export const unshareFlags =
  process.getuid?.() === 0
    ? ['-n', '-m', '-u', '-i', '-p', '-f', '--mount-proc']
    : ['-U', '-r', '-n', '-m', '-u', '-i', '-p', '-f', '--mount-proc'];

/** Everything that a test may need, each with the reason why it is missing (`undefined`: it is present). */
const checks = {
  namespaces: () => failureOf('unshare', [...unshareFlags, 'mount', '-t', 'tmpfs', 'none', '/run']),
  root: () => (process.getuid?.() === 0 ? undefined : 'not root'),
  oracle: () => {
    const offline = process.env.CI === 'true' ? [] : ['--offline'];
    const found = spawnSync(resolve(repository, 'test/oracle.sh'), offline, { encoding: 'utf8' });
    if (found.status !== 0) return found.stderr.trim().split('\n').at(-1) ?? 'oracle.sh failed';
    oracleFolder = found.stdout.trim();
    return undefined;
  },
  compiler: () => failureOf('cc', ['--version']),
  guest: () => whyNoGuest(),
  strace: () => failureOf('strace', ['-f', '-e', 'trace=sendmsg', 'true']),
  tcpdump: () => failureOf('tcpdump', ['--version']),
  ping: () => failureOf('ping', ['-V']),
  valgrind: () => failureOf('valgrind', ['--version']),
  'rsvg-convert': () => failureOf('rsvg-convert', ['--version']),
  chromium: () => failureOf('chromium', ['--version']),
  bash: () => failureOf('bash', ['--version']),
  zsh: () => failureOf('zsh', ['--version']),
  fish: () => failureOf('fish', ['--version']),
  newuidmap: () => failureOf('sh', ['-c', 'type newuidmap newgidmap >/dev/null']),
  // Ordinary users are to read it: a folder of `mktemp -d` is closed to them.
  'open repository': () =>
    failureOf('setpriv', [
      '--reuid',
      '65534',
      '--regid',
      '65534',
      '--clear-groups',
      'test',
      '-r',
      resolve(repository, 'package.json'),
    ]) === undefined
      ? undefined
      : 'it is closed to others',
  mandoc: () => (spawnSync('mandoc', ['-W', 'error'], { input: '' }).error ? 'no mandoc' : undefined),
} satisfies Record<string, () => string | undefined>;

export type Requirement = keyof typeof checks;

const answers = new Map<Requirement, string | undefined>();
let oracleFolder: string | undefined;

/** Why `requirement` is not met here; `undefined` if it is. Checked once per run. */
export function whyMissing(requirement: Requirement): string | undefined {
  if (!answers.has(requirement)) answers.set(requirement, checks[requirement]());
  return answers.get(requirement);
}

/** Folder of the originals `ip`, `bridge`, `nsenter` and `unshare`. Throws if there are none. */
export function originals(): string {
  const missing = whyMissing('oracle');
  if (missing !== undefined || oracleFolder === undefined) throw new Error(`no originals: ${missing}`);
  return oracleFolder;
}

/** Skips the running test (or, from a `before` hook, its suite) unless all `requirements` are met. */
export function needs(context: Context, ...requirements: Requirement[]): void {
  for (const requirement of requirements) {
    const reason = whyMissing(requirement);
    if (reason === undefined) continue;
    if (process.env.CI === 'true') throw new Error(`CI promises ${requirement}, but: ${reason}`);
    skip(context, `no ${requirement}: ${reason}`);
  }
}

/** Of tests that run in a guest (guest/guest.ts): only with TSIP_GUEST=1, since one takes minutes. */
export function needsGuest(context: Context): void {
  if (process.env.TSIP_GUEST !== '1') skip(context, 'a guest takes minutes: only with TSIP_GUEST=1');
  needs(context, 'compiler', 'guest');
}

/** Skips the running test (or, from a `before` hook, its suite); the end of the run counts `reason`. */
export function skip(context: Context, reason: string): never {
  const running = context.runnable();
  const isWholeSuite = running.title.startsWith('"before all" hook');
  const skipped: Test | Suite | undefined = isWholeSuite
    ? running.parent
    : (context.currentTest ?? (context.test as Test | undefined));
  if (skipped) noteSkipReason(skipped, reason);
  return context.skip();
}

function failureOf(command: string, args: string[]): string | undefined {
  const result = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  if (result.error) return `cannot run ${command}`;
  return result.status === 0 ? undefined : result.stderr.trim() || `${command} fails with ${result.status}`;
}
