/**
 * `ip -batch`: commands read line by line from a file or standard input. A pipe is read as it comes, so that a
 * driver may write a line, read the answer and write the next.
 */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { errnoOf, strerror } from '../../kernel/system/errors.ts';
import { STDIN } from '../../linux/descriptors.ts';
import { EXIT_FAILURE, EXIT_USAGE, incompleteCommand, isPrefixOf, UsageError } from '../../schema/args.ts';
import { decodeText } from '../../wire/text.ts';
import type { Context } from '../frame/context.ts';
import { isNamespaceOption } from '../frame/options.ts';
import { Progress } from '../frame/progress.ts';
import { hintsEnabled } from '../hints/enabled.ts';
import { findObject } from '../objects.ts';
import { ChangeWindow } from './change-window.ts';
import { LineNamespaces } from './line-namespaces.ts';
import { type BatchLine, batchLines } from './lines.ts';
import { type BatchPlace, indexOfWrongWord, type LineSource, placeOfWord } from './place.ts';

const CHUNK = 65536;
const NEWLINE = 10;

/** Runs one command after `enter` has gone where it is to run; answers its exit code. */
type Run = (words: readonly string[], enter?: () => void) => number | Promise<number>;

/** Runs every line of the file `path` (`-` is standard input); answers the exit code. */
export async function runBatch(path: string, context: Context, run: Run): Promise<number> {
  const descriptor = path === '-' ? STDIN : openBatch(path);
  const batch = new Batch(path, context, run);
  try {
    return await batch.runLines(descriptor);
  } finally {
    batch.end();
    if (descriptor !== STDIN) closeSync(descriptor);
  }
}

class Batch {
  readonly #path: string;
  readonly #context: Context;
  readonly #run: Run;
  readonly #window: ChangeWindow | undefined;
  readonly #namespaces: LineNamespaces | undefined;
  readonly #progress: Progress | undefined;
  /** What the command that is run stands in. */
  readonly #source: LineSource = { pieces: [] };
  readonly #line: BatchPlace;
  #errors = 0;

  constructor(path: string, context: Context, run: Run) {
    const { force, echo, lineNamespaces, trace, dryRun } = context.options;
    this.#progress = Progress.begin(context.streams);
    this.#path = path;
    const source = this.#source;
    this.#line = {
      file: path,
      words: [],
      placeOf(complaint) {
        return placeOfWord(source, indexOfWrongWord(this.words, complaint));
      },
    };
    this.#context = context;
    this.#run = run;
    // What is traced, or reported in documents, is reported one by one. So are hints: they are about what is there when a
    // command has failed.
    const isGathered = !echo && !trace && !dryRun && context.strict === undefined;
    if (force && isGathered && !hintsEnabled(false, context.streams)) this.#window = this.#openWindow();
    context.state.batchLine = this.#line;
    if (context.strict !== undefined) context.strict.placeOf = text => this.#line.placeOf(text);
    if (lineNamespaces) this.#namespaces = new LineNamespaces(context, () => this.#window?.flushSync());
  }

  #openWindow(): ChangeWindow {
    const context = this.#context;
    return new ChangeWindow(
      () => context.blockingSession(),
      text => context.complainNow(text),
      line => {
        context.complainNow(this.#failureText(line));
        this.#errors++;
      },
    );
  }

  async runLines(descriptor: number): Promise<number> {
    const { state, options } = this.#context;
    const { family, force } = options;
    for (const line of batchLines(
      textOf(descriptor, () => this.#pause()),
      text => this.#context.complain(text),
      this.#source,
    )) {
      state.family = family;
      const ran = this.#runLine(line);
      const code = typeof ran === 'number' ? ran : await ran;
      if (code === EXIT_USAGE) return EXIT_USAGE;
      if (code !== 0) this.#fail(line.number);
      this.#progress?.show(line.number, this.#errors);
      if (code !== 0 && !force) break;
    }
    await this.#window?.flush();
    return this.#errors === 0 ? 0 : EXIT_FAILURE;
  }

  /** Makes and reports everything; called once. */
  end(): void {
    const context = this.#context;
    context.state.window = undefined;
    this.#progress?.end();
    this.#window?.flushSync();
    this.#namespaces?.close();
  }

  #fail(line: number): void {
    const context = this.#context;
    if (context.strict === undefined) context.complain(this.#failureText(line));
    this.#errors++;
  }

  #failureText(line: number): string {
    return `Command failed ${this.#path}:${line}`;
  }

  /** Before a wait for lines, which may be a long one. */
  #pause(): void {
    this.#window?.flushSync();
    this.#namespaces?.release();
  }

  #runLine({ words, number }: BatchLine): number | Promise<number> {
    const context = this.#context;
    if (context.strict !== undefined) context.strict.line = number;
    this.#line.words = words;
    if (this.#window === undefined && this.#namespaces === undefined) return this.#run(words);
    const { name, command } = this.#namespaces === undefined ? { command: words } : splitNamespace(words);
    const enter = this.#namespaces && (() => this.#enter(name, command));
    this.#window?.beginLine(number);
    if (this.#window === undefined || !mayWait(command)) return this.#runAlone(command, enter);
    context.state.window = this.#window;
    return this.#run(command, enter);
  }

  /** Runs a command that may depend on all that comes before it. */
  async #runAlone(command: readonly string[], enter: (() => void) | undefined): Promise<number> {
    const context = this.#context;
    await this.#window?.flush();
    context.state.window = undefined;
    const code = await this.#run(command, enter);
    if (mayDeleteNamespaces(command)) this.#namespaces?.release();
    return code;
  }

  #enter(name: string | undefined, command: readonly string[]): void {
    if (mayDeleteNamespaces(command)) this.#namespaces?.release();
    this.#namespaces?.enter(name);
    if (command.length === 0) throw incompleteCommand();
  }
}

/** Takes `-n NAME` off the front of a line. */
function splitNamespace(words: readonly string[]): { name?: string; command: readonly string[] } {
  const [option = '', name = '(null)'] = words;
  return isNamespaceOption(option) ? { name, command: words.slice(2) } : { command: words };
}

/** Objects whose changes are one request each, whose refusal does not end the batch. */
const LONE_OBJECTS: ReadonlySet<string> = new Set(['link', 'address', 'route', 'rule', 'nexthop']);
const LONE_CHANGES: ReadonlySet<string> = new Set([
  'add',
  'change',
  'replace',
  'append',
  'prepend',
  'del',
  'delete',
]);

/**
 * True for lines whose effect may wait: their words show that they run no programs, and the only state they read is
 * that of devices. Changes of links are what that depends on; the window knows.
 */
function mayWait([object = '', command = '']: readonly string[]): boolean {
  if (!LONE_CHANGES.has(command) && command !== 'set') return false;
  return LONE_OBJECTS.has(findObject(object)?.name ?? '');
}

/** Whether a command may take its name from a namespace, or run a program that does. */
function mayDeleteNamespaces([object = '', command = '']: readonly string[]): boolean {
  const name = findObject(object)?.name;
  if (name === 'netns') return command !== '' && !isPrefixOf(command, 'add') && !isPrefixOf(command, 'list');
  return name === 'vrf' && isPrefixOf(command, 'exec');
}

/** Opens a batch; throws the original's complaint. */
export function openBatch(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new UsageError(`Cannot open file "${path}" for reading: ${strerror(errnoOf(error))}`);
  }
}

/** Whole lines of a descriptor, as soon as they have arrived. `pause` comes before a wait for more. */
export function* textOf(descriptor: number, pause: () => void): Generator<string, void> {
  let pending: Buffer = Buffer.alloc(0);
  const chunk = Buffer.allocUnsafe(CHUNK);
  const isFile = fstatSync(descriptor).isFile();
  while (true) {
    if (!isFile) pause();
    const length = readSome(descriptor, chunk);
    if (length === 0) break;
    pending = Buffer.concat([pending, chunk.subarray(0, length)]);
    const whole = pending.lastIndexOf(NEWLINE) + 1;
    yield decodeText(pending, 0, whole);
    pending = pending.subarray(whole);
  }
  yield decodeText(pending);
}

/** Reads what there is, and waits for it; 0 at the end. A failure is an end as well, as in the original. */
function readSome(descriptor: number, chunk: Buffer): number {
  while (true) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN' && code !== 'EINTR') return 0;
      Atomics.wait(PAUSE, 0, 0, 1);
    }
  }
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));
