/** How the templates of a policy are laid out: what is to be done to packets. */
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import { LEVELS, wordOf } from '../../xfrm/names.ts';
import { type Template, template } from '../../xfrm/structs.ts';
import { showIdentity } from './identity.ts';
import { hex8, shareText } from './spelling.ts';

/** Prints the templates of an attribute, each on several lines that begin with `prefix`. */
export function showTemplates(
  bytes: Buffer,
  at: number,
  length: number,
  prefix: string,
  out: Output,
  view: View,
): void {
  if (length < template.size) {
    out.text(`${prefix}(ERROR "tmpl" truncated)`);
    out.newline();
    return;
  }
  out.list('templates');
  for (let start = at; start + template.size <= at + length; start += template.size) {
    const found = template.read(bytes, start, template.size);
    if (found !== undefined) showTemplate(found, prefix, out, view);
  }
  out.end();
}

function showTemplate(found: Template, prefix: string, out: Output, view: View): void {
  const { optional, share, aalgos, ealgos, calgos } = found;
  out.open();
  out.text(`${prefix}tmpl `);
  showIdentity(found, prefix, false, out, view);
  const isDetailed = view.statistics > 0;
  if (isDetailed || optional !== 0) {
    const level = wordOf(LEVELS, optional) ?? String(optional);
    out.field('level', level, `${prefix}\tlevel ${level} `);
    if (isDetailed) out.field('share', shareText(share), `share ${shareText(share)} `);
    out.newline();
  }
  if (isDetailed) {
    out.text(`${prefix}\t`);
    showAlgorithmMasks({ aalgos, ealgos, calgos }, out);
    out.newline();
  }
  out.close();
}

/** The algorithms that are allowed, as bits. */
export function showAlgorithmMasks(
  { aalgos, ealgos, calgos }: Pick<Template, 'aalgos' | 'ealgos' | 'calgos'>,
  out: Output,
): void {
  out.field('enc_mask', ealgos, `enc-mask ${hex8(ealgos)} `);
  out.field('auth_mask', aalgos, `auth-mask ${hex8(aalgos)} `);
  out.field('comp_mask', calgos, `comp-mask ${hex8(calgos)}`);
}
