/** What the words of `ip link add` and `ip link set` say about one device. */
import { closeSync } from 'node:fs';
import { type LinkAttributes, type LinkHeader, linkHeader } from '../../rtnetlink/link.ts';
import { EARLIER } from '../../schema/facets.ts';

/** What has been read of a line. */
export interface LinkDraft {
  readonly header: { -readonly [K in keyof LinkHeader]: LinkHeader[K] };
  readonly attributes: LinkAttributes;
  /** After `name`. */
  name?: string;
  /** After `dev`, or without a keyword. */
  device?: string;
  /** After `link`. */
  lower?: string;
  /** After `index`; 0 if not given. */
  index: number;
  /** After `group`. */
  group?: number;
  /** After `type`: the kind; its arguments follow in the line. */
  kind?: string;
  /** Open descriptor of the namespace after `netns`. */
  namespace?: number;
  /** After `link-netns`; it is looked up when the whole line has been read. */
  lowerNamespace?: string;
  /** After `link-netnsid`; -1 counts as not given. */
  lowerNamespaceId?: number;
}

/** A draft in which nothing has been read. */
export function newDraft(): LinkDraft {
  return { header: linkHeader.zero(), attributes: { [EARLIER]: {} } as LinkAttributes, index: 0 };
}

/** Sets or clears a flag of the device. */
export function setFlag({ header }: LinkDraft, bit: number, isOn: boolean): void {
  header.change |= bit;
  header.flags = isOn ? header.flags | bit : header.flags & ~bit;
}

/** Closes the descriptors that words have opened. */
export function closeDraft(draft: LinkDraft): void {
  if (draft.namespace !== undefined) closeSync(draft.namespace);
  closeProgram(draft);
}

/** Closes the descriptor of an XDP program. */
export function closeProgram({ attributes: { xdp } }: LinkDraft): void {
  if (xdp?.fd !== undefined && xdp.fd >= 0) closeSync(xdp.fd);
}
