/** Which addresses `address show`, `flush` and `save` select. The keywords about devices: grammar/link-filter.ts. */
import { AF_UNSPEC } from '../../linux/families.ts';
import { ADDRESS_FLAGS, type AddressReader, address as addressTable } from '../../rtnetlink/address.ts';
import type { Args } from '../../schema/args.ts';
import {
  anyWord,
  exact,
  flag,
  type Grammar,
  type Keyword,
  type Operand,
  reads,
  readWords,
  value,
  withoutKeyword,
} from '../../schema/keywords.ts';
import type { Names } from '../../schema/names.ts';
import type { CallState } from '../frame/call-state.ts';
import { compileGlob } from '../grammar/glob.ts';
import {
  deviceChooser,
  FILTER_DEVICE,
  LINK_FILTER_KEYWORDS,
  type LinkFilter,
} from '../grammar/link-filter.ts';
import { isInside, type Prefix, parsePrefix } from '../grammar/prefix.ts';
import { number } from '../grammar/values.ts';

const { rows } = addressTable;

/** What the keywords select: devices, and addresses on them. */
export interface AddressFilter extends LinkFilter {
  /** That of -4, -6, -0, or else of the prefix. */
  family: number;
  scope?: number | undefined;
  prefix?: Prefix;
  label?: (text: string) => boolean;
  /** Hides addresses of another protocol; addresses without a protocol are shown. */
  protocol?: number;
  /** Flags that must be as in `flags`. */
  flagMask: number;
  flags: number;
}

/** What the keywords need of a command's context. */
interface Tools {
  readonly names: Names;
}

/** A filter that selects every address of `family`. */
export function newFilter(family: number): AddressFilter {
  return { family, flagMask: 0, flags: 0 };
}

/** Flags by word; a minus sign before the word asks for addresses without the flag. */
const FLAGS: Readonly<Record<string, { readonly bit: number; readonly isInverse?: true }>> = {
  permanent: { bit: ADDRESS_FLAGS.permanent },
  dynamic: { bit: ADDRESS_FLAGS.permanent, isInverse: true },
  secondary: { bit: ADDRESS_FLAGS.secondary },
  primary: { bit: ADDRESS_FLAGS.secondary, isInverse: true },
  tentative: { bit: ADDRESS_FLAGS.tentative },
  deprecated: { bit: ADDRESS_FLAGS.deprecated },
  dadfailed: { bit: ADDRESS_FLAGS.dadfailed },
  temporary: { bit: ADDRESS_FLAGS.secondary },
  home: { bit: ADDRESS_FLAGS.home },
  nodad: { bit: ADDRESS_FLAGS.nodad },
  optimistic: { bit: ADDRESS_FLAGS.optimistic },
  mngtmpaddr: { bit: ADDRESS_FLAGS.mngtmpaddr },
  noprefixroute: { bit: ADDRESS_FLAGS.noprefixroute },
  autojoin: { bit: ADDRESS_FLAGS.autojoin },
  'stable-privacy': { bit: ADDRESS_FLAGS.stablePrivacy },
};

const PREFIX: Operand = { synopsis: 'PREFIX', examples: ['10.0.0.0/8', 'fd00::/8'] };

/** A scope by name or number; undefined is every scope. */
const SHOWN_SCOPE = value<{ readonly scope: number | undefined }, Tools>(
  { synopsis: 'SCOPE-ID', names: 'scopes', words: ['all'] },
  (word, { names }) => {
    const scope = names.number('scopes', word);
    return scope === undefined && word !== 'all' ? undefined : { scope };
  },
  'invalid "scope"\n',
);

/** The keywords about addresses. */
export const ADDRESS_FILTER_KEYWORDS: readonly Keyword<AddressFilter, Tools>[] = [
  exact('scope', SHOWN_SCOPE, (filter, { scope }) => {
    filter.scope = scope;
  }),
  reads('to', [PREFIX], (filter, args) => {
    filter.prefix = parsePrefix(args.next(), filter.family);
    if (filter.family === AF_UNSPEC) filter.family = filter.prefix.family;
  }),
  exact('label', anyWord('LABEL'), (filter, pattern) => {
    filter.label = compileGlob(pattern);
  }),
  exact('proto', number('ADDRPROTO', '"proto" value is invalid\n', 0xff), 'protocol'),
  ...Object.entries(FLAGS).flatMap(([word, { bit, isInverse = false }]) => [
    flagKeyword(word, bit, !isInverse),
    flagKeyword(`-${word}`, bit, isInverse),
  ]),
];

function flagKeyword(word: string, bit: number, isSet: boolean): Keyword<AddressFilter, Tools> {
  return flag(word, filter => {
    filter.flagMask |= bit;
    filter.flags = isSet ? filter.flags | bit : filter.flags & ~bit;
  });
}

/** The words of `address show`, `flush` and `save`, and of `link show`. */
export const FILTER_GRAMMAR: Grammar<AddressFilter, Tools> = {
  keywords: [FILTER_DEVICE, ...LINK_FILTER_KEYWORDS, ...ADDRESS_FILTER_KEYWORDS],
  ...withoutKeyword(FILTER_DEVICE),
};

/** Reads the rest of the line. */
export function readFilter(args: Args, family: number, tools: Tools): AddressFilter {
  const filter = newFilter(family);
  readWords(FILTER_GRAMMAR, filter, args, tools);
  return filter;
}

/** Whether the filter selects devices by their addresses. */
export function choosesAddresses({ family, scope, flagMask, prefix, label }: AddressFilter): boolean {
  return (
    family !== AF_UNSPEC ||
    scope !== undefined ||
    flagMask !== 0 ||
    prefix !== undefined ||
    label !== undefined
  );
}

/** Whether the device of an address is shown. The protocol is ignored for that, as in the original. */
export function matchesFilter(address: AddressReader, filter: AddressFilter, names: Names): boolean {
  const { family, scope, prefix, label } = filter;
  if (family !== AF_UNSPEC && family !== address.family) return false;
  if (scope !== undefined && scope !== address.scope) return false;
  if ((address.flags ^ filter.flags) & filter.flagMask) return false;
  if (prefix !== undefined && !isInPrefix(address, prefix)) return false;
  return label === undefined || label(labelOf(address, names));
}

/** Whether an address is shown. */
export function isShown(address: AddressReader, filter: AddressFilter, names: Names): boolean {
  if (filter.protocol !== undefined) {
    const protocol = address.attributes.u8(rows.proto.type);
    if (protocol !== undefined && protocol !== filter.protocol) return false;
  }
  return matchesFilter(address, filter, names);
}

/** Leaves the filter of a line to those after it. `index` is that of the filter's device. */
export function leaveFilter(
  filter: AddressFilter,
  index: number | undefined,
  { state, names }: { readonly state: CallState; readonly names: Names },
  isOfFlush = false,
): void {
  const selects = (address: AddressReader) =>
    (index === undefined || address.device === index) && isShown(address, filter, names);
  state.addressFilter = { selects, isOfFlush };
  const isWanted = deviceChooser(filter);
  state.linkFilter = link => (index === undefined || link.header.index === index) && isWanted(link);
}

/** The label; the name of the device if there is none. */
function labelOf({ attributes, device }: AddressReader, names: Names): string {
  const { type, codec } = rows.label;
  if (!attributes.has(type)) return names.device(device);
  return codec.read(attributes.bytes, attributes.start(type), attributes.length(type)) ?? '';
}

function isInPrefix({ family, attributes }: AddressReader, prefix: Prefix): boolean {
  if (prefix.family === AF_UNSPEC) return true;
  const type = attributes.has(rows.local.type) ? rows.local.type : rows.address.type;
  if (!attributes.has(type)) return true;
  if (family !== prefix.family || attributes.length(type) < prefix.bytes.length) return false;
  return isInside(attributes.bytes, attributes.start(type), prefix);
}
