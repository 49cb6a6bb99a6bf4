/** The devices of a network. Source: rtnetlink(7) RTM_NEWLINK and its like. */

import { closeSync } from 'node:fs';
import { KernelError } from '../../kernel/system/errors.ts';
import { NLM_F_CREATE, NLM_F_EXCL } from '../../linux/netlink.ts';
import { RTEXT_FILTER_SKIP_STATS, RTM_DELLINK, RTM_NEWLINK } from '../../linux/rtnetlink.ts';
import { encodeKind, type LinkKind } from '../../rtnetlink/kind.ts';
import {
  decodeLink,
  type LinkAttributes,
  type LinkMessage,
  link,
  linkHeader,
  linkMessage,
} from '../../rtnetlink/link.ts';
import type { LinkReader } from '../../rtnetlink/link-reader.ts';
import { linkRequest } from '../../rtnetlink/request.ts';
import { parseHardwareAddress } from '../../wire/address.ts';

import { byteLength } from '../../wire/text.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Connection } from '../connection.ts';
import { ArgumentError, bitOf, check32, compact, isEmpty } from '../values/argument.ts';
import { type DeviceReference, deviceSelector, indexOfDevice } from '../values/devices.ts';
import { describesWholeDevice, encodeParameters, kindOf, parametersOf } from '../values/kind.ts';
import {
  LINK_FLAGS,
  type Link,
  type LinkArguments,
  type LinkChanges,
  type LinkSettings,
  linkReading,
} from '../values/link.ts';
import { openReference } from '../values/reference.ts';
import { Collection, isNotFound, type Resolved } from './collection.ts';

const MAX_NAME = 15;

/** Which devices are meant; all conditions must hold. */
export interface LinkFilter {
  /** Of this kind. */
  readonly kind?: string | undefined;
  /** Ports of this device. */
  readonly master?: DeviceReference | undefined;
  /** In this group. */
  readonly group?: string | number | undefined;
  /** Switched on, or switched off. */
  readonly up?: boolean | undefined;
}

/** What is reported of devices besides the usual. */
export interface LinkDetails {
  /** Counters, which take half of the time of a listing. Some kernels send them unasked. */
  readonly statistics?: boolean | undefined;
}

/** Settings that are no attributes, and those that are made from several members. */
const SETTINGS: ReadonlySet<string> = new Set<keyof LinkSettings>([
  'name',
  'index',
  'address',
  'broadcast',
  'mtu',
  'up',
  'flags',
  'master',
  'link',
  'link_netnsid',
  'namespace',
  'group',
  'alias',
  'txqlen',
  'num_tx_queues',
  'num_rx_queues',
  'port',
  'attributes',
]);

/** A request being made, with the descriptors that it needs until it is answered. */
interface Draft extends LinkMessage {
  readonly descriptors: number[];
}

/** The devices of a network. */
export class Links extends Collection<Link, LinkFilter & LinkDetails, LinkReader> {
  /** @internal */
  constructor(connection: Connection) {
    super(connection, linkReading);
  }

  /**
   * A device by its name, an alternative name, or its index; undefined if there is none. Rejects with
   * {@link KernelError}.
   */
  async get(device: DeviceReference, details: LinkDetails = {}): Promise<Link | undefined> {
    const { index, attributes } = deviceSelector('device', device);
    const request = linkRequest({}, { index }, { ...attributes, ext_mask: mask(details) });
    try {
      const [answer] = await this.connection.request(request, 'answer');
      return await this.convertAnswer(answer);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Makes a device. Rejects with {@link KernelError}: EEXIST if the name is taken. */
  async add(device: LinkArguments): Promise<void> {
    await this.#send(NLM_F_CREATE | NLM_F_EXCL, device, undefined);
  }

  /**
   * Changes a device that exists. With `name` it is renamed, with `namespace` moved. Rejects with {@link KernelError}:
   * ENODEV if there is none.
   */
  async change(device: DeviceReference, changes: LinkChanges): Promise<void> {
    await this.#send(0, changes, device);
  }

  /**
   * Makes a device, or changes the one that has its name: two calls, as the kernel replaces no devices. Rejects with
   * {@link KernelError}.
   */
  async replace(device: LinkArguments & { readonly name: string }): Promise<void> {
    try {
      await this.add(device);
    } catch (error) {
      if (!(error instanceof KernelError) || error.code !== 'EEXIST') throw error;
      const { name, ...changes } = device;
      await this.change(name, changes as LinkChanges);
    }
  }

  /** Deletes a device. Rejects with {@link KernelError}: ENODEV if there is none, EOPNOTSUPP if it is hardware. */
  async delete(device: DeviceReference): Promise<void> {
    const { index, attributes } = deviceSelector('device', device);
    await this.connection.request(linkRequest({ type: RTM_DELLINK }, { index }, attributes));
  }

  /** @internal */
  protected dumpRequests(filter: Resolved<LinkFilter & LinkDetails>): MessageWriter[] {
    const { master } = filter;
    const linkinfo = filter.kind === undefined ? undefined : { kind: filter.kind };
    return [linkRequest({}, {}, { master, linkinfo, ext_mask: mask(filter) })];
  }

  /** @internal */
  protected matches(
    found: Link,
    { kind, master, group, up }: Resolved<LinkFilter>,
    reader: LinkReader,
  ): boolean {
    const { words } = this.connection;
    const own = found.kind === 'other' ? found.kind_name : found.kind;
    if (kind !== undefined && own !== kind) return false;
    if (master !== undefined && found.master_index !== master) return false;
    if (up !== undefined && found.up !== up) return false;
    const number = group === undefined ? undefined : words.number('filter.group', 'groups', group);
    return number === undefined || reader.group === number;
  }

  /** @internal */
  protected deleteRequest({ index }: LinkReader): MessageWriter {
    return linkRequest({ type: RTM_DELLINK }, { index });
  }

  async #send(flags: number, settings: LinkChanges, device: DeviceReference | undefined): Promise<void> {
    const descriptors: number[] = [];
    try {
      const draft = await this.#draft('', settings, device, descriptors);
      const request = new MessageWriter(RTM_NEWLINK, flags);
      write(request, draft);
      await this.connection.request(request);
    } finally {
      for (const descriptor of descriptors) closeSync(descriptor);
    }
  }

  /** What the settings of a device say in a message; `prefix` leads to the names of arguments. */
  async #draft(
    prefix: string,
    settings: LinkChanges | LinkSettings,
    device: DeviceReference | undefined,
    descriptors: number[],
  ): Promise<Draft> {
    const { kind: kindName, ...given } = settings as { kind?: string } & Record<string, unknown>;
    const kind = kindName === undefined ? undefined : kindOf(`${prefix}kind`, kindName);
    const own = kind === undefined ? new Set<string>() : parametersOf(kind);
    const parameters: Record<string, unknown> = {};
    const general: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(given)) {
      if (own.has(name)) parameters[name] = value;
      else if (SETTINGS.has(name)) general[name] = value;
      else if (value !== undefined)
        throw new ArgumentError(`${prefix}${name}`, `is no setting${kindName ? ` of kind ${kindName}` : ''}`);
    }
    const draft = await this.#general(prefix, general as LinkSettings, device, descriptors);
    if (kind === undefined) return draft;
    const data = await this.#parameters(kind, parameters, device, descriptors);
    const linkinfo = { ...draft.attributes.linkinfo, kind: kind.name, data };
    return { ...draft, attributes: { ...draft.attributes, linkinfo: compact(linkinfo) } };
  }

  async #parameters(
    kind: LinkKind,
    parameters: Readonly<Record<string, unknown>>,
    device: DeviceReference | undefined,
    descriptors: number[],
  ): Promise<Buffer | undefined> {
    const needsExisting = device !== undefined && describesWholeDevice(kind) && !isEmpty(parameters);
    const existing = needsExisting ? await this.#existingData(device) : undefined;
    return encodeParameters(kind, parameters, {
      connection: this.connection,
      isAdd: device === undefined,
      existing,
      makePeer: (argument, peer) => {
        if ((peer as LinkSettings).up)
          throw new ArgumentError(`${argument}.up`, 'is not possible before the pair is made');
        return this.#draft(`${argument}.`, peer as LinkSettings, undefined, descriptors);
      },
    });
  }

  async #existingData(device: DeviceReference): Promise<Buffer | undefined> {
    const { index, attributes } = deviceSelector('device', device);
    const request = linkRequest({}, { index }, { ...attributes, ext_mask: RTEXT_FILTER_SKIP_STATS });
    const [answer] = await this.connection.request(request, 'answer');
    return answer && decodeLink(answer, link.select(['linkinfo']))?.linkinfo?.data;
  }

  async #general(
    prefix: string,
    settings: LinkSettings,
    device: DeviceReference | undefined,
    descriptors: number[],
  ): Promise<Draft> {
    const { connection } = this;
    const { words } = connection;
    const name = (member: string) => `${prefix}${member}`;
    const isRenamed = device !== undefined && settings.name !== undefined;
    const selected = device === undefined ? undefined : deviceSelector('device', device);
    const index = isRenamed ? await indexOfDevice(connection, 'device', device) : selected?.index;
    const { master, link: lower, namespace } = settings;
    const attributes: LinkAttributes = {
      ...(isRenamed ? {} : selected?.attributes),
      ifname: isRenamed || device === undefined ? checkName(name('name'), settings.name) : undefined,
      address: hardwareAddress(name('address'), settings.address),
      broadcast: hardwareAddress(name('broadcast'), settings.broadcast),
      mtu: check32(name('mtu'), settings.mtu),
      master: master === null ? 0 : await this.#index(name('master'), master),
      link: await this.#index(name('link'), lower),
      link_netnsid: settings.link_netnsid,
      ifalias: settings.alias,
      txqlen: check32(name('txqlen'), settings.txqlen),
      num_tx_queues: check32(name('num_tx_queues'), settings.num_tx_queues),
      num_rx_queues: check32(name('num_rx_queues'), settings.num_rx_queues),
      group: settings.group === undefined ? undefined : words.number(name('group'), 'groups', settings.group),
    };
    if (device !== undefined && selected?.attributes.ifname !== undefined && !isRenamed)
      attributes.ifname = selected.attributes.ifname;
    if (namespace !== undefined) {
      attributes.net_ns_fd = openReference(name('namespace'), namespace);
      descriptors.push(attributes.net_ns_fd);
    }
    if (device !== undefined && settings.index !== undefined) attributes.new_ifindex = settings.index;
    if (settings.port !== undefined) attributes.linkinfo = await this.#port(settings.port, prefix);
    const header = {
      ...linkHeader.zero(),
      index: index ?? settings.index ?? 0,
      ...flagsOf(name('flags'), settings),
    };
    return { header, attributes: { ...attributes, ...settings.attributes }, descriptors };
  }

  async #index(argument: string, device: DeviceReference | undefined): Promise<number | undefined> {
    return device === undefined ? undefined : indexOfDevice(this.connection, argument, device);
  }

  async #port(port: NonNullable<LinkSettings['port']>, prefix: string): Promise<LinkAttributes['linkinfo']> {
    const { kind: kindName, ...parameters } = port;
    const kind = kindOf(`${prefix}port.kind`, kindName);
    const data = await encodeParameters(kind, parameters, {
      connection: this.connection,
      isAdd: false,
      existing: undefined,
      makePeer: () => {
        throw new ArgumentError(`${prefix}port`, 'has no second device');
      },
    });
    return { slave_kind: kindName.replace(/_slave$/, ''), slave_data: data ?? encodeKind(kind, {}) };
  }
}

function write(request: MessageWriter, { header, attributes }: LinkMessage): void {
  try {
    linkMessage.write(request, { header, attributes });
  } catch (error) {
    if (error instanceof RangeError) throw new ArgumentError('attributes', error.message);
    throw error;
  }
}

function mask({ statistics }: LinkDetails): number {
  return statistics === true ? 0 : RTEXT_FILTER_SKIP_STATS;
}

function checkName(argument: string, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (typeof name !== 'string' || name === '' || byteLength(name) > MAX_NAME || /[\s/:\0]/.test(name))
    throw new ArgumentError(argument, `"${String(name)}" is no name for a device`);
  return name;
}

function hardwareAddress(argument: string, text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined;
  const bytes = parseHardwareAddress(text);
  if (bytes === undefined) throw new ArgumentError(argument, `"${text}" is no link-layer address`);
  return Buffer.from(bytes);
}

/** The flags that are set, and which of them count. */
function flagsOf(argument: string, { up, flags = {} }: LinkSettings): { flags: number; change: number } {
  const request = { flags: 0, change: 0 };
  const set = (bit: number, isSet: boolean) => {
    request.change |= bit;
    request.flags = isSet ? request.flags | bit : request.flags & ~bit;
  };
  for (const [word, isSet] of Object.entries(flags)) {
    if (isSet !== undefined) set(bitOf(argument, LINK_FLAGS, word), isSet);
  }
  if (up !== undefined) set(LINK_FLAGS.up, up);
  return request;
}
