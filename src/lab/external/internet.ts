/** `internet: true`: a pair of devices to the namespace that tsip is called in, with addresses that are free there. */

import { createHash } from 'node:crypto';
import type { Kernel } from '../../kernel/kernel.ts';
import { IFA_ADDRESS, IFA_LOCAL, RTA_DST } from '../../linux/rtnetlink.ts';
import { packIp } from '../../wire/address.ts';
import { macOf } from '../format/identity.ts';
import { deviceOf, type KernelObject } from '../kernel-object.ts';
import { addressOf, type DeviceModel, type LabModel, type NodeModel, type Words } from '../model.ts';
import { observe, openSession } from '../observe.ts';
import { HOST } from './namespaces.ts';

/** Name of the device in a node. */
export const INTERNET = 'internet';

/** 198.18.0.0/15, which is for tests of networks (RFC 2544), in networks of four addresses. */
const BASE = 0xc6120000;
const NETWORKS = 1 << 15;
const PREFIX = 30;

/** First and last address. */
type Range = readonly [number, number];

/** Whether a node is still to get its way out. */
function needsInternet({ internet, devices }: NodeModel): boolean {
  return internet && !devices.some(({ name }) => name === INTERNET);
}

/** The lab with what `internet` means written out; addresses stay those of `before`. Throws `SystemError`. */
export async function withInternet(
  model: LabModel,
  before: LabModel | undefined,
  kernel: Kernel,
  host: () => number,
): Promise<LabModel> {
  if (!model.nodes.some(needsInternet)) return model;
  const taken = await takenRanges(
    kernel,
    host(),
    new Set(model.nodes.map(({ name }) => hostDevice(model.name, name))),
  );
  // Besides an external namespace that happens to be the same: that one may come and go.
  const known = model.externals.find(({ name }) => name === HOST);
  let outside: NodeModel = known ?? {
    ...EMPTY,
    name: HOST,
    external: { kind: 'host' },
  };
  const nodes = model.nodes.map(node => {
    if (!needsInternet(node)) return node;
    const former = before?.nodes
      .find(({ name }) => name === node.name)
      ?.devices.find(({ name }) => name === INTERNET)?.addresses[0];
    const network =
      former === undefined ? freeNetwork(model.name, node.name, taken) : numberOf(addressOf(former)) & ~3;
    taken.push([network >>> 0, (network >>> 0) + 3]);
    const [hostAddress, address] = [network + 1, network + 2].map(textOf) as [string, string];
    const path = `nodes.${node.name}.internet`;
    const { place } = node;
    const words = (text: string): Words => ({ text, path, place });
    const name = hostDevice(model.name, node.name);
    const end = (owner: string, device: string, peer: DeviceModel['origin'], text: string): DeviceModel => ({
      name: device,
      origin: peer,
      master: undefined,
      addresses: [words(`${text}/${PREFIX}`)],
      mac: macOf(model.name, owner, device),
      mtu: undefined,
      up: true,
      dad: false,
      impair: undefined,
      place,
      path,
    });
    const inside = end(
      node.name,
      INTERNET,
      { kind: 'cable', peerNode: outside.name, peerDevice: name, isFirst: true },
      address,
    );
    const peer = { kind: 'cable', peerNode: node.name, peerDevice: INTERNET, isFirst: false } as const;
    const forward = { name: 'net/ipv4/ip_forward', value: '1', place, path };
    outside = {
      ...outside,
      devices: [...outside.devices, end(outside.name, name, peer, hostAddress)],
      sysctls: outside.sysctls.length === 0 ? [forward] : outside.sysctls,
      nat: [
        ...outside.nat,
        { device: name, mapping: 'port-restricted', to: undefined, source: address, place, path },
      ],
    };
    const hasDefault = node.routes.some(({ text }) => text.trim().startsWith('default'));
    const route = words(`default via ${hostAddress} dev ${INTERNET}`);
    const routes = hasDefault ? node.routes : [...node.routes, route];
    return { ...node, devices: [...node.devices, inside], routes };
  });
  const externals = [...model.externals.filter(one => one !== known), outside];
  return { ...model, nodes, externals };
}

const EMPTY: NodeModel = {
  name: '',
  sysctls: [],
  devices: [],
  routes: [],
  rules: [],
  neighbours: [],
  nat: [],
  internet: false,
  external: undefined,
  hosts: {},
  setup: [],
  services: [],
};

/** Name of a node's device on the other side. */
function hostDevice(lab: string, node: string): string {
  return `tsip${hashOf(lab, node).toString('hex').slice(0, 10)}`;
}

function hashOf(lab: string, node: string): Buffer {
  return createHash('sha256').update(`${lab}/${node}`).digest();
}

function freeNetwork(lab: string, node: string, taken: readonly Range[]): number {
  const start = hashOf(lab, node).readUInt32LE(0) % NETWORKS;
  for (let step = 0; step < NETWORKS; step++) {
    const network = BASE + ((start + step) % NETWORKS) * 4;
    if (!taken.some(([first, last]) => first <= network + 3 && network <= last)) return network;
  }
  throw new RangeError('no addresses of 198.18.0.0/15 are free for "internet"');
}

/** What addresses and routes of a namespace are for, except those of the devices `own`. */
async function takenRanges(kernel: Kernel, namespace: number, own: ReadonlySet<string>): Promise<Range[]> {
  const session = openSession(kernel, namespace);
  try {
    const { links, objects } = await observe(session, ['address', 'route']);
    const indices = new Set(
      [...links.values()].filter(({ name }) => own.has(name)).map(({ index }) => index),
    );
    return [...objects.address, ...objects.route]
      .filter(object => !indices.has(deviceOf(object)))
      .flatMap(object => rangeOf(object) ?? []);
  } finally {
    session.close();
  }
}

function rangeOf({ kind, header, attributes }: KernelObject): [Range] | undefined {
  const length = header[1]!;
  const bytes =
    kind === 'route'
      ? attributes.get(RTA_DST)?.payload
      : (attributes.get(IFA_ADDRESS) ?? attributes.get(IFA_LOCAL))?.payload;
  // The default route is for everything, and takes nothing.
  if (bytes?.length !== 4 || length === 0 || length > 32) return undefined;
  const size = 2 ** (32 - length);
  const first = Math.floor(bytes.readUInt32BE(0) / size) * size;
  return [[first, first + size - 1]];
}

function numberOf(address: string): number {
  return Buffer.from(packIp(address)).readUInt32BE(0);
}

function textOf(address: number): string {
  return [24, 16, 8, 0].map(shift => (address >>> shift) & 255).join('.');
}
