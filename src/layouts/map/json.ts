/** A map for programs: one object. Its shape is described in tsip-map(8). */
import type { Datum, Output } from '../../schema/output.ts';
import type { HostMap, MapAddress, MapDevice, MapNamespace } from './model.ts';

/** A value as JSON.stringify takes it; members that are undefined are left out. */
type Value = Datum | undefined | readonly Value[] | { readonly [key: string]: Value };

/** Prints the map as one object; all of it, whatever a picture would leave out. */
export function showJson(map: HostMap, out: Output): void {
  const { namespaces, stale, unreadable, hiddenProcesses } = map;
  showMembers(out, undefined, {
    namespaces: namespaces.map(namespaceValue),
    stale: stale.map(({ path, reason }) => ({ path, reason })),
    unreadable: unreadable.map(({ path, reason }) => ({ path, reason })),
    hidden_processes: hiddenProcesses,
  });
}

function namespaceValue(namespace: MapNamespace): Value {
  const { label, isCurrent, names, paths, nsid, inode, owner, containers, processes, problem, devices } =
    namespace;
  return {
    label,
    current: isCurrent,
    names,
    paths,
    nsid,
    inode,
    owner: owner && { user_namespace: owner.userNamespace, uid: owner.uid },
    containers: containers.map(({ runtime, id }) => ({ runtime, id })),
    processes: processes.map(({ pid, thread, command }) => ({ pid, thread, command })),
    problem,
    links: devices.map(deviceValue),
  };
}

function deviceValue(device: MapDevice): Value {
  const { name, index, kind, status, operationState, mtu, hardwareAddress, alias, alternativeNames } = device;
  const { master, addresses, peer, uppers } = device;
  return {
    ifindex: index,
    ifname: name,
    kind,
    status,
    operstate: operationState,
    mtu,
    address: hardwareAddress,
    ifalias: alias,
    altnames: alternativeNames,
    master,
    addr_info: addresses.map(addressValue),
    peer: peer && {
      relation: peer.relation,
      namespace: peer.namespace,
      netnsid: peer.nsid,
      ifindex: peer.index,
      ifname: peer.device,
    },
    uppers: uppers.map(({ namespace, device: ifname }) => ({ namespace, ifname })),
  };
}

function addressValue({ family, address, prefixLength, peer, scope }: MapAddress): Value {
  return { family, local: address, address: peer, prefixlen: prefixLength, scope };
}

function showMembers(out: Output, key: string | undefined, members: Readonly<Record<string, Value>>): void {
  out.open(key);
  for (const [name, value] of Object.entries(members)) if (value !== undefined) showValue(out, name, value);
  out.close();
}

function showValue(out: Output, key: string | undefined, value: Value): void {
  if (Array.isArray(value)) {
    out.list(key);
    for (const item of value as readonly Value[]) {
      if (isScalar(item)) out.item(item, '');
      else showValue(out, undefined, item);
    }
    out.end();
  } else if (!isScalar(value)) showMembers(out, key, value as Readonly<Record<string, Value>>);
  else if (key !== undefined) out.data(key, value);
}

function isScalar(value: Value): value is Datum {
  return value === null || (typeof value !== 'object' && value !== undefined);
}
