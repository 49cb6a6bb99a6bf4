/**
 * What is in the network namespaces of a registry and how their devices hang together: for each device its addresses,
 * the device at its other end or below it, and those stacked on it, wherever they are. Source: linux/if_link.h
 * IFLA_LINK and IFLA_LINK_NETNSID; ids of namespaces are those that the device's own namespace gives.
 */

import { closeSync } from 'node:fs';
import { type Kernel, systemKernel } from '../../kernel/kernel.ts';
import type { Outcome } from '../../kernel/netlink/dump.ts';
import { NetlinkSession } from '../../kernel/netlink/session.ts';
import type { Connect } from '../../kernel/netlink/transport.ts';
import { KernelError, SystemError } from '../../kernel/system/errors.ts';
import { RTEXT_FILTER_SKIP_STATS, RTM_GETNSID, RTM_NEWADDR, RTM_NEWLINK } from '../../linux/rtnetlink.ts';
import { type Address, decodeAddress } from '../../rtnetlink/address.ts';
import { vxlan } from '../../rtnetlink/kinds/tunnels/vxlan.ts';
import { decodeLink, type Link, link as linkTable } from '../../rtnetlink/link.ts';
import { decodeNsid, NSID_UNASSIGNED, nsidRequest } from '../../rtnetlink/nsid.ts';
import { addressRequest, linkRequest } from '../../rtnetlink/request.ts';
import type { Message } from '../../wire/message.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import { type NamespaceEntry, openNamespace } from './registry.ts';

/** The other device of a connection, as far as it can be found. */
export interface Peer {
  /** `pair`: what enters one end leaves the other. `lower`: the device that this one is stacked on. */
  readonly relation: 'pair' | 'lower';
  /** Undefined if it is not in the registry, or may not be looked into. */
  readonly namespace: NamespaceEntry | undefined;
  /** The id that the device's own namespace gives the other; undefined when both are in one. */
  readonly nsid: number | undefined;
  /** Undefined where only the namespace is known: that of a tunnel's underlay. */
  readonly index: number | undefined;
  readonly device: Device | undefined;
}

/** A device in its namespace. */
export interface Device {
  readonly namespace: NamespaceEntry;
  readonly link: Link;
  readonly addresses: readonly Address[];
  readonly peer: Peer | undefined;
  /** The devices stacked on this one, of all namespaces. */
  readonly uppers: readonly Device[];
}

/** A namespace and what is in it. */
export interface NamespaceContents {
  readonly namespace: NamespaceEntry;
  /** In the order of their indices. */
  readonly devices: readonly Device[];
  /** Why the namespace cannot be looked into; then no devices are known. */
  readonly problem: Error | undefined;
}

/** Kinds that come in pairs; the IFLA_LINK of all others is the device below. */
const PAIRED_KINDS: ReadonlySet<string> = new Set(['veth', 'netkit', 'vxcan']);

/** Kinds that always need a lower device. Of others with their own index in IFLA_LINK, only the namespace counts. */
const STACKED_KINDS: ReadonlySet<string> = new Set([
  'vlan',
  'macvlan',
  'macvtap',
  'ipvlan',
  'ipvtap',
  'macsec',
  'ipoib',
  'rmnet',
  'dsa',
]);

const DUMP_ATTEMPTS = 5;
/** Requests pending at once: a socket's buffer holds many answers of this size. */
const QUESTIONS_AT_ONCE = 64;

const decodeVxlan = vxlan.table.select(['link']);
const decodeDevice = linkTable.select([
  'ifname',
  'address',
  'mtu',
  'link',
  'link_netnsid',
  'master',
  'operstate',
  'linkinfo',
  'ifalias',
  'group',
  'prop_list',
]);

interface DeviceDraft extends Device {
  peer: Peer | undefined;
  readonly uppers: DeviceDraft[];
}

interface Draft {
  readonly namespace: NamespaceEntry;
  devices: readonly DeviceDraft[];
  problem: Error | undefined;
  /** Namespaces by the ids that this one gives. */
  known: ReadonlyMap<number, NamespaceEntry>;
}

/**
 * Looks into every namespace that may be entered, one after the other. A namespace that ends or may not be
 * entered has a {@link NamespaceContents.problem}; nothing is thrown for it.
 */
export async function readTopology(
  namespaces: readonly NamespaceEntry[],
  kernel: Kernel = systemKernel,
): Promise<NamespaceContents[]> {
  const openSocket = await kernel.sockets.eventDriven();
  const descriptors = new Map<NamespaceEntry, number>();
  try {
    const drafts: Draft[] = namespaces.map(namespace => {
      try {
        descriptors.set(namespace, openNamespace(namespace));
        return { namespace, devices: [], problem: undefined, known: new Map() };
      } catch (error) {
        return { namespace, devices: [], problem: error as Error, known: new Map() };
      }
    });
    for (const draft of drafts) await fill(draft, drafts, descriptors, openSocket);
    connect(drafts);
    return drafts.map(({ namespace, devices, problem }) => ({ namespace, devices, problem }));
  } finally {
    for (const descriptor of descriptors.values()) closeSync(descriptor);
  }
}

async function fill(
  draft: Draft,
  drafts: readonly Draft[],
  descriptors: ReadonlyMap<NamespaceEntry, number>,
  openSocket: Connect,
): Promise<void> {
  const { namespace } = draft;
  const descriptor = descriptors.get(namespace);
  if (descriptor === undefined) return;
  let session: NetlinkSession | undefined;
  try {
    const inside = namespace.isCurrent ? {} : { namespace: descriptor };
    session = new NetlinkSession(openSocket, { strict: true, ...inside });
    draft.devices = await readDevices(namespace, session);
    draft.known = await findNamespaces(draft, session, candidates(draft, drafts), descriptors);
  } catch (error) {
    if (!(error instanceof KernelError || error instanceof SystemError)) throw error;
    draft.problem = error;
  } finally {
    session?.close();
  }
}

async function readDevices(namespace: NamespaceEntry, session: NetlinkSession): Promise<DeviceDraft[]> {
  const links = await readTable(session, () => linkRequest({}, {}, { ext_mask: RTEXT_FILTER_SKIP_STATS }));
  const addresses = new Map<number, Address[]>();
  for (const message of await readTable(session, () => addressRequest())) {
    const address = message.type === RTM_NEWADDR ? decodeAddress(message) : undefined;
    if (address === undefined) continue;
    const known = addresses.get(address.header.index);
    if (known === undefined) addresses.set(address.header.index, [address]);
    else known.push(address);
  }
  return links.flatMap(message => {
    const link = message.type === RTM_NEWLINK ? decodeLink(message, decodeDevice) : undefined;
    if (link === undefined) return [];
    return [
      { namespace, link, addresses: addresses.get(link.header.index) ?? [], peer: undefined, uppers: [] },
    ];
  });
}

/** A whole table; read again when it changed while it was read, a few times. */
async function readTable(session: NetlinkSession, request: () => MessageWriter): Promise<Message[]> {
  for (let attempt = 1; ; attempt++) {
    const messages: Message[] = [];
    const outcome: Outcome = { interrupted: false };
    for await (const batch of session.dump(request(), outcome)) messages.push(...batch);
    if (!outcome.interrupted || attempt === DUMP_ATTEMPTS) return messages;
  }
}

/**
 * The other namespaces, the likely targets first: of hundreds that are connected to one, each then finds it by its first
 * request.
 */
function candidates(draft: Draft, drafts: readonly Draft[]): NamespaceEntry[] {
  const pointing = drafts.filter(other => [...other.known.values()].includes(draft.namespace));
  const rest = drafts.filter(other => !pointing.includes(other));
  return [...pointing, ...rest].map(({ namespace }) => namespace);
}

/** Asks inside a namespace for the ids that it gives to others, until all ids that its devices name are found. */
async function findNamespaces(
  { devices }: Draft,
  session: NetlinkSession,
  others: readonly NamespaceEntry[],
  descriptors: ReadonlyMap<NamespaceEntry, number>,
): Promise<ReadonlyMap<number, NamespaceEntry>> {
  const wanted = new Set(devices.flatMap(({ link: { link_netnsid: id } }) => (id === undefined ? [] : [id])));
  wanted.delete(NSID_UNASSIGNED);
  const found = new Map<number, NamespaceEntry>();
  for (let at = 0, count = 1; at < others.length && wanted.size > 0; at += count, count = QUESTIONS_AT_ONCE) {
    const asked = others.slice(at, at + count);
    const ids = await Promise.all(asked.map(other => idOf(descriptors.get(other), session)));
    for (const [place, id] of ids.entries())
      if (id !== undefined && wanted.delete(id)) found.set(id, asked[place]!);
  }
  return found;
}

async function idOf(descriptor: number | undefined, session: NetlinkSession): Promise<number | undefined> {
  if (descriptor === undefined) return undefined;
  try {
    const [answer] = await session.request(nsidRequest(RTM_GETNSID, { fd: descriptor }), 'answer');
    return answer && decodeNsid(answer).nsid;
  } catch (error) {
    if (error instanceof KernelError) return undefined;
    throw error;
  }
}

/** Finds the device at the other end of each, and turns the stack around. */
function connect(drafts: readonly Draft[]): void {
  const contents = new Map(
    drafts.map(({ namespace, devices }) => [
      namespace,
      new Map(devices.map(device => [device.link.header.index, device])),
    ]),
  );
  for (const { namespace, devices, known } of drafts) {
    for (const device of devices) {
      device.peer = peerOf(device, namespace, known, contents);
      const { relation, device: other } = device.peer ?? {};
      if (relation === 'lower' && other !== undefined) (other as DeviceDraft).uppers.push(device);
    }
  }
}

function peerOf(
  { link }: Device,
  own: NamespaceEntry,
  known: ReadonlyMap<number, NamespaceEntry>,
  contents: ReadonlyMap<NamespaceEntry, ReadonlyMap<number, Device>>,
): Peer | undefined {
  const { link_netnsid: nsid } = link;
  const index = otherIndex(link);
  if (index === undefined && nsid === undefined) return undefined;
  const namespace = nsid === undefined ? own : known.get(nsid);
  const device =
    namespace === undefined || index === undefined ? undefined : contents.get(namespace)?.get(index);
  const relation = PAIRED_KINDS.has(link.linkinfo?.kind ?? '') ? 'pair' : 'lower';
  return { relation, namespace, nsid, index, device };
}

/** Index of the device at the other end or below; undefined if there is no such device, or only its namespace is known. */
function otherIndex({ header, link, link_netnsid, linkinfo }: Link): number | undefined {
  const { kind = '', data } = linkinfo ?? {};
  // A VXLAN device has it among its kind's parameters only.
  const bound = kind === 'vxlan' && data !== undefined ? decodeVxlan(data, 0, data.length).link : undefined;
  if (bound !== undefined && bound !== 0) return bound;
  // A tunnel that is not bound to a device has 0, or itself if its packets go through another namespace.
  const isItself = link === header.index && link_netnsid !== undefined;
  if (link === 0 || (isItself && !PAIRED_KINDS.has(kind) && !STACKED_KINDS.has(kind))) return undefined;
  return link;
}
