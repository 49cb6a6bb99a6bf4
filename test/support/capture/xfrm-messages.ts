/**
 * Messages of xfrm made from their layouts alone, which stand here apart from src/, so that an error there is not
 * repeated: every type with attributes of right and wrong lengths. Source: linux/xfrm.h.
 */
import { hashOf } from '../random/sample.ts';

const HEADER = 16;
const ADDRESS = 16;
const NAME = 64;

/** Sizes of the structs that messages begin with, by type. */
export const STRUCTS: Readonly<Record<number, number>> = {
  16: 224,
  17: 24,
  18: 24,
  19: 168,
  20: 64,
  21: 64,
  22: 232,
  23: 280,
  24: 232,
  25: 168,
  26: 224,
  27: 176,
  28: 4,
  29: 0,
  30: 48,
  31: 48,
  32: 60,
  33: 64,
  34: 4,
  35: 4,
  36: 4,
  37: 4,
  38: 64,
  39: 3,
  40: 4,
};

/** Sizes of attributes by number; the others of the kernel have none that matter to what is shown. */
export const ATTRIBUTES: Readonly<Record<number, number>> = {
  1: NAME + 4,
  2: NAME + 4,
  3: NAME + 4,
  4: 24,
  5: 64,
  6: 224,
  7: 168,
  8: 8,
  9: 32,
  10: 12,
  11: 4,
  12: 4,
  13: ADDRESS,
  14: ADDRESS,
  15: 8,
  16: 6,
  17: 80,
  18: NAME + 8,
  19: 40,
  20: NAME + 8,
  21: 8,
  22: 4,
  23: 24,
  24: 4,
  25: 1,
  26: 36,
  28: 8,
  29: 4,
  30: 4,
  31: 4,
  32: 4,
  33: 1,
  34: 4,
  35: 4,
  36: 4,
  37: 2,
  38: 0,
  39: 4,
  40: 4,
  41: 4,
  42: 4,
};

/** A message: its type, the bytes of its struct, its attributes. */
export function xfrmMessage(type: number, struct: Buffer, attributes: readonly Buffer[] = []): Buffer {
  const padded = Buffer.concat([struct, Buffer.alloc(-struct.length & 3)]);
  const body = attributes.length === 0 ? struct : Buffer.concat([padded, ...attributes]);
  const header = Buffer.alloc(HEADER);
  header.writeUInt32LE(HEADER + body.length, 0);
  header.writeUInt16LE(type, 4);
  return Buffer.concat([header, body, Buffer.alloc(-body.length & 3)]);
}

/** An attribute with its padding. */
export function xfrmAttribute(type: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16LE(4 + payload.length, 0);
  header.writeUInt16LE(type, 2);
  return Buffer.concat([header, payload, Buffer.alloc(-payload.length & 3)]);
}

/** Bytes that depend on `text` alone: small numbers mostly, as they have words. */
export function bytesFor(text: string, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let word = 0;
  for (let at = 0; at < length; at++) {
    if (at % 4 === 0) word = hashOf(`${text} ${at}`);
    const byte = (word >>> (8 * (at % 4))) & 0xff;
    bytes[at] = word & 0x10000000 ? byte : word & 0x20000000 ? byte & 0x07 : 0;
  }
  return bytes;
}

const FAMILIES = [2, 10, 2, 10, 0, 17, 77];

/** Where in a struct families stand. */
const FAMILY_PLACES: Readonly<Record<number, readonly number[]>> = {
  16: [40, 212],
  17: [20],
  19: [40],
  20: [40],
  23: [80, 136],
  24: [40, 212],
  25: [40],
  26: [40, 212],
  27: [40],
  30: [20],
  32: [44],
  38: [20],
};

/** A struct of a type with random members and a family that has addresses, mostly. */
export function structFor(type: number, text: string): Buffer {
  const struct = bytesFor(text, STRUCTS[type] ?? 0);
  for (const at of FAMILY_PLACES[type] ?? [])
    struct.writeUInt16LE(FAMILIES[hashOf(`${text} family ${at}`) % FAMILIES.length]!, at);
  const place = KEY_PLACES[type];
  if (place !== undefined && hashOf(`${text} key`) % 2 === 0) writeKey(struct, place, text);
  return struct;
}

/** Where in a struct the SPI and the protocol of a state stand, which follow the address. */
const KEY_PLACES: Readonly<Record<number, number>> = { 16: 72, 23: 16, 24: 72, 26: 72 };
const PROTOCOLS = [50, 51, 108, 60, 43, 255, 0];

/** An SPI that is often 0, and a protocol that has a word. */
function writeKey(bytes: Buffer, at: number, text: string): void {
  bytes.writeUInt32BE(hashOf(`${text} spi`) % 3 === 0 ? hashOf(`${text} which`) : 0, at);
  bytes[at + 4] = PROTOCOLS[hashOf(`${text} protocol`) % PROTOCOLS.length]!;
}

/** An attribute of a right or wrong length; what is counted inside of it is right, short or long. */
export function attributeFor(type: number, text: string): Buffer {
  const size = ATTRIBUTES[type] ?? 4;
  const lengths = [size, size, size, size + 1, size * 2, Math.max(0, size - 1), Math.floor(size / 2), 0];
  const length = lengths[hashOf(`${text} length`) % lengths.length]!;
  if (ALGORITHMS.has(type)) return xfrmAttribute(type, algorithmFor(size, text));
  const payload = bytesFor(`${text} payload`, length);
  if (type === 23 && length >= size) {
    const words = hashOf(`${text} words`) % 12;
    payload.writeUInt32LE(words, 0);
    const bitmap = bytesFor(`${text} bitmap`, 4 * Math.max(0, words - (hashOf(`${text} missing`) % 3)));
    return xfrmAttribute(type, Buffer.concat([payload.subarray(0, size), bitmap]));
  }
  for (let at = 20; type === 5 && at + 10 <= length; at += size) {
    writeKey(payload, at - 4, `${text} ${at}`);
    payload.writeUInt16LE(FAMILIES[hashOf(`${text} family ${at}`) % FAMILIES.length]!, at + 4);
  }
  return xfrmAttribute(type, payload);
}

const ALGORITHMS = new Set([1, 2, 3, 18, 20]);
const NAMES = ['cbc(aes)', 'hmac(sha256)', 'rfc4106(gcm(aes))', 'deflate', '', 'n'.repeat(NAME - 1)];

/**
 * An algorithm with a key that is whole, missing, or too short. The original crashes where the struct of `aead` or
 * `auth-trunc` is cut, and where a key is longer than any message.
 */
function algorithmFor(size: number, text: string): Buffer {
  const hash = hashOf(`${text} algorithm`);
  if (hash % 8 === 0 && size === NAME + 4) return bytesFor(`${text} cut`, hash % 60);
  const struct = Buffer.alloc(size);
  struct.write(NAMES[hash % NAMES.length]!, 0, NAME, 'latin1');
  const length = (hash >>> 8) % 40;
  struct.writeUInt32LE(length * 8 + ((hash >>> 16) % 3), NAME);
  if (size > NAME + 4) struct.writeUInt32LE(hash % 5 === 0 ? hash : hash % 500, NAME + 4);
  const present = hash % 7 === 0 ? Math.floor(length / 2) : length;
  return Buffer.concat([struct, bytesFor(`${text} key`, present)]);
}

/** Clears what the original reads messages into: a message that is passed over in silence, full of zeros. */
export const CLEARING = xfrmMessage(1, Buffer.alloc(4096));
