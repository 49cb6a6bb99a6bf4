/** What settings and parameters of a device say in a link message. Source: linux/if_link.h IFLA_*. */

import { closeSync } from 'node:fs';
import { encodeKind, type LinkKind } from '../../rtnetlink/kind.ts';
import {
  decodeLink,
  type LinkAttributes,
  type LinkMessage,
  link,
  linkHeader,
  linkMessage,
} from '../../rtnetlink/link.ts';
import { parseHardwareAddress } from '../../wire/address.ts';
import { byteLength } from '../../wire/text.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import type { Connection } from '../connection.ts';
import { ArgumentError, bitOf, check32, compact, isEmpty } from '../values/argument.ts';
import { type DeviceReference, deviceSelector } from '../values/devices.ts';
import { describesWholeDevice, encodeParameters, kindOf, parametersOf } from '../values/kind.ts';
import { LINK_FLAGS, type LinkChanges, type LinkSettings } from '../values/link.ts';
import { openReference } from '../values/reference.ts';

const MAX_NAME = 15;

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

/** A request being made, with the descriptors of namespaces that it needs until it is answered. */
export class LinkDraft implements Disposable {
  readonly #connection: Connection;
  readonly #descriptors: number[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Closes the descriptors. */
  [Symbol.dispose](): void {
    for (const descriptor of this.#descriptors.splice(0)) closeSync(descriptor);
  }

  /**
   * What the settings of a device say in a message, or of a new one where `device` is undefined; `prefix` leads to the
   * names of arguments. Throws {@link ArgumentError}, {@link KernelError} for other devices that do not exist.
   */
  describe(
    prefix: string,
    settings: LinkChanges | LinkSettings,
    device: DeviceReference | undefined,
  ): LinkMessage {
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
    const draft = this.#general(prefix, general as LinkSettings, device);
    if (kind === undefined) return draft;
    const data = this.#parameters(kind, parameters, device);
    const linkinfo = { ...draft.attributes.linkinfo, kind: kind.name, data };
    return { ...draft, attributes: { ...draft.attributes, linkinfo: compact(linkinfo) } };
  }

  #parameters(
    kind: LinkKind,
    parameters: Readonly<Record<string, unknown>>,
    device: DeviceReference | undefined,
  ): Buffer | undefined {
    const needsExisting = device !== undefined && describesWholeDevice(kind) && !isEmpty(parameters);
    const existing = needsExisting ? this.#existingData(device) : undefined;
    return encodeParameters(kind, parameters, {
      connection: this.#connection,
      isAdd: device === undefined,
      existing,
      makePeer: (argument, peer) => {
        if ((peer as LinkSettings).up)
          throw new ArgumentError(`${argument}.up`, 'is not possible before the pair is made');
        return this.describe(`${argument}.`, peer as LinkSettings, undefined);
      },
    });
  }

  #existingData(device: DeviceReference): Buffer | undefined {
    const answer = this.#connection.devices.link('device', device);
    return decodeLink(answer, link.select(['linkinfo']))?.linkinfo?.data;
  }

  #general(prefix: string, settings: LinkSettings, device: DeviceReference | undefined): LinkMessage {
    const connection = this.#connection;
    const { words } = connection;
    const name = (member: string) => `${prefix}${member}`;
    const isRenamed = device !== undefined && settings.name !== undefined;
    const selected = device === undefined ? undefined : deviceSelector('device', device);
    const index = isRenamed ? connection.devices.index('device', device) : selected?.index;
    const { master, link: lower, namespace } = settings;
    const attributes: LinkAttributes = {
      ...(isRenamed ? {} : selected?.attributes),
      ifname: isRenamed || device === undefined ? checkName(name('name'), settings.name) : undefined,
      address: hardwareAddress(name('address'), settings.address),
      broadcast: hardwareAddress(name('broadcast'), settings.broadcast),
      mtu: check32(name('mtu'), settings.mtu),
      master: master === null ? 0 : this.#index(name('master'), master),
      link: this.#index(name('link'), lower),
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
      this.#descriptors.push(attributes.net_ns_fd);
    }
    if (device !== undefined && settings.index !== undefined) attributes.new_ifindex = settings.index;
    if (settings.port !== undefined) attributes.linkinfo = this.#port(settings.port, prefix);
    const header = {
      ...linkHeader.zero(),
      index: index ?? settings.index ?? 0,
      ...flagsOf(name('flags'), settings),
    };
    return { header, attributes: { ...attributes, ...settings.attributes } };
  }

  #index(argument: string, device: DeviceReference | undefined): number | undefined {
    return device === undefined ? undefined : this.#connection.devices.index(argument, device);
  }

  #port(port: NonNullable<LinkSettings['port']>, prefix: string): LinkAttributes['linkinfo'] {
    const { kind: kindName, ...parameters } = port;
    const kind = kindOf(`${prefix}port.kind`, kindName);
    const data = encodeParameters(kind, parameters, {
      connection: this.#connection,
      isAdd: false,
      existing: undefined,
      makePeer: () => {
        throw new ArgumentError(`${prefix}port`, 'has no second device');
      },
    });
    return { slave_kind: kindName.replace(/_slave$/, ''), slave_data: data ?? encodeKind(kind, {}) };
  }
}

/** Appends a link message to a request. Throws {@link ArgumentError} for attributes that are too long. */
export function writeLink(request: MessageWriter, { header, attributes }: LinkMessage): void {
  try {
    linkMessage.write(request, { header, attributes });
  } catch (error) {
    if (error instanceof RangeError) throw new ArgumentError('attributes', error.message);
    throw error;
  }
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
