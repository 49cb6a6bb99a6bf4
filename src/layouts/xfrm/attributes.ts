/** How the attributes of states and policies are laid out, in print order. */

import { XFRM_OFFLOAD_INBOUND, XFRM_OFFLOAD_PACKET } from '../../linux/xfrm.ts';
import { formatHex } from '../../schema/number.ts';
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import type { AttributeIndex } from '../../wire/attributes.ts';
import type { Codec } from '../../wire/codec.ts';
import { loadBeyond, WINDOW_HEADER, xfrmAttributes } from '../../xfrm/attributes.ts';
import { ENCAPSULATIONS, wordOf } from '../../xfrm/names.ts';
import { showAlgorithms } from './algorithms.ts';
import { addressText, hex8, timeText } from './spelling.ts';
import { showTemplates } from './template.ts';

/** What is shown. */
export interface AttributesLayout {
  /** Family of the addresses. */
  readonly family: number;
  /** Stands before most lines. */
  readonly prefix: string;
  readonly hidesKeys: boolean;
  /** The offload of a policy has no direction. */
  readonly isPolicy: boolean;
}

const { rows } = xfrmAttributes;

/** What the parts of the layout need. */
interface Shown {
  readonly attributes: AttributeIndex;
  readonly layout: AttributesLayout;
  readonly out: Output;
  readonly view: View;
}

/** Prints an attribute, if it is there. Returns false if it is cut: then the original prints none of those that follow. */
type Part = (shown: Shown) => boolean;

/** Prints a line or more for each attribute that is there. */
export function showAttributes(
  attributes: AttributeIndex,
  layout: AttributesLayout,
  out: Output,
  view: View,
): void {
  showMarks(attributes, out);
  showAlgorithms(attributes, layout.prefix, layout.hidesKeys, out, view);
  const shown = { attributes, layout, out, view };
  for (const part of PARTS) if (!part(shown)) return;
}

type RowName = keyof typeof rows;
type RowValue<N extends RowName> = (typeof rows)[N] extends { readonly codec: Codec<infer T> } ? T : never;

/** A line for one attribute. */
function value<N extends RowName>(
  name: N,
  label: string,
  show: (found: RowValue<N>, shown: Shown) => void,
): Part {
  return shown => {
    const { attributes, layout, out } = shown;
    const { type, codec } = rows[name];
    if (!attributes.has(type)) return true;
    out.text(`${layout.prefix}${label} `);
    // The codec of the row of this name.
    const found = attributes.read(type, codec.read as Codec<RowValue<N>>['read']);
    if (found === undefined) out.text('(ERROR truncated)');
    else show(found, shown);
    out.newline();
    return found !== undefined;
  };
}

/** A line for a number, which the original reads even where the attribute is shorter. */
function number(
  name: RowName,
  size: 1 | 4,
  show: (value: number, out: Output) => void,
  isIndented = true,
): Part {
  return ({ attributes, layout, out }) => {
    const at = attributes.start(rows[name].type);
    if (at === 0) return true;
    out.text(isIndented ? layout.prefix : '\t');
    show(loadBeyond(attributes.bytes, at, size), out);
    out.newline();
    return true;
  };
}

const PARTS: readonly Part[] = [
  value('encap', 'encap', (found, { out, layout }) => {
    const type = wordOf(ENCAPSULATIONS, found.encap_type) ?? String(found.encap_type);
    const address = addressText(found.encap_oa, layout.family);
    out.open('encap');
    out.field('type', type, `type ${type} `);
    out.field('sport', found.encap_sport, `sport ${found.encap_sport} `);
    out.field('dport', found.encap_dport, `dport ${found.encap_dport} `);
    out.field('addr', address, `addr ${address}`);
    out.close();
  }),
  ({ attributes, layout, out, view }) => {
    const { type } = rows.tmpl;
    if (!attributes.has(type)) return true;
    const [at, length] = [attributes.start(type), attributes.length(type)];
    showTemplates(attributes.bytes, at, length, layout.prefix, out, view);
    return true;
  },
  value('coaddr', 'coa', (found, { out, layout }) => {
    const address = addressText(found, layout.family);
    out.field('coa', address, address);
  }),
  value('lastused', 'lastused', (found, { out }) => {
    if (found === 0n) out.text(timeText(found));
    else out.field('lastused', found, timeText(found));
  }),
  value('replay_val', 'anti-replay context:', ({ seq, oseq, bitmap }, { out }) => {
    out.open('replay');
    out.field('seq', seq, `seq 0x${seq.toString(16)}, `);
    out.field('oseq', oseq, `oseq 0x${oseq.toString(16)}, `);
    out.field('bitmap', bitmap, `bitmap 0x${hex8(bitmap)}`);
    out.close();
  }),
  showReplayWindow,
  value('offload_dev', 'crypto offload parameters:', ({ ifindex, flags }, { out, layout, view }) => {
    const device = view.names.device(ifindex);
    const direction = flags & XFRM_OFFLOAD_INBOUND ? 'in' : 'out';
    const mode = flags & XFRM_OFFLOAD_PACKET ? 'packet' : 'crypto';
    out.open('offload');
    out.field('dev', device, `dev ${device} `);
    if (!layout.isPolicy) out.field('dir', direction, `dir ${direction} `);
    out.field('mode', mode, `mode ${mode}`);
    out.close();
  }),
  number('if_id', 4, (found, out) => out.field('if_id', found, `if_id ${formatHex(found)}`)),
  number('tfcpad', 4, (found, out) => out.field('tfcpad', found, `tfcpad ${found}`)),
  number(
    'sa_dir',
    1,
    (found, out) => {
      const word = found === 1 ? 'in' : found === 2 ? 'out' : `other (${found})`;
      out.field('sa_dir', word, `dir ${word}`);
    },
    false,
  ),
  number('sa_pcpu', 4, (found, out) => out.field('pcpu_num', found, `pcpu-num ${found}`), false),
];

/** `mark V/M` and the mark that packets get, on one line without prefix. */
function showMarks(attributes: AttributeIndex, out: Output): void {
  const { bytes } = attributes;
  const at = attributes.start(rows.mark.type);
  const output = attributes.start(rows.set_mark.type);
  if (at === 0 && output === 0) return;
  out.text('\t');
  if (at !== 0) {
    const [value, mask] = [loadBeyond(bytes, at, 4), loadBeyond(bytes, at + 4, 4)];
    const text = `${formatHex(value)}/${formatHex(mask)}`;
    out.field('mark', text, `mark ${text} `);
  }
  if (output !== 0) {
    const mask = attributes.start(rows.set_mark_mask.type);
    const maskText = mask === 0 ? '' : `/0x${loadBeyond(bytes, mask, 4).toString(16)}`;
    const text = `0x${loadBeyond(bytes, output, 4).toString(16)}${maskText}`;
    out.field('output_mark', text, `output-mark ${text}`);
  }
  out.newline();
}

/** Words of the window in a line. */
const WORDS_PER_LINE = 8;
/** What a window has at most; a longer one is no window. */
const MOST_WORDS = 128;

function showReplayWindow({ attributes, layout, out }: Shown): boolean {
  const { prefix } = layout;
  const { type, codec } = rows.replay_esn_val;
  if (!attributes.has(type)) return true;
  out.text(`${prefix}anti-replay esn context:`);
  const found = attributes.read(type, codec.read);
  if (found === undefined) {
    out.text('(ERROR truncated)');
    out.newline();
    return false;
  }
  const { seq, oseq, seq_hi, oseq_hi, replay_window } = found;
  const hex = (count: number) => `0x${count.toString(16)}`;
  const words = windowWords({ bytes: attributes.bytes, start: attributes.start(type) });
  out.open('replay_esn');
  out.newline();
  out.text(`${prefix} `);
  out.field('seq_hi', seq_hi, `seq-hi ${hex(seq_hi)}, `);
  out.field('seq', seq, `seq ${hex(seq)}, `);
  out.field('oseq_hi', oseq_hi, `oseq-hi ${hex(oseq_hi)}, `);
  out.field('oseq', oseq, `oseq ${hex(oseq)}`);
  out.newline();
  out.text(`${prefix} `);
  out.field('replay_window', replay_window, `replay_window ${replay_window}, `);
  out.field('bitmap_length', words.length, `bitmap-length ${words.length}`);
  for (const [index, word] of words.entries()) {
    if (index % WORDS_PER_LINE === 0) {
      out.newline();
      out.text(`${prefix} `);
    }
    out.text(`${hex8(word)} `);
  }
  out.newline();
  out.close();
  return true;
}

/** The words of the bitmap, the last one first, as many as it says, though not more than a window has. */
function windowWords({ bytes, start }: { bytes: Buffer; start: number }): number[] {
  const length = Math.min(loadBeyond(bytes, start, 4), MOST_WORDS);
  const first = start + WINDOW_HEADER;
  return Array.from({ length }, (_, index) => loadBeyond(bytes, first + 4 * (length - 1 - index), 4));
}
