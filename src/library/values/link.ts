/** Devices as values: what is reported of them, what is set. Sources: linux/if.h IFF_*, linux/if_link.h. */
import { loadedKind } from '../../rtnetlink/kinds/load.ts';
import {
  decodeLink,
  type LinkAttributes,
  type LinkStatistics,
  link as linkTable,
  type Link as RawLink,
} from '../../rtnetlink/link.ts';
import { type LinkReader, linkReader } from '../../rtnetlink/link-reader.ts';
import { formatHardwareAddress } from '../../wire/address.ts';
import type { Reading } from '../collections/collection.ts';
import type { DeviceDirectory, DeviceReference } from './devices.ts';
import type { KindData, KindName, KindParameters, PortKindName, RequiredParameter } from './kind.ts';
import type { NamespaceReference } from './reference.ts';
import { FlagLists, Value } from './value.ts';
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

/** What is reported of every device. */
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
  /** Counters since the device was made, if they were asked for; decoded each time that they are asked for. */
  readonly statistics?: LinkStatistics;
  /** What the kernel reports of it as the port of another device. */
  readonly port?: PortData;
  /** All attributes with their IFLA_* names, decoded each time that they are asked for. */
  readonly attributes: LinkAttributes;
}

/** What is reported of a port, by the kind of the device that it belongs to. */
export type PortData = {
  [N in PortKindName]: { readonly kind: N; readonly data: KindData<N> };
}[PortKindName];

/** The kind of a device with what the kernel reports of that kind alone. */
export type LinkKindData =
  | { [N in KindName]: { readonly kind: N; readonly data: KindData<N> } }[KindName]
  /** Hardware, and the loopback device, are of no kind. */
  | { readonly kind?: undefined; readonly data?: undefined }
  /** Of a kind that tsip does not know: its name, and its attributes as bytes. */
  | { readonly kind: 'other'; readonly kind_name: string; readonly data: Buffer };

/** A device. Where `kind` says `vlan`, `data` has what the kernel reports of VLAN devices, and so on. */
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

/** The other device of a pair. It cannot be switched on before the pair is made, so that takes a separate call. */
export type PeerSettings = Omit<LinkSettings, 'up'>;

/** The parameters and settings of a device of kind `N`. A parameter hides a setting of the same name. */
type KindArguments<N extends KindName> = { readonly kind: N } & Readonly<KindParameters<N, PeerSettings>> &
  Omit<LinkSettings, keyof KindData<N>>;

/** The arguments of a device of kind `N`, those that it needs given. */
type NewKindArguments<N extends KindName> = KindArguments<N> & {
  readonly [P in RequiredParameter<N> & keyof KindArguments<N>]: NonNullable<KindArguments<N>[P]>;
};

/**
 * A new device of one of all kinds, discriminated by `kind`: `{ kind: 'vlan', id: 5, link: 'eth0' }`. If a parameter of
 * the kind has the name of a setting (`group` of vxlan, `link` of tunnels), it is the parameter.
 */
export type LinkArguments = { [N in KindName]: NewKindArguments<N> }[KindName];

/** The changes of a device; parameters of its kind only together with `kind`. */
export type LinkChanges =
  | { [N in KindName]: KindArguments<N> }[KindName]
  | (LinkSettings & { readonly kind?: undefined });

const FLAG_LISTS = new FlagLists(LINK_FLAGS);
const NO_NAMES: readonly string[] = Object.freeze([]);

/** A device, with what is seldom wanted of it decoded from its message. */
class LinkValue extends Value {
  readonly index: number;
  readonly name: string;
  readonly altnames: readonly string[];
  readonly flags: readonly LinkFlag[];
  readonly up: boolean;
  readonly type: number;
  readonly mtu: number | undefined;
  readonly operstate: OperationalState | undefined;
  readonly address: string | undefined;
  readonly broadcast: string | undefined;
  readonly permanent_address: string | undefined;
  readonly master: string | undefined;
  readonly master_index: number | undefined;
  readonly link: string | undefined;
  readonly link_index: number | undefined;
  readonly link_netnsid: number | undefined;
  readonly group: string | undefined;
  readonly alias: string | undefined;
  readonly qdisc: string | undefined;
  readonly txqlen: number | undefined;
  readonly num_tx_queues: number | undefined;
  readonly num_rx_queues: number | undefined;
  readonly carrier: boolean | undefined;
  readonly promiscuity: number | undefined;
  readonly port: PortData | undefined;
  readonly kind: string | undefined;
  readonly kind_name: string | undefined;
  readonly data: unknown;
  readonly #bytes: Buffer;
  readonly #start: number;
  readonly #end: number;

  constructor(reader: LinkReader, directory: DeviceDirectory, words: Words) {
    super();
    const { flags, linkinfo, master, link, link_netnsid: netnsid, operstate, group, carrier } = reader;
    const { kind, kind_name, data } = kindOfLink(linkinfo);
    this.index = reader.index;
    this.name = reader.ifname ?? `if${reader.index}`;
    this.altnames = reader.prop_list ?? NO_NAMES;
    this.flags = FLAG_LISTS.of(flags);
    this.up = (flags & LINK_FLAGS.up) !== 0;
    this.type = reader.type;
    this.mtu = reader.mtu;
    this.operstate = operstate === undefined ? undefined : OPERATIONAL_STATES[operstate];
    this.address = hardwareAddress(reader, ADDRESS);
    this.broadcast = hardwareAddress(reader, BROADCAST);
    this.permanent_address = hardwareAddress(reader, PERMANENT_ADDRESS);
    this.master = master === undefined ? undefined : directory.name(master);
    this.master_index = master;
    this.link = link === undefined || link === 0 || netnsid !== undefined ? undefined : directory.name(link);
    this.link_index = link;
    this.link_netnsid = netnsid;
    this.group = group === undefined ? undefined : words.name('groups', group);
    this.alias = reader.ifalias;
    this.qdisc = reader.qdisc;
    this.txqlen = reader.txqlen;
    this.num_tx_queues = reader.num_tx_queues;
    this.num_rx_queues = reader.num_rx_queues;
    this.carrier = carrier === undefined ? undefined : carrier !== 0;
    this.promiscuity = reader.promiscuity;
    this.port = portOf(linkinfo);
    this.kind = kind;
    this.kind_name = kind_name;
    this.data = data;
    this.#bytes = reader.bytes;
    this.#start = reader.start;
    this.#end = reader.end;
  }

  get statistics(): LinkStatistics | undefined {
    const { stats64, stats } = this.#decode(decodeStatistics);
    return stats64 ?? stats;
  }

  /** JSON has the counters, too, where they were asked for. */
  protected override membersOfJson(): object {
    return { ...this, statistics: this.statistics };
  }

  get attributes(): LinkAttributes {
    const { header, ...attributes } = this.#decode(linkTable.decode);
    return attributes;
  }

  #decode(decode: typeof linkTable.decode): RawLink {
    return decodeLink({ bytes: this.#bytes, payload: this.#start, end: this.#end }, decode)!;
  }
}

const decodeStatistics = linkTable.select(['stats64', 'stats']);
const ADDRESS = linkTable.rows.address.type;
const BROADCAST = linkTable.rows.broadcast.type;
const PERMANENT_ADDRESS = linkTable.rows.perm_address.type;

/** How link messages become values. */
export const linkReading: Reading<LinkReader, Link> = {
  decoder() {
    const reader = linkReader();
    return message => (reader.read(message) ? reader : undefined);
  },
  devices: ({ link, link_netnsid, master }) => [
    ...(master === undefined ? [] : [master]),
    ...(link === undefined || link_netnsid !== undefined ? [] : [link]),
  ],
  convert: (reader, directory, { words }) => new LinkValue(reader, directory, words) as Link,
};

function hardwareAddress({ attributes }: LinkReader, type: number): string | undefined {
  const length = attributes.length(type);
  return length === 0 ? undefined : formatHardwareAddress(attributes.bytes, attributes.start(type), length);
}

type LinkInfo = LinkAttributes['linkinfo'];

const NOTHING = Buffer.alloc(0);

/** Its kind with what is reported of that kind alone. */
interface KindMembers {
  readonly kind: string | undefined;
  readonly kind_name: string | undefined;
  readonly data: unknown;
}

const NO_KIND: KindMembers = { kind: undefined, kind_name: undefined, data: undefined };

function kindOfLink(info: LinkInfo): KindMembers {
  const name = info?.kind;
  if (name === undefined) return NO_KIND;
  const kind = loadedKind(name);
  const data = info?.data ?? NOTHING;
  if (kind === undefined) return { kind: 'other', kind_name: name, data };
  return { kind: name, kind_name: undefined, data: kind.table.decode(data, 0, data.length) };
}

function portOf(info: LinkInfo): PortData | undefined {
  const name = info?.slave_kind === undefined ? undefined : `${info.slave_kind}_slave`;
  const kind = name === undefined ? undefined : loadedKind(name);
  if (kind === undefined) return undefined;
  const data = info?.slave_data ?? NOTHING;
  return { kind: kind.name, data: kind.table.decode(data, 0, data.length) } as PortData;
}
