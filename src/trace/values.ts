/**
 * How values are spelt in the trace: numbers that have names by their names in the kernel's headers, and numbers next to
 * them; texts in quotes; structs member by member.
 */
import { linkTypeName } from '../layouts/link/device-types.ts';
import { ADDRESS_FLAGS, address } from '../rtnetlink/address.ts';
import { ENCAP_NAMES } from '../rtnetlink/encap.ts';
import { link } from '../rtnetlink/link.ts';
import { LINK_MODES, OPERATION_STATES } from '../rtnetlink/link-settings.ts';
import {
  NEIGHBOUR_EXTENDED_FLAGS,
  NEIGHBOUR_FLAGS,
  NEIGHBOUR_STATES,
  neighbour,
} from '../rtnetlink/neighbour.ts';
import { nextHopAttributes } from '../rtnetlink/nexthop.ts';
import { ROUTE_TYPES, routeAttributes } from '../rtnetlink/route.ts';
import type { Names } from '../schema/names.ts';
import type { Row } from '../schema/row.ts';
import { Secret } from '../schema/secret.ts';
import type { View } from '../schema/view.ts';
import { formatHardwareAddress } from '../wire/address.ts';
import * as codec from '../wire/codec.ts';

/** Names of bits; those without a name are in hexadecimal. */
type Bits = readonly (readonly [bit: number, name: string])[];

const bitsOf = (record: Readonly<Record<string, number>>, prefix: string): Bits =>
  Object.entries(record).map(([name, bit]) => [bit, prefix + name.toUpperCase()]);

/** IFF_*. Source: linux/if.h. */
const DEVICE_FLAGS: Bits = [
  'UP',
  'BROADCAST',
  'DEBUG',
  'LOOPBACK',
  'POINTOPOINT',
  'NOTRAILERS',
  'RUNNING',
  'NOARP',
  'PROMISC',
  'ALLMULTI',
  'MASTER',
  'SLAVE',
  'MULTICAST',
  'PORTSEL',
  'AUTOMEDIA',
  'DYNAMIC',
  'LOWER_UP',
  'DORMANT',
  'ECHO',
].map((name, index) => [1 << index, `IFF_${name}`] as const);

/** RTEXT_FILTER_*. Source: linux/rtnetlink.h. */
const EXTENSIONS: Bits = [
  'VF',
  'BRVLAN',
  'BRVLAN_COMPRESSED',
  'SKIP_STATS',
  'MRP',
  'CFM_CONFIG',
  'CFM_STATUS',
  'MST',
].map((name, index) => [1 << index, `RTEXT_FILTER_${name}`] as const);

/** RTM_F_* and RTNH_F_*: the flags of a route are those of its only next hop, too. */
const ROUTE_FLAGS: Bits = [
  [0x1, 'RTNH_F_DEAD'],
  [0x2, 'RTNH_F_PERVASIVE'],
  [0x4, 'RTNH_F_ONLINK'],
  [0x8, 'RTNH_F_OFFLOAD'],
  [0x10, 'RTNH_F_LINKDOWN'],
  [0x20, 'RTNH_F_UNRESOLVED'],
  [0x40, 'RTNH_F_TRAP'],
  [0x100, 'RTM_F_NOTIFY'],
  [0x200, 'RTM_F_CLONED'],
  [0x400, 'RTM_F_EQUALIZE'],
  [0x800, 'RTM_F_PREFIX'],
  [0x1000, 'RTM_F_LOOKUP_TABLE'],
  [0x2000, 'RTM_F_FIB_MATCH'],
  [0x4000, 'RTM_F_OFFLOAD'],
  [0x8000, 'RTM_F_TRAP'],
];

const FAMILY_NAMES: Readonly<Record<number, string>> = {
  0: 'AF_UNSPEC',
  2: 'AF_INET',
  7: 'AF_BRIDGE',
  10: 'AF_INET6',
  17: 'AF_PACKET',
  28: 'AF_MPLS',
  128: 'RTNL_FAMILY_IPMR',
  129: 'RTNL_FAMILY_IP6MR',
};
const SCOPES: Readonly<Record<number, string>> = {
  0: 'RT_SCOPE_UNIVERSE',
  200: 'RT_SCOPE_SITE',
  253: 'RT_SCOPE_LINK',
  254: 'RT_SCOPE_HOST',
  255: 'RT_SCOPE_NOWHERE',
};
const TABLES: Readonly<Record<number, string>> = {
  0: 'RT_TABLE_UNSPEC',
  252: 'RT_TABLE_COMPAT',
  253: 'RT_TABLE_DEFAULT',
  254: 'RT_TABLE_MAIN',
  255: 'RT_TABLE_LOCAL',
};
const PROTOCOLS: Readonly<Record<number, string>> = {
  0: 'RTPROT_UNSPEC',
  1: 'RTPROT_REDIRECT',
  2: 'RTPROT_KERNEL',
  3: 'RTPROT_BOOT',
  4: 'RTPROT_STATIC',
  9: 'RTPROT_RA',
  16: 'RTPROT_DHCP',
};
const ACTIONS: Readonly<Record<number, string>> = {
  0: 'FR_ACT_UNSPEC',
  1: 'FR_ACT_TO_TBL',
  2: 'FR_ACT_GOTO',
  3: 'FR_ACT_NOP',
  6: 'FR_ACT_BLACKHOLE',
  7: 'FR_ACT_UNREACHABLE',
  8: 'FR_ACT_PROHIBIT',
};

type Speller = (value: number) => string;

const one =
  (names: Readonly<Record<number, string>>): Speller =>
  value =>
    names[value] ?? String(value);
const many =
  (bits: Bits): Speller =>
  value =>
    flagNames(value, bits);

/** `A|B|0x10`; `0` for none. */
export function flagNames(value: number, bits: Bits): string {
  let rest = value >>> 0;
  const found: string[] = [];
  for (const [bit, name] of bits) {
    if (!(rest & bit)) continue;
    found.push(name);
    rest = (rest & ~bit) >>> 0;
  }
  if (rest !== 0) found.push(`0x${rest.toString(16)}`);
  return found.join('|') || '0';
}

/** Members of headers, by the name of the struct and their own. */
const MEMBERS: Readonly<Record<string, Speller>> = {
  family: one(FAMILY_NAMES),
  'ifinfomsg.type': value => linkTypeSpelling(value),
  'ifinfomsg.flags': many(DEVICE_FLAGS),
  'ifinfomsg.change': many(DEVICE_FLAGS),
  'ifaddrmsg.flags': many(bitsOf(ADDRESS_FLAGS, 'IFA_F_')),
  'ifaddrmsg.scope': one(SCOPES),
  'rtmsg.table': one(TABLES),
  'rtmsg.protocol': one(PROTOCOLS),
  'rtmsg.scope': one(SCOPES),
  'rtmsg.type': value => (ROUTE_TYPES[value] === undefined ? String(value) : `RTN_${routeType(value)}`),
  'rtmsg.flags': many(ROUTE_FLAGS),
  'rtnexthop.flags': many(ROUTE_FLAGS),
  'nhmsg.flags': many(ROUTE_FLAGS),
  'nhmsg.protocol': one(PROTOCOLS),
  'nhmsg.scope': one(SCOPES),
  'ndmsg.state': many(bitsOf(NEIGHBOUR_STATES, 'NUD_')),
  'ndmsg.flags': many(bitsOf(NEIGHBOUR_FLAGS, 'NTF_')),
  'ndmsg.type': one({ 1: 'RTN_UNICAST', 3: 'RTN_BROADCAST', 5: 'RTN_MULTICAST' }),
  'fib_rule_hdr.table': one(TABLES),
  'fib_rule_hdr.action': one(ACTIONS),
  'fib_rule_hdr.flags': many([
    [0x1, 'FIB_RULE_PERMANENT'],
    [0x2, 'FIB_RULE_INVERT'],
    [0x4, 'FIB_RULE_UNRESOLVED'],
    [0x8, 'FIB_RULE_IIF_DETACHED'],
    [0x10, 'FIB_RULE_OIF_DETACHED'],
  ]),
};

function routeType(value: number): string {
  return ROUTE_TYPES[value] === 'none' ? 'UNSPEC' : ROUTE_TYPES[value]!.toUpperCase();
}

function linkTypeSpelling(type: number): string {
  if (type === 0) return '0'; // Requests seldom say anything here.
  const name = linkTypeName(type, false);
  return name.startsWith('[') ? String(type) : `ARPHRD_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

/** Attributes whose numbers have names that the tables leave to the layouts. */
const ATTRIBUTES = new Map<unknown, Speller>([
  [link.rows.operstate, one(OPERATION_STATES.map(name => `IF_OPER_${name}`))],
  [link.rows.ext_mask, many(EXTENSIONS)],
  [link.rows.linkmode, one(LINK_MODES.map(name => `IF_LINK_MODE_${name}`))],
  [address.rows.flags, many(bitsOf(ADDRESS_FLAGS, 'IFA_F_'))],
  [neighbour.rows.flags_ext, many(bitsOf(NEIGHBOUR_EXTENDED_FLAGS, 'NTF_EXT_'))],
  [routeAttributes.rows.table, one(TABLES)],
  [routeAttributes.rows.encap_type, one(encapNames())],
  [nextHopAttributes.rows.encap_type, one(encapNames())],
]);

function encapNames(): Record<number, string> {
  return Object.fromEntries(
    Object.entries(ENCAP_NAMES).map(([number, name]) => [
      number,
      `LWTUNNEL_ENCAP_${name.toUpperCase().replace('SEG6LOCAL', 'SEG6_LOCAL')}`,
    ]),
  );
}

/** Link-layer addresses, which the tables leave as bytes because some types of devices print them otherwise. */
const HARDWARE_ADDRESSES = new Set<unknown>([
  link.rows.address,
  link.rows.broadcast,
  link.rows.perm_address,
  neighbour.rows.lladdr,
]);

/** Nothing is looked up while something is traced: that would be traced again. */
const NUMBERS: Names = {
  device: String,
  deviceIndex: () => undefined,
  deviceState: index => ({ name: String(index) }),
  vrf: () => undefined,
  remember: () => undefined,
  name: (_table, number) => String(number),
  number: () => undefined,
  namespace: () => undefined,
  host: address => address,
  user: () => undefined,
  userGroup: () => undefined,
};
const VIEW: View = {
  details: 1,
  statistics: 0,
  oneLine: false,
  brief: false,
  scale: 'none',
  numeric: false,
  names: NUMBERS,
};

/** A header as `name=value` for each member. */
export function headerWords(name: string, value: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(value).flatMap(([member, number]) => {
    if (typeof number === 'object') return `${member}=${plainText(number)}`.split(' ');
    const spell = MEMBERS[`${name}.${member}`] ?? MEMBERS[member];
    return `${member}=${spell === undefined ? String(number) : spell(Number(number))}`;
  });
}

/** An attribute's value. Texts are quoted; a number with a name is printed next to it. */
export function attributeText(row: Row<unknown>, value: unknown): string {
  const spell = ATTRIBUTES.get(row);
  if (spell !== undefined) return named(spell(Number(value)), value);
  if (HARDWARE_ADDRESSES.has(row) && Buffer.isBuffer(value)) return formatHardwareAddress(value);
  if (Buffer.isBuffer(value)) return `hex ${hexText(value)}`;
  if (row.codec === codec.text || row.codec === codec.bareText) return JSON.stringify(value);
  if (typeof value !== 'number' && typeof value !== 'bigint') return plainText(value);
  try {
    const shown = row.words.spelling.show(value, VIEW).trim();
    return shown === '' ? String(value) : named(shown, value);
  } catch {
    return String(value);
  }
}

function named(shown: string, value: unknown): string {
  return shown === String(value) ? shown : `${shown} (${value})`;
}

/** Any value: structs in braces, lists in brackets, bytes in hexadecimal. */
export function plainText(value: unknown): string {
  if (value === true) return '';
  if (Buffer.isBuffer(value)) return hexText(value);
  if (value instanceof Secret) return value.toString();
  if (Array.isArray(value)) return `[${value.map(plainText).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([name, member]) => `${name}=${plainText(member)}`).join(' ')}}`;
  }
  return String(value);
}

export function hexText(bytes: Uint8Array): string {
  return bytes.length === 0
    ? 'empty'
    : Buffer.from(bytes)
        .toString('hex')
        .replace(/..(?=.)/g, '$& ');
}
