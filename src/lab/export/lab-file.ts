/** A lab file of namespaces as they are: of a lab, made by hand, or of containers. Applied elsewhere it makes the same. */

import { type Kernel, systemKernel } from '../../kernel/kernel.ts';
import { LabFileError } from '../format/problems.ts';
import type { LabCable, LabCheck, LabDevice, LabFile, LabNetwork, LabNode } from '../format/shape.ts';
import { writeLab } from '../format/write.ts';
import { deviceOf, isKernels, type KernelObject } from '../kernel-object.ts';
import { loadLab } from '../load.ts';
import type { LabModel } from '../model.ts';
import { objectText } from '../object-text.ts';
import type { LiveLink } from '../observe.ts';
import type { IpWords } from '../words.ts';
import { type DeviceHost, type ExportedDevice, exportDevices } from './devices.ts';
import { saidOfLab, saidOfNode } from './intentions.ts';
import { withoutInternet } from './internet.ts';
import { kindText } from './kind-words.ts';
import { hasDuplicateDetection, ObjectWords, routesInOrder, withoutNextHopObject } from './object-words.ts';
import { type ExportedNamespace, type FoundNode, readNamespaces } from './read.ts';
import { openScratch } from './scratch.ts';
import { findSysctls } from './sysctls.ts';

/** How namespaces become a file. */
export interface ExportOptions {
  /** Name of the lab. */
  readonly lab: string;
  /** Leaves link-layer addresses out. */
  readonly isMinimal?: boolean | undefined;
  /** Name of the namespace, one of those exported, whose bridges are the networks. */
  readonly networks?: string | undefined;
  /** What the lab was applied as: services, checks and the like are not in the kernel. */
  readonly model?: LabModel | undefined;
}

/** A lab file, and what it does not say. */
export interface ExportedLab {
  readonly file: LabFile;
  /** As YAML. */
  readonly text: string;
  /** What is there and has no words in a lab file, a line each. */
  readonly lost: readonly string[];
}

/** Reads namespaces and writes a file that makes them again. Rejects with {@link KernelError}, {@link SystemError}. */
export async function exportNamespaces(
  namespaces: readonly ExportedNamespace[],
  words: IpWords,
  options: ExportOptions,
  kernel: Kernel = systemKernel,
): Promise<ExportedLab> {
  const found = withoutInternet(await readNamespaces(namespaces, kernel), options.model);
  const scratch = openScratch(kernel);
  try {
    const lost: string[] = [];
    const exporter = new Exporter(kernel, scratch?.sysctls(), {
      words,
      lab: options.lab,
      isMinimal: options.isMinimal === true,
      found,
      networks: undefined,
      model: options.model,
      scratch,
      lose: what => lost.push(what),
    });
    const file = await exporter.file(options.networks);
    await checkFile(file, words, lost);
    const comments = lost.length === 0 ? [] : ['Not in this file:', ...lost.map(line => `  ${line}`)];
    return { file, text: writeLab(file, comments), lost };
  } finally {
    scratch?.close();
    found.close();
  }
}

/** What a lab refuses that a kernel allows, like one address twice in a segment, is said. */
async function checkFile(file: LabFile, words: IpWords, lost: string[]): Promise<void> {
  try {
    await loadLab(file, words);
  } catch (error) {
    if (!(error instanceof LabFileError)) throw error;
    for (const { path, message } of error.problems)
      lost.push(`the file must be corrected: ${path}: ${message}`);
  }
}

class Exporter {
  readonly #kernel: Kernel;
  readonly #fresh: ReadonlyMap<string, string> | undefined;
  #host: DeviceHost;

  constructor(kernel: Kernel, fresh: ReadonlyMap<string, string> | undefined, host: DeviceHost) {
    this.#kernel = kernel;
    this.#fresh = fresh;
    this.#host = host;
  }

  async file(networksOf: string | undefined): Promise<LabFile> {
    const { found, lab, model } = this.#host;
    const switches = found.nodes.find(({ name }) => name === networksOf);
    const networks = switches === undefined ? {} : await this.#networks(switches);
    const members = found.nodes.filter(node => node !== switches);
    const devices = new Map<FoundNode, ExportedDevice[]>();
    for (const node of members) devices.set(node, await this.#devices(node));
    const links = joinCables(devices);
    const nodes: Record<string, LabNode> = {};
    for (const node of members) nodes[node.name] = await this.#node(node, devices.get(node)!);
    const checks: readonly LabCheck[] = model === undefined ? [] : saidOfLab(model);
    return {
      lab,
      ...(model?.hosts === false && { hosts: false }),
      ...(Object.keys(networks).length > 0 && { networks }),
      nodes,
      ...(links.length > 0 && { links }),
      ...(checks.length > 0 && { checks }),
    };
  }

  /** The bridges of the namespace of networks. */
  async #networks(node: FoundNode): Promise<Record<string, LabNetwork>> {
    const { words, scratch } = this.#host;
    const networks: Record<string, LabNetwork> = {};
    const mtus = new Map<string, number>();
    const devices = new Map([...node.live.links.values()].map(({ name, index }) => [name, index]));
    for (const link of node.live.links.values()) {
      if (link.kind !== 'bridge') continue;
      const kind = await kindText(link, devices, words, scratch, 'forward_delay 0');
      const bridge = kind?.text.replace(/^bridge forward_delay 0 ?/, '') ?? '';
      for (const parameter of kind?.lost ?? []) this.#host.lose(`${parameter} of network ${link.name}`);
      networks[link.name] = {
        ...(link.mtu !== ETHERNET_MTU && { mtu: link.mtu }),
        ...(bridge !== '' && { bridge }),
      };
      mtus.set(link.name, link.mtu);
    }
    this.#host = { ...this.#host, networks: { node, mtus } };
    return networks;
  }

  /** The devices of a node with their addresses. */
  async #devices(node: FoundNode): Promise<ExportedDevice[]> {
    const devices = await exportDevices(node, this.#host);
    const words = this.#objectWords(devices);
    for (const { name, link, settings } of devices) {
      const there = node.live.objects.address.filter(
        object => deviceOf(object) === link.index && !isKernels(object),
      );
      const hasDad = there.some(hasDuplicateDetection);
      const texts: string[] = [];
      for (const object of there) {
        const text = await words.address(object, name, hasDad);
        if (text === undefined) this.#host.lose(`${node.name}: address ${objectText(object, () => name)}`);
        else texts.push(text);
      }
      if (texts.length > 0) settings.address = texts.length === 1 ? texts[0]! : texts;
      if (hasDad) settings.dad = true;
    }
    return devices;
  }

  async #node(node: FoundNode, exported: readonly ExportedDevice[]): Promise<LabNode> {
    const devices: Record<string, LabDevice> = {};
    for (const { name, settings, peer } of exported) {
      const isPlain = Object.keys(settings).length === 0;
      if (!isPlain || (peer === undefined && name !== 'lo')) devices[name] = settings;
    }
    const { isForwarding, values } = findSysctls(node, this.#kernel, this.#fresh);
    return {
      ...(isForwarding && { forward: true }),
      ...(values.size > 0 && { sysctls: Object.fromEntries(values) }),
      ...(Object.keys(devices).length > 0 && { devices }),
      ...(await this.#objects(node, exported)),
      ...saidOfNode(this.#host.model, node.name),
    };
  }

  async #objects(
    node: FoundNode,
    devices: readonly ExportedDevice[],
  ): Promise<Pick<LabNode, 'routes' | 'rules' | 'neighbours'>> {
    const words = this.#objectWords(devices);
    const { route, rule, neighbour } = node.live.objects;
    const nameOf = (index: number) => node.byIndex.get(index)?.name ?? `if${index}`;
    const textsOf = async (
      objects: readonly KernelObject[],
      write: (object: KernelObject) => Promise<string | undefined>,
    ) => {
      const texts: string[] = [];
      for (const object of objects.filter(object => !isKernels(object))) {
        const text = await write(object);
        if (text === undefined) this.#host.lose(`${node.name}: ${object.kind} ${objectText(object, nameOf)}`);
        else texts.push(text);
      }
      return texts;
    };
    const isKnown = (index: number) => index === 0 || devices.some(({ link }) => link.index === index);
    const routes = await textsOf(routesInOrder(route), object => words.route(withoutNextHopObject(object)));
    const rules = await textsOf(rule, object => words.rule(object));
    const neighbours = await textsOf(neighbour, async object => {
      const device = deviceOf(object);
      return isKnown(device) ? words.neighbour(object, device === 0 ? undefined : nameOf(device)) : undefined;
    });
    return {
      ...(routes.length > 0 && { routes }),
      ...(rules.length > 0 && { rules }),
      ...(neighbours.length > 0 && { neighbours }),
    };
  }

  #objectWords(devices: readonly ExportedDevice[]): ObjectWords {
    return new ObjectWords(this.#host.words, new Map(devices.map(({ name, link }) => [name, link.index])));
  }
}

/** The cables, each said by the end that comes first; those whose ends have only addresses say these, too. */
function joinCables(devices: ReadonlyMap<FoundNode, readonly ExportedDevice[]>): LabCable[] {
  const cables: LabCable[] = [];
  const joined = new Set<LiveLink>();
  for (const [node, ends] of devices)
    for (const end of ends) {
      const { peer } = end;
      const far = peer && devices.get(peer.node)?.find(({ link }) => link === peer.link);
      if (peer === undefined || far === undefined || joined.has(end.link)) continue;
      joined.add(peer.link);
      const [near, other] = [`${node.name}:${end.name}`, `${peer.node.name}:${far.name}`];
      if (hasOnlyAddresses(end) && hasOnlyAddresses(far))
        cables.push([near, ...takeAddresses(end), '--', other, ...takeAddresses(far)].join(' '));
      else cables.push(`${near} -- ${other}`);
    }
  return cables;
}

function hasOnlyAddresses({ settings }: ExportedDevice): boolean {
  const { address = [], ...others } = settings;
  return Object.keys(others).length === 0 && [address].flat().every(text => !text.includes(' '));
}

function takeAddresses({ settings }: ExportedDevice): readonly string[] {
  const { address = [] } = settings;
  delete settings.address;
  return [address].flat();
}

const ETHERNET_MTU = 1500;
