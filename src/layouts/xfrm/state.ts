/** How a state is laid out: who sends to whom, by which protocol, algorithms and limits. */
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import type { AttributeIndex } from '../../wire/attributes.ts';
import { loadBeyond, xfrmAttributes } from '../../xfrm/attributes.ts';
import type { XfrmMessage } from '../../xfrm/messages.ts';
import { EXTRA_FLAGS, STATE_FLAGS } from '../../xfrm/names.ts';
import type { StateInfo } from '../../xfrm/structs.ts';
import { showAttributes } from './attributes.ts';
import { showIdentity } from './identity.ts';
import { showLifetimes } from './lifetimes.ts';
import { showSecurityContext } from './security-context.ts';
import { isEmptySelector, showSelector } from './selector.ts';
import { bitsText } from './spelling.ts';

const { rows } = xfrmAttributes;

/** How a state is to be shown. */
export interface StateLayout {
  /** What `nokeys` asks for. */
  readonly hidesKeys?: boolean;
  /** The family that the call is about; AF_UNSPEC for any. */
  readonly wantedFamily: number;
}

/** Prints the lines of a state. */
export function showState(
  { info, attributes }: XfrmMessage<StateInfo>,
  { hidesKeys = false, wantedFamily }: StateLayout,
  out: Output,
  view: View,
): void {
  const { family, sel, lft, curlft, stats } = info;
  showIdentity(info, '', true, out, view);
  showReplayAndFlags(info, attributes, out, view);
  showAttributes(attributes, { family, prefix: '\t', hidesKeys, isPolicy: false }, out, view);
  if (!isEmptySelector(sel)) {
    out.open('sel');
    showSelector(sel, '\tsel ', family || wantedFamily, out, view);
    out.close();
  }
  if (view.statistics > 0) {
    showLifetimes(lft, curlft, '', out);
    out.text('\tstats:');
    out.newline();
    out.open('stats');
    out.field('replay_window', stats.replay_window, `\t  replay-window ${stats.replay_window} `);
    out.field('replay', stats.replay, `replay ${stats.replay} `);
    out.field('failed', stats.integrity_failed, `failed ${stats.integrity_failed}`);
    out.newline();
    out.close();
  }
  showSecurityContext(attributes, out);
}

/** The sequence number is printed as a decimal number after 0x, and words of flags run into those of extra flags. */
function showReplayAndFlags(info: StateInfo, attributes: AttributeIndex, out: Output, view: View): void {
  const { replay_window: window, seq, flags } = info;
  const isDetailed = view.statistics > 0;
  out.field('replay_window', window, `\treplay-window ${window} `);
  if (isDetailed) out.field('seq', seq, `seq 0x${String(seq).padStart(8, '0')} `);
  const words = Object.entries(STATE_FLAGS).flatMap(([word, bit]) => (flags & bit ? [word] : []));
  if (isDetailed || flags !== 0) {
    const extra = isDetailed ? extraFlagText(attributes, out) : '';
    out.words('flags', words, `flag ${words.join(' ')}${extra}`);
    if (isDetailed) out.text(` (0x${bitsText(flags)})`);
  }
  out.newline();
}

/** Empty without such flags. */
function extraFlagText(attributes: AttributeIndex, out: Output): string {
  const at = attributes.start(rows.sa_extra_flags.type);
  if (at === 0) return '';
  let rest = loadBeyond(attributes.bytes, at, 4);
  const words: string[] = [];
  for (const [word, bit] of Object.entries(EXTRA_FLAGS)) {
    if (!(rest & bit)) continue;
    words.push(word);
    rest = (rest & ~bit) >>> 0;
  }
  out.words('extra_flags', words, '');
  if (rest !== 0) words.push(rest.toString(16));
  return `extra_flag ${words.join(' ')}`;
}
