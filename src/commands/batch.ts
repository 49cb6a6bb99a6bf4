/**
 * `ip -batch`: commands read line by line from a file or standard input. A pipe is read as it comes, so that a
 * driver may write a line, read the answer and write the next.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { errnoOf, strerror } from '../kernel/errors.ts';
import { EXIT_FAILURE, EXIT_USAGE, UsageError } from '../schema/args.ts';
import { decodeText } from '../wire/text.ts';
import { ChangeWindow } from './change-window.ts';
import type { Context } from './context.ts';
import { findObject } from './objects.ts';

const STDIN = 0;
const CHUNK = 65536;
const MAX_WORDS = 511;
const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;

/** One command of a batch. */
export interface BatchLine {
  readonly words: readonly string[];
  /** Number of the last physical line that belongs to it, from 1. */
  readonly number: number;
}

/** Runs every line of the file `path` (`-` is standard input); answers the exit code. */
export async function runBatch(
  path: string,
  context: Context,
  run: (words: readonly string[]) => number | Promise<number>,
): Promise<number> {
  const { family, force } = context.options;
  const descriptor = path === '-' ? STDIN : openBatch(path);
  let exitCode = 0;
  const fail = (line: number) => {
    if (context.strict === undefined) context.complain(`Command failed ${path}:${line}`);
    exitCode = EXIT_FAILURE;
  };
  // What is observed, or told in documents, is told one by one.
  const mayGather = force && context.observation === undefined && context.strict === undefined;
  const window = mayGather
    ? new ChangeWindow(
        () => context.session,
        text => context.complainNow(text),
        fail,
      )
    : undefined;
  try {
    for (const { words, number } of batchLines(physicalLines(descriptor))) {
      context.options.family = family;
      const mayWait = window !== undefined && isLoneChange(words);
      if (!mayWait) await window?.settle();
      window?.beginLine(number);
      if (context.strict !== undefined) context.strict.line = number;
      context.window = mayWait ? window : undefined;
      const ran = run(words);
      const code = typeof ran === 'number' ? ran : await ran;
      if (code === EXIT_USAGE) return EXIT_USAGE;
      if (code === 0) continue;
      fail(number);
      if (!force) break;
    }
  } finally {
    context.window = undefined;
    await window?.settle();
    if (context.strict !== undefined) context.strict.line = undefined;
    if (descriptor !== STDIN) closeSync(descriptor);
  }
  return exitCode;
}

/** Objects whose changes are one request each and change nothing that reading another such line depends on. */
const LONE_OBJECTS: ReadonlySet<string> = new Set(['address', 'route', 'rule', 'neighbor', 'neighbour']);
const LONE_CHANGES: ReadonlySet<string> = new Set([
  'add',
  'change',
  'replace',
  'append',
  'prepend',
  'del',
  'delete',
]);

/** True for lines whose effect may wait: their words tell that they neither read state nor run programs. */
function isLoneChange([object = '', command = '']: readonly string[]): boolean {
  return LONE_CHANGES.has(command) && LONE_OBJECTS.has(findObject(object)?.name ?? '');
}

function openBatch(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new UsageError(`Cannot open file "${path}" for reading: ${strerror(errnoOf(error))}`);
  }
}

/** Joins continued lines, drops comments and empty lines, and splits the rest into words. */
export function* batchLines(lines: Iterable<string>): Generator<BatchLine, void> {
  let number = 0;
  let joined = '';
  for (const line of lines) {
    number++;
    const comment = line.indexOf('#');
    joined += comment === -1 ? line : line.slice(0, comment);
    if (joined.endsWith('\\\n')) {
      joined = joined.slice(0, -2);
      continue;
    }
    const words = splitWords(joined);
    joined = '';
    if (words.length > 0) yield { words, number };
  }
  const words = splitWords(joined);
  if (words.length > 0) yield { words, number };
}

/**
 * Splits a line at white space. A quote that begins a word goes to the next such quote, without escapes; what is
 * glued to it begins a new word.
 */
export function splitWords(line: string): string[] {
  return line.includes('"') || line.includes("'") ? splitQuoted(line) : splitPlain(line);
}

function splitPlain(line: string): string[] {
  const words: string[] = [];
  let start = -1;
  for (let at = 0; at <= line.length; at++) {
    const code = at === line.length ? SPACE : line.charCodeAt(at);
    const isSpace = code === SPACE || code === TAB || code === RETURN || code === NEWLINE;
    if (isSpace === start < 0) continue;
    if (isSpace) {
      if (words.length >= MAX_WORDS) throw new UsageError('Too many arguments to command');
      words.push(line.slice(start, at));
    }
    start = isSpace ? -1 : at;
  }
  return words;
}

function splitQuoted(line: string): string[] {
  const words: string[] = [];
  const pattern = /[ \t\r\n]*(?:(["'])(.*?)\1|(["'])|([^ \t\r\n]+))/gsy;
  for (let match = pattern.exec(line); match !== null; match = pattern.exec(line)) {
    if (match[3] !== undefined) throw new UsageError('Unterminated quoted string');
    if (words.length >= MAX_WORDS) throw new UsageError('Too many arguments to command');
    words.push(match[2] ?? match[4] ?? '');
  }
  return words;
}

/** Lines of a descriptor with their newline, each as soon as it has arrived. */
function* physicalLines(descriptor: number): Generator<string, void> {
  let pending: Buffer = Buffer.alloc(0);
  const chunk = Buffer.allocUnsafe(CHUNK);
  while (true) {
    const length = readSome(descriptor, chunk);
    if (length === 0) break;
    pending = Buffer.concat([pending, chunk.subarray(0, length)]);
    const whole = pending.lastIndexOf(NEWLINE) + 1;
    const text = decodeText(pending, 0, whole);
    pending = pending.subarray(whole);
    for (let start = 0; start < text.length; ) {
      const end = text.indexOf('\n', start) + 1;
      yield text.slice(start, end);
      start = end;
    }
  }
  if (pending.length > 0) yield decodeText(pending);
}

/** Reads what there is, waiting for it; 0 at the end, and where the original stops as well (a folder). */
function readSome(descriptor: number, chunk: Buffer): number {
  while (true) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EISDIR' || code === 'EOF') return 0;
      if (code !== 'EAGAIN' && code !== 'EINTR') throw error;
      Atomics.wait(PAUSE, 0, 0, 1);
    }
  }
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));
