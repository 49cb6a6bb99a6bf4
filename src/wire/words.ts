/**
 * Datagrams as words of four bytes: netlink aligns headers, attributes and their payloads to them, so that one load reads
 * what takes four by bytes. That counts before V8 has compiled a loop, for the first thousand messages. Words are in host
 * order, which is little-endian (see integers.ts), and signed: `>>> 0` makes an unsigned number of one.
 */

/** The whole words of `bytes`. They are a view where the memory is aligned, as that of sockets is; else a copy. */
export function wordsOf({ buffer, byteOffset, length }: Buffer): Int32Array {
  const count = length >> 2;
  if (byteOffset % 4 === 0) return new Int32Array(buffer, byteOffset, count);
  return new Int32Array(buffer.slice(byteOffset, byteOffset + count * 4));
}
