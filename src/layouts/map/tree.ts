/** A map as a tree of text: namespaces, their devices below them, ports below their bridges. */
import type { Output } from '../../schema/output.ts';
import { visible } from '../../wire/visible.ts';
import {
  addressText,
  type DeviceTree,
  deviceTrees,
  drawnAddresses,
  drawnDevices,
  type HostMap,
  type MapDetail,
  type MapNamespace,
} from './model.ts';
import {
  ASCII_SIGNS,
  idNotes,
  namespaceNotes,
  peerText,
  processesText,
  type Signs,
  UNICODE_SIGNS,
} from './words.ts';

interface Lines {
  readonly branch: string;
  readonly last: string;
  readonly down: string;
  readonly none: string;
  readonly signs: Signs;
}

const UNICODE: Lines = { branch: '├─ ', last: '└─ ', down: '│  ', none: '   ', signs: UNICODE_SIGNS };
const ASCII: Lines = { branch: '|- ', last: '`- ', down: '|  ', none: '   ', signs: ASCII_SIGNS };

/** Prints the tree. With `isAscii` the lines and signs are ASCII; names are as they are. */
export function showTree(map: HostMap, out: Output, detail: MapDetail, isAscii: boolean): void {
  const lines = isAscii ? ASCII : UNICODE;
  for (const namespace of map.namespaces) showNamespace(namespace, out, detail, lines);
  const oddities = [
    ...map.stale.map(({ path, reason }) => `stale: ${visible(path)}, ${reason}`),
    ...map.unreadable.map(({ path, reason }) => `unreadable: ${visible(path)}, ${reason}`),
    ...(map.hiddenProcesses > 0 ? [`hidden: namespaces of ${map.hiddenProcesses} processes`] : []),
  ];
  for (const line of oddities) out.text(`${line}\n`);
}

function showNamespace(namespace: MapNamespace, out: Output, detail: MapDetail, lines: Lines): void {
  out.text(visible(namespace.label), 'ifname');
  const notes = [...namespaceNotes(namespace), ...idNotes(namespace)];
  out.text(notes.length === 0 ? '\n' : `  (${notes.join(', ')})\n`);
  const trees = deviceTrees(drawnDevices(namespace, detail));
  const remarks = [
    ...(namespace.problem === undefined ? [] : [`cannot be looked into: ${namespace.problem}`]),
    ...(namespace.processes.length > 0 ? [`processes: ${processesText(namespace)}`] : []),
    ...(namespace.problem === undefined && trees.length === 0 ? ['only loopback'] : []),
  ];
  for (const [at, remark] of remarks.entries()) {
    const isLast = at === remarks.length - 1 && trees.length === 0;
    out.text(`${isLast ? lines.last : lines.branch}${remark}\n`);
  }
  showTrees(trees, '', namespace, out, detail, lines);
}

function showTrees(
  trees: readonly DeviceTree[],
  indent: string,
  namespace: MapNamespace,
  out: Output,
  detail: MapDetail,
  lines: Lines,
): void {
  for (const [at, tree] of trees.entries()) {
    const isLast = at === trees.length - 1;
    out.text(indent + (isLast ? lines.last : lines.branch));
    showDevice(tree, namespace, out, detail, lines);
    showTrees(tree.ports, indent + (isLast ? lines.none : lines.down), namespace, out, detail, lines);
  }
}

function showDevice(
  { device }: DeviceTree,
  namespace: MapNamespace,
  out: Output,
  detail: MapDetail,
  { signs }: Lines,
): void {
  const { name, kind, status, peer, master } = device;
  out.text(visible(name), 'ifname');
  if (kind !== undefined) out.text(`  ${visible(kind)}`);
  out.text('  ');
  out.text(status, status === 'up' ? 'up' : 'down');
  // A master that is not drawn here has no port below it.
  if (master !== undefined && !namespace.devices.some(other => other.name === master))
    out.text(`  master ${visible(master)}`);
  for (const address of drawnAddresses(device, detail)) {
    out.text('  ');
    out.text(addressText(address), address.family);
  }
  if (peer !== undefined) out.text(`  ${peerText(peer, namespace.label, signs)}`);
  out.text('\n');
}
