/**
 * A private world in which a test runs command lines: separate network, mount and process namespaces, an empty /run, and
 * as `ip`, `nsenter` and `unshare` either the originals or ours. One bash inside lives as long as the sandbox and starts
 * each line, so that a line costs little more than its program.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { decodeText, encodeText } from '../../src/wire/text.ts';
import { originals, repository, unshareFlags } from './requirements.ts';

/** The programs that a sandbox finds under the names `ip`, `nsenter` and `unshare`. */
export interface Programs {
  readonly name: string;
  /** Made visible at /mnt/programs; the sandbox's user need not be able to reach it elsewhere. */
  readonly folder: string;
  /** Name in the sandbox -> path below `folder`. */
  readonly files: Readonly<Record<string, string>>;
  /** Whether every call of them is to be served by one `tsip run`. */
  readonly areServed?: boolean;
}

/** iproute2's and util-linux's own programs. */
export function originalPrograms(): Programs {
  const files = { ip: 'ip', bridge: 'bridge', nsenter: 'nsenter', unshare: 'unshare' };
  return { name: 'the original', folder: originals(), files };
}

/** TSIP_THROUGH: `run` has `tsip run` make all calls, `start` has a process make each; else what takes less time. */
const through = process.env.TSIP_THROUGH;

/** An engine takes as long to start and to end as this many programs. */
const LINES_WORTH_AN_ENGINE = 4;

/**
 * Our programs, both under their own names and in the originals' place. One `tsip run` makes the calls of a test that is
 * known to have many lines.
 */
export function ourPrograms(lines = 0): Programs {
  const launchers = `native/${process.arch}`;
  const own = {
    tsip: `${launchers}/tsip`,
    tsnsenter: `${launchers}/tsnsenter`,
    tsunshare: `${launchers}/tsunshare`,
  };
  const files = { ...own, ip: own.tsip, nsenter: own.tsnsenter, unshare: own.tsunshare };
  const areServed = through === 'run' || (through !== 'start' && lines >= LINES_WORTH_AN_ENGINE);
  return { name: 'tsip', folder: snapshot(), files, areServed };
}

/** Variable that names the copy of the programs which all processes of a parallel run share. */
const SHARED_PROGRAMS = 'TSIP_TEST_PROGRAMS';

/** Builds the repository, and has the processes that this one starts use one copy of the programs and build nothing. */
export function sharePrograms(): void {
  buildRepository();
  process.env[SHARED_PROGRAMS] = snapshot();
}

let programs: string | undefined = process.env[SHARED_PROGRAMS];

/** A copy of our programs, so that a build does not disturb the run; built again if dist/ is out of date. */
function snapshot(): string {
  if (programs !== undefined) return programs;
  const native = `native/${process.arch}`;
  if (!existsSync(join(repository, native, 'tsip')))
    throw new Error(`${native} is not built: run \`npm install\``);
  const folder = mkdtempSync(join(tmpdir(), 'tsip-programs-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const part of ['bin', 'completions', 'dist/bin', 'package.json', native])
    cpSync(join(repository, part), join(folder, part), { recursive: true, verbatimSymlinks: true });
  for (const place of packagesOf(''))
    cpSync(join(repository, place), join(folder, place), { recursive: true });
  if (isOutOfDate()) {
    const arguments_ = [join(repository, 'src/build.mjs'), join(folder, 'dist/bin')];
    const { status, stderr } = spawnSync(process.execPath, arguments_, { encoding: 'utf8' });
    if (status !== 0 && process.env.CI === 'true')
      throw new Error(`the programs cannot be built:\n${stderr}`);
    if (status !== 0)
      process.stderr.write(`WARNING: testing an old build, because the sources do not build:\n${stderr}\n`);
  }
  chmodSync(folder, 0o755);
  programs = folder;
  return folder;
}

/** Builds the programs and the library in the repository, unless they are newer than the sources, or shared. */
export function buildRepository(): void {
  if (process.env[SHARED_PROGRAMS] !== undefined || !isOutOfDate()) return;
  const { status, stderr } = spawnSync(process.execPath, [join(repository, 'src/build.mjs')], {
    cwd: repository,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the sources do not build:\n${stderr}`);
}

/** Folders of the packages that a package needs when it runs, and that these need, relative to the repository. */
function packagesOf(folder: string, found = new Set<string>()): ReadonlySet<string> {
  const manifest = readFileSync(join(repository, folder, 'package.json'), 'utf8');
  const { dependencies = {} } = JSON.parse(manifest) as { dependencies?: object };
  for (const name of Object.keys(dependencies)) {
    const inner = join(folder, 'node_modules', name);
    const place = existsSync(join(repository, inner)) ? inner : join('node_modules', name);
    if (found.has(place)) continue;
    found.add(place);
    packagesOf(place, found);
  }
  return found;
}

function isOutOfDate(): boolean {
  const written = (path: string) => statSync(join(repository, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(join(repository, 'src'), { recursive: true, encoding: 'utf8' });
  return written('dist/bin/core.cjs') < Math.max(...sources.map(path => written(`src/${path}`)));
}

export interface SandboxOptions {
  /** Files to write, by path relative to the working directory or below /etc (then /etc is a private copy). */
  files?: Readonly<Record<string, string | Buffer>>;
  /** Programs to copy to /mnt/bin: name -> file of this machine. */
  executables?: Readonly<Record<string, string>>;
  /** Kernel settings, by name as sysctl spells it: `net.ipv4.ip_forward`. */
  sysctl?: Readonly<Record<string, string>>;
  /**
   * Runs all of it on one processor. A mount namespace can only be kept in a file of an older one, and kernels since
   * 6.18 take for older what has the lower number, of which each processor has a separate store.
   */
  onOneCpu?: boolean;
}

/** A command line: words for `ip`, split as a shell would, or `$ ` and a line for bash; or the very arguments of `ip`. */
export type CommandLine = string | readonly string[];

export interface RunOptions {
  stdin?: string | Buffer;
  /** Variables besides those of the sandbox; `undefined` removes one. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Working directory, relative to that of the sandbox. */
  cwd?: string;
  /** Runs as `nobody`, without capabilities. Needs root. */
  user?: 'nobody';
  /** The line is killed after that time, and the result reports it. */
  timeoutMs?: number;
}

/** What a command line did. Text is decoded so that all bytes survive. */
export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code; 128 + N if signal N ended it. */
  readonly status: number;
  readonly timedOut: boolean;
}

const nobody = 65534;
const lineTimeoutMs = 60_000;

/** Calls of programs that are served by `tsip run`, of all sandboxes of this process that have been closed. */
export const servedCalls = { served: 0, startedByThemselves: 0 };

if (through === 'run')
  process.on('exit', () => {
    const { served, startedByThemselves } = servedCalls;
    if (served + startedByThemselves > 0)
      console.log(`tsip run has served ${served} calls, ${startedByThemselves} more were made by themselves`);
  });

export class Sandbox {
  #hasEngine = false;
  readonly #helper: ChildProcess;
  /** A folder of this run, outside of the sandbox but visible in it. */
  readonly folder: string;
  readonly #statuses: AsyncIterator<string>;
  #lines = 0;
  #complaints = '';

  private constructor(helper: ChildProcess, folder: string) {
    this.#helper = helper;
    this.folder = folder;
    this.#statuses = createInterface({ input: helper.stdio[3] as NodeJS.ReadableStream })[
      Symbol.asyncIterator
    ]();
    helper.stderr!.on('data', chunk => {
      this.#complaints += chunk;
    });
    // Its end is seen as the end of `statuses`; that a line written after it is lost is not a separate error.
    helper.stdin!.on('error', () => {});
    helper.on('error', error => {
      this.#complaints += error.message;
    });
  }

  /** Makes a sandbox. Close it when done: `using` is not there in all Nodes that we support. */
  static async open(programs: Programs, options: SandboxOptions = {}): Promise<Sandbox> {
    const folder = mkdtempSync(join(tmpdir(), 'tsip-test-'));
    const words = ['unshare', ...unshareFlags, '--kill-child', 'bash', '--norc', '--noprofile'];
    const [program = '', ...rest] = options.onOneCpu ? ['taskset', '-c', firstCpu(), ...words] : words;
    const helper = spawn(program, rest, {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
      env: {
        PATH: '/mnt/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        HOME: '/mnt/home',
        SHELL: '/bin/sh',
        USER: 'root',
        LC_ALL: 'C',
        TZ: 'UTC',
      },
    });
    const sandbox = new Sandbox(helper, folder);
    try {
      await sandbox.shell(setUp(folder, sandbox.#prepareFiles(programs, options)));
      if (programs.areServed) await sandbox.#startEngine();
      for (const [name, value] of Object.entries(options.sysctl ?? {}))
        await sandbox.shell(`printf %s ${quote(value)} >${quote(`/proc/sys/${name.replaceAll('.', '/')}`)}`);
    } catch (error) {
      await sandbox.close();
      throw error;
    }
    return sandbox;
  }

  /** Runs one command line to its end, and then, in the shell of the sandbox itself, `afterwards`. */
  async run(line: CommandLine, options: RunOptions = {}, afterwards = 'true'): Promise<Result> {
    return this.#finish(this.#script(line, options), options.timeoutMs, afterwards);
  }

  /** Runs shell text in a child of the bash of the sandbox itself, which knows its functions. */
  async query(script: string, timeoutMs?: number): Promise<Result> {
    return this.#finish(this.#redirected(script), timeoutMs, 'true');
  }

  async #finish(
    { script, out, err }: Redirected,
    timeoutMs = lineTimeoutMs,
    afterwards: string,
  ): Promise<Result> {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      this.#killLine();
    }, timeoutMs);
    try {
      const status = await this.#status(`${script}; status=$?; ${afterwards}; echo "$status" >&3`);
      return { stdout: readText(out), stderr: readText(err), status, timedOut };
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Starts a command line that runs while the following ones do; {@link stop} ends it. The working directory
   * gets a file `NAME.pid` with its process id.
   */
  async start(name: string, line: CommandLine, options: RunOptions = {}): Promise<void> {
    const { script, out, err } = this.#script(line, options);
    // With job control the process does not inherit an ignored SIGINT, which it could not undo.
    await this.shell(
      `set -m; ${script} & set +m; started_${name}=$!; echo "$!" >/mnt/work/${name}.pid; ` +
        `output_${name}=${quote(out)} errors_${name}=${quote(err)}`,
    );
  }

  /** Sends `signal` (none with '') to a line of {@link start}, waits for its end and returns its result. */
  async stop(name: string, signal = 'INT', timeoutMs = lineTimeoutMs): Promise<Result> {
    const send = signal ? `kill -${signal} "$started_${name}" 2>/dev/null; ` : '';
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      this.#killLine();
    }, timeoutMs);
    try {
      const status = await this.#status(`${send}wait "$started_${name}"; echo "$?" >&3`);
      const [out, err] = await this.#paths(name);
      return { stdout: readText(out), stderr: readText(err), status, timedOut };
    } finally {
      clearTimeout(timer);
    }
  }

  /** What a line of {@link start} has written to its standard output so far. */
  async output(name: string): Promise<string> {
    const [out] = await this.#paths(name);
    return readText(out);
  }

  /** Runs shell text in the bash of the sandbox itself, where variables and functions last; throws if it fails. */
  async shell(script: string): Promise<void> {
    const status = await this.#status(`{ ${script}\n}; echo "$?" >&3`);
    if (status !== 0) throw new Error(`the sandbox refused: ${this.#complaints.trim() || script}`);
  }

  /** Ends every process of the sandbox, and with them its namespaces. */
  async close(): Promise<void> {
    const ended = new Promise(done => this.#helper.once('close', done));
    if (this.#hasEngine) await this.#endEngine();
    const isRunning =
      this.#helper.pid !== undefined && this.#helper.exitCode === null && this.#helper.signalCode === null;
    // unshare --kill-child: its child, the first process of the namespace, dies with it, and so do all others.
    if (isRunning) this.#helper.kill('SIGKILL');
    if (isRunning) await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Has one `tsip run` serve all calls from now on, in the background. */
  async #startEngine(): Promise<void> {
    await this.shell(startEngine);
    this.#hasEngine = true;
  }

  /** Ends it, and counts what it has served. A sandbox whose helper has ended says nothing. */
  async #endEngine(): Promise<void> {
    this.#hasEngine = false;
    const file = join(this.folder, 'summary');
    try {
      await this.shell(`${endEngine} && cp /mnt/engine/summary ${quote(file)}`);
    } catch {
      return;
    }
    const { calls, made_by_themselves } = JSON.parse(readFileSync(file, 'utf8')) as EngineSummary;
    servedCalls.served += calls - made_by_themselves;
    servedCalls.startedByThemselves += made_by_themselves;
  }

  #script(line: CommandLine, options: RunOptions): Redirected {
    const steps = [];
    if (options.cwd !== undefined) steps.push(`cd ${quote(options.cwd)}`);
    for (const [name, value] of Object.entries(options.env ?? {}))
      steps.push(value === undefined ? `unset ${name}` : `export ${name}=${quote(value)}`);
    const user = options.user
      ? `setpriv --reuid ${nobody} --regid ${nobody} --clear-groups --inh-caps=-all `
      : '';
    steps.push(`exec ${user}${argumentsOf(line).map(quote).join(' ')}`);
    return this.#redirected(steps.join(' && '), options.stdin);
  }

  #redirected(script: string, stdin?: string | Buffer): Redirected {
    const at = join(this.folder, String(this.#lines++));
    const [out, err] = [`${at}.out`, `${at}.err`];
    const input = stdin === undefined ? '/dev/null' : `${at}.in`;
    if (stdin !== undefined) writeFileSync(input, typeof stdin === 'string' ? encodeText(stdin) : stdin);
    return { script: `(exec 3>&- && ${script}) <${quote(input)} >${quote(out)} 2>${quote(err)}`, out, err };
  }

  async #paths(name: string): Promise<[string, string]> {
    const file = join(this.folder, 'paths');
    await this.shell(`printf '%s\\n' "$output_${name}" "$errors_${name}" >${quote(file)}`);
    const [out, err] = readFileSync(file, 'utf8').split('\n');
    return [out!, err!];
  }

  /**
   * Writes what {@link setUp} copies and mounts, so that it need not start a program for each file. Returns the files for
   * /etc, as paths in the folder `others`.
   */
  #prepareFiles(programs: Programs, { files = {}, executables = {} }: SandboxOptions): string[] {
    const at = (path: string) => join(this.folder, path);
    for (const folder of ['mnt/bin', 'mnt/home', 'mnt/work', 'mnt/sys'])
      mkdirSync(at(folder), { recursive: true });
    chmodSync(at('mnt/work'), 0o1777);
    const isNodeOpen = isOpenToAll(process.execPath);
    symlinkSync(isNodeOpen ? process.execPath : '/mnt/node/bin/node', at('mnt/bin/node'));
    for (const [name, path] of Object.entries(programs.files))
      symlinkSync(`/mnt/programs/${path}`, at(`mnt/bin/${name}`));
    for (const [name, path] of Object.entries(executables)) {
      cpSync(path, at(`mnt/bin/${name}`));
      chmodSync(at(`mnt/bin/${name}`), 0o755);
    }
    const others: string[] = [];
    for (const [path, content] of Object.entries(files)) {
      const target = resolve('/mnt/work', path);
      const isOther = !target.startsWith('/mnt/');
      if (isOther) others.push(`.${target}`);
      const file = at(isOther ? `others${target}` : target);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === 'string' ? encodeText(content) : content, { mode: 0o644 });
    }
    const node = dirname(dirname(process.execPath));
    const mounts = [
      'sandbox /run tmpfs mode=755',
      'sandbox /mnt tmpfs mode=755',
      'sandbox /sys sysfs defaults',
      `${fstabWord(programs.folder)} /mnt/programs none bind,X-mount.mkdir`,
      ...(isNodeOpen ? [] : [`${fstabWord(node)} /mnt/node none bind,X-mount.mkdir`]),
    ];
    writeFileSync(at('fstab'), mounts.map(line => `${line} 0 0\n`).join(''));
    return others;
  }

  async #status(script: string): Promise<number> {
    this.#helper.stdin!.write(`${script}\n`);
    const { value, done } = await this.#statuses.next();
    if (done) throw new Error(`the sandbox ended: ${this.#complaints.trim()}`);
    return Number(value);
  }

  /** Kills what the helper has started, and leaves the helper alive to report it. */
  #killLine(): void {
    const parents = new Map<number, number>();
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const parent = parentOf(Number(name));
      if (parent !== undefined) parents.set(Number(name), parent);
    }
    const helper = [...parents].find(([, parent]) => parent === this.#helper.pid)?.[0];
    for (const pid of parents.keys()) {
      let at: number | undefined = parents.get(pid);
      while (at !== undefined && at !== helper) at = parents.get(at);
      if (at === helper && helper !== undefined) killQuietly(pid);
    }
  }
}

/** Shell text that runs a line, and the files that get its output. */
interface Redirected {
  readonly script: string;
  readonly out: string;
  readonly err: string;
}

interface EngineSummary {
  readonly calls: number;
  readonly made_by_themselves: number;
}

/** The command of `tsip run` gives its variable away and waits for the end. It runs outside of the shell's jobs. */
const startEngine = `
mkdir /mnt/engine && mkfifo /mnt/engine/place /mnt/engine/end /mnt/engine/ended
exec {engine_place}<>/mnt/engine/place {engine_end}<>/mnt/engine/end {engine_ended}<>/mnt/engine/ended
( setsid sh -c '
    tsip -json run --summary-to /mnt/engine/summary sh -c "echo \\$TSIP_RUN >/mnt/engine/place; read end </mnt/engine/end"
    echo ended >/mnt/engine/ended' </dev/null >/mnt/engine/output 2>&1 3>&- & )
read -t 30 -r -u "$engine_place" TSIP_RUN
for fd in $engine_place $engine_end $engine_ended; do eval "exec $fd>&-"; done
export TSIP_RUN`;

const endEngine = `
exec {engine_ended}<>/mnt/engine/ended {engine_end}<>/mnt/engine/end
echo >&"$engine_end"
read -t 30 -u "$engine_ended" ended`;

/** The words of `line` as the program is to get them, program first. */
export function argumentsOf(line: CommandLine): string[] {
  if (typeof line !== 'string') return ['ip', ...line];
  return line.startsWith('$ ') ? ['bash', '-c', line.slice(2)] : ['ip', ...words(line)];
}

/** Splits a line into words as a shell does: blanks, '...', "..." and backslash; nothing is expanded. */
export function words(line: string): string[] {
  const found: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const c = line[at]!;
    if (c === ' ' || c === '\t' || c === '\n') {
      if (word !== undefined) found.push(word);
      word = undefined;
    } else if (c === "'" || c === '"') {
      const end = line.indexOf(c, at + 1);
      if (end < 0) throw new Error(`no closing ${c} in: ${line}`);
      word = (word ?? '') + line.slice(at + 1, end);
      at = end;
    } else {
      if (c === '\\') at++;
      word = (word ?? '') + (line[at] ?? '');
    }
  }
  if (word !== undefined) found.push(word);
  return found;
}

/** `text` as one word of bash, whatever its bytes. */
export function quote(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  if (/^[\x20-\x7e]*$/.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const bytes = [...encodeText(text)].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`);
  return `$'${bytes.join('')}'`;
}

/** Shell text that makes the empty world: /run, the working directory, the programs, and a quiet IPv6. */
function setUp(folder: string, others: readonly string[]): string {
  return [
    'set -e',
    // What the test run itself was started with must not reach the programs.
    'for fd in /proc/$$/fd/*; do fd=${fd##*/}; case $fd in [0-3] | 255) ;; *) eval "exec $fd>&-" ;; esac; done',
    'umask 022',
    'ulimit -Sn 1024',
    `mount -a -T ${quote(`${folder}/fstab`)}`,
    `cp -dR --preserve=mode,links ${quote(`${folder}/mnt/.`)} /mnt`,
    'cd /mnt/work',
    // Without duplicate address detection a link-local address is final as soon as it is there.
    'for conf in all default; do echo 0 >/proc/sys/net/ipv6/conf/$conf/accept_dad; done',
    'own_etc() { [ -d /mnt/etc ] || { mkdir /mnt/etc && { cp -dR --preserve=mode,links /etc/. /mnt/etc 2>/dev/null || true; } && mount --bind /mnt/etc /etc; }; }',
    // In their order, in which a folder of this file system lists them.
    ...(others.length === 0
      ? []
      : [`own_etc; (cd ${quote(`${folder}/others`)} && cp --parents ${others.map(quote).join(' ')} /)`]),
    'set +e',
  ].join('\n');
}

function fstabWord(path: string): string {
  return path.replace(/[\\ \t\n#]/g, letter => `\\${letter.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

function isOpenToAll(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === '/') return true;
  }
}

function readText(path: string): string {
  try {
    accessSync(path, constants.R_OK);
  } catch {
    return '';
  }
  return decodeText(readFileSync(path));
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined; // has ended
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // has ended
  }
}

/** The lowest processor that this process may run on. */
function firstCpu(): string {
  const allowed = /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'latin1'));
  return allowed?.[1] ?? '0';
}
