/** Devices as values: what is told of them, what is set. Sources: linux/if.h IFF_*, linux/if_link.h. */
import { LINK_KINDS } from '../../rtnetlink/kinds/index.ts';
import {
  decodeLink,
  type LinkAttributes,
  type LinkStatistics,
  type Link as RawLink,
} from '../../rtnetlink/link.ts';
import { formatHardwareAddress } from '../../wire/address.ts';
import type { Reading } from '../collections/collection.ts';
import { compact, wordsOf } from './argument.ts';
import type { DeviceDirectory, DeviceReference } from './devices.ts';
import type { KindData, KindName, KindParameters, PortKindName } from './kind.ts';
import type { NamespaceReference } from './reference.ts';
import type { Words } from './words.ts';

/** IFF_* by name. */
export const LINK_FLAGS = {
  up: 0x1,
  broadcast: 0x2,
  debug: 0x4,
  loopback: 0x8,
  pointtopoint: 0x10,
  notrailers: 0x20,
  running: 0x40,
  noarp: 0x80,
  promisc: 0x100,
  allmulti: 0x200,
  master: 0x400,
  slave: 0x800,
  multicast: 0x1000,
  portsel: 0x2000,
  automedia: 0x4000,
  dynamic: 0x8000,
  lower_up: 0x10000,
  dormant: 0x20000,
  echo: 0x40000,
} as const;

/** A flag of a device (IFF_*), in lower case. */
export type LinkFlag = keyof typeof LINK_FLAGS;

/** IF_OPER_* of RFC 2863, by number. */
const OPERATIONAL_STATES = [
  'unknown',
  'notpresent',
  'down',
  'lowerlayerdown',
  'testing',
  'dormant',
  'up',
] as const;

/** The operational state of a device, as RFC 2863 names it. */
export type OperationalState = (typeof OPERATIONAL_STATES)[number];

/** What is told of every device. */
export interface LinkFacts {
  readonly index: number;
  readonly name: string;
  /** Other names of the device. */
  readonly altnames: readonly string[];
  readonly flags: readonly LinkFlag[];
  /** Whether it is switched on (IFF_UP); whether it can carry traffic says {@link operstate}. */
  readonly up: boolean;
  /** Link-layer type: ARPHRD_* of linux/if_arp.h, 1 for Ethernet. */
  readonly type: number;
  /** In bytes. */
  readonly mtu?: number;
  readonly operstate?: OperationalState;
  /** Link-layer address as hex bytes joined by colons. */
  readonly address?: string;
  readonly broadcast?: string;
  /** The address that the hardware came with. */
  readonly permanent_address?: string;
  /** Name of the device that this one is a port of. */
  readonly master?: string;
  readonly master_index?: number;
  /** Name of the device underneath, or at the other end, if it is in this namespace. */
  readonly link?: string;
  /** Its index, in its own namespace. */
  readonly link_index?: number;
  /** The id that this namespace has for the other device's, if that is in another one. */
  readonly link_netnsid?: number;
  readonly group?: string;
  readonly alias?: string;
  readonly qdisc?: string;
  /** Length of the queue of packets to send. */
  readonly txqlen?: number;
  readonly num_tx_queues?: number;
  readonly num_rx_queues?: number;
  /** Whether there is a signal. */
  readonly carrier?: boolean;
  /** How many users want to see all packets. */
  readonly promiscuity?: number;
  /** Counters since the device was made, if they were asked for. */
  readonly statistics?: LinkStatistics;
  /** What the kernel tells of it as the port of another device. */
  readonly port?: PortData;
  /** All attributes as they were decoded, with their IFLA_* names. */
  readonly attributes: LinkAttributes;
}

/** What is told of a port, by the kind of the device that it belongs to. */
export type PortData = {
  [N in PortKindName]: { readonly kind: N; readonly data: KindData<N> };
}[PortKindName];

/** The kind of a device with what is told of that kind alone. */
export type LinkKindData =
  | { [N in KindName]: { readonly kind: N; readonly data: KindData<N> } }[KindName]
  /** Hardware, and the loopback device, are of no kind. */
  | { readonly kind?: undefined; readonly data?: undefined }
  /** Of a kind that tsip does not know: its name, and its attributes as bytes. */
  | { readonly kind: 'other'; readonly kind_name: string; readonly data: Buffer };

/** A device. Where `kind` says `vlan`, `data` has what is told of VLAN devices, and so on. */
export type Link = LinkFacts & LinkKindData;

/** What can be set of every device. */
export interface LinkSettings {
  /** Its name; where a device is changed, its new one. */
  readonly name?: string | undefined;
  /** The index that it is to have. */
  readonly index?: number | undefined;
  /** Link-layer address: hex bytes joined by colons. */
  readonly address?: string | undefined;
  readonly broadcast?: string | undefined;
  /** In bytes. */
  readonly mtu?: number | undefined;
  /** Whether it is switched on. */
  readonly up?: boolean | undefined;
  /** Other flags, each set or cleared. */
  readonly flags?: Partial<Readonly<Record<LinkFlag, boolean>>> | undefined;
  /** The device that it is to be a port of; null for none. */
  readonly master?: DeviceReference | null | undefined;
  /** The device underneath. */
  readonly link?: DeviceReference | undefined;
  /** The id of the namespace that `link`, given as an index, is in. */
  readonly link_netnsid?: number | undefined;
  /** The network namespace that it is to be made in or moved to. */
  readonly namespace?: NamespaceReference | undefined;
  /** Name or number of a group of devices. */
  readonly group?: string | number | undefined;
  readonly alias?: string | undefined;
  readonly txqlen?: number | undefined;
  readonly num_tx_queues?: number | undefined;
  readonly num_rx_queues?: number | undefined;
  /** Parameters of a port. */
  readonly port?: PortSettings | undefined;
  /** Attributes that have no setting here, by their IFLA_* names; they replace those that settings make. */
  readonly attributes?: LinkAttributes | undefined;
}

/** Parameters of a port, by the kind of the device that it belongs to. */
export type PortSettings = {
  [N in PortKindName]: { readonly kind: N } & Readonly<KindParameters<N, PeerSettings>>;
}[PortKindName];

/** The other device of a pair. It cannot be switched on before the pair is made, so that takes a call of its own. */
export type PeerSettings = Omit<LinkSettings, 'up'>;

/**
 * A device of one of all kinds, told apart by `kind`: `{ kind: 'vlan', id: 5, link: 'eth0' }`. Where a parameter of
 * the kind has the name of a setting (`group` of vxlan, `link` of tunnels), the parameter is meant.
 */
export type LinkArguments = {
  [N in KindName]: { readonly kind: N } & Readonly<KindParameters<N, PeerSettings>> &
    Omit<LinkSettings, keyof KindData<N>>;
}[KindName];

/** What is changed of a device; parameters of its kind only together with `kind`. */
export type LinkChanges = LinkArguments | (LinkSettings & { readonly kind?: undefined });

const kindsByName = new Map<string, (typeof LINK_KINDS)[number]>(LINK_KINDS.map(kind => [kind.name, kind]));

/** How link messages become values. */
export const linkReading: Reading<RawLink, Link> = {
  decode: message => decodeLink(message),
  devices: ({ link, link_netnsid, master }) => [
    ...(master === undefined ? [] : [master]),
    ...(link === undefined || link_netnsid !== undefined ? [] : [link]),
  ],
  convert: (raw, directory, { words }) => toLink(raw, directory, words),
};

/** The value of a link message. */
export function toLink(raw: RawLink, directory: DeviceDirectory, words: Words): Link {
  const { header, ...attributes } = raw;
  const { link, link_netnsid: netnsid, master } = attributes;
  const flags = header.flags;
  const facts = compact<LinkFacts>({
    index: header.index,
    name: attributes.ifname ?? `if${header.index}`,
    altnames: attributes.prop_list ?? [],
    flags: wordsOf(LINK_FLAGS, flags),
    up: (flags & LINK_FLAGS.up) !== 0,
    type: header.type,
    mtu: attributes.mtu,
    operstate: attributes.operstate === undefined ? undefined : OPERATIONAL_STATES[attributes.operstate],
    address: hardwareAddress(attributes.address),
    broadcast: hardwareAddress(attributes.broadcast),
    permanent_address: hardwareAddress(attributes.perm_address),
    master: master === undefined ? undefined : directory.name(master),
    master_index: master,
    link: link === undefined || link === 0 || netnsid !== undefined ? undefined : directory.name(link),
    link_index: link,
    link_netnsid: netnsid,
    group: attributes.group === undefined ? undefined : words.name('groups', attributes.group),
    alias: attributes.ifalias,
    qdisc: attributes.qdisc,
    txqlen: attributes.txqlen,
    num_tx_queues: attributes.num_tx_queues,
    num_rx_queues: attributes.num_rx_queues,
    carrier: attributes.carrier === undefined ? undefined : attributes.carrier !== 0,
    promiscuity: attributes.promiscuity,
    statistics: attributes.stats64 ?? attributes.stats,
    port: portOf(attributes),
    attributes,
  });
  return { ...facts, ...kindOfLink(attributes) } as Link;
}

function hardwareAddress(bytes: Buffer | undefined): string | undefined {
  return bytes === undefined || bytes.length === 0 ? undefined : formatHardwareAddress(bytes);
}

function kindOfLink({ linkinfo }: LinkAttributes): LinkKindData {
  const name = linkinfo?.kind;
  if (name === undefined) return {};
  const kind = kindsByName.get(name);
  const data = linkinfo?.data ?? Buffer.alloc(0);
  if (kind === undefined) return { kind: 'other', kind_name: name, data };
  return { kind: name, data: kind.table.decode(data, 0, data.length) } as LinkKindData;
}

function portOf({ linkinfo }: LinkAttributes): PortData | undefined {
  const name = linkinfo?.slave_kind === undefined ? undefined : `${linkinfo.slave_kind}_slave`;
  const kind = name === undefined ? undefined : kindsByName.get(name);
  if (kind === undefined) return undefined;
  const data = linkinfo?.slave_data ?? Buffer.alloc(0);
  return { kind: kind.name, data: kind.table.decode(data, 0, data.length) } as PortData;
}
