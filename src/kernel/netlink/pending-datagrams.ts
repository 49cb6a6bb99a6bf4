/** Datagrams that a socket has read ahead of what takes them: as the addon leaves them, so that reading costs little. */
import { load32, loadSigned32 } from '../../wire/integers.ts';

/** What the addon records of a datagram: its length or a negative error number, sender's port, namespace id or -1. */
export const RECORD_LENGTH = 12;
const OWN_NAMESPACE = -1;

/** What may be read ahead: after that the socket fills, and the kernel drops. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A datagram, or the error number with which reading failed. */
export type Received =
  | { readonly errno: number }
  | { readonly bytes: Buffer; readonly port: number; readonly nsid: number | undefined };

/** What one call of the addon has read. */
interface Chunk {
  readonly bytes: Buffer;
  readonly records: Buffer;
}

/** The datagram that `records` describe at `record`, whose bytes begin at `start`. */
export function receivedAt(bytes: Buffer, start: number, records: Buffer, record: number): Received {
  const length = loadSigned32(records, record);
  if (length < 0) return { errno: -length };
  const nsid = loadSigned32(records, record + 8);
  return {
    bytes: bytes.subarray(start, start + length),
    port: load32(records, record + 4),
    nsid: nsid === OWN_NAMESPACE ? undefined : nsid,
  };
}

/** Datagrams in the order of their arrival. */
export class PendingDatagrams {
  #chunks: Chunk[] = [];
  #start = 0;
  #record = 0;
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  get isFull(): boolean {
    return this.#bytes >= MAX_BYTES;
  }

  /** Keeps a copy of the first `count` datagrams. */
  put(bytes: Buffer, records: Buffer, count: number): void {
    let length = 0;
    const end = count * RECORD_LENGTH;
    for (let record = 0; record < end; record += RECORD_LENGTH)
      length += Math.max(loadSigned32(records, record), 0);
    this.#chunks.push({
      bytes: Buffer.from(bytes.subarray(0, length)),
      records: Buffer.from(records.subarray(0, end)),
    });
    this.#bytes += length + end;
  }

  /** Keeps the place at which reading failed. */
  putError(errno: number): void {
    const record = Buffer.alloc(RECORD_LENGTH);
    record.writeInt32LE(-errno);
    this.put(record, record, 1);
  }

  take(): Received | undefined {
    const chunk = this.#chunks[0];
    if (chunk === undefined) return undefined;
    const received = receivedAt(chunk.bytes, this.#start, chunk.records, this.#record);
    this.#record += RECORD_LENGTH;
    if ('bytes' in received) this.#start += received.bytes.length;
    if (this.#record === chunk.records.length) {
      this.#chunks.shift();
      this.#bytes -= chunk.bytes.length + chunk.records.length;
      this.#start = 0;
      this.#record = 0;
    }
    return received;
  }
}
