/**
 * Files of netlink messages, as `save` writes and `restore` and `showdump` read them: a magic number that says
 * what the messages are about, then the messages of a dump as they came.
 */

import { fstatSync, readSync } from 'node:fs';
import { KernelError } from '../../kernel/system/errors.ts';
import { isTerminal } from '../../kernel/system/terminal.ts';
import { STDIN, STDOUT } from '../../linux/descriptors.ts';
import { EEXIST } from '../../linux/errno.ts';
import { NLM_F_CREATE } from '../../linux/netlink.ts';
import { writeFully } from '../../output/sink.ts';
import { EXIT_USAGE, UsageError } from '../../schema/args.ts';
import { HEADER_LENGTH, type Message } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { CommandFailed, kernelErrorText } from '../frame/report.ts';

const MAGIC_LENGTH = 4;
/** Longest message that the original reads. */
const MAX_LENGTH = 16384;

/** What the messages of a file are about. */
export interface SavedKind {
  /** As complaints call it. */
  readonly name: string;
  readonly magic: number;
}

/** Writes the messages that answer a dump request to standard output. */
export async function saveMessages(kind: SavedKind, request: MessageWriter, context: Context): Promise<void> {
  beginSaving(kind, context);
  for await (const batch of context.dump(request)) writeMessages(batch);
}

/** Writes the magic number to standard output, which must not be a terminal. */
export function beginSaving({ magic }: SavedKind, context: Context): void {
  if (isTerminal(STDOUT)) throw new UsageError('Not sending a binary stream to stdout');
  const bytes = Buffer.alloc(MAGIC_LENGTH);
  bytes.writeUInt32LE(magic);
  context.sink.flush();
  if (context.strict !== undefined) context.strict.isGivenAway = true;
  try {
    write(bytes);
  } catch {
    throw new UsageError("Can't write magic to dump file");
  }
}

/** Writes messages to standard output as they came. */
export function writeMessages(messages: readonly Message[]): void {
  write(Buffer.concat(messages.map(({ bytes, start, end }) => bytes.subarray(start, end))));
}

function write(bytes: Uint8Array): void {
  writeFully(STDOUT, bytes, () => process.kill(process.pid, 'SIGPIPE'));
}

/** The messages of standard input, one by one. Throws the original's complaint at once if the file begins wrongly. */
export function readSavedMessages(kind: SavedKind): Generator<Message, void> {
  if (isTerminal(STDIN)) {
    throw new UsageError(`Can't restore ${kind.name} dump from a terminal`, EXIT_USAGE);
  }
  return readMessages(STDIN, readMagic(kind, EXIT_USAGE), EXIT_USAGE);
}

/**
 * Reads the magic number of standard input; throws the original's complaint, with `exitCode`, if it is another.
 * Returns its length in bytes.
 */
export function readMagic(kind: SavedKind, exitCode: number): number {
  const magic = readBytes(STDIN, MAGIC_LENGTH);
  const isWhole = magic.length === MAGIC_LENGTH;
  const number = Buffer.concat([magic, Buffer.alloc(MAGIC_LENGTH)]).readUInt32LE();
  if (isWhole && number === kind.magic) return MAGIC_LENGTH;
  throw new UsageError(`Magic mismatch (${isWhole ? 1 : 0} elems, ${number.toString(16)} magic)`, exitCode);
}

/** Yields the messages of an open file from `position` on, where it is. Throws the complaint about the first bad one. */
export function* readMessages(file: number, position: number, exitCode: number): Generator<Message, void> {
  for (;;) {
    const header = readBytes(file, HEADER_LENGTH);
    if (header.length === 0) return;
    if (header.length < HEADER_LENGTH) throw truncated(exitCode);
    position += HEADER_LENGTH;
    const length = header.readUInt32LE();
    if (length < HEADER_LENGTH || length > MAX_LENGTH) throw malformed(length, file, position, exitCode);
    const padded = (length + 3) & ~3;
    const rest = readBytes(file, padded - HEADER_LENGTH);
    if (HEADER_LENGTH + rest.length < padded) throw truncated(exitCode);
    position += rest.length;
    const bytes = Buffer.concat([header, rest]);
    yield {
      bytes,
      type: bytes.readUInt16LE(4),
      flags: bytes.readUInt16LE(6),
      sequence: bytes.readUInt32LE(8),
      port: bytes.readUInt32LE(12),
      start: 0,
      payload: HEADER_LENGTH,
      end: length,
    };
  }
}

/**
 * Sends a message as a request to create what it describes. What exists already is reported and does not count; any
 * other refusal is reported and ends the command.
 */
export async function restoreMessage(message: Message, context: Context): Promise<void> {
  const { bytes, type, flags, payload, end } = message;
  const request = new MessageWriter(type, flags | NLM_F_CREATE);
  request.raw(bytes.subarray(payload, end));
  try {
    await context.request(request);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    context.complain(kernelErrorText(error));
    if (error.errno !== EEXIST) throw new CommandFailed(EXIT_USAGE);
  }
}

function truncated(exitCode: number): UsageError {
  return new UsageError('rtnl-from_file: truncated message', exitCode);
}

/** The length is printed as C's signed number; the position in a pipe is C's -1. */
function malformed(length: number, file: number, position: number, exitCode: number): UsageError {
  const place = fstatSync(file).isFile() ? String(position) : '18446744073709551615';
  return new UsageError(`!!!malformed message: len=${length | 0} @${place}`, exitCode);
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));

/** Reads `count` bytes of an open file, fewer where it ends. */
function readBytes(file: number, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  let length = 0;
  while (length < count) {
    try {
      const got = readSync(file, bytes, length, count - length, null);
      if (got === 0) break;
      length += got;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN' && code !== 'EINTR') break;
      Atomics.wait(PAUSE, 0, 0, 1);
    }
  }
  return bytes.subarray(0, length);
}
