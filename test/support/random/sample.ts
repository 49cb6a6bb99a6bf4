/**
 * Samples that depend only on what is sampled: the same test always runs the same lines, whichever tests ran before it.
 * TSIP_SEED selects others.
 */

/** Selects other samples and other random lines; see README.md. */
export const SEED = Number(process.env.TSIP_SEED ?? 1);

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** A number below 2^32 for `text` (FNV-1a with a final mix, so that the low bits depend on all of the text). */
export function hashOf(text: string): number {
  let hash = FNV_OFFSET;
  for (const byte of Buffer.from(`${SEED} ${text}`)) hash = Math.imul(hash ^ byte, FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** The one of `items` that belongs to `text`. */
export function pick<T>(items: readonly T[], text: string): T {
  const item = items[hashOf(text) % items.length];
  if (item === undefined) throw new Error(`nothing to pick from for ${text}`);
  return item;
}
