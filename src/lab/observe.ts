/** What the kernel has of a lab: devices, addresses, routes, rules and neighbours of its namespaces, read by dumps. */

import { readFileSync } from 'node:fs';
import type { Kernel } from '../kernel/kernel.ts';
import { NetlinkSession } from '../kernel/netlink/session.ts';
import { insideNamespace } from '../kernel/system/namespace.ts';
import { AF_INET, AF_INET6 } from '../linux/families.ts';
import { IFF_UP } from '../linux/interfaces.ts';
import {
  RTEXT_FILTER_SKIP_STATS,
  RTM_GETADDR,
  RTM_GETNEIGH,
  RTM_GETROUTE,
  RTM_GETRULE,
} from '../linux/rtnetlink.ts';
import { decodeLink, type Link, link } from '../rtnetlink/link.ts';
import { decodeQdisc, type Qdisc, qdiscDump } from '../rtnetlink/qdisc.ts';
import { linkRequest } from '../rtnetlink/request.ts';
import { formatHardwareAddress } from '../wire/address.ts';
import type { Message } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';
import { type KernelObject, type ObjectKind, objectOf } from './kernel-object.ts';

/** A device as it is. */
export interface LiveLink {
  readonly name: string;
  readonly index: number;
  readonly kind: string | undefined;
  /** ARPHRD_*. */
  readonly hardwareType: number;
  readonly data: Buffer | undefined;
  readonly mac: string;
  readonly mtu: number;
  readonly master: number;
  /** Index of the device below it, or of the other end of its pair. */
  readonly link: number;
  /** Id of the namespace of that other device; undefined if it is the same one. */
  readonly linkNamespace: number | undefined;
  readonly alias: string | undefined;
  readonly up: boolean;
  /** Kind of its queueing discipline. */
  readonly qdisc: string | undefined;
}

/** What one namespace has. */
export interface LiveNode {
  readonly links: ReadonlyMap<string, LiveLink>;
  readonly objects: Readonly<Record<ObjectKind, readonly KernelObject[]>>;
  /** Disciplines that impair what a device sends, by its index. */
  readonly qdiscs: ReadonlyMap<number, Qdisc>;
  /** Rules of its table for address translation; undefined if they were not read. */
  readonly nat?: readonly string[] | undefined;
}

/** A namespace without anything, as it is to be before it is made. */
export const NO_NODE: LiveNode = {
  links: new Map(),
  objects: { address: [], route: [], rule: [], neighbour: [] },
  qdiscs: new Map(),
};

/** Bytes of the header that requests for each kind of object have. */
const ASKS: Readonly<Record<ObjectKind, { type: number; header: number; families: readonly number[] }>> = {
  address: { type: RTM_GETADDR, header: 8, families: [0] },
  route: { type: RTM_GETROUTE, header: 12, families: [AF_INET, AF_INET6] },
  rule: { type: RTM_GETRULE, header: 12, families: [AF_INET, AF_INET6] },
  neighbour: { type: RTM_GETNEIGH, header: 12, families: [AF_INET, AF_INET6] },
};

const DECODED = [
  'ifname',
  'address',
  'mtu',
  'master',
  'link',
  'link_netnsid',
  'ifalias',
  'linkinfo',
  'qdisc',
] as const;
const decodeDevice = link.select(DECODED);

/** Reads a namespace; of objects those of `kinds`, and disciplines if they are asked for. Rejects with {@link KernelError}. */
export async function observe(
  session: NetlinkSession,
  kinds: Iterable<ObjectKind> = ['address', 'route', 'rule', 'neighbour'],
  hasQdiscs = false,
): Promise<LiveNode> {
  const links = new Map<string, LiveLink>();
  const request = linkRequest({}, {}, { ext_mask: RTEXT_FILTER_SKIP_STATS });
  for (const message of await dump(session, request)) {
    const found = decodeLink(message, decodeDevice);
    if (found !== undefined) links.set(found.ifname ?? '', liveLink(found));
  }
  const objects: Record<ObjectKind, KernelObject[]> = { address: [], route: [], rule: [], neighbour: [] };
  for (const kind of kinds) {
    const { type, header, families } = ASKS[kind];
    for (const family of families) {
      const ask = new MessageWriter(type, 0);
      ask.bytes[ask.reserve(header)] = family;
      for (const { bytes, start, end } of await dump(session, ask)) {
        const object = objectOf(kind, Buffer.from(bytes.subarray(start, end)));
        if (object !== undefined) objects[kind].push(object);
      }
    }
  }
  const qdiscs = new Map<number, Qdisc>();
  for (const message of hasQdiscs ? await dump(session, qdiscDump()) : []) {
    const found = decodeQdisc(message);
    if (found !== undefined) qdiscs.set(found.ifindex, found.qdisc);
  }
  return { links, objects, qdiscs };
}

async function dump(session: NetlinkSession, request: MessageWriter): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const batch of session.dump(request)) messages.push(...batch);
  return messages;
}

function liveLink(found: Pick<Link, 'header' | (typeof DECODED)[number]>): LiveLink {
  const { header, ifname = '', address, mtu = 0, master = 0, link = 0, ifalias, linkinfo, qdisc } = found;
  return {
    name: ifname,
    index: header.index,
    kind: linkinfo?.kind,
    hardwareType: header.type,
    data: linkinfo?.data,
    mac: address === undefined ? '' : formatHardwareAddress(address),
    mtu,
    master,
    link,
    linkNamespace: found.link_netnsid,
    alias: ifalias,
    up: (header.flags & IFF_UP) !== 0,
    qdisc,
  };
}

/** A value below /proc/sys as a namespace has it; undefined where there is no such value. */
export function readSysctl(kernel: Kernel, namespace: number, name: string): string | undefined {
  return insideNamespace(kernel.calls, namespace, () => {
    try {
      return readFileSync(`/proc/sys/${name}`, 'utf8').trim().replaceAll('\t', ' ');
    } catch {
      return undefined;
    }
  });
}

/** Opens a session inside a namespace, on a socket that blocks. Throws {@link SystemError}. */
export function openSession(kernel: Kernel, namespace: number): NetlinkSession {
  return new NetlinkSession(kernel.sockets.blocking, { namespace, strict: true });
}
