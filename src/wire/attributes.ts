/**
 * The attributes of one message found by number, without reading them: offsets in two arrays that are used again
 * for the next message. For what is printed in floods and needs a few attributes of each message.
 */

const ATTRIBUTE_HEADER = 4;
const NOTHING = Buffer.alloc(0);

export class AttributeIndex {
  /** Where the payload of each attribute begins; 0 when it is absent. */
  readonly at: Int32Array;
  /** Bytes of each payload. */
  readonly length: Int32Array;
  /** The datagram that the offsets are into. */
  bytes: Buffer = NOTHING;
  /** Where the indexed attributes end. */
  end = 0;

  /** Room for attributes numbered up to `max`; others are ignored. */
  constructor(max: number) {
    this.at = new Int32Array(max + 1);
    this.length = new Int32Array(max + 1);
  }

  /** Indexes `bytes[start..end)`; the first of several attributes of one number counts, and none that has flag bits. */
  index(bytes: Buffer, start: number, end: number): void {
    const { at: offsets, length: lengths } = this;
    offsets.fill(0);
    this.bytes = bytes;
    this.end = end;
    for (let at = start; at + ATTRIBUTE_HEADER <= end; ) {
      const length = bytes[at]! | (bytes[at + 1]! << 8);
      if (length < ATTRIBUTE_HEADER || length > end - at) return;
      const type = bytes[at + 2]! | (bytes[at + 3]! << 8);
      if (type < offsets.length && offsets[type] === 0) {
        offsets[type] = at + ATTRIBUTE_HEADER;
        lengths[type] = length - ATTRIBUTE_HEADER;
      }
      at += (length + 3) & ~3;
    }
  }

  /** Indexes the attributes nested in attribute `type` of another index; none when it is absent. */
  indexNested(outer: AttributeIndex, type: number): void {
    const at = outer.at[type]!;
    this.index(outer.bytes, at, at === 0 ? 0 : at + outer.length[type]!);
  }

  has(type: number): boolean {
    return this.at[type] !== 0;
  }

  /** Reads a number; undefined when the attribute is absent or too short. */
  u8(type: number): number | undefined {
    const at = this.at[type]!;
    return at === 0 || this.length[type]! < 1 ? undefined : this.bytes[at]!;
  }

  u16(type: number): number | undefined {
    const at = this.at[type]!;
    return at === 0 || this.length[type]! < 2 ? undefined : this.bytes.readUInt16LE(at);
  }

  u32(type: number): number | undefined {
    const at = this.at[type]!;
    return at === 0 || this.length[type]! < 4 ? undefined : this.bytes.readUInt32LE(at);
  }

  be16(type: number): number | undefined {
    const at = this.at[type]!;
    return at === 0 || this.length[type]! < 2 ? undefined : this.bytes.readUInt16BE(at);
  }

  be32(type: number): number | undefined {
    const at = this.at[type]!;
    return at === 0 || this.length[type]! < 4 ? undefined : this.bytes.readUInt32BE(at);
  }

  u64(type: number): bigint | undefined {
    const at = this.at[type]!;
    return at === 0 || this.length[type]! < 8 ? undefined : this.bytes.readBigUInt64LE(at);
  }

  be64(type: number): bigint | undefined {
    const at = this.at[type]!;
    return at === 0 || this.length[type]! < 8 ? undefined : this.bytes.readBigUInt64BE(at);
  }
}
