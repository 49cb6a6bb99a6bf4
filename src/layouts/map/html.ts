/**
 * A map as a page: the picture, a search, and lists of all devices. One file that needs no network; its policy lets
 * nothing run but its own script, which only shows and hides. Its style and script are page.css and page.js.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { visible } from '../../wire/visible.ts';
import { escapeMarkup } from './markup.ts';
import {
  addressText,
  drawnAddresses,
  drawnDevices,
  type HostMap,
  type MapDetail,
  type MapDevice,
  type MapNamespace,
} from './model.ts';
import { MAP_STYLE, svgElement } from './svg.ts';
import { idNotes, namespaceNotes, peerText, processesText, UNICODE_SIGNS } from './words.ts';

/** A file next to this one; the build puts it next to the programs. */
function readAsset(name: string): string {
  return readFileSync(join(import.meta.dirname, name), 'utf8');
}

/** The page. `digest` gives the base64 of the SHA-256 of a text, by which the page's policy knows its parts. */
export function htmlText(map: HostMap, detail: MapDetail, digest: (text: string) => string): string {
  const style = readAsset('page.css') + MAP_STYLE;
  const script = readAsset('page.js');
  const policy = `default-src 'none'; style-src 'sha256-${digest(style)}'; script-src 'sha256-${digest(script)}'; base-uri 'none'; form-action 'none'`;
  const devices = map.namespaces.reduce((sum, namespace) => sum + drawnDevices(namespace, detail).length, 0);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>Map of network namespaces</title>
<style>${style}</style>
</head>
<body>
<header><h1>Network namespaces</h1><span class="count">${count(map.namespaces.length, 'namespace')}, ${count(devices, 'device')}</span><input type="search" placeholder="Find a name or address" aria-label="Find a name or address"></header>
<div class="picture">
${svgElement(map, detail)}
</div>
<div class="lists">
${map.namespaces.map(namespace => namespaceList(namespace, detail)).join('\n')}
${oddities(map)}</div>
<script>${script}</script>
</body>
</html>
`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function namespaceList(namespace: MapNamespace, detail: MapDetail): string {
  const { processes, problem } = namespace;
  const notes = [
    ...namespaceNotes(namespace),
    ...idNotes(namespace),
    ...namespace.paths.map(visible),
    ...(processes.length > 0 ? [`processes ${processesText(namespace)}`] : []),
    ...(problem === undefined ? [] : [`cannot be looked into: ${problem}`]),
  ];
  const rows = drawnDevices(namespace, detail).map(device => deviceRow(device, namespace.label, detail));
  const head = [
    'device',
    'kind',
    'state',
    'addresses',
    'master',
    'link address',
    'mtu',
    'other end or below',
  ];
  const body =
    rows.length === 0
      ? '<p>only loopback</p>'
      : `<div class="scroll"><table><thead><tr>${head.map(title => `<th>${title}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
  const noteText = notes.length === 0 ? '' : ` <span class="notes">${escapeMarkup(notes.join(', '))}</span>`;
  return `<details><summary>${escapeMarkup(visible(namespace.label))}${noteText}</summary>${problem === undefined ? body : ''}</details>`;
}

function deviceRow(device: MapDevice, own: string, detail: MapDetail): string {
  const { name, kind = '', status, master = '', hardwareAddress = '', mtu, peer } = device;
  const cells = [
    visible(name),
    visible(kind),
    status,
    drawnAddresses(device, detail).map(addressText).join('\n'),
    visible(master),
    hardwareAddress,
    mtu === undefined ? '' : String(mtu),
    peer === undefined ? '' : peerText(peer, own, UNICODE_SIGNS),
  ];
  return `<tr>${cells.map(text => `<td>${escapeMarkup(text)}</td>`).join('')}</tr>`;
}

function oddities({ stale, unreadable, hiddenProcesses }: HostMap): string {
  const items = [
    ...stale.map(({ path, reason }) => `stale: ${visible(path)}, ${reason}`),
    ...unreadable.map(({ path, reason }) => `unreadable: ${visible(path)}, ${reason}`),
    ...(hiddenProcesses > 0 ? [`hidden: namespaces of ${hiddenProcesses} processes`] : []),
  ];
  return items.length === 0
    ? ''
    : `<ul>${items.map(item => `<li>${escapeMarkup(item)}</li>`).join('')}</ul>\n`;
}
