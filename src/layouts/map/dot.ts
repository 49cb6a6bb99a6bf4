/** A map for Graphviz: a cluster for each namespace, a node for each device. Source: graphviz.org/doc/info/lang.html. */
import { columnsOf } from '../../wire/columns.ts';
import { visible } from '../../wire/visible.ts';
import { connectionsOf } from './connections.ts';
import { type DeviceIds, deviceIds } from './ids.ts';
import {
  addressText,
  drawnAddresses,
  drawnDevices,
  type HostMap,
  type MapDetail,
  type MapDevice,
  type MapNamespace,
} from './model.ts';
import { namespaceNotes, peerText, processesText, UNICODE_SIGNS } from './words.ts';

/** The text of a graph; `dot -Tsvg` and `fdp -Tpng` draw it. */
export function dotText(map: HostMap, detail: MapDetail): string {
  const ids = deviceIds(map, detail);
  const lines = [
    'graph "network namespaces" {',
    '  graph [rankdir=LR, fontname="monospace", compound=true]',
    '  node [shape=box, style=rounded, fontname="monospace", fontsize=11]',
    '  edge [fontname="monospace", fontsize=10]',
  ];
  for (const [at, namespace] of map.namespaces.entries()) {
    lines.push(`  subgraph cluster_n${at} {`, `    label=${quoted(titleOf(namespace))}`);
    const devices = drawnDevices(namespace, detail);
    for (const device of devices)
      lines.push(`    ${ids.of(device)} [${nodeOf(device, namespace, detail, ids)}]`);
    // A cluster without nodes is not drawn.
    if (devices.length === 0)
      lines.push(`    n${at} [label=${quoted(emptyText(namespace))}, shape=plaintext]`);
    for (const [port, master] of ids.masters(namespace))
      lines.push(`    ${master} -- ${port} [style=bold, color=gray40]`);
    lines.push('  }');
  }
  for (const { relation, from, to, isUp } of connectionsOf(map)) {
    const ends = [ids.of(from.device), ids.of(to.device)];
    if (ends.includes(undefined)) continue;
    const style = relation === 'lower' ? 'dashed' : 'solid';
    const state = isUp ? 'color="#1a7f37"' : 'color="#a40e26", label="not up"';
    lines.push(`  ${ends.join(' -- ')} [style=${style}, ${state}]`);
  }
  return `${lines.join('\n')}\n}\n`;
}

function titleOf(namespace: MapNamespace): string[] {
  const notes = namespaceNotes(namespace);
  return [
    visible(namespace.label),
    ...(notes.length === 0 ? [] : [notes.join(', ')]),
    ...(namespace.processes.length === 0 ? [] : [processesText(namespace)]),
  ];
}

function emptyText({ problem }: MapNamespace): string[] {
  return [problem ?? 'only loopback'];
}

function nodeOf(device: MapDevice, own: MapNamespace, detail: MapDetail, ids: DeviceIds): string {
  const { name, kind, status, peer } = device;
  const text = [
    visible(name),
    `${kind === undefined ? '' : `${visible(kind)}, `}${status}`,
    ...drawnAddresses(device, detail).map(addressText),
    ...(peer === undefined || ids.isConnected(device) ? [] : [peerText(peer, own.label, UNICODE_SIGNS)]),
  ];
  const width = Math.max(...text.map(columnsOf));
  const colour = status === 'up' ? '#1a7f37' : '#a40e26';
  return `label=${quoted(text)}, color="${colour}"${status === 'up' ? '' : ', style="rounded,dashed"'}, width=${(width / 11).toFixed(2)}`;
}

/** A quoted string of lines. Graphviz reads backslashes as escapes, and entities of HTML. */
function quoted(lines: readonly string[]): string {
  const escaped = lines.map(line =>
    line.replaceAll('&', '&amp;').replaceAll('\\', '\\\\').replaceAll('"', '\\"'),
  );
  return `"${escaped.join('\\n')}"`;
}
