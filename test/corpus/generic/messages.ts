/** Messages of families of generic netlink as a kernel would send them, for tests. */

/** An attribute with its padding. */
export function attribute(type: number, payload: Uint8Array): Buffer {
  const length = 4 + payload.length;
  const bytes = Buffer.alloc((length + 3) & ~3);
  bytes.writeUInt16LE(length, 0);
  bytes.writeUInt16LE(type, 2);
  bytes.set(payload, 4);
  return bytes;
}

export const u8 = (type: number, value: number): Buffer => attribute(type, Buffer.from([value]));

export function u16(type: number, value: number): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16LE(value);
  return attribute(type, payload);
}

export function u32(type: number, value: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32LE(value);
  return attribute(type, payload);
}

export function u64(type: number, value: bigint): Buffer {
  const payload = Buffer.alloc(8);
  payload.writeBigUInt64LE(value);
  return attribute(type, payload);
}

/** A port, most significant byte first. */
export function port(type: number, value: number): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(value);
  return attribute(type, payload);
}

export const bytes = (type: number, hex: string): Buffer => attribute(type, Buffer.from(hex, 'hex'));

/** A message of a family: struct nlmsghdr, struct genlmsghdr, attributes. */
export function message(family: number, command: number, ...attributes: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from([command, 1, 0, 0]), ...attributes]);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(header.length + body.length, 0);
  header.writeUInt16LE(family, 4);
  return Buffer.concat([header, body]);
}
