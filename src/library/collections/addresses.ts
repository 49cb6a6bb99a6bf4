/** The addresses of a network's devices. Source: linux/if_addr.h RTM_NEWADDR and its like. */

import { NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../linux/netlink.ts';
import { RT_SCOPE_HOST, RTM_DELADDR, RTM_NEWADDR } from '../../linux/rtnetlink.ts';
import { ADDRESS_FLAGS, addressLifetimes, decodeAddress, FOREVER } from '../../rtnetlink/address.ts';
import { addressRequest } from '../../rtnetlink/request.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import type { CallOptions, Connection } from '../connection.ts';
import { type Address, addressReading } from '../values/address.ts';
import { ArgumentError, check32, checkInteger, flagsOf, isEmpty } from '../values/argument.ts';
import type { DeviceReference } from '../values/devices.ts';
import {
  broadcastOf,
  FAMILY_NUMBERS,
  familyNumber,
  type Prefix,
  readAddress,
  readPrefix,
} from '../values/prefix.ts';
import { sourceOf } from '../values/value.ts';
import { Collection, checked, type Resolved } from './collection.ts';

/** Flags that may be asked for. */
export type SettableAddressFlag =
  | 'home'
  | 'nodad'
  | 'optimistic'
  | 'mngtmpaddr'
  | 'noprefixroute'
  | 'autojoin';

/** An address to be made, changed, or deleted. */
export interface AddressArguments {
  readonly device: DeviceReference;
  /** `10.0.0.1/24`; without length a single host. */
  readonly address: string;
  readonly peer?: string | undefined;
  /** `+` for the last address of the network. IPv4 only. */
  readonly broadcast?: string | undefined;
  readonly label?: string | undefined;
  readonly scope?: string | number | undefined;
  readonly flags?: readonly SettableAddressFlag[] | undefined;
  /** Seconds, at least 1; Infinity for no end. */
  readonly valid_lifetime?: number | undefined;
  readonly preferred_lifetime?: number | undefined;
  readonly metric?: number | undefined;
  readonly protocol?: string | number | undefined;
}

/** Which addresses are meant; all conditions must hold. */
export interface AddressFilter {
  readonly device?: DeviceReference | undefined;
  readonly family?: 'inet' | 'inet6' | undefined;
  readonly scope?: string | number | undefined;
  /** This very address; its length counts if it has one. */
  readonly address?: string | undefined;
}

/** The addresses of a network's devices. */
export class Addresses extends Collection<Address, AddressFilter> {
  /** @internal */
  constructor(connection: Connection) {
    super(connection, addressReading);
  }

  /** The first address that the filter lets through; undefined if there is none. Rejects with {@link KernelError}. */
  async get(filter: AddressFilter, options: CallOptions = {}): Promise<Address | undefined> {
    for await (const address of this.list(filter, options)) return address;
    return undefined;
  }

  /** Gives a device an address. Rejects with {@link KernelError}: EEXIST if it has it. */
  add(address: AddressArguments | Address, options: CallOptions = {}): Promise<void> {
    return this.#send(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, checked<AddressArguments>(address), options);
  }

  /** Changes lifetimes, flags and metric of an address. Rejects with {@link KernelError}. */
  change(address: AddressArguments | Address, options: CallOptions = {}): Promise<void> {
    return this.#send(RTM_NEWADDR, NLM_F_REPLACE, checked<AddressArguments>(address), options);
  }

  /** Gives a device an address, or changes the one that it has. Rejects with {@link KernelError}. */
  replace(address: AddressArguments | Address, options: CallOptions = {}): Promise<void> {
    return this.#send(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, checked<AddressArguments>(address), options);
  }

  /** Takes an address from a device. Rejects with {@link KernelError}: EADDRNOTAVAIL if it has not got it. */
  delete(
    address: Pick<AddressArguments, 'device' | 'address' | 'peer'> | Address,
    options: CallOptions = {},
  ): Promise<void> {
    return this.#send(RTM_DELADDR, 0, checked<AddressArguments>(address), options);
  }

  /** @internal */
  protected dumpRequests({ device = 0, family }: Resolved<AddressFilter>): MessageWriter[] {
    return [addressRequest({}, { family: familyNumber('filter.family', family), index: device })];
  }

  /** @internal */
  protected override matcher(filter: Resolved<AddressFilter>): ((found: Address) => boolean) | undefined {
    const { device, family, scope, address } = filter;
    if (isEmpty(filter)) return undefined;
    const { words } = this.connection;
    const scopeName =
      scope === undefined ? undefined : words.name('scopes', words.number('filter.scope', 'scopes', scope));
    const wanted = address === undefined ? undefined : readPrefix('filter.address', address);
    return found =>
      (device === undefined || found.device_index === device) &&
      (family === undefined || found.family === family) &&
      (scopeName === undefined || found.scope === scopeName) &&
      (wanted === undefined || isAddress(found, wanted));
  }

  /** @internal */
  protected deleteRequest(found: Address): MessageWriter {
    const { header, local, address } = decodeAddress(sourceOf(found))!;
    return addressRequest({ type: RTM_DELADDR }, header, { local, address });
  }

  async #send(type: number, flags: number, given: AddressArguments, { signal }: CallOptions): Promise<void> {
    const index = this.connection.devices.index('device', given.device);
    await this.connection.request(this.#request(type, flags, index, given), 'ack', signal);
  }

  #request(type: number, flags: number, index: number, given: AddressArguments): MessageWriter {
    const { words } = this.connection;
    const own = readPrefix('address', given.address);
    const peer = given.peer === undefined ? undefined : readPrefix('peer', given.peer);
    if (peer !== undefined && peer.family !== own.family)
      throw new ArgumentError('peer', 'is of another family than the address');
    const bits = flagsOf('flags', ADDRESS_FLAGS, given.flags);
    const { scope, protocol } = given;
    const isLoopback = own.family === FAMILY_NUMBERS.inet && own.address.startsWith('127.');
    const usualScope = isLoopback && type === RTM_NEWADDR ? RT_SCOPE_HOST : 0;
    const header = {
      family: own.family,
      prefixlen: (peer ?? own).length,
      flags: bits > 0xff ? 0 : bits,
      scope: scope === undefined ? usualScope : words.number('scope', 'scopes', scope),
      index,
    };
    return addressRequest({ type, flags }, header, {
      local: own.address,
      address: (peer ?? own).address,
      label: given.label,
      broadcast: broadcast(given.broadcast, peer ?? own),
      cacheinfo: lifetimes(given),
      flags: bits > 0xff ? bits : undefined,
      rt_priority: check32('metric', given.metric),
      proto: protocol === undefined ? undefined : words.number('protocol', 'addressProtocols', protocol),
    });
  }
}

/** Whether it is this very address; the length counts if there is one. */
function isAddress({ address }: Address, { address: text, length, hasLength }: Prefix): boolean {
  return hasLength ? address === `${text}/${length}` : address.slice(0, address.indexOf('/')) === text;
}

function broadcast(text: string | undefined, network: Prefix): string | undefined {
  if (text === undefined) return undefined;
  if (network.family !== FAMILY_NUMBERS.inet) throw new ArgumentError('broadcast', 'is for IPv4 only');
  // A network of two addresses has none left for it.
  if (text === '+') return network.length < 31 ? broadcastOf(network) : undefined;
  return readAddress('broadcast', text).address;
}

function lifetimes({ valid_lifetime, preferred_lifetime }: AddressArguments) {
  if (valid_lifetime === undefined && preferred_lifetime === undefined) return undefined;
  const valid = fromSeconds('valid_lifetime', valid_lifetime, 1);
  const preferred = fromSeconds('preferred_lifetime', preferred_lifetime ?? valid_lifetime, 0);
  if (preferred > valid) throw new ArgumentError('preferred_lifetime', 'is longer than valid_lifetime');
  return { ...addressLifetimes.zero(), valid, preferred };
}

function fromSeconds(argument: string, seconds: number | undefined, least: number): number {
  if (seconds === undefined || seconds === Number.POSITIVE_INFINITY) return FOREVER;
  return checkInteger(argument, seconds, least, FOREVER - 1);
}
