/** Entries of the forwarding tables of bridges and of VXLAN devices as values. Sources: linux/neighbour.h, bridge(8). */

import { AF_BRIDGE } from '../../linux/families.ts';
import {
  decodeNeighbour,
  NEIGHBOUR_EXTENDED_FLAGS,
  NEIGHBOUR_FLAGS,
  NEIGHBOUR_STATES,
  type NeighbourAttributes,
  type Neighbour as RawNeighbour,
} from '../../rtnetlink/neighbour.ts';
import { formatHardwareAddress } from '../../wire/address.ts';
import { type Message, messageAt } from '../../wire/message.ts';
import type { DeviceDirectory } from './devices.ts';
import type { NeighbourFlag } from './neighbour.ts';
import type { Reading } from './reading.ts';
import { FlagLists, sourceOf, Value } from './value.ts';

/**
 * How long an entry stays: `permanent` ones are addresses of this host, `static` ones stay until they are deleted,
 * `dynamic` ones age.
 */
export type ForwardingState = 'permanent' | 'static' | 'dynamic';

/** Where frames to a link-layer address go. */
export interface ForwardingEntry {
  /** Link-layer address as hex bytes joined by colons. */
  readonly lladdr: string;
  /** The port, or the device that has the table itself. */
  readonly device: string;
  readonly device_index: number;
  /** The bridge that the port belongs to, for entries in its table. */
  readonly master?: string;
  readonly master_index?: number;
  readonly vlan?: number;
  /** Address of the host that a VXLAN device sends the frames to. */
  readonly destination?: string;
  readonly vni?: number;
  /** UDP port that they are sent to. */
  readonly port?: number;
  /** The device that they are sent by. */
  readonly via?: string;
  readonly via_index?: number;
  readonly nexthop_id?: number;
  readonly state: ForwardingState;
  readonly flags: readonly NeighbourFlag[];
  /** All attributes with their NDA_* names, decoded each time that they are asked for. */
  readonly attributes: NeighbourAttributes;
}

const FLAG_LISTS = new FlagLists(NEIGHBOUR_FLAGS);
const EXTENDED_LISTS = new FlagLists(NEIGHBOUR_EXTENDED_FLAGS);

class ForwardingValue extends Value {
  declare readonly lladdr: string;
  declare readonly device: string;
  declare readonly device_index: number;
  declare readonly master: string | undefined;
  declare readonly master_index: number | undefined;
  declare readonly vlan: number | undefined;
  declare readonly destination: string | undefined;
  declare readonly vni: number | undefined;
  declare readonly port: number | undefined;
  declare readonly via: string | undefined;
  declare readonly via_index: number | undefined;
  declare readonly nexthop_id: number | undefined;
  declare readonly state: ForwardingState;
  declare readonly flags: readonly NeighbourFlag[];

  constructor(message: Message, raw: RawNeighbour, directory: DeviceDirectory) {
    super(message.bytes, message.start);
    const { header, lladdr, master, ifindex } = raw;
    this.lladdr = lladdr === undefined ? '' : formatHardwareAddress(lladdr);
    this.device = directory.name(header.ifindex);
    this.device_index = header.ifindex;
    this.master = master === undefined ? undefined : directory.name(master);
    this.master_index = master;
    this.vlan = raw.vlan;
    this.destination = raw.dst;
    this.vni = raw.vni;
    this.port = raw.port;
    this.via = ifindex === undefined ? undefined : directory.name(ifindex);
    this.via_index = ifindex;
    this.nexthop_id = raw.nh_id;
    this.state = stateOf(header.state);
    this.flags = [...FLAG_LISTS.of(header.flags), ...EXTENDED_LISTS.of(raw.flags_ext ?? 0)];
  }

  get attributes(): NeighbourAttributes {
    const { header, ...attributes } = decodeNeighbour(sourceOf(this))!;
    return attributes;
  }
}

function stateOf(states: number): ForwardingState {
  if (states & NEIGHBOUR_STATES.permanent) return 'permanent';
  return states & NEIGHBOUR_STATES.noarp ? 'static' : 'dynamic';
}

/** How neighbour messages of bridges become values. */
export const forwardingReading: Reading<ForwardingEntry> = (_connection, directory) => (bytes, start) => {
  const message = messageAt(bytes, start);
  const raw = decodeNeighbour(message);
  return raw === undefined || raw.header.family !== AF_BRIDGE
    ? undefined
    : (new ForwardingValue(message, raw, directory) as ForwardingEntry);
};
