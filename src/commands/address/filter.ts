/** The words of `address show`, `flush` and `save` that choose addresses. Those that choose devices: link-filter.ts. */
import { AF_UNSPEC } from '../../linux/families.ts';
import { ADDRESS_FLAGS, type AddressReader, address as addressTable } from '../../rtnetlink/address.ts';
import { type Args, UsageRequest, wrongArgument } from '../../schema/args.ts';
import type { Names } from '../../schema/names.ts';
import { parseUnsigned } from '../../schema/number.ts';

import { compileGlob } from '../grammar/glob.ts';
import { type LinkFilter, readFilterDevice, readFilterWord } from '../grammar/link-filter.ts';
import { isInside, type Prefix, parsePrefix } from '../grammar/prefix.ts';
import { ADDRESS_USAGE } from './usage.ts';

const { rows } = addressTable;

export interface AddressFilter {
  readonly link: LinkFilter;
  /** That of -4, -6, -0, or else of the prefix asked for. */
  family: number;
  scope?: number | undefined;
  prefix?: Prefix;
  label?: (text: string) => boolean;
  /** Hides addresses of another protocol; those that tell none are shown. */
  protocol?: number;
  /** Flags that must be as in `flags`. */
  flagMask: number;
  flags: number;
}

/** Flags by word; each may be asked for, or asked away with a minus sign before it. */
const FLAGS: Readonly<Record<string, { readonly bit: number; readonly isInverse?: true }>> = {
  secondary: { bit: ADDRESS_FLAGS.secondary },
  temporary: { bit: ADDRESS_FLAGS.secondary },
  primary: { bit: ADDRESS_FLAGS.secondary, isInverse: true },
  nodad: { bit: ADDRESS_FLAGS.nodad },
  optimistic: { bit: ADDRESS_FLAGS.optimistic },
  dadfailed: { bit: ADDRESS_FLAGS.dadfailed },
  home: { bit: ADDRESS_FLAGS.home },
  deprecated: { bit: ADDRESS_FLAGS.deprecated },
  tentative: { bit: ADDRESS_FLAGS.tentative },
  permanent: { bit: ADDRESS_FLAGS.permanent },
  dynamic: { bit: ADDRESS_FLAGS.permanent, isInverse: true },
  mngtmpaddr: { bit: ADDRESS_FLAGS.mngtmpaddr },
  noprefixroute: { bit: ADDRESS_FLAGS.noprefixroute },
  autojoin: { bit: ADDRESS_FLAGS.autojoin },
  'stable-privacy': { bit: ADDRESS_FLAGS.stablePrivacy },
};

/** Reads the rest of the line. */
export function parseAddressFilter(args: Args, family: number, names: Names): AddressFilter {
  const filter: AddressFilter = { link: {}, family, flagMask: 0, flags: 0 };
  while (!args.done) {
    if (readAddressWord(args, filter, names) || readFilterWord(args, filter.link, names)) continue;
    if (!args.is('dev') && args.matches('help')) throw new UsageRequest(ADDRESS_USAGE);
    readFilterDevice(args, filter.link);
  }
  return filter;
}

/** Reads one word about addresses with its value; false, reading nothing, when the current word is none. */
export function readAddressWord(args: Args, filter: AddressFilter, names: Names): boolean {
  if (args.accept('to')) {
    filter.prefix = parsePrefix(args.next(), filter.family);
    if (filter.family === AF_UNSPEC) filter.family = filter.prefix.family;
  } else if (args.accept('scope')) {
    const word = args.next();
    filter.scope = names.number('scopes', word);
    if (filter.scope === undefined && word !== 'all') throw wrongArgument(word, 'invalid "scope"\n');
  } else if (args.accept('label')) {
    filter.label = compileGlob(args.next());
  } else if (args.accept('proto')) {
    const word = args.next();
    const protocol = parseUnsigned(word, 0xff);
    if (protocol === undefined) throw wrongArgument(word, '"proto" value is invalid\n');
    filter.protocol = protocol;
  } else {
    return readFlag(args, filter);
  }
  return true;
}

function readFlag(args: Args, filter: AddressFilter): boolean {
  const word = args.peek() as string;
  const isMinus = word.startsWith('-');
  const name = isMinus ? word.slice(1) : word;
  if (!Object.hasOwn(FLAGS, name)) return false;
  args.skip();
  const { bit, isInverse = false } = FLAGS[name]!;
  filter.flagMask |= bit;
  filter.flags = isMinus === isInverse ? filter.flags | bit : filter.flags & ~bit;
  return true;
}

/** Whether the filter says anything about addresses that makes a device worth showing or not. */
export function choosesAddresses({ family, scope, flagMask, prefix, label }: AddressFilter): boolean {
  return (
    family !== AF_UNSPEC ||
    scope !== undefined ||
    flagMask !== 0 ||
    prefix !== undefined ||
    label !== undefined
  );
}

/** Whether an address makes its device worth showing. The protocol does not count for that, as in the original. */
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

/** An address without label goes by the name of its device. */
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
