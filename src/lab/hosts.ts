/** Names of nodes: a hosts file for each node, and which address of a node another one reaches. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf, type LabModel, type NodeModel } from './model.ts';
import type { BoundFile } from './program.ts';

const OWN = ['127.0.0.1 localhost', '::1 localhost ip6-localhost ip6-loopback'];

/** The segments that a device belongs to: what is in one of them is reached without a router. */
function segmentOf(node: NodeModel, { name, origin }: NodeModel['devices'][number]): string {
  if (origin.kind === 'network') return `network ${origin.network}`;
  if (origin.kind === 'cable')
    return [`${node.name}:${name}`, `${origin.peerNode}:${origin.peerDevice}`].sort().join(' ');
  return `${node.name}:${name}`;
}

/** Addresses of a node, those that `from` reaches without a router first, IPv4 before IPv6. */
export function addressesFor(from: NodeModel | undefined, node: NodeModel): string[] {
  const near = new Set(from?.devices.map(device => segmentOf(from, device)));
  const all = node.devices.flatMap(device =>
    device.addresses.map(words => ({ address: addressOf(words), isNear: near.has(segmentOf(node, device)) })),
  );
  const rank = ({ address, isNear }: { address: string; isNear: boolean }) =>
    (isNear ? 0 : 2) + (address.includes(':') ? 1 : 0);
  return all.sort((one, other) => rank(one) - rank(other)).map(({ address }) => address);
}

/** Writes the files of all nodes below `folder`. */
export function writeHosts(model: LabModel, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  writeFileSync(join(folder, '_resolv.conf'), '# Names of this lab are in /etc/hosts.\n');
  for (const node of model.nodes) writeFileSync(join(folder, node.name), hostsText(model, node));
}

/** The text of a node's hosts file. */
export function hostsText({ nodes }: LabModel, node: NodeModel): string {
  const own = nodes.flatMap(other => addressesFor(node, other).map(address => `${address} ${other.name}`));
  const more = Object.entries(node.hosts).map(([name, address]) => `${address} ${name}`);
  const isNamed = addressesFor(node, node).length > 0;
  return `${[...OWN, ...(isNamed ? [] : [`127.0.1.1 ${node.name}`]), ...own, ...more].join('\n')}\n`;
}

/** What stands in for the host's files inside a node. */
export function boundFiles(folder: string, node: string): BoundFile[] {
  return [
    { source: join(folder, node), target: '/etc/hosts' },
    { source: join(folder, '_resolv.conf'), target: '/etc/resolv.conf' },
  ];
}
