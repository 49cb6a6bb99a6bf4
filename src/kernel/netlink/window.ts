/**
 * Requests that are sent in one datagram, copied as they come. Only the last one has to ask for an acknowledgement:
 * the kernel tells errors unasked.
 */

import { NLM_F_ACK } from '../../linux/netlink.ts';
import type { MessageWriter } from '../../wire/writer.ts';

/** What a socket's send buffer takes and, where all are refused, its receive buffer. */
const MAX_REQUESTS = 256;
const MAX_BYTES = 32768;

export class RequestWindow {
  #bytes = Buffer.allocUnsafe(MAX_BYTES);
  /** Where each request begins. */
  readonly #starts: number[] = [];
  #length = 0;

  get count(): number {
    return this.#starts.length;
  }

  /**
   * Takes a request unless the window is full; an empty one takes any. With `isAcknowledged` it asks for an
   * acknowledgement, with which the kernel may have something to say.
   */
  add(message: MessageWriter, isAcknowledged = false): boolean {
    const { length } = message;
    if (this.count > 0 && (this.count === MAX_REQUESTS || this.#length + length > MAX_BYTES)) return false;
    if (length > this.#bytes.length) this.#bytes = Buffer.allocUnsafe(length);
    message.flags = isAcknowledged ? message.flags | NLM_F_ACK : message.flags & ~NLM_F_ACK;
    message.copyTo(this.#bytes, this.#length);
    this.#starts.push(this.#length);
    this.#length += length;
    return true;
  }

  clear(): void {
    this.#starts.length = 0;
    this.#length = 0;
  }

  /** The datagram, its requests numbered from `first`. */
  finish(first: number): Buffer {
    const bytes = this.#bytes;
    for (const [index, start] of this.#starts.entries()) {
      if (index === this.count - 1) bytes.writeUInt16LE(bytes.readUInt16LE(start + 6) | NLM_F_ACK, start + 6);
      bytes.writeUInt32LE(first + index, start + 8);
    }
    return bytes.subarray(0, this.#length);
  }

  /** A copy of one request. */
  request(index: number): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#starts[index], this.#starts[index + 1] ?? this.#length));
  }
}
