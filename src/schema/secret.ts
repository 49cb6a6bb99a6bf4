/** Keys and other secrets: bytes that neither `util.inspect`, JSON nor the trace shows, only how many they are. */
import { inspect } from 'node:util';
import type { Codec } from '../wire/codec.ts';

/** Bytes that are shown as their number. */
export class Secret {
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes);
  }

  /** The bytes themselves. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  toString(): string {
    return `(${this.#bytes.length} bytes, not shown)`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** The payload as a {@link Secret}. */
export const secret: Codec<Secret> = {
  read: (bytes, at, length) => new Secret(bytes.subarray(at, at + length)),
  write: (out, value) => out.raw(value.bytes),
};
