/** The next hop objects of a network, which routes may share. Source: linux/nexthop.h. */

import { AF_UNSPEC } from '../../linux/families.ts';
import { NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../linux/netlink.ts';
import { RTM_DELNEXTHOP, RTM_GETNEXTHOP, RTM_NEWNEXTHOP, RTNH_F_ONLINK } from '../../linux/rtnetlink.ts';
import {
  encodeNextHop,
  GROUP_RESILIENT,
  type NextHopHeader,
  type NextHopValues,
  nextHopHeader,
} from '../../rtnetlink/nexthop.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { AddOptions, CallOptions, Connection, DeleteOptions } from '../connection.ts';
import { ArgumentError, checkInteger } from '../values/argument.ts';
import type { DeviceReference } from '../values/devices.ts';
import { type NextHop, type NextHopGroupType, nextHopReading } from '../values/nexthop.ts';
import { FAMILY_NUMBERS, familyNumber, readAddress } from '../values/prefix.ts';
import { Collection, checked, isNotFound, type Resolved } from './collection.ts';

const MAX_WEIGHT = 65536;

/** A next hop object to be made or changed. */
export interface NextHopArguments {
  /** Chosen by the kernel when left out. */
  readonly id?: number | undefined;
  /** Needed where neither a gateway nor a group implies it. */
  readonly family?: 'inet' | 'inet6' | undefined;
  readonly gateway?: string | undefined;
  readonly device?: DeviceReference | undefined;
  readonly blackhole?: boolean | undefined;
  readonly fdb?: boolean | undefined;
  /** The gateway is reached on the device, though no address of the device says so. */
  readonly onlink?: boolean | undefined;
  /** Members with their weights, 1 to 65536. */
  readonly group?: readonly { readonly id: number; readonly weight?: number }[] | undefined;
  /** `mpath` when left out. */
  readonly group_type?: NextHopGroupType | undefined;
  readonly protocol?: string | number | undefined;
  /** Attributes that have no member here, by their NHA_* names; they replace those that members make. */
  readonly attributes?: NextHopValues | undefined;
}

/** Which next hop objects are meant; all conditions must hold. */
export interface NextHopFilter {
  readonly family?: 'inet' | 'inet6' | undefined;
  readonly device?: DeviceReference | undefined;
  /** By a port of this device. */
  readonly master?: DeviceReference | undefined;
  readonly groups?: boolean | undefined;
  readonly fdb?: boolean | undefined;
}

/** The next hop objects of a network. */
export class NextHops extends Collection<NextHop, NextHopFilter> {
  /** @internal */
  constructor(connection: Connection) {
    super(connection, nextHopReading);
  }

  /** A next hop object by its id; undefined if there is none. Rejects with {@link KernelError}. */
  async get(id: number, options: CallOptions = {}): Promise<NextHop | undefined> {
    try {
      const message = request(RTM_GETNEXTHOP, 0, {}, { id: checkId(id) });
      const [answer] = await this.connection.request(message, 'answer', options.signal);
      return this.valueOf(answer);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Makes a next hop object. Rejects with {@link KernelError}: EEXIST if the id is taken. */
  add(arguments_: NextHopArguments | NextHop, options: AddOptions = {}): Promise<void> {
    return this.#send(NLM_F_CREATE | NLM_F_EXCL, checked<NextHopArguments>(arguments_), options);
  }

  /** Changes a next hop object. Rejects with {@link KernelError}: ENOENT if there is none. */
  change(
    arguments_: (NextHopArguments & { readonly id: number }) | NextHop,
    options: CallOptions = {},
  ): Promise<void> {
    return this.#send(NLM_F_REPLACE, checked<NextHopArguments>(arguments_), options);
  }

  /** Makes a next hop object, or changes the one that there is. Rejects with {@link KernelError}. */
  replace(arguments_: NextHopArguments | NextHop, options: CallOptions = {}): Promise<void> {
    return this.#send(NLM_F_CREATE | NLM_F_REPLACE, checked<NextHopArguments>(arguments_), options);
  }

  /** Deletes a next hop object, and with it the routes that use it. Rejects with {@link KernelError}: ENOENT. */
  async delete(id: number | NextHop, options: DeleteOptions = {}): Promise<void> {
    const message = request(RTM_DELNEXTHOP, 0, {}, { id: checkId(id as number) });
    await this.connection.request(message, 'ack', options.signal);
  }

  /** @internal */
  protected dumpRequests(filter: Resolved<NextHopFilter>): MessageWriter[] {
    const { device, master } = filter;
    const attributes: NextHopValues = {
      oif: device,
      master,
      groups: filter.groups === true ? true : undefined,
      fdb: filter.fdb === true ? true : undefined,
    };
    return [request(RTM_GETNEXTHOP, 0, { family: familyNumber('filter.family', filter.family) }, attributes)];
  }

  /** @internal */
  protected override matcher({ groups, fdb, family }: Resolved<NextHopFilter>): (found: NextHop) => boolean {
    return found =>
      (family === undefined || found.family === family) &&
      (groups === undefined || (found.group !== undefined) === groups) &&
      (fdb === undefined || (found.fdb === true) === fdb);
  }

  /** @internal */
  protected deleteRequest({ id }: NextHop): MessageWriter {
    return request(RTM_DELNEXTHOP, 0, {}, { id });
  }

  async #send(flags: number, given: NextHopArguments, { signal }: CallOptions): Promise<void> {
    const { words, devices } = this.connection;
    const { device, protocol, group } = given;
    if (flags & NLM_F_REPLACE && group !== undefined) this.#refuseIgnored(given);
    const gateway = given.gateway === undefined ? undefined : readAddress('gateway', given.gateway);
    const usual = group === undefined ? FAMILY_NUMBERS.inet : AF_UNSPEC;
    const family =
      given.family === undefined ? (gateway?.family ?? usual) : familyNumber('family', given.family);
    const header = {
      family,
      protocol: protocol === undefined ? 0 : words.number('protocol', 'protocols', protocol),
      flags: given.onlink === true ? RTNH_F_ONLINK : 0,
    };
    const message = request(RTM_NEWNEXTHOP, flags, header, {
      id: given.id === undefined ? undefined : checkId(given.id),
      gateway: gateway?.address,
      oif: device === undefined ? undefined : devices.index('device', device),
      blackhole: given.blackhole === true ? true : undefined,
      fdb: given.fdb === true ? true : undefined,
      group: group?.map(({ id, weight = 1 }, at) => ({
        id: checkId(id),
        weight: checkInteger(`group.${at}.weight`, weight, 1, MAX_WEIGHT),
      })),
      group_type: given.group_type === 'resilient' ? GROUP_RESILIENT : undefined,
      ...given.attributes,
    });
    await this.connection.request(message, 'ack', signal);
  }

  /** Throws {@link ArgumentError} for another protocol of a group that exists, which the kernel would pass over. */
  #refuseIgnored({ id, protocol }: NextHopArguments): void {
    if (id === undefined || protocol === undefined) return;
    const existing = this.#existing(id);
    const number = this.connection.words.number('protocol', 'protocols', protocol);
    if (existing?.group !== undefined && existing.raw.protocol !== number)
      throw new ArgumentError('protocol', 'of a group that exists cannot be changed');
  }

  #existing(id: number): NextHop | undefined {
    try {
      return this.valueOf(this.connection.ask(request(RTM_GETNEXTHOP, 0, {}, { id })));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

function checkId(id: number): number {
  return checkInteger('id', id, 1, 0xffffffff);
}

function request(
  type: number,
  flags: number,
  header: Partial<NextHopHeader>,
  attributes: NextHopValues,
): MessageWriter {
  const message = new MessageWriter(type, flags);
  encodeNextHop(message, { ...nextHopHeader.zero(), ...header }, attributes);
  return message;
}
