/**
 * A lab as a topology of containerlab: every node a container of kind `linux` without a management network, whose devices
 * are the lab's; what `ip` would do stands in `exec`. Source: containerlab.dev/manual/topo-def-file, manual/kinds/linux.
 */

import { writeYaml } from '../format/write.ts';
import { impairmentText } from '../impairment/qdiscs.ts';
import type { DeviceModel, LabModel, NodeModel } from '../model.ts';
import { portName } from '../names.ts';

/** An image with ip, ping and sysctl in it. */
const IMAGE = 'ghcr.io/srl-labs/network-multitool:latest';
const ETHERNET_MTU = 1500;

/** A topology file, and what of the lab is not in it, a line each. */
export interface ContainerlabFile {
  readonly text: string;
  readonly lost: readonly string[];
}

interface ContainerNode {
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly exec?: readonly string[];
}

interface ContainerLink {
  readonly endpoints: readonly [string, string];
  readonly mtu?: number;
}

/** Writes a lab for containerlab. */
export function containerlabFile(model: LabModel): ContainerlabFile {
  const lost: string[] = [];
  const nodes: Record<string, ContainerNode> = {};
  const links: ContainerLink[] = [];
  const mtus = new Map(model.networks.map(({ name, mtu = ETHERNET_MTU }) => [name, mtu]));
  const ports = new Map(model.networks.map(({ name }): [string, string[]] => [name, []]));
  for (const node of model.nodes) {
    nodes[node.name] = nodeOf(node, model, lost);
    for (const { name, origin, mtu } of node.devices) {
      const end = `${node.name}:${name}`;
      if (origin.kind === 'network') {
        const port = portName(node.name, name);
        ports.get(origin.network)?.push(port);
        const link = mtu ?? mtus.get(origin.network) ?? ETHERNET_MTU;
        links.push(linkOf([`${switchName(origin.network, model)}:${port}`, end], link));
      } else if (origin.kind === 'cable' && origin.isFirst)
        links.push(linkOf([end, `${origin.peerNode}:${origin.peerDevice}`], mtu ?? ETHERNET_MTU));
    }
  }
  for (const { name, bridge } of model.networks)
    nodes[switchName(name, model)] = {
      exec: [
        ['ip link add', name, 'type bridge forward_delay 0', bridge?.text].filter(Boolean).join(' '),
        `ip link set ${name} up`,
        ...ports.get(name)!.map(port => `ip link set ${port} master ${name} up`),
      ],
    };
  for (const { text, isNegated } of model.checks) lost.push(`check: ${isNegated ? 'not ' : ''}${text}`);
  const defaults = { kind: 'linux', image: IMAGE, 'network-mode': 'none' };
  const file = { name: model.name, topology: { defaults, nodes, ...(links.length > 0 && { links }) } };
  const comments = lost.length === 0 ? [] : ['Not in this file:', ...lost.map(line => `  ${line}`)];
  return { text: writeYaml(file, comments), lost };
}

function linkOf(endpoints: readonly [string, string], mtu: number): ContainerLink {
  return mtu === ETHERNET_MTU ? { endpoints } : { endpoints, mtu };
}

/** The name of the container that stands for a network: no node has it. */
function switchName(network: string, { nodes }: LabModel): string {
  return nodes.some(({ name }) => name === network) ? `${network}-switch` : network;
}

function nodeOf(node: NodeModel, { hosts, nodes }: LabModel, lost: string[]): ContainerNode {
  const sysctls = Object.fromEntries(
    node.sysctls.map(({ name, value }) => [name.replaceAll('/', '.'), value]),
  );
  const exec = [
    ...node.devices.flatMap(device => deviceCommands(node, device, lost)),
    ...node.routes.map(({ text }) => `ip route replace ${text}`),
    ...node.rules.map(({ text }) => ruleCommand(text)),
    ...node.neighbours.map(({ text }) => `ip neighbour replace ${text}`),
    ...node.setup.map(({ command }) => command.map(quoted).join(' ')),
  ];
  for (const { name } of node.services) lost.push(`${node.name}: service ${name}`);
  if ((hosts && nodes.length > 1) || Object.keys(node.hosts).length > 0)
    lost.push(`${node.name}: the names of other nodes in /etc/hosts`);
  return { ...(node.sysctls.length > 0 && { sysctls }), ...(exec.length > 0 && { exec }) };
}

function deviceCommands({ name: node }: NodeModel, device: DeviceModel, lost: string[]): string[] {
  const { name, origin, master, addresses, mac, mtu, up, dad, impair } = device;
  if (impair !== undefined) lost.push(`${node}: impairment ${impairmentText(impair)} of ${name}`);
  const isMade = origin.kind === 'words';
  const settings = [
    ...(mac === undefined ? [] : ['address', mac]),
    ...(mtu === undefined || origin.kind === 'network' || origin.kind === 'cable'
      ? []
      : ['mtu', String(mtu)]),
    ...(master === undefined ? [] : ['master', master]),
    up ? 'up' : 'down',
  ];
  return [
    ...(isMade
      ? [
          [
            'ip link add',
            ...(origin.link === undefined ? [] : ['link', origin.link]),
            name,
            'type',
            origin.words.text,
          ].join(' '),
        ]
      : []),
    ...(origin.kind === 'loopback' && settings.length === 1
      ? []
      : [`ip link set ${name} ${settings.join(' ')}`]),
    ...addresses.map(
      ({ text }) => `ip address add ${text}${text.includes(':') && !dad ? ' nodad' : ''} dev ${name}`,
    ),
  ];
}

function ruleCommand(text: string): string {
  const isIpv6 = text.startsWith('-6 ') || /\b(from|to) [0-9a-f]*:/.test(text);
  return `ip ${isIpv6 ? '-6 ' : ''}rule add ${text.replace(/^-[46] /, '')}`;
}

/** A word as a shell reads it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
