/** A lab as it is to be: everything that a file says, with names in place of copies, templates and variables. */

import type { Place } from './format/tree.ts';

/** Words of `ip`, and where they stand. */
export interface Words {
  readonly text: string;
  readonly place?: Place | undefined;
  /** What they are, as names: `nodes.h1.routes[0]`. */
  readonly path: string;
}

/** Delay and rate of what an end sends; times in microseconds, shares in millionths, rate in bits a second. */
export interface ImpairmentModel {
  readonly delay?: number;
  readonly jitter?: number;
  readonly loss?: number;
  readonly duplicate?: number;
  readonly corrupt?: number;
  readonly reorder?: number;
  readonly rate?: number;
  readonly limit?: number;
}

/** How a device comes to be. */
export type DeviceOrigin =
  | { readonly kind: 'network'; readonly network: string }
  | {
      readonly kind: 'cable';
      readonly peerNode: string;
      readonly peerDevice: string;
      readonly isFirst: boolean;
    }
  | { readonly kind: 'words'; readonly words: Words; readonly link: string | undefined }
  | { readonly kind: 'loopback' };

export interface DeviceModel {
  readonly name: string;
  readonly origin: DeviceOrigin;
  readonly master: string | undefined;
  readonly addresses: readonly Words[];
  /** Undefined for devices whose kind chooses it. */
  readonly mac: string | undefined;
  readonly mtu: number | undefined;
  readonly up: boolean;
  readonly dad: boolean;
  readonly impair: ImpairmentModel | undefined;
  readonly place?: Place | undefined;
  readonly path: string;
}

export interface SysctlModel {
  /** Below /proc/sys, with slashes: `net/ipv4/ip_forward`. */
  readonly name: string;
  readonly value: string;
  readonly place?: Place | undefined;
  readonly path: string;
}

export interface ReadinessModel {
  readonly tcp: number | undefined;
  readonly log: string | undefined;
  readonly file: string | undefined;
  readonly exec: readonly string[] | undefined;
  /** Milliseconds. */
  readonly within: number;
}

export interface ServiceModel {
  readonly name: string;
  readonly command: readonly string[];
  /** Absolute. */
  readonly cwd: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** `NODE/NAME` of services that must be ready before. */
  readonly after: readonly string[];
  readonly ready: ReadinessModel | undefined;
  readonly place?: Place | undefined;
  readonly path: string;
}

export interface SetupModel {
  readonly command: readonly string[];
  readonly place?: Place | undefined;
  readonly path: string;
}

/** Address translation of what leaves a node by a device. */
export interface NatModel {
  readonly device: string;
  readonly mapping: 'port-restricted' | 'symmetric' | 'full-cone';
  /** Where full-cone sends what comes unasked: an IPv4 address. */
  readonly to: string | undefined;
  /** Only of packets from this IPv4 address, by whatever device they leave. */
  readonly source?: string | undefined;
  readonly place?: Place | undefined;
  readonly path: string;
}

/** A namespace that the lab does not make: the one that tsip is called in, or that of a name. */
export type ExternalModel = { readonly kind: 'host' } | { readonly kind: 'namespace'; readonly name: string };

export interface NodeModel {
  readonly name: string;
  readonly sysctls: readonly SysctlModel[];
  /** Devices after those that they need. */
  readonly devices: readonly DeviceModel[];
  readonly routes: readonly Words[];
  readonly rules: readonly Words[];
  readonly neighbours: readonly Words[];
  readonly nat: readonly NatModel[];
  /** Whether it has the host's way out. */
  readonly internet: boolean;
  /** Undefined for nodes that the lab makes. */
  readonly external: ExternalModel | undefined;
  /** Address by name, besides those of the nodes. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly setup: readonly SetupModel[];
  readonly services: readonly ServiceModel[];
  readonly place?: Place | undefined;
}

export interface NetworkModel {
  readonly name: string;
  readonly mtu: number | undefined;
  readonly bridge: Words | undefined;
  readonly place?: Place | undefined;
  readonly path: string;
}

export interface CheckModel {
  /** As it is written. */
  readonly text: string;
  readonly node: string;
  readonly kind: 'ping' | 'tcp' | 'exec';
  /** A node or an address; for `exec` the program. */
  readonly target: string;
  readonly port: number | undefined;
  readonly command: readonly string[];
  readonly isNegated: boolean;
  /** Milliseconds. */
  readonly within: number;
  readonly place?: Place | undefined;
  readonly path: string;
}

export interface LabModel {
  readonly name: string;
  /** Absolute; undefined for objects. */
  readonly file: string | undefined;
  /** Whether names of nodes resolve inside. */
  readonly hosts: boolean;
  readonly networks: readonly NetworkModel[];
  readonly nodes: readonly NodeModel[];
  /** What the lab has in namespaces that it does not make: ends of cables, and what belongs to them. */
  readonly externals: readonly NodeModel[];
  readonly checks: readonly CheckModel[];
}

/** The address of words of `ip address add`, without its length. */
export function addressOf({ text }: Words): string {
  return text.trim().split(/[\s/]/, 1)[0]!;
}

/** The node of a name. Throws `RangeError`. */
export function nodeOf(model: LabModel, name: string): NodeModel {
  const found = [...model.nodes, ...model.externals].find(node => node.name === name);
  if (found === undefined) throw new RangeError(`lab "${model.name}" has no node "${name}"`);
  return found;
}
