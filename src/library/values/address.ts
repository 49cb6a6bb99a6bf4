/** Addresses of devices as values. Source: linux/if_addr.h struct ifaddrmsg, IFA_*. */

import { AF_INET, AF_UNSPEC } from '../../linux/families.ts';
import {
  ADDRESS_FLAGS,
  type AddressAttributes,
  addressHeader,
  address as addressTable,
  decodeAddress,
  FOREVER,
} from '../../rtnetlink/address.ts';
import * as codec from '../../wire/codec.ts';
import { HEADER_LENGTH, HOST_ORDER_TYPE } from '../../wire/message.ts';
import { Ipv4Spelling, LatestName, LatestText } from './latest.ts';
import { type Family, familyName, formatPrefix } from './prefix.ts';
import type { Reading } from './reading.ts';
import { FlagLists, sourceOf, Value } from './value.ts';

/** A flag of an address (IFA_F_*); `secondary` of IPv4 is `temporary` of IPv6. */
export type AddressFlag = keyof typeof ADDRESS_FLAGS;

/** An address of a device. */
export interface Address {
  /** Name of the device. */
  readonly device: string;
  readonly device_index: number;
  readonly family: Family;
  /** With the length of its network: `10.0.0.1/24`. */
  readonly address: string;
  /** The other end's address and its network, where the device leads to one other host. */
  readonly peer?: string;
  readonly broadcast?: string;
  readonly anycast?: string;
  readonly label?: string;
  /** `global`, `link`, `host`, or as /etc/iproute2/rt_scopes names it. */
  readonly scope: string;
  readonly flags: readonly AddressFlag[];
  /** Seconds left, Infinity for those that do not end. */
  readonly valid_lifetime?: number;
  readonly preferred_lifetime?: number;
  /** Of the route to its network. */
  readonly metric?: number;
  /** Who made it, as /etc/iproute2/rt_addrprotos names it. */
  readonly protocol?: string;
  /** All attributes with their IFA_* names, decoded each time that they are asked for. */
  readonly attributes: AddressAttributes;
}

const FLAG_LISTS = new FlagLists(ADDRESS_FLAGS);
const { rows } = addressTable;
const ADDRESS = rows.address.type;
const LOCAL = rows.local.type;
const LABEL = rows.label.type;
const BROADCAST = rows.broadcast.type;
const ANYCAST = rows.anycast.type;
const LIFETIMES = rows.cacheinfo.type;
const FLAGS = rows.flags.type;
const METRIC = rows.rt_priority.type;
const PROTOCOL = rows.proto.type;

/** The names and spellings that the addresses of one dump share. */
interface AddressNames {
  readonly device: LatestName;
  readonly scope: LatestName;
  readonly protocol: LatestName;
  readonly label: LatestText;
  readonly spelling: Ipv4Spelling;
  readonly broadcast: Ipv4Spelling;
}

/**
 * An address, read in one pass over its attributes; what is seldom wanted is decoded from its message. The first
 * attribute of each number that is long enough counts, as in the rows.
 */
class AddressValue extends Value {
  declare readonly device: string;
  declare readonly device_index: number;
  declare readonly family: Family;
  declare readonly address: string;
  declare readonly peer: string | undefined;
  declare readonly broadcast: string | undefined;
  declare readonly anycast: string | undefined;
  declare readonly label: string | undefined;
  declare readonly scope: string;
  declare readonly flags: readonly AddressFlag[];
  declare readonly valid_lifetime: number | undefined;
  declare readonly preferred_lifetime: number | undefined;
  declare readonly metric: number | undefined;
  declare readonly protocol: string | undefined;

  constructor(bytes: Buffer, start: number, words: Int32Array, names: AddressNames) {
    super(bytes, start);
    const end = start + words[start >> 2]!;
    const header = start + HEADER_LENGTH;
    let address: string | undefined;
    let local: string | undefined;
    let broadcast: string | undefined;
    let anycast: string | undefined;
    let label: string | undefined;
    let lifetimes = 0;
    let lifetimesLength = 0;
    let flags: number | undefined;
    let metric: number | undefined;
    let protocol: number | undefined;
    for (let at = header + addressHeader.size; at + 4 <= end; ) {
      const word = at >> 2;
      const length = words[word]! & 0xffff;
      if (length < 4 || length > end - at) break;
      const payload = at + 4;
      switch ((words[word]! >> 16) & HOST_ORDER_TYPE) {
        case ADDRESS:
          address ??=
            length === 8 ? names.spelling.spell(words[word + 1]!) : codec.ip.read(bytes, payload, length - 4);
          break;
        case LOCAL:
          local ??=
            length === 8 ? names.spelling.spell(words[word + 1]!) : codec.ip.read(bytes, payload, length - 4);
          break;
        case BROADCAST:
          broadcast ??=
            length === 8
              ? names.broadcast.spell(words[word + 1]!)
              : codec.ip.read(bytes, payload, length - 4);
          break;
        case ANYCAST:
          anycast ??=
            length === 8
              ? names.broadcast.spell(words[word + 1]!)
              : codec.ip.read(bytes, payload, length - 4);
          break;
        case LABEL:
          label ??= names.label.of(bytes, payload, length - 4);
          break;
        case LIFETIMES:
          if (lifetimes !== 0) break;
          lifetimes = payload;
          lifetimesLength = length - 4;
          break;
        case FLAGS:
          if (length >= 8) flags ??= words[word + 1]! >>> 0;
          break;
        case METRIC:
          if (length >= 8) metric ??= words[word + 1]! >>> 0;
          break;
        case PROTOCOL:
          if (length >= 5) protocol ??= bytes[payload];
          break;
      }
      at += (length + 3) & ~3;
    }
    const first = words[header >> 2]!;
    const family = first & 0xff;
    const prefixLength = (first >> 8) & 0xff;
    const device = words[(header >> 2) + 1]! >>> 0;
    const hasPeer = local !== undefined && address !== undefined && address !== local;
    this.device = names.device.of(device);
    this.device_index = device;
    this.family = familyName(family);
    this.address = formatPrefix(local ?? address ?? '', hasPeer ? wholeLength(family) : prefixLength, family);
    this.peer = hasPeer ? formatPrefix(address!, prefixLength, family) : undefined;
    this.broadcast = broadcast;
    this.anycast = anycast;
    this.label = label;
    this.scope = names.scope.of(first >>> 24);
    this.flags = FLAG_LISTS.of(flags ?? (first >> 16) & 0xff);
    // struct ifa_cacheinfo begins with both; what a shorter one lacks is 0.
    this.valid_lifetime =
      lifetimes === 0 ? undefined : toSeconds(lifetimesLength < 8 ? 0 : words[(lifetimes >> 2) + 1]! >>> 0);
    this.preferred_lifetime =
      lifetimes === 0 ? undefined : toSeconds(lifetimesLength < 4 ? 0 : words[lifetimes >> 2]! >>> 0);
    this.metric = metric;
    this.protocol = protocol === undefined ? undefined : names.protocol.of(protocol);
  }

  get attributes(): AddressAttributes {
    const { header, ...attributes } = decodeAddress(sourceOf(this))!;
    return attributes;
  }
}

function wholeLength(family: number): number {
  return family === AF_INET ? 32 : family === AF_UNSPEC ? 0 : 128;
}

function toSeconds(lifetime: number): number {
  return lifetime === FOREVER ? Number.POSITIVE_INFINITY : lifetime;
}

/** How address messages become values. */
export const addressReading: Reading<Address> = ({ words }, directory) => {
  const names: AddressNames = {
    device: new LatestName(index => directory.name(index)),
    scope: new LatestName(number => words.name('scopes', number)),
    protocol: new LatestName(number => words.name('addressProtocols', number)),
    label: new LatestText(),
    spelling: new Ipv4Spelling(),
    broadcast: new Ipv4Spelling(),
  };
  return (bytes, start, words) =>
    words[start >> 2]! < HEADER_LENGTH + addressHeader.size
      ? undefined
      : (new AddressValue(bytes, start, words, names) as Address);
};
