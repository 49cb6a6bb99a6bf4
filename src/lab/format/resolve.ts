/** From what a file says to the lab that it describes: cables become devices, texts become values, names are looked up. */

import { dirname, resolve as resolvePath } from 'node:path';
import type { DeviceModel, LabModel, NetworkModel, NodeModel, ServiceModel, SysctlModel } from '../model.ts';
import { joinCables } from './cables.ts';
import { readCheck } from './checks.ts';
import type { Draft, NodeDraft } from './draft.ts';
import { macOf } from './identity.ts';
import type { LoadedLab } from './load.ts';
import { externalDrafts, readNat } from './nat.ts';
import { pathText, unknownWord } from './problems.ts';
import { readImpairment, readNumber } from './quantities.ts';
import { checkServiceOrder, commandWords, readServices } from './services.ts';
import type { LabDevice, LabNode } from './shape.ts';
import { keyPlaceAt, type Path, placeAt, type Tree } from './tree.ts';
import { words, wordsList } from './words.ts';

/** How a lab is made of what a file says. */
export interface ResolveOptions {
  /** Gives cables whose ends have no address one each. */
  readonly automaticAddresses?: boolean | undefined;
}

const FORWARDING = ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding'];

/** The lab. What is wrong is added to `loaded.problems`; the words of `ip` are not looked at. */
export function resolveLab(loaded: LoadedLab, options: ResolveOptions = {}): LabModel {
  const { value, tree, name, file, problems } = loaded;
  const draft: Draft = {
    tree,
    problems,
    lab: name,
    folder: file === undefined ? process.cwd() : dirname(file),
    networks: new Set(Object.keys(value.networks ?? {})),
    nodes: new Map(
      Object.entries(value.nodes).map(([node, said]) => [
        node,
        { name: node, said: said ?? {}, devices: new Map(), path: ['nodes', node], external: undefined },
      ]),
    ),
  };
  for (const node of externalDrafts(value.external ?? {}, draft)) draft.nodes.set(node.name, node);
  for (const node of draft.nodes.values()) readDevices(node, draft);
  joinCables(value.links ?? [], draft, options.automaticAddresses === true);
  for (const node of draft.nodes.values()) checkDevices(node, draft);
  checkDuplicates(draft);
  const all = [...draft.nodes.values()].map(node => nodeModel(node, draft));
  const nodes = all.filter(({ external }) => external === undefined);
  const externals = all.filter(({ external }) => external !== undefined);
  const services = nodes.flatMap(node =>
    node.services.map((service): [string, ServiceModel] => [`${node.name}/${service.name}`, service]),
  );
  checkServiceOrder(draft, new Map(services));
  const networks = Object.entries(value.networks ?? {}).map(([network, said]): NetworkModel => {
    const path = ['networks', network];
    return {
      name: network,
      mtu: readNumber(said?.mtu),
      bridge: said?.bridge === undefined ? undefined : words(said.bridge, [...path, 'bridge'], tree),
      place: keyPlaceAt(tree, path),
      path: path.join('.'),
    };
  });
  const checks = (value.checks ?? []).flatMap((check, at) => readCheck(check, ['checks', at], draft) ?? []);
  return { name, file, hosts: value.hosts !== false, networks, nodes, externals, checks };
}

function readDevices({ name, said, devices, path }: NodeDraft, draft: Draft): void {
  const { problems, tree } = draft;
  for (const [device, settings] of Object.entries(said.devices ?? {})) {
    const at = [...path, 'devices', device];
    const isLoopback = device === 'lo';
    if (settings.to !== undefined && !draft.networks.has(settings.to))
      problems.add(
        unknownWord(settings.to, 'a network', draft.networks),
        [...at, 'to'],
        placeAt(tree, [...at, 'to']),
      );
    if (settings.to !== undefined && settings.type !== undefined)
      problems.add('"to" and "type" do not go together', at, keyPlaceAt(tree, [...at, 'type']));
    for (const member of ['to', 'type', 'master', 'mac'] as const)
      if (isLoopback && settings[member] !== undefined)
        problems.add(`the loopback device has no "${member}"`, at, keyPlaceAt(tree, [...at, member]));
    if (settings.link !== undefined && settings.type === undefined)
      problems.add('"link" is for devices with a "type"', at, keyPlaceAt(tree, [...at, 'link']));
    devices.set(device, {
      ...deviceModel(draft, name, device, settings, at),
      origin: originOf(settings, isLoopback, at, tree),
    });
  }
}

function originOf(
  settings: LabDevice,
  isLoopback: boolean,
  path: Path,
  tree: Tree,
): DeviceModel['origin'] | undefined {
  if (isLoopback) return { kind: 'loopback' };
  if (settings.to !== undefined) return { kind: 'network', network: settings.to };
  if (settings.type === undefined) return undefined;
  return { kind: 'words', words: words(settings.type, [...path, 'type'], tree), link: settings.link };
}

function deviceModel(
  draft: Draft,
  node: string,
  device: string,
  settings: LabDevice,
  path: Path,
): Omit<DeviceModel, 'origin'> {
  const { tree, problems } = draft;
  const isOurs = settings.type === undefined && device !== 'lo';
  return {
    name: device,
    master: settings.master,
    addresses: wordsList(settings.address, [...path, 'address'], tree),
    mac: settings.mac ?? (isOurs ? macOf(draft.lab, node, device) : undefined),
    mtu: readNumber(settings.mtu),
    up: settings.up !== false,
    dad: settings.dad === true,
    impair: readImpairment(settings.impair, [...path, 'impair'], tree, problems),
    place: keyPlaceAt(tree, path),
    path: pathText(path),
  };
}

/** Every device must come from somewhere; what it stands on must exist. */
function checkDevices({ devices, path }: NodeDraft, { problems, tree }: Draft): void {
  for (const [name, device] of devices) {
    const at = [...path, 'devices', name];
    if (device.origin === undefined)
      problems.add('leads nowhere: it has no "to" and no "type", and no cable ends here', at, device.place);
    for (const member of ['link', 'master'] as const) {
      const other =
        member === 'master'
          ? device.master
          : device.origin?.kind === 'words'
            ? device.origin.link
            : undefined;
      if (other === undefined) continue;
      const place = placeAt(tree, [...at, member]);
      const others = [...devices.keys()].filter(known => known !== name && known !== 'lo');
      if (!others.includes(other))
        problems.add(unknownWord(other, 'another device of the node', others), [...at, member], place);
    }
  }
}

/** Two devices of one segment with one address. */
function checkDuplicates({ nodes, problems }: Draft): void {
  const known = new Map<string, string>();
  for (const node of nodes.values()) {
    for (const device of node.devices.values()) {
      for (const address of device.addresses) {
        const text = address.text.trim().split(/[\s/]/, 1)[0]!.toLowerCase();
        const { origin } = device;
        const segment =
          origin?.kind === 'network'
            ? `network ${origin.network}`
            : origin?.kind === 'cable'
              ? [`${node.name}:${device.name}`, `${origin.peerNode}:${origin.peerDevice}`].sort().join(' ')
              : `${node.name}:${device.name}`;
        const key = `${segment} ${text}`;
        const holder = known.get(key);
        if (holder === undefined) known.set(key, `${node.name}:${device.name}`);
        else problems.add(`${text} is the address of ${holder} already`, address.path, address.place);
      }
    }
  }
}

function nodeModel(node: NodeDraft, draft: Draft): NodeModel {
  const { name, said, path } = node;
  const { tree } = draft;
  const list = (member: 'routes' | 'rules' | 'neighbours') =>
    (said[member] ?? []).map((text, at) => words(text, [...path, member, at], tree));
  return {
    name,
    sysctls: sysctlsOf(said, path, tree),
    devices: inOrder(node, draft),
    routes: list('routes'),
    rules: list('rules'),
    neighbours: list('neighbours'),
    nat: readNat(node, draft),
    internet: said.internet === true,
    external: node.external,
    hosts: said.hosts ?? {},
    setup: (said.setup ?? []).map((command, at) => ({
      command: commandWords(command),
      place: placeAt(tree, [...path, 'setup', at]),
      path: pathText([...path, 'setup', at]),
    })),
    services: readServices(node, draft, folder => resolvePath(draft.folder, folder)),
    place: keyPlaceAt(tree, path),
  };
}

function sysctlsOf(said: LabNode, path: Path, tree: Tree): SysctlModel[] {
  const place = (member: string) => keyPlaceAt(tree, [...path, member]);
  // Translation is of what a router forwards.
  const forward = said.forward ?? (said.nat === undefined ? undefined : true);
  const member = said.forward === undefined ? 'nat' : 'forward';
  const forwarding =
    forward === undefined
      ? []
      : FORWARDING.map(name => ({
          name,
          value: forward ? '1' : '0',
          place: place(member),
          path: pathText([...path, member]),
        }));
  const others = Object.entries(said.sysctls ?? {}).map(([name, value]) => ({
    // With slashes a dot is part of a name, as in sysctl(8).
    name: name.includes('/') ? name : name.replaceAll('.', '/'),
    value: String(value),
    place: keyPlaceAt(tree, [...path, 'sysctls', name]),
    path: pathText([...path, 'sysctls', name]),
  }));
  return [...forwarding, ...others];
}

/** The devices, each after those that it stands on. */
function inOrder({ devices }: NodeDraft, { problems }: Draft): DeviceModel[] {
  const ordered: DeviceModel[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (name: string): void => {
    const device = devices.get(name);
    if (device?.origin === undefined || state.get(name) === 'done') return;
    if (state.get(name) === 'open') {
      problems.add(`"${name}" stands on itself`, device.path, device.place);
      return;
    }
    state.set(name, 'open');
    if (device.master !== undefined) visit(device.master);
    if (device.origin.kind === 'words' && device.origin.link !== undefined) visit(device.origin.link);
    state.set(name, 'done');
    ordered.push({ ...device, origin: device.origin });
  };
  for (const name of devices.keys()) visit(name);
  return ordered;
}
