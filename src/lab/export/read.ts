/** What is in namespaces that are to become a lab, and which of their devices are the two ends of a pair. */

import type { Kernel } from '../../kernel/kernel.ts';
import type { NetlinkSession } from '../../kernel/netlink/session.ts';
import { KernelError } from '../../kernel/system/errors.ts';
import { RTM_GETNSID } from '../../linux/rtnetlink.ts';
import { veth } from '../../rtnetlink/kinds/veth.ts';
import { decodeNsid, nsidRequest } from '../../rtnetlink/nsid.ts';
import { type LiveLink, type LiveNode, observe, openSession } from '../observe.ts';

/** A namespace, and what its node is to be called. */
export interface ExportedNamespace {
  readonly name: string;
  /** Stays the caller's. */
  readonly descriptor: number;
}

/** One namespace as it was found. */
export interface FoundNode extends ExportedNamespace {
  readonly live: LiveNode;
  /** Devices by index. */
  readonly byIndex: ReadonlyMap<number, LiveLink>;
  readonly session: NetlinkSession;
}

/** A device in its namespace. */
export interface FoundEnd {
  readonly node: FoundNode;
  readonly link: LiveLink;
}

/** All namespaces, open until they are closed. */
export interface Found {
  readonly nodes: readonly FoundNode[];
  /** The other end of a pair; undefined if it is in none of the namespaces. */
  peerOf(end: FoundEnd): FoundEnd | undefined;
  close(): void;
}

/** Looks into namespaces. Rejects with {@link KernelError}, {@link SystemError}. */
export async function readNamespaces(
  namespaces: readonly ExportedNamespace[],
  kernel: Kernel,
): Promise<Found> {
  const nodes: FoundNode[] = [];
  const close = () => {
    for (const { session } of nodes) session.close();
  };
  try {
    for (const namespace of namespaces) {
      const session = openSession(kernel, namespace.descriptor);
      const draft = { ...namespace, session, byIndex: new Map<number, LiveLink>() };
      nodes.push({ ...draft, live: { links: new Map(), objects: NOTHING, qdiscs: new Map() } });
      const live = await observe(session, undefined, true);
      for (const link of live.links.values()) draft.byIndex.set(link.index, link);
      nodes[nodes.length - 1] = { ...draft, live };
    }
    const peers = await findPeers(nodes);
    return { nodes, peerOf: ({ node, link }) => peers.get(`${node.name} ${link.index}`), close };
  } catch (error) {
    close();
    throw error;
  }
}

const NOTHING = { address: [], route: [], rule: [], neighbour: [] };

/** The ends of pairs by `NODE INDEX`: each names the other's index, and its namespace by an id. */
async function findPeers(nodes: readonly FoundNode[]): Promise<Map<string, FoundEnd>> {
  const byIndices = new Map<string, FoundEnd[]>();
  for (const node of nodes)
    for (const link of node.live.links.values()) {
      if (link.kind !== veth.name) continue;
      const key = `${link.index} ${link.link}`;
      byIndices.set(key, [...(byIndices.get(key) ?? []), { node, link }]);
    }
  const peers = new Map<string, FoundEnd>();
  for (const ends of byIndices.values())
    for (const end of ends) {
      const { node, link } = end;
      for (const other of byIndices.get(`${link.link} ${link.index}`) ?? [])
        if (other.link !== link && (await isPeer(end, other))) {
          peers.set(`${node.name} ${link.index}`, other);
          break;
        }
    }
  return peers;
}

async function isPeer({ node, link }: FoundEnd, other: FoundEnd): Promise<boolean> {
  if (link.linkNamespace === undefined || other.link.linkNamespace === undefined)
    return node === other.node && link.linkNamespace === other.link.linkNamespace;
  return (await idOf(node.session, other.node.descriptor)) === link.linkNamespace;
}

/** The id that a namespace gives to another one. */
async function idOf(session: NetlinkSession, descriptor: number): Promise<number | undefined> {
  try {
    const [answer] = await session.request(nsidRequest(RTM_GETNSID, { fd: descriptor }), 'answer');
    return answer && decodeNsid(answer).nsid;
  } catch (error) {
    if (error instanceof KernelError) return undefined;
    throw error;
  }
}
