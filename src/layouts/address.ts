/**
 * How an address of a device is laid out for `address show`, `address flush` and `monitor`. Source: runs of
 * ip-address(8); constants of linux/if_addr.h.
 */
import { ADDRESS_FLAGS, type Address, addressFlags, FOREVER } from '../rtnetlink/address.ts';
import type { Colour, Output } from '../schema/output.ts';
import type { View } from '../schema/view.ts';

const AF_INET = 2;
const AF_INET6 = 10;

const FAMILIES: Readonly<Record<number, string>> = {
  0: 'any valid',
  [AF_INET]: 'inet',
  7: 'bridge',
  [AF_INET6]: 'inet6',
  17: 'link',
  28: 'mpls',
};

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
  /** The message tells of a deletion. */
  readonly isDeleted?: boolean;
  /** The line begins with index and name of the device, because no line of the device precedes it. */
  readonly hasDevice?: boolean;
}

/** Prints one address: two lines of text, or with `-br` a word or two. */
export function showAddress(address: Address, out: Output, view: View, layout: AddressLayout = {}): void {
  if (layout.isDeleted) out.field('deleted', true, 'Deleted ');
  if (!view.brief) {
    if (layout.hasDevice) showDevice(address.header.index, out, view);
    showFamily(address.header.family, out);
  }
  showLocal(address, out);
  if (view.brief) return;
  const { broadcast, anycast, multicast } = address;
  const colour = colourOf(address);
  if (broadcast !== undefined) showOther('broadcast', 'brd', broadcast, colour, out);
  if (anycast !== undefined) showOther('anycast', 'any', anycast, colour, out);
  if (multicast !== undefined) showOther('multicast', 'mcast', multicast, colour, out);
  const scope = view.names.name('scopes', address.header.scope);
  out.field('scope', scope, `scope ${scope} `);
  showFlags(address, out);
  if (address.proto !== undefined) {
    const protocol = view.names.name('addressProtocols', address.proto);
    out.field('protocol', protocol, address.proto === 0 ? '' : `proto ${protocol} `);
  }
  if (address.label !== undefined) out.field('label', address.label, address.label);
  showLifetimes(address, out);
}

function showDevice(index: number, out: Output, view: View): void {
  out.field('index', index, `${index}: `);
  const name = view.names.device(index);
  out.field('dev', name, name);
}

function showFamily(family: number, out: Output): void {
  const name = FAMILIES[family];
  if (name === undefined) out.field('family_index', family, `    family ${family} `);
  else out.field('family', name, `    ${name} `);
}

function colourOf({ header: { family } }: Address): Colour | undefined {
  return family === AF_INET ? 'inet' : family === AF_INET6 ? 'inet6' : undefined;
}

/** The address, its peer, the length of their prefix and its metric. */
function showLocal(address: Address, out: Output): void {
  const local = address.local ?? address.address;
  if (local === undefined) return;
  const colour = colourOf(address);
  const peer = address.address;
  out.field('local', local, local, colour);
  if (peer !== undefined && peer !== local) {
    out.text(' peer ');
    out.field('address', peer, peer, colour);
  }
  const { prefixlen } = address.header;
  out.field('prefixlen', prefixlen, `/${prefixlen} `);
  const { rt_priority: metric } = address;
  if (metric !== undefined) out.field('metric', metric, `metric ${metric} `);
}

function showOther(key: string, label: string, text: string, colour: Colour | undefined, out: Output): void {
  out.text(`${label} `);
  out.field(key, text, `${text} `, colour);
}

function showFlags(address: Address, out: Output): void {
  const flags = addressFlags(address);
  if (flags & SECONDARY) {
    const word = address.header.family === AF_INET6 ? 'temporary' : 'secondary';
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
function showLifetimes(address: Address, out: Output): void {
  const { cacheinfo } = address;
  if (cacheinfo !== undefined) {
    const { valid } = cacheinfo;
    const isSigned = (addressFlags(address) & DEPRECATED) !== 0 && cacheinfo.preferred !== FOREVER;
    const preferred = isSigned ? cacheinfo.preferred | 0 : cacheinfo.preferred;
    out.newline();
    out.field('valid_life_time', valid, `       valid_lft ${lifetimeText(valid)}`);
    out.field('preferred_life_time', preferred, ` preferred_lft ${lifetimeText(preferred)}`);
  }
  out.text('\n');
}

function lifetimeText(seconds: number): string {
  return seconds === FOREVER ? 'forever' : `${seconds}sec`;
}
