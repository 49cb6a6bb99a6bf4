/** Devices as values: what is reported of them, what is set. Sources: linux/if.h IFF_*, linux/if_link.h. */
import type { LinkAttributes, LinkStatistics } from '../../rtnetlink/link.ts';
import type { DeviceReference } from './devices.ts';
import type { KindData, KindName, KindParameters, PortKindName, RequiredParameter } from './kind.ts';
import type { NamespaceReference } from './reference.ts';

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
export const OPERATIONAL_STATES = [
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
