/** How the algorithms of a state are laid out. Keys are for people only: programs read their length. */
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import type { AttributeIndex } from '../../wire/attributes.ts';
import type { ReceivedAlgorithm } from '../../xfrm/algorithm.ts';
import { xfrmAttributes } from '../../xfrm/attributes.ts';
import { ALGORITHM_ATTRIBUTES } from '../../xfrm/names.ts';

/** In print order. What `auth-trunc` says, the kernel also says as `auth`. */
const ORDER = ['auth', 'auth-trunc', 'aead', 'enc', 'comp'] as const;

/** Prints a line for each algorithm. `hidesKeys` is what `nokeys` asks for. */
export function showAlgorithms(
  attributes: AttributeIndex,
  prefix: string,
  hidesKeys: boolean,
  out: Output,
  view: View,
): void {
  const { rows } = xfrmAttributes;
  const isTruncated = attributes.has(rows.alg_auth_trunc.type);
  for (const word of ORDER) {
    if (word === 'auth' && isTruncated) continue;
    const { type, codec } = rows[ALGORITHM_ATTRIBUTES[word]];
    const found = attributes.read(type, codec.read);
    if (found === undefined) continue;
    out.open(word);
    out.text(`${prefix}${word} `);
    showAlgorithm(found, hidesKeys, out, view);
    if (word === 'aead' || word === 'auth-trunc') {
      const bits = (found.icvBits ?? 0) | 0;
      out.field(word === 'aead' ? 'icv_bits' : 'trunc_bits', bits, ` ${bits}`);
    }
    out.newline();
    out.close();
  }
}

function showAlgorithm(
  { name, keyBits, key, missing }: ReceivedAlgorithm,
  hidesKeys: boolean,
  out: Output,
  { statistics }: View,
): void {
  if (missing === 'struct') {
    out.text('(ERROR truncated)');
    return;
  }
  out.field('name', name, `${name} `);
  out.data('key_bits', keyBits);
  if (missing === 'key') out.text('(ERROR truncated)');
  else if (hidesKeys) out.text('<<Keys hidden>>');
  else if (key.length > 0) {
    out.text(`0x${key.toString('hex')}`);
    if (statistics > 0) out.text(` (${keyBits} bits)`);
  }
}
