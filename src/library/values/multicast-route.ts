/** Routes of multicast packets as values. Sources: linux/rtnetlink.h with RTNL_FAMILY_IPMR and RTNL_FAMILY_IP6MR. */

import { AF_INET, AF_INET6, RTNL_FAMILY_IP6MR, RTNL_FAMILY_IPMR } from '../../linux/families.ts';
import { RTM_DELROUTE, RTN_MULTICAST, RTNH_F_OFFLOAD, RTNH_F_UNRESOLVED } from '../../linux/rtnetlink.ts';
import { decodeMulticastCounters, type MulticastCounters } from '../../rtnetlink/multicast-route.ts';
import { decodeRoute, type Route as RawRoute } from '../../rtnetlink/route.ts';
import { type Message, messageAt } from '../../wire/message.ts';
import type { DeviceDirectory } from './devices.ts';
import { familyName } from './prefix.ts';
import type { Reading } from './reading.ts';
import { sourceOf, Value } from './value.ts';
import type { Words } from './words.ts';

/** The families that have multicast routes. */
export type MulticastFamily = 'inet' | 'inet6';

/** RTNL_FAMILY_* of the multicast routes of each family. */
export const MULTICAST_FAMILIES: Readonly<Record<MulticastFamily, number>> = {
  inet: RTNL_FAMILY_IPMR,
  inet6: RTNL_FAMILY_IP6MR,
};

/** A device that packets go out by. */
export interface MulticastHop {
  readonly device: string;
  readonly device_index: number;
  /** What a packet's TTL must be larger than to go this way; IPv6 has 1 always. */
  readonly ttl: number;
}

/** Where packets of a sender to a group go. */
export interface MulticastRoute {
  readonly family: MulticastFamily;
  /** Address of the sender; `0.0.0.0` or `::` for any. */
  readonly source: string;
  readonly group: string;
  /** The device that packets must come in by; undefined for unresolved routes. */
  readonly device?: string;
  readonly device_index?: number;
  readonly hops: readonly MulticastHop[];
  /**
   * `unresolved`: packets have come, and wait for the routing daemon to say where they go. A route that is deleted says
   * `unresolved` where its device is gone.
   */
  readonly state: 'resolved' | 'unresolved';
  /** Whether hardware forwards the packets. */
  readonly offload: boolean;
  /** `default`, or as /etc/iproute2/rt_tables names it. */
  readonly table: string;
  /** Who made it, as /etc/iproute2/rt_protos names it: `mrouted` (17) for a daemon, whose routes go with it. */
  readonly protocol: string;
  /** Counters, decoded each time that they are asked for. */
  readonly statistics?: MulticastCounters;
  /** Attributes and header with their RTA_* names, decoded each time that they are asked for. */
  readonly raw: RawRoute;
}

class MulticastRouteValue extends Value {
  declare readonly family: MulticastFamily;
  declare readonly source: string;
  declare readonly group: string;
  declare readonly device: string | undefined;
  declare readonly device_index: number | undefined;
  declare readonly hops: readonly MulticastHop[];
  declare readonly state: 'resolved' | 'unresolved';
  declare readonly offload: boolean;
  declare readonly table: string;
  declare readonly protocol: string;

  constructor(message: Message, raw: RawRoute, words: Words, directory: DeviceDirectory) {
    super(message.bytes, message.start);
    const { attributes, flags } = raw;
    const { iif, multipath = [] } = attributes;
    this.family = familyName(raw.family === RTNL_FAMILY_IPMR ? AF_INET : AF_INET6) as MulticastFamily;
    this.source = attributes.src ?? '';
    this.group = attributes.dst ?? '';
    this.device = iif === undefined ? undefined : directory.name(iif);
    this.device_index = iif;
    this.hops = multipath.map(({ ifindex, hops }) => ({
      device: directory.name(ifindex),
      device_index: ifindex,
      ttl: hops,
    }));
    this.state = isUnresolved(message, flags, iif) ? 'unresolved' : 'resolved';
    this.offload = (flags & RTNH_F_OFFLOAD) !== 0;
    this.table = words.name('tables', attributes.table ?? raw.table);
    this.protocol = words.name('protocols', raw.protocol);
  }

  get statistics(): MulticastCounters | undefined {
    return decodeMulticastCounters(sourceOf(this));
  }

  get raw(): RawRoute {
    return decodeRoute(sourceOf(this))!;
  }
}

/** Of a route that is deleted after its device the kernel says nothing else. */
function isUnresolved({ type }: Message, flags: number, device: number | undefined): boolean {
  return (flags & RTNH_F_UNRESOLVED) !== 0 || (type === RTM_DELROUTE && device === undefined);
}

/** How multicast route messages become values. */
export const multicastRouteReading: Reading<MulticastRoute> =
  ({ words }, directory) =>
  (bytes, start) => {
    const message = messageAt(bytes, start);
    const raw = decodeRoute(message);
    if (raw === undefined || raw.type !== RTN_MULTICAST) return undefined;
    return raw.family === RTNL_FAMILY_IPMR || raw.family === RTNL_FAMILY_IP6MR
      ? (new MulticastRouteValue(message, raw, words, directory) as unknown as MulticastRoute)
      : undefined;
  };
