/** How the security context of a state or policy is laid out. */
import type { Output } from '../../schema/output.ts';
import type { AttributeIndex } from '../../wire/attributes.ts';
import { decodeTextToNul } from '../../wire/text.ts';
import { CONTEXT_HEADER, loadBeyond, xfrmAttributes } from '../../xfrm/attributes.ts';

const { type, codec } = xfrmAttributes.rows.sec_ctx;

/** Prints a line if there is one. */
export function showSecurityContext(attributes: AttributeIndex, out: Output): void {
  if (!attributes.has(type)) return;
  const found = attributes.read(type, codec.read);
  out.text('\tsecurity context ');
  if (found === undefined) out.text('(ERROR truncated)');
  // As long as the struct says, even beyond the attribute.
  const { bytes } = attributes;
  const start = attributes.start(type) + CONTEXT_HEADER;
  const end = Math.min(start + loadBeyond(bytes, start - 2, 2), bytes.length);
  const context = decodeTextToNul(bytes, Math.min(start, end), end);
  out.field('security_context', context, `${context} `);
  out.newline();
}
