/** The addresses of a network's devices. Source: linux/if_addr.h. */

import { AF_UNSPEC } from '../../linux/families.ts';
import { NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../../linux/netlink.ts';
import { RT_SCOPE_HOST, RTM_DELADDR, RTM_NEWADDR } from '../../linux/rtnetlink.ts';
import {
  ADDRESS_FLAGS,
  type AddressAttributes,
  AddressReader,
  addressLifetimes,
  address as addressTable,
  decodeAddress,
  FOREVER,
} from '../../rtnetlink/address.ts';
import { addressRequest } from '../../rtnetlink/request.ts';

import type { MessageWriter } from '../../wire/writer.ts';
import type { Connection } from '../connection.ts';
import { ArgumentError, check32, checkInteger, flagsOf } from '../values/argument.ts';
import { type DeviceDirectory, type DeviceReference, indexOfDevice } from '../values/devices.ts';
import {
  broadcastOf,
  FAMILY_NUMBERS,
  type Family,
  familyName,
  familyNumber,
  formatPrefix,
  type Prefix,
  readAddress,
  readPrefix,
} from '../values/prefix.ts';
import { FlagLists, Value } from '../values/value.ts';
import { Collection, type Reading, type Resolved } from './collection.ts';

/** A flag of an address (IFA_F_*); `secondary` of IPv4 is `temporary` of IPv6. */
export type AddressFlag = keyof typeof ADDRESS_FLAGS;

/** Flags that may be asked for. */
export type SettableAddressFlag =
  | 'home'
  | 'nodad'
  | 'optimistic'
  | 'mngtmpaddr'
  | 'noprefixroute'
  | 'autojoin';

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

const FLAG_LISTS = new FlagLists(ADDRESS_FLAGS);
const { rows } = addressTable;

/** An address, with what is seldom wanted of it decoded from its message. */
class AddressValue extends Value {
  readonly device: string;
  readonly device_index: number;
  readonly family: Family;
  readonly address: string;
  readonly peer: string | undefined;
  readonly broadcast: string | undefined;
  readonly anycast: string | undefined;
  readonly label: string | undefined;
  readonly scope: string;
  readonly flags: readonly AddressFlag[];
  readonly valid_lifetime: number | undefined;
  readonly preferred_lifetime: number | undefined;
  readonly metric: number | undefined;
  readonly protocol: string | undefined;
  readonly #bytes: Buffer;
  readonly #start: number;
  readonly #end: number;

  constructor(reader: AddressReader, directory: DeviceDirectory, { words }: Connection) {
    super();
    const { attributes, family: number, prefixLength } = reader;
    const text = (type: number) => attributes.read(type, rows.address.codec.read);
    const local = text(rows.local.type);
    const address = text(rows.address.type);
    const hasPeer = local !== undefined && address !== undefined && address !== local;
    const lifetimes = attributes.read(rows.cacheinfo.type, rows.cacheinfo.codec.read);
    const protocol = attributes.u8(rows.proto.type);
    this.device = directory.name(reader.device);
    this.device_index = reader.device;
    this.family = familyName(number);
    this.address = formatPrefix(local ?? address ?? '', hasPeer ? wholeLength(number) : prefixLength, number);
    this.peer = hasPeer ? formatPrefix(address, prefixLength, number) : undefined;
    this.broadcast = text(rows.broadcast.type);
    this.anycast = text(rows.anycast.type);
    this.label = attributes.read(rows.label.type, rows.label.codec.read);
    this.scope = words.name('scopes', reader.scope);
    this.flags = FLAG_LISTS.of(reader.flags);
    this.valid_lifetime = lifetimes && toSeconds(lifetimes.valid);
    this.preferred_lifetime = lifetimes && toSeconds(lifetimes.preferred);
    this.metric = attributes.u32(rows.rt_priority.type);
    this.protocol = protocol === undefined ? undefined : words.name('addressProtocols', protocol);
    this.#bytes = reader.bytes;
    this.#start = reader.start;
    this.#end = reader.end;
  }

  get attributes(): AddressAttributes {
    const { header, ...attributes } = decodeAddress({
      bytes: this.#bytes,
      payload: this.#start,
      end: this.#end,
    })!;
    return attributes;
  }
}

/** How address messages become values. */
export const addressReading: Reading<AddressReader, Address> = {
  decoder() {
    const reader = new AddressReader();
    return message => (reader.read(message) ? reader : undefined);
  },
  devices: ({ device }) => [device],
  convert: (reader, directory, connection) => new AddressValue(reader, directory, connection) as Address,
};

/** The addresses of a network's devices. */
export class Addresses extends Collection<Address, AddressFilter, AddressReader> {
  /** @internal */
  constructor(connection: Connection) {
    super(connection, addressReading);
  }

  /** The first address that the filter lets through; undefined if there is none. Rejects with {@link KernelError}. */
  async get(filter: AddressFilter): Promise<Address | undefined> {
    for await (const address of this.list(filter)) return address;
    return undefined;
  }

  /** Gives a device an address. Rejects with {@link KernelError}: EEXIST if it has it. */
  async add(address: AddressArguments): Promise<void> {
    await this.#send(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, address);
  }

  /** Changes lifetimes, flags and metric of an address. Rejects with {@link KernelError}. */
  async change(address: AddressArguments): Promise<void> {
    await this.#send(RTM_NEWADDR, NLM_F_REPLACE, address);
  }

  /** Gives a device an address, or changes the one that it has. Rejects with {@link KernelError}. */
  async replace(address: AddressArguments): Promise<void> {
    await this.#send(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, address);
  }

  /** Takes an address from a device. Rejects with {@link KernelError}: EADDRNOTAVAIL if it has not got it. */
  async delete(address: Pick<AddressArguments, 'device' | 'address' | 'peer'>): Promise<void> {
    await this.#send(RTM_DELADDR, 0, address);
  }

  /** @internal */
  protected dumpRequests({ device = 0, family }: Resolved<AddressFilter>): MessageWriter[] {
    return [addressRequest({}, { family: familyNumber('filter.family', family), index: device })];
  }

  /** @internal */
  protected matches(found: Address, { device, family, scope, address }: Resolved<AddressFilter>): boolean {
    const { words } = this.connection;
    if (device !== undefined && found.device_index !== device) return false;
    if (family !== undefined && found.family !== family) return false;
    if (scope !== undefined && words.number('filter.scope', 'scopes', scope) !== scopeOf(found, words))
      return false;
    if (address === undefined) return true;
    const wanted = readPrefix('filter.address', address);
    const text = found.address;
    return wanted.hasLength
      ? text === `${wanted.address}/${wanted.length}`
      : text.slice(0, text.indexOf('/')) === wanted.address;
  }

  /** @internal */
  protected deleteRequest({ bytes, start, end }: AddressReader): MessageWriter {
    const { header, local, address } = decodeAddress({ bytes, payload: start, end })!;
    return addressRequest({ type: RTM_DELADDR }, header, { local, address });
  }

  async #send(type: number, flags: number, given: AddressArguments): Promise<void> {
    const index = await indexOfDevice(this.connection, 'device', given.device);
    await this.connection.request(this.#request(type, flags, index, given));
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

function wholeLength(family: number): number {
  return family === FAMILY_NUMBERS.inet ? 32 : family === AF_UNSPEC ? 0 : 128;
}

function scopeOf({ scope }: Address, words: Connection['words']): number {
  return words.number('scope', 'scopes', scope);
}

function toSeconds(lifetime: number): number {
  return lifetime === FOREVER ? Number.POSITIVE_INFINITY : lifetime;
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
