/** Runs test files inside private namespaces, by a separate mocha: the library works in the process that uses it. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { repository, unshareFlags } from './requirements.ts';

/** The results of the tests of some files. */
export interface PrivateRun {
  readonly passed: readonly string[];
  /** Title and error of each. */
  readonly failed: readonly string[];
}

interface Report {
  readonly passes: readonly { readonly fullTitle: string }[];
  readonly failures: readonly {
    readonly fullTitle: string;
    readonly err: { readonly stack?: string; readonly message?: string };
  }[];
}

const NOBODY = 65534;
const TIMEOUT_MS = 600_000;

/** Where an ordinary user finds the repository, whose folder may be closed to that user. */
const VISIBLE = '/mnt/repository';

/**
 * Runs `files`, paths in the repository, as `user`: in private namespaces of this user, or, for `nobody`, which needs
 * root, in a user namespace of that user.
 */
export function runInside(files: readonly string[], user: 'self' | 'nobody'): PrivateRun {
  const mocha = [
    'node_modules/mocha/bin/mocha.js',
    ...['--reporter', 'json', '--retries', '0', '--timeout', '120000'],
    ...files,
  ];
  const script = 'mount -t tmpfs none /run && cd "$1" && shift && exec "$@"';
  const inside = (folder: string, flags: readonly string[]) => [
    ...['unshare', ...flags, '--kill-child', 'sh', '-c', script, 'sh'],
    ...[folder, process.execPath, ...mocha],
  ];
  const [command, ...words] =
    user === 'self'
      ? inside(repository, unshareFlags)
      : asNobody(inside(VISIBLE, ['-U', '-r', '-n', '-m', '-p', '-f', '--mount-proc']));
  const { stdout, stderr, status, error } = spawnSync(command!, words, {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 26,
    // Folders of root's PATH may be closed to others, who would get EACCES instead of ENOENT there.
    env: { ...process.env, HOME: '/tmp', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  // Tests may print; the report is the object at the end.
  const start = stdout.indexOf('{\n  "stats"');
  if (error || start < 0) throw new Error(`no report (${error ?? `status ${status}`}): ${stderr}\n${stdout}`);
  const { passes, failures } = JSON.parse(stdout.slice(start)) as Report;
  return {
    passed: passes.map(({ fullTitle }) => fullTitle),
    failed: failures.map(({ fullTitle, err }) => `${fullTitle}: ${err.stack ?? err.message}`),
  };
}

function asNobody(command: readonly string[]): string[] {
  const script = `mount -t tmpfs none /mnt && mkdir ${VISIBLE} && mount --bind "$1" ${VISIBLE} && shift && exec "$@"`;
  const id = String(NOBODY);
  const drop = ['setpriv', '--reuid', id, '--regid', id, '--clear-groups'];
  return ['unshare', '-m', 'sh', '-c', script, 'sh', resolve(repository), ...drop, ...command];
}
