/**
 * The general arguments of `ip link add` and `ip link set`, read strictly in order: keywords, abbreviations,
 * duplicates and complaints as in iproute2. Their values are link attributes.
 */

import { closeSync, openSync } from 'node:fs';
import { answerTo } from '../../kernel/netlink/request-sync.ts';
import { KernelError } from '../../kernel/system/errors.ts';
import { EINVAL } from '../../linux/errno.ts';
import {
  IFF_ALLMULTI,
  IFF_DYNAMIC,
  IFF_MULTICAST,
  IFF_NOARP,
  IFF_NOTRAILERS,
  IFF_PROMISC,
  IFF_UP,
} from '../../linux/interfaces.ts';
import { RTEXT_FILTER_SKIP_STATS, RTEXT_FILTER_VF } from '../../linux/rtnetlink.ts';
import { pathOfNamespace } from '../../namespaces/named.ts';
import { decodeLink, type LinkAttributes, type LinkHeader, link, linkHeader } from '../../rtnetlink/link.ts';
import {
  type Args,
  duplicateArgument,
  duplicateOrGarbage,
  EXIT_FAILURE,
  incompleteCommand,
  isPrefixOf,
  missingArgument,
  UsageError,
  UsageRequest,
  wrongArgument,
} from '../../schema/args.ts';
import type { Names } from '../../schema/names.ts';
import { parseLeading, parseSigned, parseUnsigned } from '../../schema/number.ts';
import { parseHardwareAddress, parseIpv4 } from '../../wire/address.ts';
import { byteLength, encodeText } from '../../wire/text.ts';
import type { Context } from '../frame/context.ts';
import { kernelErrorText } from '../frame/report.ts';
import { isDeviceName, linkGetRequest } from '../grammar/link-filter.ts';
import { readInetSettings } from './inet.ts';
import { LINK_USAGE } from './usage.ts';
import { readVfSettings, type VfTools } from './vf.ts';
import { readXdp, XDP_MODES } from './xdp.ts';

const MAX_ALIAS = 255;
const MAX_SEGMENTS = 65535;
/** Bytes of the longest name that a device may have beside its own. */
const MAX_ALTERNATIVE_NAME = 127;

const ADDRESS_MODES = ['eui64', 'none', 'stable_secret', 'random'];
const LINK_MODES = ['default', 'dormant'];
const OPERATION_STATES = ['unknown', 'notpresent', 'down', 'lowerlayerdown', 'testing', 'dormant', 'up'];

/** What the words of a line ask for. */
export interface LinkDraft {
  readonly header: { -readonly [K in keyof LinkHeader]: LinkHeader[K] };
  readonly attributes: LinkAttributes;
  /** After `name`. */
  name?: string;
  /** After `dev`, or standing alone. */
  device?: string;
  /** After `link`. */
  lower?: string;
  /** After `index`; 0 when none was given. */
  index: number;
  /** After `group`. */
  group?: number;
  /** After `type`: the kind; its arguments follow in the line. */
  kind?: string;
  /** Open descriptor of the namespace after `netns`. */
  namespace?: number;
  /** After `link-netns`, as it was named: it is looked for when the whole line is read. */
  lowerNamespace?: string;
  /** After `link-netnsid`; -1 is as good as none. */
  lowerNamespaceId?: number;
}

export function newDraft(): LinkDraft {
  return { header: linkHeader.zero(), attributes: {}, index: 0 };
}

interface Keyword {
  readonly word: string;
  /** Only the whole word is meant. */
  readonly isExact?: boolean;
  read(draft: LinkDraft, args: Args, context: Context): void;
}

/** A keyword that must be spelt out. */
function exact(word: string, read: Keyword['read']): Keyword {
  return { word, isExact: true, read };
}

/** A keyword that any of its beginnings stands for. */
function abbreviable(word: string, read: Keyword['read']): Keyword {
  return { word, read };
}

type NumberName = {
  [K in keyof LinkAttributes]-?: LinkAttributes[K] extends number | undefined ? K : never;
}[keyof LinkAttributes];

/** A number as an attribute, of which there may be one; -1 is as good as none. */
function number(
  name: NumberName,
  word: string,
  parse: (text: string) => number | undefined,
): Keyword['read'] {
  return (draft, args) => {
    const value = args.next();
    if ((draft.attributes[name] ?? -1) !== -1) throw duplicateArgument(word, value);
    draft.attributes[name] = read(value, parse, `Invalid "${word}" value\n`);
  };
}

/** The same up to `max`, of which the last one counts. */
function lastNumber(name: NumberName, max = 0xffffffff): Keyword {
  return exact(name, (draft, args) => {
    draft.attributes[name] = read(args.next(), text => parseUnsigned(text, max), `Invalid "${name}" value\n`);
  });
}

function read<T>(value: string, parse: (text: string) => T | undefined, complaint: string): T {
  const parsed = parse(value);
  if (parsed === undefined) throw wrongArgument(value, complaint);
  return parsed;
}

/** One of `words`, in upper or lower case, as its position. */
const oneOf = (words: readonly string[]) => (text: string) => {
  const at = words.indexOf(text.toLowerCase());
  return at < 0 ? undefined : at;
};

/** `on` and `off` as a flag of the device. */
function flag(word: string, bit: number, isInverted = false): Keyword {
  return exact(word, (draft, args) => setFlag(draft, bit, readOnOff(args, word) !== isInverted));
}

function setFlag({ header }: LinkDraft, bit: number, isOn: boolean): void {
  header.change |= bit;
  header.flags = isOn ? header.flags | bit : header.flags & ~bit;
}

function readOnOff(args: Args, word: string): boolean {
  const value = args.next();
  if (value === 'on') return true;
  if (value === 'off') return false;
  throw new UsageError(`Error: argument of "${word}" must be "on" or "off", not "${value}"`, EXIT_FAILURE);
}

/** `off` and `on` where the original reads them in another way, and fails in another way too. */
function readOffOn(args: Args, word: string): number {
  const value = args.next();
  const at = ['off', 'on'].indexOf(value);
  if (at >= 0) return at;
  const text = `Error: argument of "${word}" must be one of "off", "on", not "${value}"`;
  throw new UsageError(text, EINVAL);
}

/** A link-layer address: hex bytes with colons, or with a dot four bytes in the notation of IPv4. */
export function readLinkAddress(value: string): Buffer {
  const bytes = value.includes('.') ? parseIpv4(value) : parseHardwareAddress(value);
  if (bytes === undefined) throw new UsageError(`"${value}" is invalid lladdr.`, EXIT_FAILURE);
  return Buffer.from(bytes);
}

const readTransmitQueueLength = number('txqlen', 'txqueuelen', parseSigned);
const readBroadcast: Keyword['read'] = ({ attributes }, args) => {
  attributes.broadcast = readLinkAddress(args.next());
};

/** What settings of virtual functions need to know of their device. */
function vfTools(name: string, context: Context): VfTools {
  const index = context.names.deviceIndex(name) ?? 0;
  return {
    readAddress(args) {
      const address = readLinkAddress(args.next());
      if (index !== 0) checkAddressLength(address, index, context);
      return address;
    },
    currentRates(vf) {
      if (index === 0) throw new UsageError(`Device ${name} does not exist`, EXIT_FAILURE);
      const answer = answerTo(context.ask, linkGetRequest({ index }, RTEXT_FILTER_VF, 0));
      const found = answer && decodeLink(answer, link.select(['vfinfo_list']))?.vfinfo_list;
      if (found === undefined) return { min_tx_rate: 0, max_tx_rate: 0 };
      for (const { rate } of found) {
        if (rate === undefined) throw new UsageError('VF min/max rate API not supported', EXIT_FAILURE);
        if (rate.vf === vf) return rate;
      }
      throw new UsageError(`Cannot find VF ${vf | 0}`, EXIT_FAILURE);
    },
  };
}

/** Complains about an address that is not as long as the device's own. */
export function checkAddressLength(address: Buffer, index: number, context: Context): void {
  const answer = context.ask(linkGetRequest({ index }, RTEXT_FILTER_SKIP_STATS, 0));
  if (answer instanceof KernelError) {
    context.complain(kernelErrorText(answer));
    return;
  }
  const known = answer === undefined ? undefined : decodeLink(answer, link.select(['address']))?.address;
  if (known === undefined || known.length === address.length) return;
  const text = `Invalid address length ${address.length} - must be ${known.length} bytes`;
  throw new UsageError(text, EXIT_FAILURE);
}

/** Closes the descriptors that words have opened. */
export function closeDraft(draft: LinkDraft): void {
  if (draft.namespace !== undefined) closeSync(draft.namespace);
  closeProgram(draft);
}

function closeProgram({ attributes: { xdp } }: LinkDraft): void {
  if (xdp?.fd !== undefined && xdp.fd >= 0) closeSync(xdp.fd);
}

/** Keywords in order of precedence. */
export const LINK_KEYWORDS: readonly Keyword[] = [
  exact('up', draft => setFlag(draft, IFF_UP, true)),
  exact('down', draft => setFlag(draft, IFF_UP, false)),
  exact('name', (draft, args) => {
    const name = args.next();
    if (draft.name !== undefined) throw duplicateArgument('name', name);
    if (!isDeviceName(name)) throw wrongArgument(name, '"name" not a valid ifname');
    draft.name = name;
  }),
  exact('index', (draft, args) => {
    const value = args.next();
    if (draft.index !== 0) throw duplicateArgument('index', value);
    const index = parseLeading(value);
    if (index <= 0) throw wrongArgument(value, 'Invalid "index" value');
    draft.index = index;
  }),
  abbreviable('link', (draft, args) => {
    draft.lower = args.next();
  }),
  abbreviable('address', ({ attributes }, args) => {
    attributes.address = readLinkAddress(args.next());
  }),
  abbreviable('broadcast', readBroadcast),
  exact('brd', readBroadcast),
  abbreviable('txqueuelen', readTransmitQueueLength),
  abbreviable('txqlen', readTransmitQueueLength),
  exact('qlen', readTransmitQueueLength),
  exact('mtu', number('mtu', 'mtu', parseSigned)),
  ...Object.entries(XDP_MODES).map(([word, mode]) =>
    exact(word, (draft, args, { names, options }) => {
      if (word === 'xdpoffload') requireDevice(draft, names);
      closeProgram(draft);
      draft.attributes.xdp = readXdp(args, mode, options.force);
    }),
  ),
  exact('netns', (draft, args) => {
    const value = args.next();
    if (draft.namespace !== undefined) throw duplicateArgument('netns', value);
    const descriptor = openNamespace(value);
    if (descriptor === undefined) throw wrongArgument(value, 'Invalid "netns" value\n');
    draft.namespace = descriptor;
    draft.attributes.net_ns_fd = descriptor;
  }),
  exact('vf', (draft, args, context) => {
    const number = read(args.next(), parseSigned, 'Invalid "vf" value\n') >>> 0;
    const name = draft.device ?? draft.name;
    if (name === undefined) throw missingArgument('dev');
    draft.attributes.vfinfo_list = [readVfSettings(number, args, vfTools(name, context))];
  }),
  exact('inet', ({ attributes }, args) => {
    attributes.af_spec = { inet: { conf: readInetSettings(args) } };
  }),
  flag('multicast', IFF_MULTICAST),
  flag('allmulticast', IFF_ALLMULTI),
  flag('promisc', IFF_PROMISC),
  flag('trailers', IFF_NOTRAILERS, true),
  flag('arp', IFF_NOARP, true),
  exact('carrier', ({ attributes }, args) => {
    attributes.carrier = readOffOn(args, 'carrier');
  }),
  abbreviable('master', ({ attributes }, args, { names }) => {
    const value = args.next();
    attributes.master = read(value, names.deviceIndex, 'Device does not exist\n');
  }),
  exact('vrf', ({ attributes }, args, { names }) => {
    const value = args.next();
    const index = names.deviceIndex(value);
    if (index === undefined || names.vrf(index) === undefined)
      throw wrongArgument(value, 'Not a valid VRF name\n');
    attributes.master = index;
  }),
  abbreviable('nomaster', ({ attributes }) => {
    attributes.master = 0;
  }),
  abbreviable('dynamic', (draft, args) => setFlag(draft, IFF_DYNAMIC, readOnOff(args, 'dynamic'))),
  abbreviable('alias', ({ attributes }, args) => {
    const value = args.next();
    if (byteLength(value) > MAX_ALIAS) throw wrongArgument(value, 'alias too long\n');
    attributes.ifalias = value;
  }),
  exact('group', (draft, args, { names }) => {
    const value = args.next();
    if (draft.group !== undefined) throw duplicateArgument('group', value);
    draft.group = read(value, word => names.number('groups', word), 'Invalid "group" value\n');
    draft.attributes.group = draft.group;
  }),
  exact('mode', ({ attributes }, args) => {
    attributes.linkmode = read(args.next(), oneOf(LINK_MODES), 'Invalid link mode\n');
  }),
  exact('state', ({ attributes }, args) => {
    attributes.operstate = read(args.next(), oneOf(OPERATION_STATES), 'Invalid operstate\n');
  }),
  abbreviable('numtxqueues', number('num_tx_queues', 'numtxqueues', parseSigned)),
  abbreviable('numrxqueues', number('num_rx_queues', 'numrxqueues', parseSigned)),
  abbreviable('addrgenmode', ({ attributes }, args) => {
    const mode = read(args.next(), oneOf(ADDRESS_MODES), 'Invalid address generation mode\n');
    // The kernel heeds the last IFLA_AF_SPEC alone, and the original sends one for each keyword.
    attributes.af_spec = { inet6: { addr_gen_mode: mode } };
  }),
  abbreviable('link-netns', (draft, args) => {
    const value = args.next();
    requireNoLowerNamespace(draft, value);
    draft.lowerNamespace = value;
  }),
  abbreviable('link-netnsid', (draft, args) => {
    const value = args.next();
    requireNoLowerNamespace(draft, value);
    draft.lowerNamespaceId = read(value, parseSigned, 'Invalid "link-netnsid" value\n');
  }),
  exact('protodown', ({ attributes }, args) => {
    attributes.proto_down = readOffOn(args, 'protodown');
  }),
  exact('protodown_reason', ({ attributes }, args, { names }) => {
    const value = args.next();
    const bit = read(value, word => names.number('protodownReasons', word), 'invalid protodown reason\n');
    const isOn = readOnOff(args, 'protodown_reason');
    const mask = (1 << bit) >>> 0;
    attributes.proto_down_reason = { mask, value: isOn ? mask : 0 };
  }),
  lastNumber('gso_max_size'),
  lastNumber('gso_max_segs', MAX_SEGMENTS),
  lastNumber('gro_max_size'),
  lastNumber('gso_ipv4_max_size'),
  lastNumber('gro_ipv4_max_size'),
  exact('parentdev', ({ attributes }, args) => {
    attributes.parent_dev_name = args.next();
  }),
];

/** A program for the hardware is made for a device, which must be there. */
function requireDevice({ name, device = name }: LinkDraft, names: Names): void {
  if (device === undefined || names.deviceIndex(device) === undefined) throw incompleteCommand();
}

function requireNoLowerNamespace(draft: LinkDraft, value: string): void {
  if (draft.lowerNamespace === undefined && (draft.lowerNamespaceId ?? -1) < 0) return;
  throw duplicateArgument('link-netns/link-netnsid', value);
}

/**
 * Opens the namespace that `value` names: a path if it has a slash, else a name of the run directory, else a process.
 * Undefined when there is none.
 */
export function openNamespace(value: string): number | undefined {
  const descriptor = openQuietly(value.includes('/') ? value : pathOfNamespace(value));
  if (descriptor !== undefined) return descriptor;
  return parseSigned(value) === undefined ? undefined : openQuietly(`/proc/${value}/ns/net`);
}

function openQuietly(path: string): number | undefined {
  try {
    return openSync(encodeText(path), 'r');
  } catch {
    return undefined;
  }
}

/**
 * Reads words into `draft` to the end of the line or up to and including `type KIND`. Throws the original's complaint
 * about the first wrong word.
 */
export function readLinkArguments(draft: LinkDraft, args: Args, context: Context): void {
  while (!args.done) {
    const word = args.peek() as string;
    if (isPrefixOf(word, 'type') && !isPrefixOf(word, 'txqueuelen')) {
      args.skip();
      draft.kind = args.next();
      return;
    }
    const keyword = LINK_KEYWORDS.find(({ word: full, isExact }) =>
      isExact ? word === full : isPrefixOf(word, full),
    );
    if (keyword !== undefined) {
      args.skip();
      keyword.read(draft, args, context);
    } else {
      if (isPrefixOf(word, 'help')) throw new UsageRequest(LINK_USAGE);
      readDevice(draft, args);
    }
  }
}

/** `dev NAME` or a name standing alone. */
function readDevice(draft: LinkDraft, args: Args): void {
  args.accept('dev');
  const name = args.next();
  if (draft.device !== undefined) throw duplicateOrGarbage('dev', name);
  if (!isAlternativeName(name)) throw wrongArgument(name, '"dev" not a valid ifname');
  draft.device = name;
}

/** Whether a device may be called so, be it by its own name or by another. */
export function isAlternativeName(name: string): boolean {
  const length = byteLength(name);
  return length > 0 && length <= MAX_ALTERNATIVE_NAME;
}
