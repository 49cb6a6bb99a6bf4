/** Next hop objects as values. Source: linux/nexthop.h struct nhmsg, NHA_*. */

import { AF_UNSPEC } from '../../linux/families.ts';
import {
  decodeNextHop,
  GROUP_MULTIPATH,
  GROUP_TYPES,
  type GroupMember,
  type NextHopObject as RawNextHop,
} from '../../rtnetlink/nexthop.ts';
import { type Message, messageAt } from '../../wire/message.ts';
import type { DeviceDirectory } from './devices.ts';
import { type Family, familyName } from './prefix.ts';
import type { Reading } from './reading.ts';
import { sourceOf, Value } from './value.ts';
import type { Words } from './words.ts';

/** How a group spreads traffic: by hash alone, or so that connections keep their way when members change. */
export type NextHopGroupType = (typeof GROUP_TYPES)[number];

/** A next hop object: one way that packets go, or a group of such objects. */
export interface NextHop {
  readonly id: number;
  /** Undefined for groups. */
  readonly family?: Family;
  readonly gateway?: string;
  readonly device?: string;
  readonly device_index?: number;
  readonly scope: string;
  /** Who made it, as /etc/iproute2/rt_protos names it. */
  readonly protocol: string;
  /** Packets are dropped. */
  readonly blackhole?: boolean;
  /** It is for forwarding tables of bridges, not for routes. */
  readonly fdb?: boolean;
  readonly group?: readonly GroupMember[];
  readonly group_type?: NextHopGroupType;
  /** Attributes and header with their NHA_* names, decoded each time that they are asked for. */
  readonly raw: RawNextHop;
}

/** A next hop object, with what is seldom wanted decoded from its message. */
class NextHopValue extends Value {
  declare readonly id: number;
  declare readonly family: Family | undefined;
  declare readonly gateway: string | undefined;
  declare readonly device: string | undefined;
  declare readonly device_index: number | undefined;
  declare readonly scope: string;
  declare readonly protocol: string;
  declare readonly blackhole: boolean | undefined;
  declare readonly fdb: boolean | undefined;
  declare readonly group: readonly GroupMember[] | undefined;
  declare readonly group_type: NextHopGroupType | undefined;

  constructor(message: Message, raw: RawNextHop, words: Words, directory: DeviceDirectory) {
    super(message.bytes, message.start);
    const { attributes } = raw;
    const { oif, group } = attributes;
    this.id = attributes.id ?? 0;
    this.family = raw.family === AF_UNSPEC ? undefined : familyName(raw.family);
    this.gateway = attributes.gateway;
    this.device = oif === undefined ? undefined : directory.name(oif);
    this.device_index = oif;
    this.scope = words.name('scopes', raw.scope);
    this.protocol = words.name('protocols', raw.protocol);
    this.blackhole = attributes.blackhole;
    this.fdb = attributes.fdb;
    this.group = group;
    this.group_type = group === undefined ? undefined : GROUP_TYPES[attributes.group_type ?? GROUP_MULTIPATH];
  }

  get raw(): RawNextHop {
    return decodeNextHop(sourceOf(this))!;
  }
}

/** How next hop messages become values. */
export const nextHopReading: Reading<NextHop> =
  ({ words }, directory) =>
  (bytes, start) => {
    const message = messageAt(bytes, start);
    const raw = decodeNextHop(message);
    return raw && (new NextHopValue(message, raw, words, directory) as NextHop);
  };
