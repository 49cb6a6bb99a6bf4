/** What a lab file may say, as types: those of schemas/lab.json, for files that are TypeScript and for the library. */

/** One text, or several. */
export type Texts = string | readonly string[];

/** A program and its arguments; a text is one for sh. */
export type Command = string | readonly string[];

/** Such as `500ms` or `10s`; a number is milliseconds. */
export type Duration = string | number;

/** What becomes of the packets that an end sends. */
export interface Impairment {
  readonly delay?: Duration;
  readonly jitter?: Duration;
  /** Such as `0.5%`, as the next three. */
  readonly loss?: string;
  readonly duplicate?: string;
  readonly corrupt?: string;
  readonly reorder?: string;
  /** Bits in a second, such as `20mbit`. */
  readonly rate?: string;
  /** How many packets may wait. */
  readonly limit?: number;
}

/** A device of a node. */
export interface LabDevice {
  /** The network that it leads to. */
  readonly to?: string;
  /** The words after `ip link add NAME type`. */
  readonly type?: string;
  /** The device below it, as of a VLAN. */
  readonly link?: string;
  /** The bridge, bond or VRF that it belongs to. */
  readonly master?: string;
  /** The words after `ip address add`. */
  readonly address?: Texts;
  readonly mac?: string;
  readonly mtu?: number | string;
  /** Whether it is switched on: true when left out. */
  readonly up?: boolean;
  /** Whether the kernel looks for duplicates of its IPv6 addresses: false when left out. */
  readonly dad?: boolean;
  readonly impair?: Impairment;
}

/** When a service counts as ready; all that is said must be true. */
export interface Readiness {
  /** It accepts connections on this port of the node. */
  readonly tcp?: number | string;
  /** Its output has this text. */
  readonly log?: string;
  /** This file exists. */
  readonly file?: string;
  /** This program ends with exit code 0 in the node. */
  readonly exec?: Command;
  /** 10 seconds when left out. */
  readonly within?: Duration;
}

/** A program that goes on running in a node. */
export interface LabService {
  readonly command: Command;
  /** Relative to the file. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | number>>;
  /** Services, `NAME` or `NODE/NAME`, that must be ready before. */
  readonly after?: Texts;
  readonly ready?: Readiness;
}

/** Address translation of what leaves by a device, its name alone or an object. */
export type LabNat =
  | string
  | {
      readonly out: string;
      /**
       * `port-restricted` when left out: a connection keeps its port, and only who was asked may answer. `symmetric` takes
       * another port for each connection. `full-cone` also sends what comes unasked to the address `to`.
       */
      readonly mapping?: 'port-restricted' | 'symmetric' | 'full-cone';
      readonly to?: string;
    };

/** A namespace that the lab does not make, in which ends of cables may be. */
export interface LabExternal {
  /** A namespace as `tsip map` names it; that in which tsip is called when nothing is said. */
  readonly namespace?: string;
  /** Name or id of a container. */
  readonly container?: string;
  /** The words after `ip route add`. */
  readonly routes?: readonly string[];
}

/** A host or a router. */
export interface LabNode {
  readonly template?: string;
  /** Makes `NAME1`, `NAME2` and so on; `${i}` is the number. */
  readonly count?: number | string;
  /** The first number of the copies: 1 when left out. */
  readonly start?: number;
  /** Whether it forwards packets, of both families. */
  readonly forward?: boolean;
  readonly sysctls?: Readonly<Record<string, string | number>>;
  readonly devices?: Readonly<Record<string, LabDevice>>;
  /** The words after `ip route add`. */
  readonly routes?: readonly string[];
  /** The words after `ip rule add`. */
  readonly rules?: readonly string[];
  /** The words after `ip neighbour add`. */
  readonly neighbours?: readonly string[];
  /** Address translation of what leaves by devices. The node then forwards. */
  readonly nat?: LabNat | readonly LabNat[];
  /** Whether it reaches what the host reaches. */
  readonly internet?: boolean;
  /** More names and their addresses. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Programs that are run once, when the node is made. */
  readonly setup?: readonly Command[];
  readonly run?: Readonly<Record<string, LabService>>;
}

/** A bridge, in a namespace that belongs to the lab. */
export interface LabNetwork {
  readonly mtu?: number | string;
  /** The words after `ip link add NAME type bridge`. */
  readonly bridge?: string;
}

/** An end of a cable: `NODE:DEVICE ADDRESS...`, or an object. */
export type LabEnd =
  | string
  | { readonly at: string; readonly address?: Texts; readonly mac?: string; readonly impair?: Impairment };

/** A cable between two nodes: `NODE:DEVICE ADDRESS... -- NODE:DEVICE ADDRESS...`, or an object. */
export type LabCable =
  | string
  | { readonly ends: readonly LabEnd[]; readonly mtu?: number | string; readonly impair?: Impairment };

/** What must be true of the lab, or must not be. */
export type LabCheck =
  | string
  | { readonly check?: string; readonly not?: string; readonly within?: Duration };

/** A network lab. */
export interface LabFile {
  readonly lab?: string;
  readonly vars?: Readonly<Record<string, string | number | boolean>>;
  readonly include?: Texts;
  /** Whether the names of nodes resolve inside nodes: true when left out. */
  readonly hosts?: boolean;
  readonly templates?: Readonly<Record<string, LabNode | null>>;
  readonly networks?: Readonly<Record<string, LabNetwork | null>>;
  readonly nodes: Readonly<Record<string, LabNode | null>>;
  readonly external?: Readonly<Record<string, LabExternal | null>>;
  readonly links?: readonly LabCable[];
  readonly checks?: readonly LabCheck[];
}

/** A lab with its own names of nodes as types. For files: `export default defineLab({ ... })`. */
export function defineLab<const L extends LabFile>(lab: L): L {
  return lab;
}
