/**
 * What a client (src/native/launch/client.c) and the engine of `tsip run` send each other over a Unix socket. Numbers are
 * 32 bits in host byte order.
 *
 * A request: MAGIC, the length of what follows, the number of words, the number of variables, flags, the columns of the
 * terminal on standard output; then the name of the program (`tsip`), the words (the first is the name that it was called
 * by) and the variables, each ended by a NUL.
 *
 * An answer is a list of frames: kind, length, payload. After `EXIT`, `START` or `EXEC` nothing follows.
 */
import { decodeText, encodeText } from '../../wire/text.ts';

/** `TSR1` as bytes. */
export const MAGIC = 0x31525354;
/** Bytes of a request before its texts. */
export const REQUEST_HEADER = 24;
/** Longer requests are refused: the kernel takes arguments and variables of about this size. */
export const MAX_REQUEST = 4 << 20;

/** Bits of a request's flags: descriptors that are terminals. */
export const STDIN_IS_TERMINAL = 1;
export const STDOUT_IS_TERMINAL = 2;
export const STDERR_IS_TERMINAL = 4;

/** Kinds of frames. */
export const FRAME = {
  /** Bytes for standard output. */
  out: 1,
  /** Bytes for standard error. */
  error: 2,
  /** The exit status, one number: the call has been made. */
  exit: 3,
  /** The call has not been made: the client starts Node for it. */
  start: 4,
  /** The client becomes a program: number of arguments, number of variables, path, arguments, variables. */
  exec: 5,
} as const;

/** Bytes of a frame before its payload. */
export const FRAME_HEADER = 8;
/** Longest payload of an `exec` frame: the client keeps it on its stack. */
export const MAX_EXEC = 128 << 10;

/** One call, as its client describes it. */
export interface Request {
  /** The program as it is installed: `tsip`, `tsnsenter` or `tsunshare`. */
  readonly program: string;
  /** The name that it was called by, with the path if it was called by one. */
  readonly calledAs: string;
  readonly words: readonly string[];
  /** The client's environment; looked up on demand. */
  readonly environment: Environment;
  readonly flags: number;
  /** Columns of the terminal on standard output; 0 if it is not a terminal. */
  readonly columns: number;
}

/** Variables as bytes, `NAME=VALUE` each ended by a NUL. */
export class Environment {
  readonly #text: string;

  constructor(bytes: Buffer) {
    this.#text = `\0${bytes.toString('latin1')}`;
  }

  /** The value of the first variable of that name. */
  get(name: string): string | undefined {
    const at = this.#text.indexOf(`\0${name}=`);
    if (at < 0) return undefined;
    const start = at + name.length + 2;
    return decodeText(Buffer.from(this.#text.slice(start, this.#text.indexOf('\0', start)), 'latin1'));
  }
}

/**
 * The length of a request that begins with `bytes`, header included. Undefined if there are too few bytes to say; throws if
 * they are not the beginning of a request.
 */
export function requestLength(bytes: Buffer): number | undefined {
  if (bytes.length < 8) return undefined;
  const length = bytes.readUInt32LE(4) + 8;
  if (bytes.readUInt32LE(0) !== MAGIC || length < REQUEST_HEADER || length > MAX_REQUEST)
    throw new Error('not a request');
  return length;
}

/** Reads a whole request. Throws if its numbers do not fit its texts. */
export function parseRequest(bytes: Buffer): Request {
  const [words, variables] = [bytes.readUInt32LE(8), bytes.readUInt32LE(12)];
  let at = REQUEST_HEADER;
  const texts: string[] = [];
  for (let count = 0; count < words + 1; count++) {
    const end = bytes.indexOf(0, at);
    if (end < 0) throw new Error('a request is cut short');
    texts.push(decodeText(bytes.subarray(at, end)));
    at = end + 1;
  }
  const environment = bytes.subarray(at);
  if (countNuls(environment) !== variables || (environment.length > 0 && environment.at(-1) !== 0))
    throw new Error('a request is cut short');
  const [program = '', calledAs = '', ...others] = texts;
  return {
    program,
    calledAs,
    words: others,
    environment: new Environment(environment),
    flags: bytes.readUInt32LE(16),
    columns: bytes.readUInt32LE(20),
  };
}

function countNuls(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(0); at >= 0; at = bytes.indexOf(0, at + 1)) count++;
  return count;
}

/** A frame with text for one of the client's streams. */
export function textFrame(kind: typeof FRAME.out | typeof FRAME.error, text: string): Buffer {
  let frame: Buffer;
  if (Buffer.byteLength(text) === text.length) {
    // ASCII.
    frame = Buffer.allocUnsafe(FRAME_HEADER + text.length);
    frame.write(text, FRAME_HEADER, 'latin1');
  } else frame = Buffer.concat([Buffer.alloc(FRAME_HEADER), encodeText(text)]);
  frame.writeUInt32LE(kind, 0);
  frame.writeUInt32LE(frame.length - FRAME_HEADER, 4);
  return frame;
}

/** The frame that ends a call that has been made. */
export function exitFrame(status: number): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER + 4);
  frame.writeUInt32LE(FRAME.exit, 0);
  frame.writeUInt32LE(4, 4);
  frame.writeUInt32LE(status & 0xff, FRAME_HEADER);
  return frame;
}

/** The frame by which the client starts Node. */
export function startFrame(): Buffer {
  const frame = Buffer.alloc(FRAME_HEADER);
  frame.writeUInt32LE(FRAME.start, 0);
  return frame;
}

/** The frame by which the client becomes a program. Undefined if it would be too long. */
export function execFrame(
  path: string,
  argv: readonly Buffer[],
  variables: readonly Buffer[],
): Buffer | undefined {
  const texts = [encodeText(path), ...argv, ...variables].flatMap(text => [text, Buffer.alloc(1)]);
  const payload = Buffer.concat([Buffer.alloc(8), ...texts]);
  if (payload.length > MAX_EXEC) return undefined;
  payload.writeUInt32LE(argv.length, 0);
  payload.writeUInt32LE(variables.length, 4);
  const head = Buffer.alloc(FRAME_HEADER);
  head.writeUInt32LE(FRAME.exec, 0);
  head.writeUInt32LE(payload.length, 4);
  return Buffer.concat([head, payload]);
}
