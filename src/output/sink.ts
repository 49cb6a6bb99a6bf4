/**
 * Standard output: one string that grows and is written out in large pieces with writeSync.
 * `process.stdout` is never touched, because merely reading that property makes pipes non-blocking.
 */
import { writeSync } from 'node:fs';
import { encodeText } from '../wire/text.ts';

/** Text is turned to bytes in short pieces: what a long string is made of would have to be kept alive until then. */
const PIECE_LENGTH = 2048;
const BUFFER_LENGTH = 65536;
/** Bytes of the longest character. */
const MOST_BYTES = 3;

export interface Sink {
  /** Appends text; writes out when enough has gathered. */
  write(text: string): void;
  /** Writes out what has gathered. */
  flush(): void;
  /** The error with which text was lost first; undefined if all of it has arrived. */
  readonly loss?: unknown;
}

/** Called when nobody reads any more: ends the process as an unhandled SIGPIPE would. */
export type BrokenPipe = () => void;

/** A sink on file descriptor `fd`; `beforeWrite` is called before bytes are written. */
export function descriptorSink(
  fd: number,
  onBrokenPipe: BrokenPipe,
  beforeWrite: () => void = () => undefined,
): Sink {
  let gathered = '';
  let buffer: Buffer | undefined;
  let length = 0;
  let loss: unknown;

  /** Moves what has gathered to the buffer. */
  function pack(): void {
    const text = gathered;
    gathered = '';
    if (text.length <= PIECE_LENGTH * 2) {
      buffer ??= Buffer.allocUnsafe(BUFFER_LENGTH);
      if (length + text.length * MOST_BYTES > buffer.length) writeOut();
      const written = buffer.write(text, length);
      // As many bytes as characters: all is ASCII. Else there may be bytes that are no UTF-8.
      if (written === text.length) {
        length += written;
        return;
      }
    }
    writeOut();
    send(encodeText(text));
  }

  function writeOut(): void {
    const end = length;
    length = 0;
    if (end > 0) send(buffer!.subarray(0, end));
  }

  function send(bytes: Buffer): void {
    try {
      beforeWrite();
      writeFully(fd, bytes, onBrokenPipe);
    } catch (error) {
      // A full disk or a closed descriptor: the original does not look whether its output arrives.
      loss ??= error;
    }
  }

  return {
    get loss() {
      return loss;
    },
    write(text) {
      gathered += text;
      if (gathered.length >= PIECE_LENGTH) pack();
    },
    flush() {
      if (gathered !== '') pack();
      writeOut();
    },
  };
}

/** Writes all of `bytes`, waiting while a non-blocking descriptor is full. */
export function writeFully(fd: number, bytes: Uint8Array, onBrokenPipe: BrokenPipe): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') {
        onBrokenPipe();
        return;
      }
      if (code !== 'EAGAIN' && code !== 'EINTR') throw error;
      Atomics.wait(PAUSE, 0, 0, 1);
    }
  }
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));
