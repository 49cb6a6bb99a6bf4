/** How a policy is laid out: which packets it is about, and what is done to them. */
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import type { AttributeIndex } from '../../wire/attributes.ts';
import { loadBeyond, xfrmAttributes } from '../../xfrm/attributes.ts';
import type { XfrmMessage } from '../../xfrm/messages.ts';
import { ACTIONS, DIRECTIONS, POLICY_FLAGS, POLICY_TYPES, wordOf } from '../../xfrm/names.ts';
import type { PolicyInfo } from '../../xfrm/structs.ts';
import { showAttributes } from './attributes.ts';
import { showLifetimes } from './lifetimes.ts';
import { showSecurityContext } from './security-context.ts';
import { showSelector } from './selector.ts';
import { bitsText, shareText } from './spelling.ts';

/** Policies of sockets have directions from here on. */
const SOCKET = 3;

/** How a policy is to be shown. */
export interface PolicyLayout {
  /** Stands before all lines but the first. */
  readonly prefix?: string;
  /** The family that the call is about; AF_UNSPEC for any. */
  readonly wantedFamily: number;
}

/** Prints the lines of a policy. */
export function showPolicy(
  { info, attributes }: XfrmMessage<PolicyInfo>,
  { prefix = '', wantedFamily }: PolicyLayout,
  out: Output,
  view: View,
): void {
  const { sel, lft, curlft, dir, action, index, priority, share, flags } = info;
  const isDetailed = view.statistics > 0;
  showSelector(sel, '', wantedFamily, out, view);
  showSecurityContext(attributes, out);
  const isSocket = dir >= SOCKET;
  const direction = wordOf(DIRECTIONS, isSocket ? dir - SOCKET : dir) ?? String(dir - SOCKET);
  out.field(
    isSocket ? 'socket' : 'dir',
    direction,
    `${prefix}\t${isSocket ? 'socket' : 'dir'} ${direction} `,
  );
  if (isDetailed || action !== ACTIONS.allow) {
    const word = wordOf(ACTIONS, action) ?? String(action);
    out.field('action', word, `action ${word} `);
  }
  if (isDetailed) out.field('index', index, `index ${index} `);
  out.field('priority', priority, `priority ${priority} `);
  showType(attributes, out);
  if (isDetailed) out.field('share', shareText(share), `share ${shareText(share)} `);
  if (isDetailed || flags !== 0) showFlags(flags, out, isDetailed);
  out.newline();
  if (isDetailed) showLifetimes(lft, curlft, prefix, out);
  showAttributes(
    attributes,
    { family: sel.family, prefix: `${prefix}\t`, hidesKeys: false, isPolicy: true },
    out,
    view,
  );
}

function showFlags(flags: number, out: Output, isDetailed: boolean): void {
  const words = Object.entries(POLICY_FLAGS).flatMap(([word, bit]) => (flags & bit ? [word] : []));
  const rest = flags & ~(POLICY_FLAGS.localok | POLICY_FLAGS.icmp);
  const all = rest === 0 ? words : [...words, rest.toString(16)];
  out.words('flags', words, `flag ${all.join(' ')}`);
  if (isDetailed) out.text(` (0x${bitsText(flags)})`);
}

/** Whether the attribute of a policy's type is there but too short; the original does not show such a policy. */
export function isTypeCut(attributes: AttributeIndex): boolean {
  const { type, codec } = xfrmAttributes.rows.policy_type;
  return attributes.has(type) && attributes.read(type, codec.read) === undefined;
}

/** The number of a policy's type, which is `main` without it. */
export function policyTypeOf(attributes: AttributeIndex): number {
  const { type, codec } = xfrmAttributes.rows.policy_type;
  return attributes.read(type, codec.read)?.type ?? POLICY_TYPES.main;
}

/** The type of a policy, if it is there. */
export function showType(attributes: AttributeIndex, out: Output): void {
  const { type } = xfrmAttributes.rows.policy_type;
  if (!attributes.has(type)) return;
  out.text(isTypeCut(attributes) ? 'ptype (ERROR truncated)' : 'ptype ');
  const number = loadBeyond(attributes.bytes, attributes.start(type), 1);
  const word = wordOf(POLICY_TYPES, number) ?? String(number);
  out.field('ptype', word, `${word} `);
}
