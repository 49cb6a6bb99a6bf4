/** `tsip lab map`: a picture of a lab that runs, or of a file whose lab need not be there. */

import { existsSync } from 'node:fs';
import { deviceNames, NETWORKS, type WantedLink, type WantedNode, wantedNodes } from '../../lab/desired.ts';
import { Problems } from '../../lab/format/problems.ts';
import { freshIndices } from '../../lab/indices.ts';
import { deviceOf } from '../../lab/kernel-object.ts';
import type { LabModel } from '../../lab/model.ts';
import type { HostMap, MapAddress, MapDevice, MapFormat, MapNamespace } from '../../layouts/map/model.ts';
import { AF_INET } from '../../linux/families.ts';
import { readRegistry } from '../../namespaces/inventory/registry.ts';
import { readTopology } from '../../namespaces/inventory/topology.ts';
import { decodeAddress } from '../../rtnetlink/address.ts';
import { splitDatagram } from '../../wire/message.ts';
import type { Context } from '../frame/context.ts';
import { printMap } from '../map/map.ts';
import { mapOf } from '../map/model.ts';
import { ipWords } from './ip-words.ts';
import type { LabOptions } from './options.ts';
import { EXIT } from './report.ts';
import { appliedLab, isFileName, readLab } from './source.ts';

const SCOPES: Readonly<Record<number, MapAddress['scope']>> = { 0: 'global', 253: 'link', 254: 'host' };

/** Draws the lab. */
export async function map(options: LabOptions, context: Context): Promise<number> {
  const isFile = isFileName(options.lab) || existsSync(options.lab);
  const drawn = isFile
    ? await mapOfModel(await readLab({ ...options, file: options.lab }))
    : await mapOfRunning(appliedLab(options.lab, context).model.name);
  const format = options.json ? 'json' : ((options.format ?? 'tree') as MapFormat);
  printMap(drawn, format, { addresses: true, processes: false, all: false, ascii: options.ascii }, context);
  return EXIT.done;
}

async function mapOfRunning(lab: string): Promise<HostMap> {
  const registry = readRegistry();
  const contents = await readTopology(registry.namespaces);
  const own = contents.filter(({ namespace }) => namespace.names.some(name => name.startsWith(`${lab}.`)));
  return { ...mapOf(registry, own, false), stale: [], unreadable: [], hiddenProcesses: 0 };
}

/** A lab as the map of the namespaces that it would have. */
export async function mapOfModel(model: LabModel): Promise<HostMap> {
  const indices = freshIndices(deviceNames(model));
  const wanted = await wantedNodes(model, indices, ipWords, new Problems());
  const all = wanted.flatMap(({ links }) => links);
  return {
    namespaces: wanted.map(node => namespaceOf(node, all)),
    stale: [],
    unreadable: [],
    hiddenProcesses: 0,
  };
}

function labelOf(node: string): string {
  return node === NETWORKS ? 'networks' : node;
}

function namespaceOf(node: WantedNode, all: readonly WantedLink[]): MapNamespace {
  return {
    label: labelOf(node.name),
    isCurrent: false,
    inode: 0,
    names: [],
    paths: [],
    nsid: undefined,
    owner: undefined,
    containers: [],
    processes: [],
    problem: undefined,
    devices: node.links.map(link => mapDevice(link, node, all)),
  };
}

function mapDevice(link: WantedLink, node: WantedNode, all: readonly WantedLink[]): MapDevice {
  const { name, index, kind, mtu, mac, alias, master, up } = link;
  return {
    name,
    index,
    kind,
    status: up ? 'up' : 'down',
    operationState: up ? 'UP' : 'DOWN',
    mtu,
    hardwareAddress: mac,
    alias,
    alternativeNames: [],
    master,
    addresses: addressesOf(node, index),
    peer: peerOf(link, all),
    uppers: node.links
      .filter(upper => upper.link === name)
      .map(upper => ({ namespace: labelOf(node.name), device: upper.name })),
  };
}

function addressesOf({ objects }: WantedNode, index: number): MapAddress[] {
  return objects.flatMap(({ object }): MapAddress[] => {
    if (object.kind !== 'address' || deviceOf(object) !== index) return [];
    const { header, address, local = address } = decodeAddress(splitDatagram(object.bytes).messages[0]!)!;
    if (local === undefined) return [];
    return [
      {
        family: header.family === AF_INET ? 'inet' : 'inet6',
        address: local,
        prefixLength: header.prefixlen,
        peer: address === local ? undefined : address,
        scope: SCOPES[header.scope] ?? 'other',
      },
    ];
  });
}

function peerOf({ node, pair, link }: WantedLink, all: readonly WantedLink[]): MapDevice['peer'] {
  const find = (namespace: string, device: string) =>
    all.find(other => other.node === namespace && other.name === device)?.index;
  if (pair !== undefined)
    return {
      relation: 'pair',
      namespace: labelOf(pair.node),
      nsid: undefined,
      index: find(pair.node, pair.device),
      device: pair.device,
    };
  if (link === undefined) return undefined;
  return {
    relation: 'lower',
    namespace: labelOf(node),
    nsid: undefined,
    index: find(node, link),
    device: link,
  };
}
