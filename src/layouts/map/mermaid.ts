/** A map for Mermaid, as Markdown viewers draw it: a flowchart with a subgraph for each namespace. Source: mermaid.js.org/syntax/flowchart.html. */
import { visible } from '../../wire/visible.ts';
import { connectionsOf } from './connections.ts';
import { deviceIds } from './ids.ts';
import {
  addressText,
  drawnAddresses,
  drawnDevices,
  type HostMap,
  type MapDetail,
  type MapDevice,
} from './model.ts';
import { namespaceNotes, peerText, processesText, UNICODE_SIGNS } from './words.ts';

/** The text of a flowchart. */
export function mermaidText(map: HostMap, detail: MapDetail): string {
  const ids = deviceIds(map, detail);
  const lines = ['flowchart LR'];
  const down: string[] = [];
  for (const [at, namespace] of map.namespaces.entries()) {
    const notes = [
      ...namespaceNotes(namespace),
      ...(namespace.processes.length > 0 ? [processesText(namespace)] : []),
    ];
    const title =
      notes.length === 0 ? [visible(namespace.label)] : [visible(namespace.label), notes.join(', ')];
    lines.push(`  subgraph n${at}[${quoted(title)}]`);
    const devices = drawnDevices(namespace, detail);
    for (const device of devices) {
      const { peer } = device;
      const elsewhere =
        peer === undefined || ids.isConnected(device) ? [] : [peerText(peer, namespace.label, UNICODE_SIGNS)];
      lines.push(`    ${ids.of(device)}[${quoted([...nodeLines(device, detail), ...elsewhere])}]`);
      if (device.status !== 'up') down.push(ids.of(device)!);
    }
    if (devices.length === 0) lines.push(`    n${at}x[${quoted([namespace.problem ?? 'only loopback'])}]`);
    for (const [port, master] of ids.masters(namespace)) lines.push(`    ${master} --- ${port}`);
    lines.push('  end');
  }
  for (const { relation, from, to, isUp } of connectionsOf(map)) {
    const ends = [ids.of(from.device), ids.of(to.device)];
    if (ends.includes(undefined)) continue;
    const line = relation === 'lower' ? '-.->' : '<-->';
    lines.push(`  ${ends[0]} ${line}${isUp ? '' : '|not up|'} ${ends[1]}`);
  }
  if (down.length > 0)
    lines.push('  classDef down stroke-dasharray:4 3,stroke:#a40e26', `  class ${down.join(',')} down`);
  return `${lines.join('\n')}\n`;
}

function nodeLines(device: MapDevice, detail: MapDetail): string[] {
  const { name, kind, status } = device;
  return [
    visible(name),
    `${kind === undefined ? '' : `${visible(kind)}, `}${status}`,
    ...drawnAddresses(device, detail).map(addressText),
  ];
}

/** A quoted string of lines. Everything that Mermaid, Markdown or HTML could take for its own is spelt by its number. */
function quoted(lines: readonly string[]): string {
  const escaped = lines.map(line =>
    line.replace(/[^\p{L}\p{N} ,.:()⇄↧/-]/gu, character => `#${character.codePointAt(0)};`),
  );
  return `"${escaped.join('<br/>')}"`;
}
