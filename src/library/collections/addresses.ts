/** The addresses of a network's devices. Source: linux/if_addr.h RTM_NEWADDR and its like. */

import { readFileSync } from 'node:fs';
import { KernelError } from '../../kernel/system/errors.ts';
import { insideNamespace } from '../../kernel/system/namespace.ts';
import { EADDRNOTAVAIL } from '../../linux/errno.ts';
import { NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../linux/netlink.ts';
import { RT_SCOPE_HOST, RTM_DELADDR, RTM_NEWADDR } from '../../linux/rtnetlink.ts';
import { ADDRESS_FLAGS, addressLifetimes, decodeAddress, FOREVER } from '../../rtnetlink/address.ts';
import { addressRequest } from '../../rtnetlink/request.ts';
import { packIp } from '../../wire/address.ts';
import { broadcastAddress, isInNetwork } from '../../wire/networks.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import type { AddOptions, CallOptions, Connection, DeleteOptions } from '../connection.ts';
import { type Address, addressReading } from '../values/address.ts';
import { ArgumentError, check32, checkInteger, flagsOf, isEmpty } from '../values/argument.ts';
import { changedIn } from '../values/changes.ts';
import { DeviceDirectory, type DeviceReference } from '../values/devices.ts';
import { FAMILY_NUMBERS, familyNumber, type Prefix, readAddress, readPrefix } from '../values/prefix.ts';
import { readRun } from '../values/reading.ts';
import { sourceOf } from '../values/value.ts';
import { Collection, checked, type Resolved } from './collection.ts';

/** The flags that may be asked for of an IPv4 address. */
const SETTABLE = flagsOf('flags', ADDRESS_FLAGS, ['noprefixroute', 'autojoin']);

type AddressMessage = NonNullable<ReturnType<typeof decodeAddress>>;

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
  /**
   * `+` for the last address of the network. IPv4 only, as `label` and `scope`; the kernel changes these three, `peer`
   * and `flags` of no IPv4 address that exists.
   */
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
  add(address: AddressArguments | Address, options: AddOptions = {}): Promise<void> {
    return this.#send(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, checked<AddressArguments>(address), options);
  }

  /**
   * Changes lifetimes, metric and protocol of an address, of IPv6 also its flags and peer. The kernel makes an IPv4
   * address that is not there. Rejects with {@link KernelError}; with {@link ArgumentError} for another broadcast
   * address, label, scope, peer or flag of an IPv4 address, which can only be deleted and added again.
   */
  change(address: AddressArguments | Address, options: CallOptions = {}): Promise<void> {
    return this.#send(RTM_NEWADDR, NLM_F_REPLACE, checked<AddressArguments>(address), options);
  }

  /** Gives a device an address, or changes the one that it has, as {@link change} does. Rejects with {@link KernelError}. */
  replace(address: AddressArguments | Address, options: CallOptions = {}): Promise<void> {
    return this.#send(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, checked<AddressArguments>(address), options);
  }

  /**
   * Takes an address from a device; with `peer`, only one that has this peer. Rejects with {@link KernelError}:
   * EADDRNOTAVAIL if it has not got it.
   */
  delete(
    address: Pick<AddressArguments, 'device' | 'address' | 'peer'> | Address,
    options: DeleteOptions = {},
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

  #send(type: number, flags: number, given: AddressArguments, { signal }: CallOptions): Promise<void> {
    const index = this.connection.devices.index('device', given.device);
    const request = this.#request(type, flags, index, given);
    if (flags & NLM_F_REPLACE) this.#refuseIgnored(index, given);
    if (changedIn(given).flags?.includes('optimistic')) this.#checkOptimistic(index);
    if (type === RTM_DELADDR && changedIn(given).peer !== undefined) this.#findPeer(index, given);
    return this.connection.change(request, signal);
  }

  /** Throws {@link ArgumentError} for what the kernel would pass over, because it does not change it. */
  #refuseIgnored(index: number, given: AddressArguments): void {
    const { broadcast: wanted, label, scope, flags, peer } = changedIn(given);
    if (isEmpty({ wanted, label, scope, flags, peer })) return;
    const [own, network] = prefixesOf(given);
    if (own.family !== FAMILY_NUMBERS.inet) return;
    const found = this.#existing(index, own).find(one => isSameNetwork(one, network));
    if (found === undefined) return;
    const { words } = this.connection;
    const isSame: Readonly<Record<string, boolean>> = {
      broadcast: wanted === undefined || broadcast(wanted, network) === found.broadcast,
      label: label === undefined || label === found.label,
      scope: scope === undefined || words.number('scope', 'scopes', scope) === found.header.scope,
      flags: flags === undefined || flagsOf('flags', ADDRESS_FLAGS, flags) === (flagsIn(found) & SETTABLE),
      peer: peer === undefined || network.address === found.address,
    };
    const other = Object.keys(isSame).find(name => !isSame[name]);
    if (other !== undefined)
      throw new ArgumentError(
        other,
        'of an IPv4 address that exists cannot be changed: delete the address and add it again',
      );
  }

  /** The kernel passes over the flag where its setting is off. Throws {@link ArgumentError}. */
  #checkOptimistic(index: number): void {
    const { kernel, namespace, devices } = this.connection;
    const isOn = insideNamespace(kernel.calls, namespace, () =>
      ['all', devices.name(index)].some(name => readSetting(`${name}/optimistic_dad`) !== 0),
    );
    if (!isOn)
      throw new ArgumentError('flags', '"optimistic" needs the setting net.ipv6.conf.DEVICE.optimistic_dad');
  }

  /** Throws {@link KernelError} if the address has another peer: the kernel compares little or nothing of it. */
  #findPeer(index: number, given: Pick<AddressArguments, 'address' | 'peer'>): void {
    const [own, peer] = prefixesOf(given);
    const isThere = this.#existing(index, own).some(
      ({ header, address }) => header.prefixlen === peer.length && address === peer.address,
    );
    if (!isThere) throw new KernelError(EADDRNOTAVAIL, Buffer.alloc(0));
  }

  /** What the kernel has of an address of a device now, after the requests that were made before. */
  #existing(index: number, { family, address }: Prefix): AddressMessage[] {
    const { connection } = this;
    connection.devices.settle();
    const read = this.reading(connection, new DeviceDirectory(connection.devices));
    return connection
      .dumpWhole([addressRequest({}, { family, index })], { interrupted: false })
      .flatMap(run => readRun(run, read, undefined))
      .filter(found => found.device_index === index)
      .map(found => decodeAddress(sourceOf(found))!)
      .filter(found => (found.local ?? found.address) === address);
  }

  #request(type: number, flags: number, index: number, given: AddressArguments): MessageWriter {
    const { words } = this.connection;
    const [own, network] = prefixesOf(given);
    const bits = flagsOf('flags', ADDRESS_FLAGS, given.flags);
    const { scope, protocol } = given;
    const isLoopback = own.family === FAMILY_NUMBERS.inet && own.address.startsWith('127.');
    const usualScope = isLoopback && type === RTM_NEWADDR ? RT_SCOPE_HOST : 0;
    const header = {
      family: own.family,
      prefixlen: network.length,
      flags: bits > 0xff ? 0 : bits,
      scope: scope === undefined ? usualScope : words.number('scope', 'scopes', scope),
      index,
    };
    return addressRequest({ type, flags }, header, {
      local: own.address,
      address: network.address,
      label: given.label,
      broadcast: broadcast(given.broadcast, network),
      cacheinfo: lifetimes(given, own.family),
      flags: bits > 0xff ? bits : undefined,
      rt_priority: check32('metric', given.metric),
      proto: protocol === undefined ? undefined : words.number('protocol', 'addressProtocols', protocol),
    });
  }
}

/** The address, and the network that it leads to: its own, or that of its peer. Throws {@link ArgumentError}. */
function prefixesOf(given: Pick<AddressArguments, 'address' | 'peer'>): [own: Prefix, network: Prefix] {
  const own = readPrefix('address', given.address);
  if (given.peer === undefined) return [own, own];
  const peer = readPrefix('peer', given.peer);
  if (peer.family !== own.family) throw new ArgumentError('peer', 'is of another family than the address');
  return [own, peer];
}

/** By which the kernel finds an IPv4 address, besides the address itself. */
function isSameNetwork({ header, address }: AddressMessage, network: Prefix): boolean {
  return (
    header.prefixlen === network.length &&
    address !== undefined &&
    isInNetwork(packIp(address), packIp(network.address), network.length)
  );
}

function flagsIn({ header, flags }: AddressMessage): number {
  return flags ?? header.flags;
}

/** A number of the thread's network namespace; 0 where the kernel has none. */
function readSetting(name: string): number {
  try {
    return Number(readFileSync(`/proc/sys/net/ipv6/conf/${name}`, 'latin1'));
  } catch {
    return 0;
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
  if (text === '+')
    return network.length < 31 ? broadcastAddress(network.address, network.length) : undefined;
  return readAddress('broadcast', text).address;
}

function lifetimes({ valid_lifetime, preferred_lifetime }: AddressArguments, family: number) {
  if (valid_lifetime === undefined && preferred_lifetime === undefined) return undefined;
  const isEndless = valid_lifetime === undefined || valid_lifetime === Number.POSITIVE_INFINITY;
  const isPassedOver = isEndless && preferred_lifetime !== 0 && Number.isFinite(preferred_lifetime);
  if (family === FAMILY_NUMBERS.inet && isPassedOver)
    throw new ArgumentError('preferred_lifetime', 'of an IPv4 address needs a valid_lifetime that ends');
  const valid = fromSeconds('valid_lifetime', valid_lifetime, 1);
  const preferred = fromSeconds('preferred_lifetime', preferred_lifetime ?? valid_lifetime, 0);
  if (preferred > valid) throw new ArgumentError('preferred_lifetime', 'is longer than valid_lifetime');
  return { ...addressLifetimes.zero(), valid, preferred };
}

function fromSeconds(argument: string, seconds: number | undefined, least: number): number {
  if (seconds === undefined || seconds === Number.POSITIVE_INFINITY) return FOREVER;
  return checkInteger(argument, seconds, least, FOREVER - 1);
}
