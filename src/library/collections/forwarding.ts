/** The forwarding tables of bridges and of VXLAN devices. Source: bridge(8) fdb, linux/neighbour.h with AF_BRIDGE. */

import { AF_BRIDGE } from '../../linux/families.ts';
import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../linux/netlink.ts';
import { RTM_DELNEIGH, RTM_GETNEIGH, RTM_NEWNEIGH } from '../../linux/rtnetlink.ts';
import { decodeLink, link } from '../../rtnetlink/link.ts';
import {
  decodeNeighbour,
  NEIGHBOUR_FLAGS,
  NEIGHBOUR_STATES,
  type NeighbourAttributes,
  type NeighbourHeader,
  neighbour,
  neighbourHeader,
} from '../../rtnetlink/neighbour.ts';
import { parseHardwareAddress } from '../../wire/address.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { CallOptions, Connection } from '../connection.ts';
import { ArgumentError, check32, checkInteger, flagsOf } from '../values/argument.ts';
import type { DeviceReference } from '../values/devices.ts';
import { type ForwardingEntry, type ForwardingState, forwardingReading } from '../values/forwarding.ts';
import { readAddress } from '../values/prefix.ts';
import { sourceOf } from '../values/value.ts';
import { Collection, checked, type Resolved } from './collection.ts';

const MAX_VLAN = 4094;
const MAX_PORT = 0xffff;

/** NUD_* of each state. */
const STATES: Readonly<Record<ForwardingState, number>> = {
  permanent: NEIGHBOUR_STATES.permanent,
  static: NEIGHBOUR_STATES.noarp | NEIGHBOUR_STATES.reachable,
  dynamic: NEIGHBOUR_STATES.reachable,
};

/** A flag that an entry may be made with. */
export type SettableForwardingFlag = 'self' | 'master' | 'extern_learn' | 'sticky' | 'router' | 'use';

/** An entry to be made or changed. */
export interface ForwardingArguments {
  /** Link-layer address: hex bytes joined by colons. */
  readonly lladdr: string;
  /** The port, or the device that has the table itself. */
  readonly device: DeviceReference;
  readonly vlan?: number | undefined;
  /** Address of the host that a VXLAN device sends the frames to. */
  readonly destination?: string | undefined;
  readonly vni?: number | undefined;
  /** UDP port that they are sent to. */
  readonly port?: number | undefined;
  /** The device that they are sent by. */
  readonly via?: DeviceReference | undefined;
  readonly nexthop_id?: number | undefined;
  /** `permanent` when left out. */
  readonly state?: ForwardingState | undefined;
  /** `master` for the table of the bridge, `self` for that of the device; `self` when neither is given. */
  readonly flags?: readonly SettableForwardingFlag[] | undefined;
}

/** What names an entry that is to be deleted. */
export interface ForwardingIdentity extends Omit<ForwardingArguments, 'state' | 'flags'> {
  /** Which table it is in; that of the device, `self`, when left out. */
  readonly flags?: readonly ('self' | 'master')[] | undefined;
}

/** Which entries are meant; all conditions must hold. */
export interface ForwardingFilter {
  /** Of this port or device. */
  readonly device?: DeviceReference | undefined;
  /** In the table of this bridge. */
  readonly master?: DeviceReference | undefined;
  readonly lladdr?: string | undefined;
  readonly vlan?: number | undefined;
  readonly state?: ForwardingState | undefined;
}

/** The forwarding tables of a network's devices. */
export class Forwarding extends Collection<ForwardingEntry, ForwardingFilter> {
  /** @internal */
  constructor(connection: Connection) {
    super(connection, forwardingReading);
  }

  /** The first entry that the filter lets through; undefined if there is none. Rejects with {@link KernelError}. */
  async get(filter: ForwardingFilter, options: CallOptions = {}): Promise<ForwardingEntry | undefined> {
    for await (const entry of this.list(filter, options)) return entry;
    return undefined;
  }

  /** Makes an entry. Rejects with {@link KernelError}: EEXIST if there is one. */
  add(entry: ForwardingArguments | ForwardingEntry, options: CallOptions = {}): Promise<void> {
    return this.#send(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL, checked<ForwardingArguments>(entry), options);
  }

  /** Adds a destination to an entry of a VXLAN device. Rejects with {@link KernelError}. */
  append(entry: ForwardingArguments | ForwardingEntry, options: CallOptions = {}): Promise<void> {
    return this.#send(
      RTM_NEWNEIGH,
      NLM_F_CREATE | NLM_F_APPEND,
      checked<ForwardingArguments>(entry),
      options,
    );
  }

  /** Makes an entry, or changes the one that there is. Rejects with {@link KernelError}. */
  replace(entry: ForwardingArguments | ForwardingEntry, options: CallOptions = {}): Promise<void> {
    return this.#send(
      RTM_NEWNEIGH,
      NLM_F_CREATE | NLM_F_REPLACE,
      checked<ForwardingArguments>(entry),
      options,
    );
  }

  /** Deletes an entry. Rejects with {@link KernelError}: ENOENT if there is none. */
  delete(entry: ForwardingIdentity | ForwardingEntry, options: CallOptions = {}): Promise<void> {
    return this.#send(RTM_DELNEIGH, 0, checked<ForwardingArguments>(entry), options);
  }

  /** @internal */
  protected dumpRequests({ device = 0, master }: Resolved<ForwardingFilter>): MessageWriter[] {
    return [request(RTM_GETNEIGH, 0, { ifindex: device }, { master })];
  }

  /** @internal */
  protected override matcher(filter: Resolved<ForwardingFilter>): (found: ForwardingEntry) => boolean {
    const { device, master, vlan, state, lladdr } = filter;
    const wanted = lladdr?.toLowerCase();
    return found =>
      (device === undefined || found.device_index === device) &&
      (master === undefined || found.master_index === master) &&
      (vlan === undefined || found.vlan === vlan) &&
      (state === undefined || found.state === state) &&
      (wanted === undefined || found.lladdr === wanted);
  }

  /** @internal */
  protected deleteRequest(found: ForwardingEntry): MessageWriter {
    const { header, lladdr, dst, vlan, port, vni, ifindex, nh_id } = decodeNeighbour(sourceOf(found))!;
    const own = { ifindex: header.ifindex, flags: NEIGHBOUR_FLAGS[tableOf(found)] };
    return request(RTM_DELNEIGH, 0, own, { lladdr, dst, vlan, port, vni, ifindex, nh_id });
  }

  async #send(
    type: number,
    flags: number,
    given: ForwardingArguments,
    { signal }: CallOptions,
  ): Promise<void> {
    const { lladdr, destination, vlan, port, via, state = 'permanent' } = given;
    const { devices } = this.connection;
    const index = devices.index('device', given.device);
    if (vlan !== undefined && given.flags?.includes('master') !== true) this.#refuseVlan(index);
    const bytes = parseHardwareAddress(lladdr);
    if (bytes === undefined) throw new ArgumentError('lladdr', `"${lladdr}" is not a link-layer address`);
    if (!Object.hasOwn(STATES, state)) throw new ArgumentError('state', `"${state}" is not a state`);
    const own = flagsOf('flags', NEIGHBOUR_FLAGS, given.flags);
    const isPlaced = (own & (NEIGHBOUR_FLAGS.self | NEIGHBOUR_FLAGS.master)) !== 0;
    const header = {
      ifindex: index,
      state: type === RTM_DELNEIGH ? 0 : STATES[state],
      flags: isPlaced ? own : own | NEIGHBOUR_FLAGS.self,
    };
    const message = request(type, flags, header, {
      lladdr: Buffer.from(bytes),
      dst: destination === undefined ? undefined : readAddress('destination', destination).address,
      vlan: vlan === undefined ? undefined : checkInteger('vlan', vlan, 0, MAX_VLAN),
      port: port === undefined ? undefined : checkInteger('port', port, 0, MAX_PORT),
      vni: check32('vni', given.vni),
      ifindex: via === undefined ? undefined : devices.index('via', via),
      nh_id: check32('nexthop_id', given.nexthop_id),
    });
    await this.connection.request(message, 'ack', signal);
  }

  /** VXLAN devices pass over it. Throws {@link ArgumentError}. */
  #refuseVlan(index: number): void {
    const { kind } = decodeLink(this.connection.devices.link('device', index), withKind)?.linkinfo ?? {};
    if (kind === 'vxlan') throw new ArgumentError('vlan', 'is not for the table of a VXLAN device');
  }
}

const withKind = link.select(['linkinfo']);

/** Which table an entry is in: that of its device, or that of the bridge which the device is a port of. */
export function tableOf({ flags, master_index, device_index }: ForwardingEntry): 'self' | 'master' {
  if (flags.includes('self') || master_index === undefined || master_index === device_index) return 'self';
  return 'master';
}

function request(
  type: number,
  flags: number,
  header: Partial<NeighbourHeader>,
  attributes: NeighbourAttributes,
): MessageWriter {
  const message = new MessageWriter(type, flags);
  neighbourHeader.write(message, { ...neighbourHeader.zero(), family: AF_BRIDGE, ...header });
  neighbour.encode(message, attributes);
  return message;
}
