/** Runs nsexec with plans, also broken ones, and builds it for tools that look for mistakes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { encodePlan, type Plan } from '../../src/kernel/plans/plan.ts';
import { repository } from '../support/requirements.ts';

export const nsexec = resolve(repository, 'native', process.arch, 'nsexec');

/** What nsexec is started with: `words` come before the environment. */
export interface Start {
  readonly argv: readonly string[];
  readonly words: readonly string[];
}

export interface Ends {
  /** Exit status of each start, or minus the signal that ended it. */
  readonly statuses: readonly number[];
  /** What all of them printed. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly program?: string;
  /** Words before the program's own, like those of valgrind. */
  readonly wrapper?: readonly string[];
  /** Where to run, as words before the runner: `unshare -r`. */
  readonly within?: readonly string[];
  readonly timeoutMs?: number;
}

/** Encodes a plan as strings of latin1. */
export function startOf(plan: Plan, title: readonly string[] = ['test']): Start {
  const { argv, words } = encodePlan(plan, title);
  const texts = (list: readonly Buffer[]) => list.map(word => word.toString('latin1'));
  return { argv: texts(argv), words: texts(words) };
}

/** Runs nsexec once for each start, one after the other. */
export function runStarts(starts: readonly Start[], options: RunOptions = {}): Ends {
  const { program = nsexec, wrapper = [], within = [], timeoutMs = 60_000 } = options;
  const [command, ...words] = [
    ...within,
    process.execPath,
    resolve(repository, 'test/native/plan-runner.mjs'),
  ];
  const input = starts.map(start =>
    wrapper.length === 0
      ? { path: program, ...start }
      : { path: wrapper[0], argv: [...wrapper, program, ...start.argv.slice(1)], words: start.words },
  );
  const { output, error, status } = spawnSync(command!, words, {
    input: JSON.stringify(input),
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    encoding: 'latin1',
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const [, stdout = '', stderr = '', statuses] = output ?? [];
  if (error || !statuses) throw new Error(`the plans have not been run: ${error ?? status} ${stderr}`);
  const ends = (JSON.parse(statuses) as number[]).map(end => ((end & 0x7f) === 0 ? end >> 8 : -(end & 0x7f)));
  return { statuses: ends, stdout: stdout ?? '', stderr: stderr ?? '' };
}

/** Builds nsexec with other flags; the reason why not, as a string, where that cannot be done. */
export function buildNsexec(flags: readonly string[]): { program: string; remove: () => void } | string {
  const folder = mkdtempSync(join(tmpdir(), 'tsip-nsexec-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const sources = readdirSync(join(repository, 'src/native/nsexec')).filter(name => name.endsWith('.c'));
  const program = join(folder, 'nsexec');
  const { status, stderr, error } = spawnSync(
    process.env.CC ?? 'cc',
    ['-std=gnu11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', ...flags, '-o', program, ...sources],
    { cwd: join(repository, 'src/native/nsexec'), encoding: 'utf8' },
  );
  if (status === 0) return { program, remove };
  remove();
  return error ? String(error) : stderr;
}
