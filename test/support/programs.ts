/**
 * Differential tests of nsenter and unshare: the same lines of bash with the originals and with ours, each in a
 * separate sandbox. What they print, how they end, and what the programs that they start see must be equal.
 */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { difference } from './difference.ts';
import { needs, type Requirement, repository } from './requirements.ts';
import {
  originalPrograms,
  ourPrograms,
  type Programs,
  type Result,
  type RunOptions,
  Sandbox,
} from './sandbox.ts';

export interface ProgramLine {
  readonly bash: string;
  readonly options: RunOptions;
}

/** A line with options: {@link RunOptions}. */
export function as(bash: string, options: RunOptions): ProgramLine {
  return { bash, options };
}

export interface ProgramTestOptions {
  /** Bash that prepares the sandbox. `target NAME COMMAND...` starts a process whose pid is then in `$NAME`. */
  readonly setUp?: string;
  /** Files to write first; see {@link SandboxOptions}. */
  readonly files?: Readonly<Record<string, string>>;
  /** See {@link SandboxOptions}. */
  readonly onOneCpu?: boolean;
  readonly requirements?: readonly Requirement[];
  readonly timeoutMs?: number;
}

/** Before a command line: runs it as a job on a terminal, stops, continues and interrupts it; see terminal.py. */
export const terminal = '/mnt/bin/terminal';

/**
 * A bash script for such a job. It is ready when bash has expanded all words: a signal in the middle of that makes bash
 * fail to parse the trap.
 */
export const job =
  "exec 9<> <(:); trap 'echo continued' CONT; echo ready; while :; do read -t 0.05 -u 9; done";

/** Bash functions of the sandbox. A target is ready when it has become the program that it was started for. */
const prologue = `
target() {
  local name=$1 turn; shift
  "$@" sleep 1000000 </dev/null >/dev/null 2>&1 3>&- &
  export "$name=$!" targets="$targets $name"
  for ((turn = 0; turn < 1000; turn++)); do
    [[ $(</proc/\${!name}/comm) == sleep ]] && return
    read -t 0.005 -u "$pause"
  done 2>/dev/null
  echo "target $name has not started" >&2
  exit 1
}
exec {pause}<> <(:)
`;

const executables = {
  view: resolve(repository, 'test/support/view.sh'),
  terminal: resolve(repository, 'test/support/terminal.py'),
};

/** Declares a test that all `lines` do the same with the originals and with ours. */
export function samePrograms(
  title: string,
  lines: readonly (string | ProgramLine)[],
  options: ProgramTestOptions = {},
): void {
  it(title, async function () {
    needs(this, 'namespaces', 'oracle', ...(options.requirements ?? []));
    this.timeout(options.timeoutMs ?? 120_000);
    const [theirs, ours] = await Promise.all([
      runAll(originalPrograms(), lines, options),
      runAll(ourPrograms(lines.length), lines, options),
    ]);
    const differing = theirs.flatMap((text, index) =>
      text === ours[index] ? [] : [`$ ${bashOf(lines[index]!)}\n${difference(text, ours[index]!)}`],
    );
    assert.equal(differing.join('\n\n'), '', `differs from the original in ${differing.length} lines`);
  });
}

/** Declares a test of what our programs alone do in each line. */
export function linesOfOurs(
  title: string,
  lines: readonly (string | ProgramLine)[],
  check: (result: Result, index: number) => void,
  options: ProgramTestOptions = {},
): void {
  it(title, async function () {
    needs(this, 'namespaces', ...(options.requirements ?? []));
    this.timeout(options.timeoutMs ?? 120_000);
    await inSandbox(ourPrograms(), options, async sandbox => {
      for (const [index, line] of lines.entries()) check(await runLine(sandbox, line), index);
    });
  });
}

async function runAll(
  programs: Programs,
  lines: readonly (string | ProgramLine)[],
  options: ProgramTestOptions,
): Promise<string[]> {
  return inSandbox(programs, options, async sandbox => {
    const names = await knownNamespaces(sandbox);
    const texts: string[] = [];
    for (const line of lines) {
      const result = await runLine(sandbox, line);
      texts.push(nameNamespaces(withoutNumbers(describe(result)), names));
    }
    return texts;
  });
}

async function inSandbox<T>(
  programs: Programs,
  { setUp = '', files = {}, onOneCpu = false }: ProgramTestOptions,
  work: (sandbox: Sandbox) => Promise<T>,
): Promise<T> {
  const sandbox = await Sandbox.open(programs, { files, executables, onOneCpu });
  try {
    await sandbox.shell(prologue + setUp);
    return await work(sandbox);
  } finally {
    await sandbox.close();
  }
}

function runLine(sandbox: Sandbox, line: string | ProgramLine): Promise<Result> {
  return sandbox.run(`$ ${bashOf(line)}`, typeof line === 'string' ? {} : line.options);
}

/** Names for the namespaces of the sandbox and of its targets: `A.net`. */
async function knownNamespaces(sandbox: Sandbox): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await sandbox.run(
    '$ for name in own $targets; do [[ $name == own ]] && pid=self || pid=${!name}; ' +
      'for link in /proc/$pid/ns/*; do echo "$(readlink $link) $name"; done; done',
  );
  const names = new Map<string, string>();
  for (const line of stdout.split('\n')) {
    const [link = '', name = ''] = line.split(' ');
    if (!names.has(link)) names.set(link, `${name}.${link.split(':')[0]}`);
  }
  return names;
}

/** Other namespaces are new, and numbered again in each text: the kernel may give a number again. */
function nameNamespaces(text: string, names: ReadonlyMap<string, string>): string {
  const fresh = new Map<string, string>();
  return text.replace(/\b[a-z]+:\[\d+\]/g, link => {
    const known = names.get(link) ?? fresh.get(link);
    if (known !== undefined) return known;
    const name = `new ${link.split(':')[0]} ${fresh.size + 1}`;
    fresh.set(link, name);
    return name;
  });
}

function bashOf(line: string | ProgramLine): string {
  return typeof line === 'string' ? line : line.bash;
}

function describe({ stdout, stderr, status, timedOut }: Result): string {
  return `${stdout}--- stderr\n${stderr}--- ${timedOut ? 'timed out' : `status ${status}`}\n`;
}

/**
 * Process numbers, peer groups of mounts and the numbers of pipes differ between any two runs; one variable is that of
 * `tsip run`.
 */
function withoutNumbers(text: string): string {
  return text
    .replace(/^TSIP_RUN=.*\n/gm, '')
    .replace(/\/proc\/\d+(?=\/)/g, '/proc/PID')
    .replace(/\b(PID|pidfd_open\(\) for) \d+/g, '$1 PID')
    .replace(/\b(namespace of id) \d{2,8}(?=:)/g, '$1 N')
    .replace(/\b(shared|master|propagate_from):\d+/g, '$1:N')
    .replace(/\b(pipe|socket):\[\d+\]/g, '$1:[N]')
    .replace(/tsip-test-\w+\/\d+/g, 'FILE');
}
