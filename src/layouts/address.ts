/**
 * How an address of a device is laid out for `address show`, `address flush` and `monitor`. Source: runs of
 * ip-address(8); constants of linux/if_addr.h.
 */
import { AF_INET, AF_INET6 } from '../linux/families.ts';
import { ADDRESS_FLAGS, type AddressReader, address, FOREVER } from '../rtnetlink/address.ts';
import { FAMILY_NAMES, formatAddress } from '../rtnetlink/family-address.ts';
import type { Names } from '../schema/names.ts';
import type { Colour, Output } from '../schema/output.ts';
import type { View } from '../schema/view.ts';
import { type AttributeIndex, bitsOf } from '../wire/attributes.ts';
import { load32 } from '../wire/integers.ts';

const { secondary: SECONDARY, permanent: PERMANENT, deprecated: DEPRECATED } = ADDRESS_FLAGS;

/** Flags in print order, after `secondary`; `dynamic` stands for an address that is not permanent. */
const FLAG_WORDS: readonly { readonly bit: number; readonly word: string; readonly isInverse?: true }[] = [
  { bit: ADDRESS_FLAGS.nodad, word: 'nodad' },
  { bit: ADDRESS_FLAGS.optimistic, word: 'optimistic' },
  { bit: ADDRESS_FLAGS.dadfailed, word: 'dadfailed' },
  { bit: ADDRESS_FLAGS.home, word: 'home' },
  { bit: DEPRECATED, word: 'deprecated' },
  { bit: ADDRESS_FLAGS.tentative, word: 'tentative' },
  { bit: PERMANENT, word: 'dynamic', isInverse: true },
  { bit: ADDRESS_FLAGS.mngtmpaddr, word: 'mngtmpaddr' },
  { bit: ADDRESS_FLAGS.noprefixroute, word: 'noprefixroute' },
  { bit: ADDRESS_FLAGS.autojoin, word: 'autojoin' },
  { bit: ADDRESS_FLAGS.stablePrivacy, word: 'stable-privacy' },
];

const NAMED_FLAGS = FLAG_WORDS.reduce<number>((bits, { bit }) => bits | bit, SECONDARY);

export interface AddressLayout {
  /** The message reports a deletion. */
  readonly isDeleted?: boolean;
  /** The line begins with index and name of the device, because no line of the device precedes it. */
  readonly hasDevice?: boolean;
}

const { rows } = address;
const ADDRESS = rows.address.type;
const LOCAL = rows.local.type;
const LABEL = rows.label.type;
const BROADCAST = rows.broadcast.type;
const ANYCAST = rows.anycast.type;
const CACHEINFO = rows.cacheinfo.type;
const MULTICAST = rows.multicast.type;
const OTHERS = bitsOf(BROADCAST, ANYCAST, MULTICAST);
/** Bytes of the preferred and the valid lifetime, which IFA_CACHEINFO begins with. */
const LIFETIMES_LENGTH = 8;
const METRIC = rows.rt_priority.type;
const PROTOCOL = rows.proto.type;

/** Prints one address: two lines of text, or with `-br` a word or two. The caller opens and closes the object. */
export function showAddress(shown: AddressReader, out: Output, view: View, layout: AddressLayout = {}): void {
  if (layout.isDeleted) out.field('deleted', true, 'Deleted ');
  if (!view.brief) {
    if (layout.hasDevice) showDevice(shown.device, out, view);
    showFamily(shown.family, out);
  }
  showLocal(shown, out, view);
  if (view.brief) return;
  showOthers(shown, out, view);
  showLifetimes(shown, out);
  out.text('\n');
}

function colourOf(family: number): Colour | undefined {
  return family === AF_INET ? 'inet' : family === AF_INET6 ? 'inet6' : undefined;
}

function showOthers(shown: AddressReader, out: Output, view: View): void {
  const { attributes } = shown;
  if (attributes.present & OTHERS) {
    showOther(BROADCAST, 'broadcast', 'brd ', shown, out, view.names);
    showOther(ANYCAST, 'anycast', 'any ', shown, out, view.names);
    showOther(MULTICAST, 'multicast', 'mcast ', shown, out, view.names);
  }
  const scope = view.names.name('scopes', shown.scope);
  out.labelled('scope', 'scope ', scope);
  showFlags(shown.flags, shown.family, out);
  const number = attributes.u8(PROTOCOL);
  if (number !== undefined) {
    const protocol = view.names.name('addressProtocols', number);
    out.field('protocol', protocol, number === 0 ? '' : `proto ${protocol} `);
  }
  if (attributes.has(LABEL)) {
    const label = textAt(attributes, LABEL);
    out.field('label', label, label);
  }
}

function textAt(attributes: AttributeIndex, type: number): string {
  return rows.label.codec.read(attributes.bytes, attributes.start(type), attributes.length(type)) ?? '';
}

function showDevice(index: number, out: Output, view: View): void {
  out.field('index', index, `${index}: `);
  const name = view.names.device(index);
  out.field('dev', name, name);
}

function showFamily(family: number, out: Output): void {
  const name = FAMILY_NAMES[family];
  if (name === undefined) out.field('family_index', family, `    family ${family} `);
  else out.labelled('family', '    ', name);
}

/** The address, its peer, the length of their prefix and its metric. */
function showLocal({ attributes, family, prefixLength }: AddressReader, out: Output, { names }: View): void {
  const local = attributes.has(LOCAL) ? LOCAL : ADDRESS;
  if (!attributes.has(local)) return;
  const colour = colourOf(family);
  const text = names.host(formatAddress(attributes, local, family));
  out.field('local', text, text, colour);
  if (local !== ADDRESS && attributes.has(ADDRESS) && !isSame(attributes, local, ADDRESS, family)) {
    const peer = names.host(formatAddress(attributes, ADDRESS, family));
    out.text(' peer ');
    out.field('address', peer, peer, colour);
  }
  out.field('prefixlen', prefixLength, `/${prefixLength} `);
  const metric = attributes.u32(METRIC);
  if (metric !== undefined) out.labelled('metric', 'metric ', metric);
}

/** Whether two addresses of `family` are the same: the original compares what follows a short one, too. */
function isSame(attributes: AttributeIndex, one: number, other: number, family: number): boolean {
  const length = family === AF_INET ? 4 : 16;
  const { bytes } = attributes;
  const first = attributes.start(one);
  const second = attributes.start(other);
  for (let place = 0; place < length; place++)
    if (bytes[first + place] !== bytes[second + place]) return false;
  return true;
}

function showOther(
  type: number,
  key: string,
  label: string,
  { attributes, family }: AddressReader,
  out: Output,
  names: Names,
): void {
  if (!attributes.has(type)) return;
  const text = names.host(formatAddress(attributes, type, family));
  out.text(label);
  out.field(key, text, `${text} `, colourOf(family));
}

function showFlags(flags: number, family: number, out: Output): void {
  if (flags === PERMANENT) return;
  if (flags & SECONDARY) {
    const word = family === AF_INET6 ? 'temporary' : 'secondary';
    out.field(word, true, `${word} `);
  }
  for (const { bit, word, isInverse } of FLAG_WORDS) {
    if (Boolean(flags & bit) !== Boolean(isInverse)) out.field(word, true, `${word} `);
  }
  const rest = (flags & ~NAMED_FLAGS) >>> 0;
  if (rest !== 0) {
    const text = rest.toString(16).padStart(2, '0');
    out.field('ifa_flags', text, `flags ${text} `);
  }
}

/** The second line. A deprecated address's preferred lifetime is signed: it may have passed. */
function showLifetimes({ attributes, flags }: AddressReader, out: Output): void {
  const at = attributes.start(CACHEINFO);
  if (at === 0) return;
  // A shorter attribute is read with the bytes behind it, as the original reads it.
  const hasBoth = at + LIFETIMES_LENGTH <= attributes.bytes.length;
  const unsigned = hasBoth ? load32(attributes.bytes, at) : 0;
  const valid = hasBoth ? load32(attributes.bytes, at + 4) : 0;
  const isSigned = (flags & DEPRECATED) !== 0 && unsigned !== FOREVER;
  const preferred = isSigned ? unsigned | 0 : unsigned;
  out.newline();
  out.field('valid_life_time', valid, `       valid_lft ${lifetimeText(valid)}`);
  out.field('preferred_life_time', preferred, ` preferred_lft ${lifetimeText(preferred)}`);
}

function lifetimeText(seconds: number): string {
  return seconds === FOREVER ? 'forever' : `${seconds}sec`;
}
