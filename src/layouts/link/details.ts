/** What -d adds to a device: limits, what is of its kind, queues, and the port that it is. */
import { inet6Family } from '../../rtnetlink/link.ts';
import type { LinkReader } from '../../rtnetlink/link-reader.ts';
import { linkLimits, linkPorts, linkQueues } from '../../rtnetlink/link-settings.ts';
import type { Output } from '../../schema/output.ts';
import type { AnyRow, Rows } from '../../schema/row.ts';
import type { View } from '../../schema/view.ts';
import { showLinkInfo } from './info.ts';
import type { LinkView } from './view.ts';

/** Numbers shown with -d: attribute, name, and what people read before them. */
type Numbers = readonly (readonly [type: number, name: string, word: string])[];

function numbersOf(rows: Rows): Numbers {
  return Object.entries(rows).map(([name, { type, words }]) => [type, name, `${words.label ?? name} `]);
}

const LIMITS = numbersOf(linkLimits);
const QUEUES = numbersOf(linkQueues);

function showNumbers(numbers: Numbers, { attributes }: LinkReader, out: Output): void {
  for (let at = 0; at < numbers.length; at++) {
    const [type, name, word] = numbers[at]!;
    const value = attributes.u32(type);
    if (value !== undefined) out.labelled(name, word, value);
  }
}

/** Prints details, in their order. */
export function showDetails(link: LinkReader, out: Output, view: LinkView): void {
  showNumbers(LIMITS, link, out);
  if (link.netns_immutable) out.field('netns-immutable', true, 'netns-immutable ');
  const { findKind, as } = view.layout;
  const info = findKind === undefined ? undefined : link.linkinfo;
  if (findKind !== undefined && info !== undefined) showLinkInfo(info, findKind, out, view);
  if (as === 'link') showAddressMode(link, out, view);
  showNumbers(QUEUES, link, out);
  showPorts(link, out, view);
}

function showPorts(link: LinkReader, out: Output, view: View): void {
  for (const [name, { words }] of Object.entries<AnyRow>(linkPorts)) {
    const value = link[name as keyof typeof linkPorts];
    const { key = name, label = name, spelling } = words;
    if (value !== undefined) out.labelled(key, `${label} `, spelling.show(value, view));
  }
}

function showAddressMode(link: LinkReader, out: Output, view: View): void {
  const mode = link.af_spec?.inet6?.addr_gen_mode;
  if (mode === undefined) return;
  const { spelling } = inet6Family.rows.addr_gen_mode.words;
  out.labelled('inet6_addr_gen_mode', 'addrgenmode ', spelling.show(mode, view));
}
