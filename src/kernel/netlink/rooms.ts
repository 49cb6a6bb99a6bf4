/**
 * Memory that the datagrams of a long dump are received in. Memory that is fresh costs more than what it is filled
 * with, so it is used again when nobody looks at it any more.
 */
import { loadSigned32 } from '../../wire/integers.ts';

/** Datagrams that are received at a time. */
const DATAGRAMS = 8;
/**
 * Bytes for each. The kernel fills datagrams of a dump as far as it has seen buffers to reach, up to 32 KiB, and beyond
 * only for a message that is larger. Memory that no datagram reaches is never touched.
 */
const LENGTH = 262144;

/** Room for several datagrams. */
export class ReceiveBuffer {
  /** Where each datagram lies, one after another. */
  readonly bytes = Buffer.allocUnsafeSlow(DATAGRAMS * LENGTH);
  /** Bytes of a part. */
  readonly part: number = LENGTH;
  /** The length of each datagram in 32 bits, -1 for one that was larger than its part. */
  readonly lengths = Buffer.alloc(4 * DATAGRAMS);

  /** The first `count` datagrams, where they lie, save those that were larger than their parts. */
  datagrams(count: number): Buffer[] {
    const whole: Buffer[] = [];
    for (let at = 0; at < count; at++) {
      const length = loadSigned32(this.lengths, 4 * at);
      if (length >= 0) whole.push(this.bytes.subarray(at * LENGTH, at * LENGTH + length));
    }
    return whole;
  }
}

/** Rooms of one socket. */
export class BufferPool {
  readonly #free: ReceiveBuffer[] = [];
  readonly #taken = new WeakMap<ArrayBufferLike, ReceiveBuffer>();

  /** A room that nobody uses. */
  take(): ReceiveBuffer {
    const room = this.#free.pop() ?? new ReceiveBuffer();
    this.#taken.set(room.bytes.buffer, room);
    return room;
  }

  /** Nobody looks at what lies in `memory` any more, which may be a room's. */
  release(memory: ArrayBufferLike): void {
    const room = this.#taken.get(memory);
    if (room !== undefined && this.#taken.delete(memory)) this.#free.push(room);
  }
}
