/** What -d adds to a device: limits, what is of its kind, queues, and the port that it is. */
import { inet6Family } from '../../rtnetlink/link.ts';
import type { LinkReader } from '../../rtnetlink/link-reader.ts';
import { linkLimits, linkPorts, linkQueues } from '../../rtnetlink/link-settings.ts';
import type { LabelledNumber, Output } from '../../schema/output.ts';
import type { AnyRow, Rows } from '../../schema/row.ts';
import type { View } from '../../schema/view.ts';
import { lazy } from '../../wire/lazy.ts';
import { showLinkInfo } from './info.ts';
import type { LinkView } from './view.ts';

/** What is shown of rows of numbers. */
function numbersOf(rows: Rows): readonly LabelledNumber[] {
  return Object.entries(rows).map(([name, { type, words }]) => ({
    type,
    key: name,
    label: `${words.label ?? name} `,
  }));
}

const limits = lazy(() => numbersOf(linkLimits));
const queues = lazy(() => numbersOf(linkQueues));

/** Prints details, in their order. */
export function showDetails(link: LinkReader, out: Output, view: LinkView): void {
  out.numbers(limits(), link.attributes);
  if (link.netns_immutable) out.field('netns-immutable', true, 'netns-immutable ');
  const { findKind, as } = view.layout;
  const info = findKind === undefined ? undefined : link.linkinfo;
  if (findKind !== undefined && info !== undefined) showLinkInfo(info, findKind, out, view);
  if (as === 'link') showAddressMode(link, out, view);
  out.numbers(queues(), link.attributes);
  showPorts(link, out, view);
}

/** The same of the port that a device is, which is text. */
const ports = lazy(() =>
  Object.entries<AnyRow>(linkPorts).map(([name, { type, words }]) => {
    const { key = name, label = name, spelling } = words;
    return { name: name as keyof typeof linkPorts, type, key, label: `${label} `, spelling };
  }),
);

function showPorts(link: LinkReader, out: Output, view: View): void {
  const all = ports();
  for (let at = 0; at < all.length; at++) {
    const { name, type, key, label, spelling } = all[at]!;
    if (link.attributes.has(type)) out.labelled(key, label, spelling.show(link[name], view));
  }
}

function showAddressMode(link: LinkReader, out: Output, view: View): void {
  const mode = link.af_spec?.inet6?.addr_gen_mode;
  if (mode === undefined) return;
  const { spelling } = inet6Family.rows.addr_gen_mode.words;
  out.labelled('inet6_addr_gen_mode', 'addrgenmode ', spelling.show(mode, view));
}
