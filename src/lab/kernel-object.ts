/**
 * Addresses, routes, rules and neighbours as messages: which of them are the same object, and whether one that is there is
 * as it is to be. Requests and the kernel's answers have one form, so words of any kind are compared. Source:
 * linux/rtnetlink.h, linux/if_addr.h, linux/neighbour.h, linux/fib_rules.h.
 */

import { AF_INET6 } from '../linux/families.ts';
import { NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE, NLM_F_REQUEST } from '../linux/netlink.ts';
import {
  FRA_DST,
  FRA_PRIORITY,
  FRA_SRC,
  FRA_TABLE,
  IFA_ADDRESS,
  IFA_CACHEINFO,
  IFA_FLAGS,
  IFA_LOCAL,
  NDA_DST,
  RTA_DST,
  RTA_ENCAP,
  RTA_GATEWAY,
  RTA_METRICS,
  RTA_MULTIPATH,
  RTA_OIF,
  RTA_PREFSRC,
  RTA_PRIORITY,
  RTA_SRC,
  RTA_TABLE,
  RTN_UNICAST,
  RTPROT_UNSPEC,
} from '../linux/rtnetlink.ts';
import { attributePath } from '../rtnetlink/catalogue/attribute-path.ts';
import { rule } from '../rtnetlink/rule.ts';
import { HEADER_LENGTH, walkAttributes } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';

/** What is compared by its message. */
export type ObjectKind = 'address' | 'route' | 'rule' | 'neighbour';

const HEADER_LENGTHS: Readonly<Record<ObjectKind, number>> = {
  address: 8,
  route: 12,
  rule: 12,
  neighbour: 12,
};

/** Type of attributes, without the bits of nests and byte order. */
const TYPE = 0x3fff;
const IPV6_METRIC = 1024;

/** Flags that are set by requests; the kernel has others. */
const SETTABLE_ADDRESS_FLAGS = 0x2 | 0x10 | 0x100 | 0x200 | 0x400;
const NTF_PROXY = 8;
const RTNH_LENGTH = 8;

/** A message taken apart. */
export interface KernelObject {
  readonly kind: ObjectKind;
  /** Equal for requests and answers of the same object. */
  readonly key: string;
  /** The whole message. */
  readonly bytes: Buffer;
  readonly header: Buffer;
  /** Payloads, and where each attribute begins in `bytes`. */
  readonly attributes: ReadonlyMap<number, { readonly payload: Buffer; readonly at: number }>;
}

/** Takes a message apart; undefined for one that is too short. */
export function objectOf(kind: ObjectKind, bytes: Buffer): KernelObject | undefined {
  const start = HEADER_LENGTH + HEADER_LENGTHS[kind];
  if (bytes.length < start) return undefined;
  const header = bytes.subarray(HEADER_LENGTH, start);
  const attributes = new Map<number, { payload: Buffer; at: number }>();
  walkAttributes(bytes, start, bytes.length, (type, at, length) => {
    attributes.set(type & TYPE, { payload: bytes.subarray(at, at + length), at: at - 4 });
  });
  const draft = { kind, bytes, header, attributes };
  return { ...draft, key: keyOf(draft) };
}

function keyOf(object: Omit<KernelObject, 'key'>): string {
  const { kind, header } = object;
  const hex = (type: number) => object.attributes.get(type)?.payload.toString('hex') ?? '';
  // Of a prefix without bits a request may have an address, and the kernel nothing.
  const end = (type: number, at: number) => (header[at] === 0 ? 'all' : `${hex(type)}/${header[at]}`);
  switch (kind) {
    case 'address':
      return `${header[0]} ${hex(IFA_LOCAL) || hex(IFA_ADDRESS)}/${header[1]} dev ${header.readUInt32LE(4)}`;
    case 'route':
      return `${header[0]} table ${tableOf(object, RTA_TABLE)} ${end(RTA_DST, 1)} from ${end(RTA_SRC, 2)} tos ${header[3]} metric ${metricOf(object)}`;
    case 'neighbour':
      return `${header[0]} ${hex(NDA_DST)} dev ${header.readInt32LE(4)} ${(header[10]! & NTF_PROXY) !== 0 ? 'proxy' : ''}`;
    case 'rule':
      // A rule is all that it says.
      return object.bytes.subarray(HEADER_LENGTH).toString('hex');
  }
}

function tableOf({ header, attributes }: Pick<KernelObject, 'header' | 'attributes'>, type: number): number {
  return attributes.get(type)?.payload.readUInt32LE(0) ?? header[4]!;
}

function metricOf({ header, attributes }: Pick<KernelObject, 'header' | 'attributes'>): number {
  const given = attributes.get(RTA_PRIORITY)?.payload.readUInt32LE(0) ?? 0;
  return given === 0 && header[0] === AF_INET6 ? IPV6_METRIC : given;
}

/** The object among `live` that `wanted` means; a rule is found by all that it says. */
export function findObject(wanted: KernelObject, live: readonly KernelObject[]): KernelObject | undefined {
  if (wanted.kind !== 'rule') return live.find(({ key }) => key === wanted.key);
  return live.find(other => differences(wanted, other).length === 0);
}

/** The attributes by which a live object is not as it is to be; empty if it is. */
export function differences(wanted: KernelObject, live: KernelObject): string[] {
  const found = headerDifferences(wanted, live);
  for (const [type, { payload, at }] of wanted.attributes) {
    if (isOfKey(wanted.kind, type) || isEmptySelector(wanted, type)) continue;
    if (!isEqual(wanted, type, payload, live.attributes.get(type)?.payload))
      found.push(attributePath(wanted.bytes, at) ?? `attribute ${type}`);
  }
  // What is there and was not asked for changes where packets go.
  if (wanted.kind === 'route')
    for (const [type, word] of UNASKED) {
      const isAsked =
        wanted.attributes.has(type) || (type === RTA_GATEWAY && wanted.attributes.has(RTA_MULTIPATH));
      if (!isAsked && live.attributes.has(type)) found.push(word);
    }
  if (wanted.kind === 'rule')
    for (const [type, word] of SELECTORS)
      if (live.attributes.has(type) && !wanted.attributes.has(type)) found.push(word);
  return found;
}

/** What a rule may select by: one that says nothing of it is another rule. */
const SELECTORS: readonly (readonly [number, string])[] = (
  [
    'dst',
    'src',
    'iifname',
    'oifname',
    'fwmark',
    'tun_id',
    'l3mdev',
    'uid_range',
    'ip_proto',
    'sport_range',
    'dport_range',
    'dscp',
    'flowlabel',
  ] as const
).map(name => [rule.rows[name].type, name]);

/** Of `from ::/0` a request has an address without bits, and the kernel nothing. */
function isEmptySelector({ kind, header }: KernelObject, type: number): boolean {
  return kind === 'rule' && ((type === FRA_SRC && header[2] === 0) || (type === FRA_DST && header[1] === 0));
}

const UNASKED: readonly (readonly [number, string])[] = [
  [RTA_GATEWAY, 'gateway'],
  [RTA_MULTIPATH, 'multipath'],
  [RTA_PREFSRC, 'prefsrc'],
  [RTA_METRICS, 'metrics'],
  [RTA_ENCAP, 'encap'],
];

/** Attributes that the key has already, or that the kernel counts down. */
function isOfKey(kind: ObjectKind, type: number): boolean {
  switch (kind) {
    case 'address':
      // Of an IPv6 address without a peer the kernel reports no local part.
      return type === IFA_CACHEINFO || type === IFA_LOCAL;
    case 'route':
      return [RTA_DST, RTA_SRC, RTA_PRIORITY, RTA_TABLE].includes(type);
    default:
      return false;
  }
}

function isEqual({ kind }: KernelObject, type: number, wanted: Buffer, live: Buffer | undefined): boolean {
  if (kind === 'address' && type === IFA_FLAGS) {
    const settable = (bytes: Buffer | undefined) => (bytes?.readUInt32LE(0) ?? 0) & SETTABLE_ADDRESS_FLAGS;
    return settable(wanted) === settable(live);
  }
  if (live === undefined) return false;
  if (kind === 'route' && type === RTA_MULTIPATH) return areSameHops(hopsOf(wanted), hopsOf(live));
  if (kind === 'route' && type === RTA_METRICS) return containsAll(wanted, live);
  return wanted.equals(live);
}

/** A next hop without its flags, which the kernel sets. */
interface Hop {
  /** 0 where the kernel is to find the device. */
  readonly device: number;
  /** Weight and attributes. */
  readonly rest: string;
}

function hopsOf(bytes: Buffer): Hop[] {
  const hops: Hop[] = [];
  for (let at = 0; at + RTNH_LENGTH <= bytes.length; ) {
    const length = bytes.readUInt16LE(at);
    if (length < RTNH_LENGTH || length > bytes.length - at) break;
    const attributes = bytes.subarray(at + RTNH_LENGTH, at + length).toString('hex');
    hops.push({ device: bytes.readInt32LE(at + 4), rest: `${bytes[at + 3]} ${attributes}` });
    at += (length + 3) & ~3;
  }
  return hops;
}

/** Whether both have the same next hops, in whatever order. */
function areSameHops(wanted: readonly Hop[], live: readonly Hop[]): boolean {
  const left = [...live];
  for (const { device, rest } of wanted) {
    const at = left.findIndex(hop => hop.rest === rest && (device === 0 || hop.device === device));
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return left.length === 0;
}

/** Whether each attribute of one nest is in the other with the same value; of one that is given twice the last counts. */
export function containsAll(wanted: Buffer, live: Buffer): boolean {
  const there = attributesOf(live);
  return [...attributesOf(wanted)].every(([type, value]) => there.get(type)?.equals(value) === true);
}

function attributesOf(nest: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  walkAttributes(nest, 0, nest.length, (type, at, length) =>
    found.set(type & TYPE, nest.subarray(at, at + length)),
  );
  return found;
}

function headerDifferences(wanted: KernelObject, live: KernelObject): string[] {
  const [one, other] = [wanted.header, live.header];
  const found: string[] = [];
  const compare = (name: string, at: number, mask = 0xff) => {
    if ((one[at]! & mask) !== (other[at]! & mask)) found.push(name);
  };
  switch (wanted.kind) {
    case 'address':
      compare('scope', 3);
      break;
    case 'route':
      compare('type', 7);
      if (one[5] !== RTPROT_UNSPEC) compare('protocol', 5);
      if (one[0] !== AF_INET6 && one[7] === RTN_UNICAST) compare('scope', 6);
      break;
    case 'neighbour':
      if (one.readUInt16LE(8) !== 0 && one.readUInt16LE(8) !== other.readUInt16LE(8)) found.push('state');
      break;
    case 'rule':
      for (const [name, at] of [
        ['family', 0],
        ['dst_len', 1],
        ['src_len', 2],
        ['tos', 3],
        ['action', 7],
      ] as const)
        compare(name, at);
      if (tableOf(wanted, FRA_TABLE) !== tableOf(live, FRA_TABLE)) found.push('table');
      if ((one.readUInt32LE(8) & 2) !== (other.readUInt32LE(8) & 2)) found.push('not');
  }
  return found;
}

/** Whether an object is one that the kernel makes by itself, or a part of every new namespace. */
export function isKernels({ kind, header, attributes, bytes }: KernelObject): boolean {
  const PROTOCOL_KERNEL = 2;
  const PROTOCOL_ROUTER = 9;
  switch (kind) {
    case 'address':
      // Link-local and loopback addresses, and those that routers announced.
      return header[3] === 254 || (header[3] === 253 && header[0] === AF_INET6);
    case 'route':
      return (
        header[5] === PROTOCOL_KERNEL ||
        header[5] === PROTOCOL_ROUTER ||
        (header[7] !== RTN_UNICAST && header[4] === 255)
      );
    case 'neighbour':
      return (bytes.readUInt16LE(HEADER_LENGTH + 8) & 0x80) === 0;
    case 'rule': {
      const priority = attributes.get(FRA_PRIORITY)?.payload.readUInt32LE(0) ?? 0;
      return priority === 0 || priority === 32766 || priority === 32767;
    }
  }
}

/** A request that makes an object, or replaces the one of its key. */
export function makeRequest({ kind, bytes }: KernelObject, isReplaced: boolean): MessageWriter {
  const flags = isReplaced && kind !== 'rule' ? NLM_F_CREATE | NLM_F_REPLACE : NLM_F_CREATE | NLM_F_EXCL;
  return copyAs(bytes, bytes.readUInt16LE(4), flags);
}

/** A request that deletes an object as the kernel reports it. */
export function deleteRequest({ bytes }: KernelObject): MessageWriter {
  return copyAs(bytes, bytes.readUInt16LE(4) | 1, 0);
}

function copyAs(bytes: Buffer, type: number, flags: number): MessageWriter {
  const writer = new MessageWriter(type, flags & ~(NLM_F_ACK | NLM_F_REQUEST));
  writer.raw(bytes.subarray(HEADER_LENGTH));
  return writer;
}

/** The device of a route, address or neighbour; 0 if it names none. */
export function deviceOf({ kind, header, attributes }: KernelObject): number {
  if (kind === 'route') return attributes.get(RTA_OIF)?.payload.readUInt32LE(0) ?? 0;
  return kind === 'rule' ? 0 : header.readInt32LE(4);
}
