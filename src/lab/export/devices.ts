/** The devices of one namespace as a lab file says them. */

import { veth } from '../../rtnetlink/kinds/veth.ts';
import { macOf } from '../format/identity.ts';
import type { LabDevice } from '../format/shape.ts';
import type { LabModel } from '../model.ts';
import type { LiveLink } from '../observe.ts';
import { isFallback } from '../plan.ts';
import type { IpWords } from '../words.ts';
import { impairmentOf } from './impairments.ts';
import { kindText } from './kind-words.ts';
import type { Found, FoundEnd, FoundNode } from './read.ts';
import type { Scratch } from './scratch.ts';

const ETHERNET_MTU = 1500;
const LOOPBACK_MTU = 65_536;
const DEVICE_NAME = /^[^\s/:%$]{1,15}$/;
const ETHERNET_ADDRESS = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/;
/** Disciplines that the kernel gives to devices by itself. */
const USUAL_QDISCS: ReadonlySet<string> = new Set([
  'noqueue',
  'noop',
  'fq_codel',
  'pfifo_fast',
  'mq',
  'fq',
  'pfifo',
]);

/** A device that is to be in the file. */
export interface ExportedDevice {
  readonly name: string;
  readonly link: LiveLink;
  /** What is said of it, without addresses. */
  readonly settings: Draft<LabDevice>;
  /** The far end of a cable. */
  readonly peer: FoundEnd | undefined;
}

/** An object that is being put together. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** What devices are exported with. */
export interface DeviceHost {
  readonly lab: string;
  readonly isMinimal: boolean;
  readonly found: Found;
  /** The namespace whose bridges are networks, and their MTUs. */
  readonly networks: { readonly node: FoundNode; readonly mtus: ReadonlyMap<string, number> } | undefined;
  readonly model: LabModel | undefined;
  readonly words: IpWords;
  readonly scratch: Scratch | undefined;
  lose(what: string): void;
}

/** The devices of a namespace in the order of their indices; what cannot be said is lost. */
export async function exportDevices(node: FoundNode, host: DeviceHost): Promise<ExportedDevice[]> {
  const links = [...node.live.links.values()].filter(({ name }) => !isFallback(name));
  const exported: ExportedDevice[] = [];
  const lost = new Set<number>();
  for (const link of links.sort((one, other) => one.index - other.index)) {
    const device = await exportDevice(node, link, host);
    if (typeof device === 'string') {
      lost.add(link.index);
      host.lose(`${node.name}: device ${link.name}, and what is on it: ${device}`);
    } else if (device !== undefined) exported.push(device);
  }
  return exported.filter(({ name, settings, link }) => {
    if (settings.link === undefined || !lost.has(link.link)) return true;
    host.lose(`${node.name}: device ${name}, and what is on it: it stands on ${settings.link}`);
    return false;
  });
}

/** One device; why it cannot be said; undefined for one that need not be. */
async function exportDevice(
  node: FoundNode,
  link: LiveLink,
  host: DeviceHost,
): Promise<ExportedDevice | string | undefined> {
  if (link.name === 'lo') {
    if (!link.up) host.lose(`${node.name}: lo is down; in a lab it is up`);
    const settings: Draft<LabDevice> = link.mtu === LOOPBACK_MTU ? {} : { mtu: link.mtu };
    return { name: 'lo', link, settings, peer: undefined };
  }
  if (!DEVICE_NAME.test(link.name)) return 'a lab cannot have a device of this name';
  if (link.kind === undefined) return 'it is a device of the machine';
  const common = commonSettings(node, link, host);
  if (link.kind === veth.name) return exportPair(node, link, common, host);
  const devices = new Map([...node.live.links.values()].map(({ name, index }) => [name, index]));
  const kind = await kindText(link, devices, host.words, host.scratch);
  if (kind === undefined) return `no words make a device of kind ${link.kind}`;
  for (const parameter of kind.lost) host.lose(`${node.name}: ${parameter} of device ${link.name}`);
  const settings: Draft<LabDevice> = { type: kind.text };
  if (kind.hasLower) {
    const lower = link.linkNamespace === undefined ? node.byIndex.get(link.link) : undefined;
    if (lower === undefined) return 'it stands on a device of another namespace';
    settings.link = lower.name;
  }
  const mac = wordedMac(node, link, host);
  if (mac !== undefined) settings.mac = mac;
  if (kind.trial?.mtu !== link.mtu) settings.mtu = link.mtu;
  return { name: link.name, link, settings: { ...settings, ...common }, peer: undefined };
}

function exportPair(
  node: FoundNode,
  link: LiveLink,
  common: Draft<LabDevice>,
  { lab, found, networks, isMinimal }: DeviceHost,
): ExportedDevice | string {
  const peer = found.peerOf({ node, link });
  if (peer === undefined) return 'its other end is elsewhere';
  const settings: Draft<LabDevice> = {};
  let usualMtu = ETHERNET_MTU;
  if (peer.node === networks?.node) {
    const bridge = peer.node.byIndex.get(peer.link.master)?.name;
    if (bridge === undefined) return 'its other end is at no network';
    settings.to = bridge;
    usualMtu = networks.mtus.get(bridge) ?? ETHERNET_MTU;
  }
  if (!isMinimal && link.mac !== macOf(lab, node.name, link.name)) settings.mac = link.mac;
  if (link.mtu !== usualMtu) settings.mtu = link.mtu;
  const cable = settings.to === undefined ? peer : undefined;
  return { name: link.name, link, settings: { ...settings, ...common }, peer: cable };
}

/** What every device may have. */
function commonSettings(node: FoundNode, link: LiveLink, host: DeviceHost): Draft<LabDevice> {
  const settings: Draft<LabDevice> = {};
  const master = link.master === 0 ? undefined : node.byIndex.get(link.master);
  if (master !== undefined) settings.master = master.name;
  else if (link.master !== 0) host.lose(`${node.name}: the master of device ${link.name}`);
  if (!link.up) settings.up = false;
  if (link.alias !== undefined) host.lose(`${node.name}: the alias of device ${link.name}`);
  const qdisc = node.live.qdiscs.get(link.index);
  const impair = qdisc && impairmentOf(qdisc, link.mtu);
  if (impair !== undefined) settings.impair = impair;
  else if (qdisc !== undefined || !USUAL_QDISCS.has(link.qdisc ?? 'noqueue'))
    host.lose(`${node.name}: the discipline ${link.qdisc} of device ${link.name}`);
  return settings;
}

/** The address of a device of words, where it is neither that of another device nor drawn by chance. */
function wordedMac(node: FoundNode, link: LiveLink, { isMinimal, model }: DeviceHost): string | undefined {
  if (isMinimal || !ETHERNET_ADDRESS.test(link.mac)) return undefined;
  const said = model?.nodes
    .find(({ name }) => name === node.name)
    ?.devices.find(({ name }) => name === link.name);
  if (said !== undefined && said.mac === undefined) return undefined;
  const others = [...node.live.links.values()].filter(
    other => other.master === link.index || (link.link !== 0 && other.index === link.link),
  );
  return others.some(({ mac }) => mac === link.mac) ? undefined : link.mac;
}
