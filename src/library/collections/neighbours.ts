/** The neighbours of a network: link-layer addresses of hosts on the same link. Source: linux/neighbour.h. */

import { NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../linux/netlink.ts';
import { RTM_DELNEIGH, RTM_GETNEIGH, RTM_NEWNEIGH } from '../../linux/rtnetlink.ts';
import {
  decodeNeighbour,
  NEIGHBOUR_EXTENDED_FLAGS,
  NEIGHBOUR_FLAGS,
  NEIGHBOUR_STATES,
  type NeighbourAttributes,
  type NeighbourHeader,
  neighbour,
  neighbourHeader,
} from '../../rtnetlink/neighbour.ts';
import { parseHardwareAddress } from '../../wire/address.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { AddOptions, CallOptions, Connection, DeleteOptions } from '../connection.ts';
import { ArgumentError, flagsOf } from '../values/argument.ts';
import type { DeviceReference } from '../values/devices.ts';
import {
  type Neighbour,
  type NeighbourFlag,
  type NeighbourState,
  neighbourReading,
} from '../values/neighbour.ts';
import { familyNumber, readAddress } from '../values/prefix.ts';
import { sourceOf } from '../values/value.ts';
import { Collection, checked, isNotFound, type Resolved } from './collection.ts';

/** A neighbour to be made, changed or deleted. */
export interface NeighbourArguments {
  readonly address: string;
  readonly device: DeviceReference;
  /** Link-layer address as hex bytes joined by colons. */
  readonly lladdr?: string | undefined;
  /** `permanent` when left out; none where the neighbour is `managed` and has no `lladdr`. */
  readonly states?: readonly NeighbourState[] | undefined;
  /**
   * With `proxy`, this host answers for the address; with `managed`, the kernel keeps finding out its link-layer address;
   * with `extern_learn`, a control plane has learnt it.
   */
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

/** The neighbours of a network. */
export class Neighbours extends Collection<Neighbour, NeighbourFilter> {
  /** @internal */
  constructor(connection: Connection) {
    super(connection, neighbourReading);
  }

  /** A neighbour; undefined if there is none. Rejects with {@link KernelError}. */
  async get(
    { address, device }: { address: string; device: DeviceReference },
    options: CallOptions = {},
  ): Promise<Neighbour | undefined> {
    const { family, address: dst } = readAddress('address', address);
    const ifindex = this.connection.devices.index('device', device);
    try {
      const message = request(RTM_GETNEIGH, 0, { family, ifindex }, { dst });
      const [answer] = await this.connection.request(message, 'answer', options.signal);
      return this.valueOf(answer);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Makes a neighbour. Rejects with {@link KernelError}: EEXIST if there is one. */
  add(arguments_: NeighbourArguments | Neighbour, options: AddOptions = {}): Promise<void> {
    return this.#send(
      RTM_NEWNEIGH,
      NLM_F_CREATE | NLM_F_EXCL,
      checked<NeighbourArguments>(arguments_),
      options,
    );
  }

  /** Changes a neighbour. Rejects with {@link KernelError}: ENOENT if there is none. */
  change(arguments_: NeighbourArguments | Neighbour, options: CallOptions = {}): Promise<void> {
    return this.#send(RTM_NEWNEIGH, NLM_F_REPLACE, checked<NeighbourArguments>(arguments_), options);
  }

  /** Makes a neighbour, or changes the one that there is. Rejects with {@link KernelError}. */
  replace(arguments_: NeighbourArguments | Neighbour, options: CallOptions = {}): Promise<void> {
    return this.#send(
      RTM_NEWNEIGH,
      NLM_F_CREATE | NLM_F_REPLACE,
      checked<NeighbourArguments>(arguments_),
      options,
    );
  }

  /** Deletes a neighbour. Rejects with {@link KernelError}: ENOENT if there is none. */
  delete(
    arguments_: Pick<NeighbourArguments, 'address' | 'device' | 'flags'> | Neighbour,
    options: DeleteOptions = {},
  ): Promise<void> {
    return this.#send(RTM_DELNEIGH, 0, { ...checked<NeighbourArguments>(arguments_), states: [] }, options);
  }

  /** @internal */
  protected dumpRequests(filter: Resolved<NeighbourFilter>): MessageWriter[] {
    const { device, master } = filter;
    const family = familyNumber('filter.family', filter.family);
    const flags = filter.proxy === true ? NEIGHBOUR_FLAGS.proxy : 0;
    return [request(RTM_GETNEIGH, 0, { family, flags }, { ifindex: device, master })];
  }

  /** @internal */
  protected override matcher(filter: Resolved<NeighbourFilter>): (found: Neighbour) => boolean {
    const { states, proxy, device } = filter;
    const isWanted = (found: Neighbour) => {
      if (proxy === true) return true;
      if (states !== undefined) return found.states.some(state => states.includes(state));
      return !found.states.includes('noarp');
    };
    return found => (device === undefined || found.device_index === device) && isWanted(found);
  }

  /** @internal */
  protected deleteRequest(found: Neighbour): MessageWriter {
    const { header, dst } = decodeNeighbour(sourceOf(found))!;
    const flags = header.flags & NEIGHBOUR_FLAGS.proxy;
    return request(RTM_DELNEIGH, 0, { ...header, state: 0, flags }, { dst });
  }

  async #send(
    type: number,
    flags: number,
    given: NeighbourArguments,
    { signal }: CallOptions,
  ): Promise<void> {
    const { words, devices } = this.connection;
    const { family, address } = readAddress('address', given.address);
    const ifindex = devices.index('device', given.device);
    const { lladdr, protocol } = given;
    const bytes = lladdr === undefined ? undefined : parseHardwareAddress(lladdr);
    if (lladdr !== undefined && bytes === undefined)
      throw new ArgumentError('lladdr', `"${lladdr}" is no link-layer address`);
    const isExtended = (flag: string) => Object.hasOwn(NEIGHBOUR_EXTENDED_FLAGS, flag);
    const extended = flagsOf('flags', NEIGHBOUR_EXTENDED_FLAGS, given.flags?.filter(isExtended));
    const header = {
      family,
      ifindex,
      state: flagsOf('states', NEIGHBOUR_STATES, given.states ?? usualStates(given)),
      flags: flagsOf(
        'flags',
        NEIGHBOUR_FLAGS,
        given.flags?.filter(flag => !isExtended(flag)),
      ),
    };
    const message = request(type, flags, header, {
      dst: address,
      lladdr: bytes && Buffer.from(bytes),
      protocol: protocol === undefined ? undefined : words.number('protocol', 'protocols', protocol),
      flags_ext: extended === 0 ? undefined : extended,
    });
    await this.connection.request(message, 'ack', signal);
  }
}

/** The kernel finds out a managed neighbour by itself, so it has no state that is given. */
function usualStates({ flags, lladdr }: NeighbourArguments): readonly NeighbourState[] {
  return flags?.includes('managed') && lladdr === undefined ? [] : ['permanent'];
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
