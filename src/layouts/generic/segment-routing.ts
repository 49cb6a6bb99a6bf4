/** How keys of segment routing headers and the source of tunnels are laid out. */
import { HMAC_ALGORITHMS, type seg6 } from '../../genetlink/seg6.ts';
import type { Output } from '../../schema/output.ts';
import type { ValuesOf } from '../../schema/row.ts';
import { decodeTextToNul } from '../../wire/text.ts';

/** The attributes of a message. */
type Attributes = ValuesOf<typeof seg6.attributes.rows>;

/** Characters of a secret that are shown. */
const MAX_SECRET = 63;

/** What is said of a key whose secret is longer than what is shown of it; undefined if it is not. */
export function truncationOf({ hmackeyid, secretlen = 0, algid }: Attributes): string | undefined {
  if (hmackeyid === undefined || algid === undefined || secretlen <= MAX_SECRET) return undefined;
  return `HMAC secret length ${secretlen} > ${MAX_SECRET}, truncated`;
}

/** Prints one key, in a separate object for programs; nothing of a message that lacks a part. */
export function showHmac({ hmackeyid: id, secretlen, secret, algid }: Attributes, out: Output): void {
  if (id === undefined || secretlen === undefined || algid === undefined) return;
  const bytes = secret?.bytes.subarray(0, Math.min(secretlen, MAX_SECRET)) ?? Buffer.alloc(0);
  const text = decodeTextToNul(bytes, 0, bytes.length);
  const algorithm =
    Object.entries(HMAC_ALGORITHMS).find(([, number]) => number === algid)?.[0] ?? '<unknown>';
  out.open();
  out.field('hmac', id, `hmac ${id} `);
  out.field('algo', algorithm, `algo ${algorithm} `);
  out.field('secret', text, `secret "${text}"\n`);
  out.close();
}

/** Prints the source address of tunnels. */
export function showTunnelSource({ dst }: Attributes, out: Output): void {
  if (dst === undefined) return;
  out.open();
  out.field('tunsrc', dst, `tunsrc addr ${dst}\n`);
  out.close();
}
