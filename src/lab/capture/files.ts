/** Where captured packets go: one file, several that follow each other, or a descriptor. */

import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { extname } from 'node:path';
import { errnoOf, SystemError } from '../../kernel/system/errors.ts';
import { EAGAIN, EPIPE } from '../../linux/errno.ts';

/** Takes the blocks of a capture. */
export interface CaptureTarget {
  /** Takes blocks; `header` is what each file begins with. False when nobody reads any more. Throws {@link SystemError}. */
  write(bytes: Buffer): boolean;
  /** Writes what ends a capture, and lets go of the file. */
  end(bytes: Buffer): void;
  /** Files that there are. */
  readonly files: readonly string[];
}

/** How files follow each other. */
export interface Rotation {
  /** Bytes after which another file is begun. */
  readonly size: number;
  /** How many files are kept; all if it is left out. */
  readonly files?: number | undefined;
}

/** A file; with `rotation` the files `NAME.1.EXTENSION`, `NAME.2.EXTENSION` and so on. Throws {@link SystemError}. */
export class FileTarget implements CaptureTarget {
  readonly #path: string;
  readonly #rotation: Rotation | undefined;
  readonly #header: Buffer;
  readonly #files: string[] = [];
  #descriptor: number | undefined;
  #written = 0;
  #number = 0;

  constructor(path: string, header: Buffer, rotation?: Rotation) {
    this.#path = path;
    this.#rotation = rotation;
    this.#header = header;
    this.#open();
  }

  get files(): readonly string[] {
    return this.#files;
  }

  write(bytes: Buffer): boolean {
    const { size = Number.POSITIVE_INFINITY } = this.#rotation ?? {};
    if (this.#written > this.#header.length && this.#written + bytes.length > size) this.#open();
    this.#append(bytes);
    return true;
  }

  end(bytes: Buffer): void {
    if (this.#descriptor === undefined) return;
    try {
      this.#append(bytes);
    } finally {
      closeSync(this.#descriptor);
      this.#descriptor = undefined;
    }
  }

  #open(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    const extension = extname(this.#path);
    const path =
      this.#rotation === undefined
        ? this.#path
        : `${this.#path.slice(0, this.#path.length - extension.length)}.${++this.#number}${extension}`;
    try {
      this.#descriptor = openSync(path, 'w', 0o644);
    } catch (error) {
      throw new SystemError(`cannot write ${path}`, errnoOf(error));
    }
    this.#files.push(path);
    while (this.#files.length > (this.#rotation?.files ?? Number.POSITIVE_INFINITY))
      rmSync(this.#files.shift()!, { force: true });
    this.#written = 0;
    this.#append(this.#header);
  }

  #append(bytes: Buffer): void {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor!, bytes, at);
    } catch (error) {
      throw new SystemError(`cannot write ${this.#files.at(-1)}`, errnoOf(error));
    }
    this.#written += bytes.length;
  }
}

/** An open descriptor, which stays its owner's: a pipe, for example. */
export class DescriptorTarget implements CaptureTarget {
  readonly files: readonly string[] = [];
  readonly #descriptor: number;
  #isRead = true;

  constructor(descriptor: number, header: Buffer) {
    this.#descriptor = descriptor;
    this.write(header);
  }

  write(bytes: Buffer): boolean {
    for (let at = 0; at < bytes.length && this.#isRead; ) {
      try {
        at += writeSync(this.#descriptor, bytes, at);
      } catch (error) {
        const errno = errnoOf(error);
        if (errno === EPIPE) this.#isRead = false;
        // Somebody has made the pipe non-blocking, and reads slowly.
        else if (errno === EAGAIN) Atomics.wait(PAUSE, 0, 0, PAUSE_MILLISECONDS);
        else throw new SystemError('cannot write packets', errno);
      }
    }
    return this.#isRead;
  }

  end(bytes: Buffer): void {
    this.write(bytes);
  }
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));
const PAUSE_MILLISECONDS = 2;
