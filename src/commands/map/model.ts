/** The map of a registry and its topology, in a fixed order: by name, never by number. */

import { linkAddressText } from '../../layouts/link/address.ts';
import type {
  HostMap,
  MapAddress,
  MapDevice,
  MapNamespace,
  MapPeer,
  MapStatus,
} from '../../layouts/map/model.ts';
import { AF_INET, AF_INET6 } from '../../linux/families.ts';
import { IFF_UP } from '../../linux/interfaces.ts';
import {
  compare,
  containersIn,
  type NamespaceEntry,
  type NamespaceRegistry,
} from '../../namespaces/inventory/registry.ts';
import type { Device, NamespaceContents, Peer } from '../../namespaces/inventory/topology.ts';
import type { Address } from '../../rtnetlink/address.ts';
import type { Link } from '../../rtnetlink/link.ts';
import { OPERATION_STATES } from '../../rtnetlink/link-settings.ts';

/** IF_OPER_* that let packets pass: unknown is that of devices that have no carrier. */
const PASSING = new Set([0, 6]);
const SCOPES: Readonly<Record<number, MapAddress['scope']>> = { 0: 'global', 253: 'link', 254: 'host' };

/** The map of `contents`, which may be some of the registry only. Processes are named only if asked for. */
export function mapOf(
  { stale, unreadable, hiddenProcesses }: NamespaceRegistry,
  contents: readonly NamespaceContents[],
  hasProcesses: boolean,
): HostMap {
  return {
    namespaces: contents.map(one => namespaceOf(one, hasProcesses)),
    stale,
    unreadable,
    hiddenProcesses,
  };
}

function namespaceOf(
  { namespace, devices, problem }: NamespaceContents,
  hasProcesses: boolean,
): MapNamespace {
  const { label, isCurrent, inode, names, paths, nsid, owner, processes } = namespace;
  const known = new Map(devices.map(({ link }) => [link.header.index, nameOf(link)]));
  const nameOfIndex = (index: number) => known.get(index) ?? `if${index}`;
  return {
    label,
    isCurrent,
    inode,
    names,
    paths,
    nsid,
    owner,
    containers: containersOf(namespace),
    processes: hasProcesses ? processes.map(({ pid, thread, command }) => ({ pid, thread, command })) : [],
    problem: problem?.message,
    devices: devices
      .map(device => deviceOf(device, nameOfIndex))
      .sort((one, other) => rankOf(one) - rankOf(other) || compare(one.name, other.name)),
  };
}

/** Those of our own namespace are not asked for: it may hold thousands of processes, and we are none of its containers. */
function containersOf(namespace: NamespaceEntry): MapNamespace['containers'] {
  return namespace.isCurrent ? [] : containersIn(namespace);
}

/** The loopback device first. */
function rankOf({ name }: MapDevice): number {
  return name === 'lo' ? 0 : 1;
}

function deviceOf(
  { link, addresses, peer, uppers }: Device,
  nameOfIndex: (index: number) => string,
): MapDevice {
  return {
    name: nameOf(link),
    index: link.header.index,
    kind: link.linkinfo?.kind,
    status: statusOf(link),
    operationState: OPERATION_STATES[link.operstate ?? 0] ?? String(link.operstate),
    mtu: link.mtu,
    hardwareAddress: link.address && linkAddressText(link.address, link.header.type),
    alias: link.ifalias,
    alternativeNames: [...(link.prop_list ?? [])].sort(compare),
    master: link.master === undefined ? undefined : nameOfIndex(link.master),
    addresses: addresses.flatMap(addressOf).sort(byFamily),
    peer: peer && peerOf(peer),
    uppers: uppers
      .map(upper => ({ namespace: upper.namespace.label, device: nameOf(upper.link) }))
      .sort((one, other) => compare(one.namespace, other.namespace) || compare(one.device, other.device)),
  };
}

function nameOf({ ifname, header }: Link): string {
  return ifname ?? `if${header.index}`;
}

function statusOf({ header, operstate = 0 }: Link): MapStatus {
  if (!(header.flags & IFF_UP)) return 'down';
  return PASSING.has(operstate) ? 'up' : 'no carrier';
}

function addressOf({ header, local, address }: Address): MapAddress[] {
  const own = local ?? address;
  if (own === undefined || (header.family !== AF_INET && header.family !== AF_INET6)) return [];
  return [
    {
      family: header.family === AF_INET ? 'inet' : 'inet6',
      address: own,
      prefixLength: header.prefixlen,
      peer: address === own ? undefined : address,
      scope: SCOPES[header.scope] ?? 'other',
    },
  ];
}

function byFamily(one: MapAddress, other: MapAddress): number {
  return one.family === other.family ? compare(one.address, other.address) : one.family === 'inet' ? -1 : 1;
}

function peerOf({ relation, namespace, nsid, index, device }: Peer): MapPeer {
  return { relation, namespace: namespace?.label, nsid, index, device: device && nameOf(device.link) };
}
