/** The devices of a network. Source: rtnetlink(7) RTM_NEWLINK and its like. */

import { KernelError } from '../../kernel/system/errors.ts';
import { EEXIST, ENODEV } from '../../linux/errno.ts';
import { NLM_F_APPEND, NLM_F_CREATE, NLM_F_ECHO, NLM_F_EXCL } from '../../linux/netlink.ts';
import {
  RTEXT_FILTER_SKIP_STATS,
  RTM_DELLINK,
  RTM_DELLINKPROP,
  RTM_NEWLINK,
  RTM_NEWLINKPROP,
} from '../../linux/rtnetlink.ts';
import { decodeLink, type LinkAttributes, link } from '../../rtnetlink/link.ts';
import { linkRequest } from '../../rtnetlink/request.ts';
import type { Message } from '../../wire/message.ts';
import { byteLength } from '../../wire/text.ts';
import { MessageWriter } from '../../wire/writer.ts';
import { type AddOptions, type CallOptions, Connection, type DeleteOptions } from '../connection.ts';
import { ArgumentError } from '../values/argument.ts';
import { type DeviceReference, deviceSelector } from '../values/devices.ts';
import { kindOf, parametersOf, settableData } from '../values/kind.ts';
import type { Link, LinkArguments, LinkChanges, LinkSettings } from '../values/link.ts';
import { linkReading } from '../values/link-value.ts';
import { type NamespaceReference, nameReference, openReference } from '../values/reference.ts';
import { Collection, checked, isNotFound, type Resolved } from './collection.ts';
import { LinkDraft, writeLink } from './link-draft.ts';

type LinkInfo = LinkAttributes['linkinfo'];

const withKind = link.select(['linkinfo']);
const OF_EXISTING = 'of a device that exists cannot be changed';
const MAX_ALTERNATIVE_NAME = 127;
/** Settings that name a device, and what says in a value which one it is. */
const MEANT_BY_INDEX: Readonly<Record<string, string>> = { master: 'master_index' };
/** Settings that only a device that is made can be given. */
const OF_NEW_DEVICES: readonly string[] = ['index', 'link', 'link_netnsid', 'num_tx_queues', 'num_rx_queues'];

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

/** The devices of a network. */
export class Links extends Collection<Link, LinkFilter & LinkDetails> {
  /** @internal */
  constructor(connection: Connection) {
    super(connection, linkReading);
  }

  /**
   * A device by its name, an alternative name, or its index; undefined if there is none. Rejects with
   * {@link KernelError}.
   */
  async get(device: DeviceReference, options: LinkDetails & CallOptions = {}): Promise<Link | undefined> {
    const { index, attributes } = deviceSelector('device', device);
    const request = linkRequest({}, { index }, { ...attributes, ext_mask: mask(options) });
    try {
      const [answer] = await this.connection.request(request, 'answer', options.signal);
      return this.valueOf(answer);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /**
   * Makes a device and resolves with it: with its index, and the name that the kernel chose where `name` is left out or
   * has a `%d`. One that is made in another namespace is not looked up there. Rejects with {@link KernelError}: EEXIST if
   * the name is taken; with `ifAbsent`, it resolves with the device of that name, as it is.
   */
  add(
    device: (LinkArguments & { readonly namespace?: undefined }) | Link,
    options?: AddOptions,
  ): Promise<Link>;
  add(device: LinkArguments | Link, options?: AddOptions): Promise<Link | undefined>;
  async add(
    given: LinkArguments | Link,
    { ifAbsent, ...options }: AddOptions = {},
  ): Promise<Link | undefined> {
    const device = checked<LinkArguments>(given);
    try {
      return await this.#make(device, options);
    } catch (error) {
      if (ifAbsent !== true || !(error instanceof KernelError) || error.errno !== EEXIST) throw error;
      if (device.namespace !== undefined) return undefined;
      // Something else than the name may be taken.
      const found = device.name === undefined ? undefined : await this.get(device.name, options);
      if (found === undefined) throw error;
      return found;
    }
  }

  async #make(device: LinkArguments, options: CallOptions): Promise<Link | undefined> {
    const isElsewhere = device.namespace !== undefined && typeof device.master === 'string';
    // Not to wait is to be sent before the calls that follow.
    const described = isElsewhere ? await this.#withMaster(device) : (device as LinkSettings);
    // A parameter of the same name is a number.
    const port = typeof described.port === 'object' ? described.port : undefined;
    const settings = port === undefined ? described : { ...described, port: undefined };
    const isHere = device.namespace === undefined;
    // The kernel sends the echo to the port of that number in the namespace of the device: to somebody else's socket there.
    const flags = NLM_F_CREATE | NLM_F_EXCL | (isHere ? NLM_F_ECHO : 0);
    const [message] = await this.#send(flags, settings as LinkChanges, undefined, options);
    const made = isHere && message !== undefined ? this.valueOf(message) : undefined;
    const found = isHere ? (made ?? (await this.#newest(device, options))) : undefined;
    if (port !== undefined) await this.#makePort(found?.index ?? device.name, device, options);
    return port === undefined || found === undefined ? found : this.get(found.index, options);
  }

  /** The kernel looks for the index of a master where the device is made. */
  async #withMaster(device: LinkArguments): Promise<LinkSettings> {
    const settings = device as LinkSettings;
    const find = async (links: Links) => links.connection.devices.index('master', settings.master!);
    return { ...settings, master: await this.#inside(settings.namespace, find) };
  }

  /** Parameters of a port are set when it is one; a device that cannot have them is deleted again. */
  async #makePort(
    made: DeviceReference | undefined,
    device: LinkArguments,
    options: CallOptions,
  ): Promise<void> {
    const { port, namespace } = device as LinkSettings;
    if (made === undefined) throw new ArgumentError('port', 'needs a name for a device in another namespace');
    await this.#inside(namespace, async links => {
      try {
        await links.#send(0, { port }, made, options);
      } catch (error) {
        await links.delete(made);
        throw error;
      }
    });
  }

  /** Another namespace's devices, for as long as `run` takes. */
  async #inside<T>(namespace: NamespaceReference | undefined, run: (links: Links) => Promise<T>): Promise<T> {
    if (namespace === undefined) return run(this);
    const connection = new Connection(openReference('namespace', namespace));
    connection.place = nameReference(namespace);
    try {
      return await run(new Links(connection));
    } finally {
      connection.close();
    }
  }

  /**
   * Changes a device that exists. With `name` it is renamed, with `namespace` moved. Rejects with {@link KernelError}:
   * ENODEV if there is none.
   */
  async change(
    device: DeviceReference | Link,
    changes: LinkChanges,
    options: CallOptions = {},
  ): Promise<void> {
    this.#checkKind(device as DeviceReference, changes);
    await this.#send(0, changes, device as DeviceReference, options);
  }

  /** The kernel compares kinds where parameters are given. Throws {@link ArgumentError}. */
  #checkKind(device: DeviceReference, { kind, ...changes }: LinkChanges): void {
    if (kind === undefined) return;
    const parameters = parametersOf(kindOf('kind', kind));
    if (Object.keys(changes).some(name => parameters.has(name))) return;
    const message = this.connection.devices.link('device', device);
    const { kind: own } = decodeLink(message, withKind)?.linkinfo ?? {};
    if (own !== kind) throw new ArgumentError('kind', OF_EXISTING);
  }

  /**
   * Makes a device, or changes the one that has its name: two calls, as the kernel replaces no devices. Rejects with
   * {@link KernelError}.
   */
  async replace(
    device: (LinkArguments & { readonly name: string }) | Link,
    options: CallOptions = {},
  ): Promise<void> {
    const { name, namespace, ...settings } = device as LinkArguments &
      LinkSettings & { readonly name: string };
    try {
      // Hardware has no kind: it is not made, but there.
      if (device.kind !== undefined || settings.attributes?.linkinfo?.kind !== undefined) {
        await this.add(device as LinkArguments, options);
        return;
      }
    } catch (error) {
      if (!(error instanceof KernelError) || error.code !== 'EEXIST') throw error;
    }
    await this.#inside(namespace, links => links.#adjust(name, settings, options));
  }

  /** Changes a device to what was asked for. What only new devices can be given must be as it is. */
  async #adjust(name: string, settings: LinkSettings, options: CallOptions): Promise<void> {
    const found = await this.get(name, options);
    if (found === undefined) throw new KernelError(ENODEV, Buffer.alloc(0));
    const { link, kind } = settings as LinkSettings & { readonly kind?: string };
    if (kind !== undefined && kind !== found.attributes.linkinfo?.kind)
      throw new ArgumentError('kind', OF_EXISTING);
    const wanted: Record<string, unknown> = { ...settings };
    const isLowerSame =
      link === undefined || this.connection.devices.index('link', link) === found.link_index;
    const data = (found.data ?? {}) as Readonly<Record<string, unknown>>;
    const asListed = settings.attributes?.linkinfo;
    if (asListed !== undefined && isSameData(asListed, found.attributes.linkinfo))
      wanted['attributes'] = undefined;
    for (const [member, value] of Object.entries(settings)) {
      const own = member in data ? data[member] : found[(MEANT_BY_INDEX[member] ?? member) as 'index'];
      const isSame = member === 'link' && !(member in data) ? isLowerSame : value === own;
      if (isSame && member !== 'kind') delete wanted[member];
      else if (OF_NEW_DEVICES.includes(member) && !(member in data))
        throw new ArgumentError(member, OF_EXISTING);
    }
    await this.change(found.index, wanted as LinkChanges, options);
  }

  /**
   * Deletes all devices that `filter` lets through; resolves with their number. Rejects with {@link ArgumentError} for a
   * filter that says nothing, with {@link KernelError} when the kernel refuses one; those before are gone then.
   */
  override flush(filter: LinkFilter, options: CallOptions = {}): Promise<number> {
    return super.flush(filter, options);
  }

  /** Deletes a device. Rejects with {@link KernelError}: ENODEV if there is none, EOPNOTSUPP if it is hardware. */
  async delete(device: DeviceReference | Link, options: DeleteOptions = {}): Promise<void> {
    const { index, attributes } = deviceSelector('device', device as DeviceReference);
    const request = linkRequest({ type: RTM_DELLINK }, { index }, attributes);
    await this.connection.request(request, 'ack', options.signal);
  }

  /**
   * Gives a device further names, by which it is found like by its own. Rejects with {@link KernelError}: EEXIST if one
   * is taken.
   */
  async addAlternativeNames(
    device: DeviceReference,
    names: readonly string[],
    options: CallOptions = {},
  ): Promise<void> {
    const flags = NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND;
    await this.#sendNames(RTM_NEWLINKPROP, flags, device, names, options);
  }

  /** Takes further names from a device. Rejects with {@link KernelError}: EINVAL if it has not got one. */
  async deleteAlternativeNames(
    device: DeviceReference,
    names: readonly string[],
    options: CallOptions = {},
  ): Promise<void> {
    await this.#sendNames(RTM_DELLINKPROP, 0, device, names, options);
  }

  /** @internal */
  protected dumpRequests(filter: Resolved<LinkFilter & LinkDetails>): MessageWriter[] {
    const { master } = filter;
    const linkinfo = filter.kind === undefined ? undefined : { kind: filter.kind };
    return [linkRequest({}, {}, { master, linkinfo, ext_mask: mask(filter) })];
  }

  /** @internal */
  protected override matcher(filter: Resolved<LinkFilter>): ((found: Link) => boolean) | undefined {
    const { kind, master, group, up } = filter;
    const { words } = this.connection;
    const groupName =
      group === undefined ? undefined : words.name('groups', words.number('filter.group', 'groups', group));
    if (kind === undefined && master === undefined && up === undefined && groupName === undefined)
      return undefined;
    return found =>
      (kind === undefined || (found.kind === 'other' ? found.kind_name : found.kind) === kind) &&
      (master === undefined || found.master_index === master) &&
      (up === undefined || found.up === up) &&
      (groupName === undefined || found.group === groupName);
  }

  /** @internal */
  protected deleteRequest({ index }: Link): MessageWriter {
    return linkRequest({ type: RTM_DELLINK }, { index });
  }

  async #send(
    flags: number,
    settings: LinkChanges,
    device: DeviceReference | undefined,
    { signal }: CallOptions,
  ): Promise<readonly Message[]> {
    using draft = new LinkDraft(this.connection);
    const request = new MessageWriter(RTM_NEWLINK, flags);
    writeLink(request, draft.describe('', settings, device));
    return await this.connection.request(request, 'ack', signal);
  }

  async #sendNames(
    type: number,
    flags: number,
    device: DeviceReference,
    names: readonly string[],
    { signal }: CallOptions,
  ): Promise<void> {
    const index = this.connection.devices.index('device', device);
    const prop_list = names.map((name, at) => checkAlternativeName(`names.${at}`, name));
    await this.connection.request(linkRequest({ type, flags }, { index }, { prop_list }), 'ack', signal);
  }

  /** Kernels before 6.1 do not report what they have made: the device of that name, else the newest of the kind. */
  async #newest({ name, kind }: LinkArguments, options: CallOptions): Promise<Link | undefined> {
    const named = name === undefined || name.includes('%') ? undefined : await this.get(name, options);
    if (named !== undefined) return named;
    const found = await this.all({ kind }, options);
    return found.reduce<Link | undefined>(
      (newest, one) => (one.index > (newest?.index ?? 0) ? one : newest),
      undefined,
    );
  }
}

function isSameData(one: LinkInfo, other: LinkInfo): boolean {
  const data = (info: LinkInfo) => settableData(info?.kind ?? '', info?.data ?? Buffer.alloc(0));
  return one?.kind === other?.kind && data(one).equals(data(other));
}

function mask({ statistics }: LinkDetails): number {
  return statistics === true ? 0 : RTEXT_FILTER_SKIP_STATS;
}

function checkAlternativeName(argument: string, name: string): string {
  if (
    typeof name !== 'string' ||
    name === '' ||
    byteLength(name) > MAX_ALTERNATIVE_NAME ||
    name.includes('\0')
  )
    throw new ArgumentError(argument, `"${String(name)}" is not a name for a device`);
  return name;
}
