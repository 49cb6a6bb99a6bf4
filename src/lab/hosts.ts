/** Names of nodes: a hosts file for each node, and which address of a node another one reaches. */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOST } from './external/namespaces.ts';
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
  for (const node of model.nodes) {
    writeFileSync(join(folder, node.name), hostsText(model, node));
    const resolver = join(folder, `${node.name}.resolv`);
    if (node.internet) writeFileSync(resolver, resolversText());
    else rmSync(resolver, { force: true });
  }
}

/** The text of a node's hosts file. */
export function hostsText({ nodes, externals }: LabModel, node: NodeModel): string {
  const others = externals.filter(({ name }) => name !== HOST);
  const own = [...nodes, ...others].flatMap(other =>
    addressesFor(node, other).map(address => `${address} ${other.name}`),
  );
  const more = Object.entries(node.hosts).map(([name, address]) => `${address} ${name}`);
  const isNamed = addressesFor(node, node).length > 0;
  return `${[...OWN, ...(isNamed ? [] : [`127.0.1.1 ${node.name}`]), ...own, ...more].join('\n')}\n`;
}

/** Where the host's resolvers stand, also where its programs ask one on the host. */
const RESOLVERS = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'];
const LOOPBACK_RESOLVER = /^nameserver\s+(127\.|::1\b)/;

/** The host's resolvers that can be reached from elsewhere. */
function resolversText(): string {
  for (const path of RESOLVERS) {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      continue;
    }
    const lines = text.split('\n').filter(line => /^(nameserver|search|domain|options)\s/.test(line));
    const reached = lines.filter(line => !LOOPBACK_RESOLVER.test(line));
    if (reached.some(line => line.startsWith('nameserver'))) return `${reached.join('\n')}\n`;
  }
  return '# The host has no resolvers that can be reached from here.\n';
}

/** What stands in for the host's files inside a node. */
export function boundFiles(folder: string, node: string): BoundFile[] {
  const own = join(folder, `${node}.resolv`);
  return [
    { source: join(folder, node), target: '/etc/hosts' },
    { source: existsSync(own) ? own : join(folder, '_resolv.conf'), target: '/etc/resolv.conf' },
  ];
}
