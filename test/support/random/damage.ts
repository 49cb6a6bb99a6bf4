/** Damaged messages, as arbitraries of fast-check, which shrinks the damage to what matters. */
import fc from 'fast-check';

const HEADER = 16;
const MAX_FLIPS = 3;

/** `message` cut off at a multiple of 4 bytes, its length set right, or with some bits behind its header flipped. */
export function damaged(message: Buffer): fc.Arbitrary<Buffer> {
  const isBare = message.length <= HEADER;
  return isBare ? cut(message) : fc.oneof(cut(message), flipped(message));
}

function cut(message: Buffer): fc.Arbitrary<Buffer> {
  return fc.integer({ min: HEADER / 4, max: Math.floor(message.length / 4) }).map(words => {
    const shorter = Buffer.from(message.subarray(0, 4 * words));
    shorter.writeUInt32LE(shorter.length, 0);
    return shorter;
  });
}

function flipped(message: Buffer): fc.Arbitrary<Buffer> {
  const bit = fc.integer({ min: 8 * HEADER, max: 8 * message.length - 1 });
  return fc.array(bit, { minLength: 1, maxLength: MAX_FLIPS }).map(bits => {
    const changed = Buffer.concat([message, Buffer.alloc(-message.length & 3)]);
    for (const at of bits) changed.writeUInt8(changed.readUInt8(at >> 3) ^ (1 << (at & 7)), at >> 3);
    return changed;
  });
}
