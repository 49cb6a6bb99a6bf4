/** What the kernel is to have of a lab, node by node: devices, and the messages of everything on them. */

import { IFLA_LINKINFO } from '../linux/interfaces.ts';
import { KIND_NAMES } from '../rtnetlink/kinds/load.ts';
import { veth } from '../rtnetlink/kinds/veth.ts';
import { linkInfo } from '../rtnetlink/link.ts';
import { HEADER_LENGTH, walkAttributes } from '../wire/message.ts';
import { type Problems, unknownWord } from './format/problems.ts';
import type { Place } from './format/tree.ts';
import { unreachedGateways } from './gateways.ts';
import { type KernelObject, type ObjectKind, objectOf } from './kernel-object.ts';
import type {
  DeviceModel,
  ImpairmentModel,
  LabModel,
  NatModel,
  NodeModel,
  SysctlModel,
  Words,
} from './model.ts';
import { markOf, portName } from './names.ts';
import { type IpWords, splitWords, WordsError } from './words.ts';

/** Name of the namespace that has the lab's bridges; no node can have it. */
export const NETWORKS = '_net';

/** Length of struct ifinfomsg. */
const LINK_HEADER = 16;
/** The MTU that the kernel gives to Ethernet devices. */
export const ETHERNET_MTU = 1500;
/** The one of the loopback device. */
export const LOOPBACK_MTU = 65_536;

/** The other end of a pair. */
export interface PairEnd {
  readonly node: string;
  readonly device: string;
}

/** A device as it is to be. */
export interface WantedLink {
  readonly node: string;
  readonly name: string;
  readonly index: number;
  /** Undefined for the loopback device, which is there. */
  readonly kind: string | undefined;
  /** Parameters of the kind, as the kernel reads and reports them; undefined if there are none. */
  readonly data: Buffer | undefined;
  /** The request that makes it; undefined for pairs, which are made by their main end. */
  readonly request: Buffer | undefined;
  readonly pair: PairEnd | undefined;
  /** The network that it leads to. */
  readonly network: string | undefined;
  /** Of a pair: whether this end makes both. */
  readonly isMain: boolean;
  readonly mac: string | undefined;
  readonly mtu: number | undefined;
  readonly master: string | undefined;
  readonly link: string | undefined;
  readonly alias: string | undefined;
  readonly up: boolean;
  readonly impair: ImpairmentModel | undefined;
  readonly place: Place | undefined;
  readonly path: string;
}

/** An address, route, rule or neighbour as it is to be. */
export interface WantedObject {
  readonly node: string;
  readonly object: KernelObject;
  /** As `ip` would write it. */
  readonly text: string;
  readonly words: Words;
}

/** What one namespace is to have. */
export interface WantedNode {
  readonly name: string;
  /** Devices after those that they need. */
  readonly links: readonly WantedLink[];
  readonly objects: readonly WantedObject[];
  readonly sysctls: readonly SysctlModel[];
  readonly nat: readonly NatModel[];
  /** Whether the namespace is none of the lab's. */
  readonly isExternal: boolean;
  readonly place: Place | undefined;
}

/** Indices of devices by name, for each namespace. */
export type Indices = (node: string) => ReadonlyMap<string, number>;

/** What the namespaces of a lab are to have, the one of its networks first. Problems with words are added to `problems`. */
export async function wantedNodes(
  model: LabModel,
  indices: Indices,
  words: IpWords,
  problems: Problems,
): Promise<WantedNode[]> {
  const compiler = new Compiler(model, indices, words, problems);
  const nodes: WantedNode[] = [];
  if (model.networks.length > 0) nodes.push(await compiler.networks());
  for (const node of [...model.nodes, ...model.externals]) nodes.push(await compiler.node(node));
  return nodes;
}

/** The names of the devices that each namespace of a lab has. */
export function deviceNames(model: LabModel): Map<string, string[]> {
  const names = new Map<string, string[]>();
  if (model.networks.length > 0)
    names.set(NETWORKS, [
      ...model.networks.map(({ name }) => name),
      ...portsOf(model).map(({ node, device }) => portName(node.name, device.name)),
    ]);
  for (const { name, devices } of [...model.nodes, ...model.externals])
    names.set(
      name,
      devices.filter(({ origin }) => origin.kind !== 'loopback').map(device => device.name),
    );
  return names;
}

interface Port {
  readonly node: NodeModel;
  readonly device: DeviceModel;
  readonly network: string;
}

/** The devices that lead to networks. */
function portsOf({ nodes }: LabModel): Port[] {
  return nodes.flatMap(node =>
    node.devices.flatMap(device =>
      device.origin.kind === 'network' ? [{ node, device, network: device.origin.network }] : [],
    ),
  );
}

class Compiler {
  readonly #model: LabModel;
  readonly #indices: Indices;
  readonly #words: IpWords;
  readonly #problems: Problems;

  constructor(model: LabModel, indices: Indices, words: IpWords, problems: Problems) {
    this.#model = model;
    this.#indices = indices;
    this.#words = words;
    this.#problems = problems;
  }

  /** The bridges, and the ends of cables to them. */
  async networks(): Promise<WantedNode> {
    const indices = this.#indices(NETWORKS);
    const links: WantedLink[] = [];
    for (const { name, mtu, bridge, place, path } of this.#model.networks) {
      const settings = bridge ?? { text: '', path, place };
      const made = await this.#kindOf(
        name,
        `bridge forward_delay 0 ${settings.text}`,
        undefined,
        settings,
        indices,
      );
      if (made === undefined) continue;
      links.push({
        ...NOTHING,
        ...made,
        node: NETWORKS,
        name,
        index: indices.get(name)!,
        // Without one the kernel makes it the least of the ports'.
        mtu,
        up: true,
        place,
        path,
      });
    }
    const mtus = new Map(this.#model.networks.map(({ name, mtu }) => [name, mtu]));
    for (const { node, device, network } of portsOf(this.#model)) {
      const name = portName(node.name, device.name);
      const full = `${node.name}.${device.name}`;
      links.push({
        ...NOTHING,
        node: NETWORKS,
        name,
        index: indices.get(name)!,
        kind: veth.name,
        pair: { node: node.name, device: device.name },
        isMain: true,
        mtu: device.mtu ?? mtus.get(network) ?? ETHERNET_MTU,
        master: network,
        alias: name === full ? undefined : full,
        up: true,
        place: device.place,
        path: device.path,
      });
    }
    const sysctls = [
      { name: 'net/ipv6/conf/default/disable_ipv6', value: '1', path: 'networks' },
      { name: 'net/ipv6/conf/all/disable_ipv6', value: '1', path: 'networks' },
    ];
    return {
      name: NETWORKS,
      links,
      objects: [],
      sysctls,
      nat: [],
      isExternal: false,
      place: undefined,
    };
  }

  async node(node: NodeModel): Promise<WantedNode> {
    const indices = this.#indices(node.name);
    const links: WantedLink[] = [];
    const objects: WantedObject[] = [];
    for (const device of node.devices) {
      const link = await this.#link(node, device, indices);
      if (link !== undefined) links.push(link);
    }
    const add = async (kind: ObjectKind, words: Words, more: readonly string[] = []) => {
      const object = await this.#object(kind, words, more, indices);
      if (object === undefined) return;
      const text = [words.text.trim(), ...more.filter(word => word !== 'nodad')].join(' ');
      objects.push({ node: node.name, object, text, words });
    };
    for (const { name, addresses, dad } of node.devices)
      for (const address of addresses) {
        const isQuiet = address.text.includes(':') && !dad;
        await add('address', address, [...(isQuiet ? ['nodad'] : []), 'dev', name]);
      }
    for (const route of node.routes) await add('route', route);
    // Of other namespaces the lab does not know all addresses.
    if (node.external === undefined)
      for (const { message, words } of unreachedGateways(node.name, objects, indices))
        this.#complain(message, words);
    for (const rule of node.rules) await add('rule', rule);
    for (const neighbour of node.neighbours) await add('neighbour', neighbour);
    const { name, sysctls, nat, external, place } = node;
    return { name, links, objects, sysctls, nat, isExternal: external !== undefined, place };
  }

  async #link(
    node: NodeModel,
    device: DeviceModel,
    indices: ReadonlyMap<string, number>,
  ): Promise<WantedLink | undefined> {
    const { origin, name, master, mac, mtu, up, impair, place, path } = device;
    const base = {
      ...NOTHING,
      node: node.name,
      name,
      index: indices.get(name) ?? 1,
      master,
      alias: node.external === undefined ? undefined : markOf(this.#model.name, node.name),
      mac,
      mtu,
      up,
      impair,
      place,
      path,
    };
    switch (origin.kind) {
      case 'loopback':
        return { ...base, index: 1 };
      case 'network': {
        const network = this.#model.networks.find(({ name }) => name === origin.network);
        const pair = { node: NETWORKS, device: portName(node.name, name) };
        return {
          ...base,
          kind: veth.name,
          pair,
          network: origin.network,
          mtu: mtu ?? network?.mtu ?? ETHERNET_MTU,
        };
      }
      case 'cable': {
        const pair = { node: origin.peerNode, device: origin.peerDevice };
        return { ...base, kind: veth.name, pair, isMain: origin.isFirst, mtu: mtu ?? ETHERNET_MTU };
      }
      case 'words': {
        const made = await this.#kindOf(name, origin.words.text, origin.link, origin.words, indices);
        return made && { ...base, ...made, link: origin.link };
      }
    }
  }

  /** What `ip link add NAME type WORDS` sends. */
  async #kindOf(
    name: string,
    text: string,
    link: string | undefined,
    words: Words,
    indices: ReadonlyMap<string, number>,
  ): Promise<Pick<WantedLink, 'kind' | 'data' | 'request'> | undefined> {
    const line = [
      ...(link === undefined ? [] : ['link', link]),
      'name',
      name,
      'index',
      String(indices.get(name)),
      'type',
      ...splitWords(text),
    ];
    const request = await this.#compile('link', line, words, indices);
    if (request === undefined) return undefined;
    const info = infoOf(request);
    const kind = info?.kind;
    if (kind === undefined || !(KIND_NAMES as readonly string[]).includes(kind)) {
      this.#complain(unknownWord(kind ?? '', 'a kind of device', KIND_NAMES), words);
      return undefined;
    }
    if (PAIRS.has(kind)) {
      this.#complain(`a device of kind "${kind}" has a second end: use "links"`, words);
      return undefined;
    }
    return { kind, data: info?.data, request };
  }

  async #object(
    kind: ObjectKind,
    words: Words,
    more: readonly string[],
    indices: ReadonlyMap<string, number>,
  ): Promise<KernelObject | undefined> {
    const request = await this.#compile(kind, [...splitWords(words.text), ...more], words, indices);
    return request === undefined ? undefined : objectOf(kind, request);
  }

  async #compile(
    object: ObjectKind | 'link',
    line: readonly string[],
    words: Words,
    indices: ReadonlyMap<string, number>,
  ): Promise<Buffer | undefined> {
    try {
      return await this.#words.compile(object, line, indices);
    } catch (error) {
      if (!(error instanceof WordsError)) throw error;
      this.#complain(error.message, words);
      return undefined;
    }
  }

  #complain(message: string, { path, place }: Words): void {
    this.#problems.add(message, path, place);
  }
}

const NOTHING = {
  kind: undefined,
  data: undefined,
  request: undefined,
  pair: undefined,
  network: undefined,
  isMain: false,
  mac: undefined,
  master: undefined,
  link: undefined,
  alias: undefined,
  impair: undefined,
} as const;

/** Kinds whose devices come in pairs. */
const PAIRS: ReadonlySet<string> = new Set(['veth', 'netkit', 'vxcan']);

/** Kind and parameters in a link request. */
function infoOf(request: Buffer): { kind?: string | undefined; data?: Buffer | undefined } | undefined {
  let found: { kind?: string | undefined; data?: Buffer | undefined } | undefined;
  walkAttributes(request, HEADER_LENGTH + LINK_HEADER, request.length, (type, at, length) => {
    if (type === IFLA_LINKINFO) found = linkInfo.decode(request, at, at + length);
  });
  return found;
}
