/** The neighbours of a network: link-layer addresses of hosts on the same link. Source: linux/neighbour.h. */

import { NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../linux/netlink.ts';
import { RTM_DELNEIGH, RTM_GETNEIGH, RTM_NEWNEIGH } from '../../linux/rtnetlink.ts';
import {
  decodeNeighbour,
  NEIGHBOUR_FLAGS,
  NEIGHBOUR_STATES,
  type NeighbourAttributes,
  type NeighbourHeader,
  neighbour,
  neighbourHeader,
  type Neighbour as RawNeighbour,
} from '../../rtnetlink/neighbour.ts';
import { formatHardwareAddress, parseHardwareAddress } from '../../wire/address.ts';

import { MessageWriter } from '../../wire/writer.ts';
import type { Connection } from '../connection.ts';
import { ArgumentError, compact, flagsOf, wordsOf } from '../values/argument.ts';
import { type DeviceReference, indexOfDevice } from '../values/devices.ts';
import { type Family, familyName, familyNumber, readAddress } from '../values/prefix.ts';
import { Collection, isNotFound, type Reading, type Resolved } from './collection.ts';

/** What is known of a neighbour's link-layer address (NUD_*). */
export type NeighbourState = keyof typeof NEIGHBOUR_STATES;

/** A flag of a neighbour (NTF_*). */
export type NeighbourFlag = keyof typeof NEIGHBOUR_FLAGS;

/** A neighbour. */
export interface Neighbour {
  readonly family: Family;
  /** Its address. */
  readonly address: string;
  /** Name of the device that it is reached by; undefined for proxies of all devices. */
  readonly device?: string;
  readonly device_index?: number;
  /** Link-layer address as hex bytes joined by colons. */
  readonly lladdr?: string;
  readonly states: readonly NeighbourState[];
  readonly flags: readonly NeighbourFlag[];
  /** Who made it, as /etc/iproute2/rt_protos names it. */
  readonly protocol?: string;
  /** All attributes as they were decoded, with their NDA_* names. */
  readonly attributes: NeighbourAttributes;
}

/** A neighbour to be made, changed or deleted. */
export interface NeighbourArguments {
  readonly address: string;
  readonly device: DeviceReference;
  /** Link-layer address as hex bytes joined by colons. */
  readonly lladdr?: string | undefined;
  /** `permanent` when left out. */
  readonly states?: readonly NeighbourState[] | undefined;
  /** With `proxy`, this host answers for the address. */
  readonly flags?: readonly NeighbourFlag[] | undefined;
  readonly protocol?: string | number | undefined;
}

/** Which neighbours are meant; all conditions must hold. */
export interface NeighbourFilter {
  readonly family?: 'inet' | 'inet6' | undefined;
  readonly device?: DeviceReference | undefined;
  /** Reached by a port of this device. */
  readonly master?: DeviceReference | undefined;
  /** In at least one of these states; all but `noarp` when left out. */
  readonly states?: readonly NeighbourState[] | undefined;
  /** The addresses that this host answers for, instead of neighbours. */
  readonly proxy?: boolean | undefined;
}

/** How neighbour messages become values. */
export const neighbourReading: Reading<RawNeighbour, Neighbour> = {
  decoder: () => message => decodeNeighbour(message),
  devices: ({ header }) => [header.ifindex],
  convert(raw, directory, { words }) {
    const { header, ...attributes } = raw;
    const { lladdr, protocol } = attributes;
    return compact<Neighbour>({
      family: familyName(header.family),
      address: attributes.dst ?? '',
      device: header.ifindex === 0 ? undefined : directory.name(header.ifindex),
      device_index: header.ifindex === 0 ? undefined : header.ifindex,
      lladdr: lladdr === undefined || lladdr.length === 0 ? undefined : formatHardwareAddress(lladdr),
      states: wordsOf(NEIGHBOUR_STATES, header.state),
      flags: wordsOf(NEIGHBOUR_FLAGS, header.flags),
      protocol: protocol === undefined ? undefined : words.name('protocols', protocol),
      attributes,
    });
  },
};

/** The neighbours of a network. */
export class Neighbours extends Collection<Neighbour, NeighbourFilter, RawNeighbour> {
  /** @internal */
  constructor(connection: Connection) {
    super(connection, neighbourReading);
  }

  /** A neighbour; undefined if there is none. Rejects with {@link KernelError}. */
  async get({
    address,
    device,
  }: {
    address: string;
    device: DeviceReference;
  }): Promise<Neighbour | undefined> {
    const { family, address: dst } = readAddress('address', address);
    const ifindex = await indexOfDevice(this.connection, 'device', device);
    try {
      const message = request(RTM_GETNEIGH, 0, { family, ifindex }, { dst });
      const [answer] = await this.connection.request(message, 'answer');
      return await this.convertAnswer(answer);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Makes a neighbour. Rejects with {@link KernelError}: EEXIST if there is one. */
  async add(arguments_: NeighbourArguments): Promise<void> {
    await this.#send(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL, arguments_);
  }

  /** Changes a neighbour. Rejects with {@link KernelError}: ENOENT if there is none. */
  async change(arguments_: NeighbourArguments): Promise<void> {
    await this.#send(RTM_NEWNEIGH, NLM_F_REPLACE, arguments_);
  }

  /** Makes a neighbour, or changes the one that there is. Rejects with {@link KernelError}. */
  async replace(arguments_: NeighbourArguments): Promise<void> {
    await this.#send(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, arguments_);
  }

  /** Deletes a neighbour. Rejects with {@link KernelError}: ENOENT if there is none. */
  async delete(arguments_: Pick<NeighbourArguments, 'address' | 'device' | 'flags'>): Promise<void> {
    await this.#send(RTM_DELNEIGH, 0, { ...arguments_, states: [] });
  }

  /** @internal */
  protected dumpRequests(filter: Resolved<NeighbourFilter>): MessageWriter[] {
    const { device, master } = filter;
    const family = familyNumber('filter.family', filter.family);
    const flags = filter.proxy === true ? NEIGHBOUR_FLAGS.proxy : 0;
    return [request(RTM_GETNEIGH, 0, { family, flags }, { ifindex: device, master })];
  }

  /** @internal */
  protected matches(found: Neighbour, { states, proxy, device }: Resolved<NeighbourFilter>): boolean {
    if (device !== undefined && found.device_index !== device) return false;
    if (proxy === true) return true;
    if (states !== undefined) return found.states.some(state => states.includes(state));
    return !found.states.includes('noarp');
  }

  /** @internal */
  protected deleteRequest({ header, dst }: RawNeighbour): MessageWriter {
    return request(
      RTM_DELNEIGH,
      0,
      { ...header, state: 0, flags: header.flags & NEIGHBOUR_FLAGS.proxy },
      { dst },
    );
  }

  async #send(type: number, flags: number, given: NeighbourArguments): Promise<void> {
    const { words } = this.connection;
    const { family, address } = readAddress('address', given.address);
    const ifindex = await indexOfDevice(this.connection, 'device', given.device);
    const { lladdr, protocol } = given;
    const bytes = lladdr === undefined ? undefined : parseHardwareAddress(lladdr);
    if (lladdr !== undefined && bytes === undefined)
      throw new ArgumentError('lladdr', `"${lladdr}" is no link-layer address`);
    const header = {
      family,
      ifindex,
      state: flagsOf('states', NEIGHBOUR_STATES, given.states ?? ['permanent']),
      flags: flagsOf('flags', NEIGHBOUR_FLAGS, given.flags),
    };
    await this.connection.request(
      request(type, flags, header, {
        dst: address,
        lladdr: bytes && Buffer.from(bytes),
        protocol: protocol === undefined ? undefined : words.number('protocol', 'protocols', protocol),
      }),
    );
  }
}

function request(
  type: number,
  flags: number,
  header: Partial<NeighbourHeader>,
  attributes: NeighbourAttributes,
): MessageWriter {
  const message = new MessageWriter(type, flags);
  neighbourHeader.write(message, { ...neighbourHeader.zero(), ...header });
  neighbour.encode(message, attributes);
  return message;
}
