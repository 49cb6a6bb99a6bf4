/**
 * A map as a page: the picture, a search, and lists of all devices. One file that needs no network; its policy lets
 * nothing run but its own script, which only shows and hides.
 */
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

const STYLE = `
:root{color-scheme:light dark}
body{margin:0;font:15px/1.5 system-ui,sans-serif;background:#fff;color:#1f2328}
header{display:flex;flex-wrap:wrap;gap:8px 20px;align-items:baseline;padding:14px 20px 6px;position:sticky;top:0;background:inherit}
h1{font-size:19px;margin:0}
.count{color:#57606a}
input{font:inherit;padding:3px 9px;border:1px solid #8c959f;border-radius:6px;background:transparent;color:inherit;margin-left:auto;min-width:16em}
.picture{overflow:auto}
.picture svg{display:block}
.lists{padding:6px 20px 30px}
details{margin:6px 0}
summary{cursor:pointer;font-weight:600}
summary .notes{font-weight:400;color:#57606a}
.scroll{overflow:auto}
table{border-collapse:collapse;margin:6px 0 12px;font:13px/1.5 ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace}
th,td{text-align:left;padding:2px 18px 2px 0;vertical-align:top;white-space:pre}
th{font-weight:600;color:#57606a}
tr.found td{background:#fff3b0}
.map.searching .namespace,.map.searching .wire,.map.pointing .wire{opacity:.22}
.map .namespace.found,.map .wire.found,.map .wire.lit{opacity:1}
.map .device.lit .row{fill:var(--border);fill-opacity:.35}
.map .wire.lit .line{stroke-width:3.4}
@media(prefers-color-scheme:dark){
body{background:#0d1117;color:#e6edf3}
.count,th,summary .notes{color:#9aa5b1}
input{border-color:#6e7681}
tr.found td{background:#4d3f00}
}
@media print{header{position:static}input{display:none}}
`;

/** Its state is the page's only: nothing is fetched or stored. */
const SCRIPT = `
const map = document.querySelector('.map');
const wires = [...map.querySelectorAll('.wire[data-ends]')];
const byId = id => document.getElementById(id);
const ends = wire => wire.dataset.ends.split(' ').map(byId);
function light(lit) {
  for (const one of map.querySelectorAll('.lit')) one.classList.remove('lit');
  map.classList.toggle('pointing', lit.length > 0);
  for (const wire of lit) for (const one of [wire, ...ends(wire)]) one.classList.add('lit');
}
map.addEventListener('pointerover', event => {
  const wire = event.target.closest('.wire[data-ends]');
  const device = event.target.closest('.device');
  light(wire ? [wire] : device ? wires.filter(one => ends(one).includes(device)) : []);
});
map.addEventListener('pointerleave', () => light([]));
const search = document.querySelector('input');
search.addEventListener('input', () => {
  const word = search.value.trim().toLowerCase();
  map.classList.toggle('searching', word !== '');
  const has = one => word !== '' && one.textContent.toLowerCase().includes(word);
  for (const one of map.querySelectorAll('.namespace')) one.classList.toggle('found', has(one));
  for (const wire of wires) wire.classList.toggle('found', word !== '' && ends(wire).every(end => end.closest('.namespace').classList.contains('found')));
  for (const row of document.querySelectorAll('tbody tr')) row.classList.toggle('found', has(row));
  for (const list of document.querySelectorAll('details')) if (word !== '') list.open = has(list);
});
document.documentElement.dataset.ready = 'true';
`;

/** The page. `digest` gives the base64 of the SHA-256 of a text, by which the page's policy knows its parts. */
export function htmlText(map: HostMap, detail: MapDetail, digest: (text: string) => string): string {
  const style = STYLE + MAP_STYLE;
  const policy = `default-src 'none'; style-src 'sha256-${digest(style)}'; script-src 'sha256-${digest(SCRIPT)}'; base-uri 'none'; form-action 'none'`;
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
<script>${SCRIPT}</script>
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
