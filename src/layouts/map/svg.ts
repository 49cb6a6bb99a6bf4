/**
 * A map as an SVG picture. Its colours follow the reader's preference for light or dark; what they say is also said by
 * shapes: a filled or a hollow mark, a solid or a dashed line, a cross on a connection that is not up.
 */

import { visible } from '../../wire/visible.ts';
import { type CardDevice, type CardText, SIZES } from './card.ts';
import { escapeMarkup } from './markup.ts';
import type { HostMap, MapDetail } from './model.ts';
import { type PlacedCard, type PlacedConnection, type Placement, placeMap } from './placement.ts';
import { deviceFacts, idNotes, namespaceNotes, UNICODE_SIGNS } from './words.ts';

const LEGEND_HEIGHT = 34;
const MARK_RADIUS = 4.5;
const LIGHT = {
  page: '#ffffff',
  card: '#f6f8fa',
  current: '#ddf4ff',
  border: '#b6bec8',
  text: '#1f2328',
  muted: '#57606a',
  address: '#0a53a8',
  up: '#1a7f37',
  down: '#c01c28',
};
const DARK: typeof LIGHT = {
  page: '#0d1117',
  card: '#161b22',
  current: '#0c2d48',
  border: '#4a535e',
  text: '#e6edf3',
  muted: '#9aa5b1',
  address: '#79b8ff',
  up: '#3fb950',
  down: '#ff7b72',
};

/** A declaration that names a colour. */
const COLOUR = /([\w-]+):--(\w+)/g;

/** Rules with the colours of {@link LIGHT} by their names, as `--up`. */
const RULES = `
.map{font-family:ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,'Liberation Mono',monospace}
.map text{white-space:pre;fill:--text}
.map .page{fill:--page}
.map .card{fill:--card;stroke:--border;stroke-width:1}
.map .current .card{fill:--current}
.map .title{font-size:${SIZES.title}px;font-weight:700}
.map .name{font-size:${SIZES.name}px}
.map .note,.map .kind,.map .peer,.map .address,.map .problem{font-size:${SIZES.small}px}
.map .note,.map .kind,.map .peer{fill:--muted}
.map .address{fill:--address}
.map .problem{fill:--down}
.map .mark{stroke-width:1.6}
.map .up .mark{fill:--up;stroke:--up}
.map .down .mark{fill:none;stroke:--down}
.map .tree{fill:none;stroke:--border;stroke-width:1.2}
.map .row{fill:transparent}
.map .wire{fill:none;stroke-width:1.8}
.map .wire.up .line{stroke:--up}
.map .wire.down .line,.map .wire .cross{stroke:--down}
.map .wire.lower .line{stroke-dasharray:6 4}
.map .wire.down .line{stroke-width:1.2}
.map .wire .near{stroke:transparent;stroke-width:12}
.map .wire:hover .line{stroke-width:3.4}
`;

/**
 * The rules for a picture, alone or in a page. Each colour is there twice: plainly, for renderers that do not know CSS
 * variables, then as a variable that follows the reader's preference for light or dark.
 */
export const MAP_STYLE = `
.map{${variables(LIGHT)}}
@media(prefers-color-scheme:dark){.map{${variables(DARK)}}}${RULES.replace(COLOUR, plainAndVariable)}`;

function plainAndVariable(_rule: string, property: string, name: string): string {
  return `${property}:${LIGHT[name as keyof typeof LIGHT]};${property}:var(--${name})`;
}

function variables(colours: Readonly<Record<string, string>>): string {
  return Object.entries(colours)
    .map(([name, value]) => `--${name}:${value};`)
    .join('');
}

/** The picture as a separate file. */
export function svgText(map: HostMap, detail: MapDetail): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svgElement(map, detail, MAP_STYLE)}\n`;
}

/** The element `svg`, with `style` inside if it is to stand alone. Elements carry ids: `n0` of namespaces, `d0` of devices. */
export function svgElement(map: HostMap, detail: MapDetail, style?: string): string {
  const placement = placeMap(map, detail);
  const width = Math.max(Math.ceil(placement.width), LEGEND_WIDTH);
  const height = Math.ceil(placement.height) + LEGEND_HEIGHT;
  const ids = idsOf(placement);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="map" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="group" aria-label="Map of network namespaces">`,
    ...(style === undefined ? [] : [`<style>${style}</style>`]),
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...placement.connections.map(placed => wireElement(placed, ids)),
    ...placement.cards.map(placed => cardElement(placed, detail, ids)),
    legend(height),
    '</svg>',
  ].join('\n');
}

type Ids = (thing: object) => string;

function idsOf({ cards }: Placement): Ids {
  const ids = new Map<object, string>();
  let devices = 0;
  for (const [at, { card }] of cards.entries()) {
    ids.set(card.namespace, `n${at}`);
    for (const { device } of card.devices) ids.set(device, `d${devices++}`);
  }
  return thing => ids.get(thing)!;
}

function cardElement({ card, x, y }: PlacedCard, detail: MapDetail, ids: Ids): string {
  const { namespace, width, height, texts, devices } = card;
  const facts = [
    visible(namespace.label),
    ...namespaceNotes(namespace),
    ...idNotes(namespace),
    ...namespace.paths.map(visible),
  ];
  return [
    `<g id="${ids(namespace)}" class="namespace${namespace.isCurrent ? ' current' : ''}" transform="translate(${round(x)} ${round(y)})">`,
    `<rect class="card" width="${width}" height="${height}" rx="8">${tooltip(facts)}</rect>`,
    ...texts.map(textElement),
    ...devices.map(device => deviceElement(device, namespace.label, detail, ids)),
    '</g>',
  ].join('\n');
}

function deviceElement(placed: CardDevice, namespace: string, detail: MapDetail, ids: Ids): string {
  const { device, x, y, top, bottom, left, right, texts, masterAt } = placed;
  const state = device.status === 'up' ? 'up' : 'down';
  const markX = x + MARK_RADIUS;
  return [
    `<g id="${ids(device)}" class="device ${state}">`,
    `<rect class="row" x="${round(left)}" y="${round(top)}" width="${round(right - left)}" height="${round(bottom - top)}"/>`,
    ...(masterAt === undefined
      ? []
      : [
          `<path class="tree" d="M${round(masterAt.x)} ${round(masterAt.y + 7)}V${round(y)}H${round(x - 1)}"/>`,
        ]),
    `<circle class="mark" cx="${round(markX)}" cy="${round(y)}" r="${device.status === 'up' ? MARK_RADIUS : MARK_RADIUS - 0.8}"/>`,
    ...(device.status === 'down' ? [`<path class="mark" d="M${round(markX - 2)} ${round(y)}h4"/>`] : []),
    ...texts.map(textElement),
    tooltip(deviceFacts(device, namespace, detail)),
    '</g>',
  ].join('');
}

function wireElement({ connection, start, end, reach }: PlacedConnection, ids: Ids): string {
  const { relation, isUp, from: first, to: second } = connection;
  const [one, other] = [round(start.x + reach[0]), round(end.x + reach[1])];
  const path = `M${round(start.x)} ${round(start.y)}C${one} ${round(start.y)} ${other} ${round(end.y)} ${round(end.x)} ${round(end.y)}`;
  const sign = UNICODE_SIGNS[relation];
  const facts = [
    `${visible(first.device.name)} in ${visible(first.namespace.label)} ${sign} ${visible(second.device.name)} in ${visible(second.namespace.label)}`,
    isUp ? 'up' : 'not up',
  ];
  // The curve at half its length.
  const middle = {
    x: (start.x + 3 * (start.x + reach[0]) + 3 * (end.x + reach[1]) + end.x) / 8,
    y: (start.y + end.y) / 2,
  };
  return [
    `<g class="wire ${relation} ${isUp ? 'up' : 'down'}" data-ends="${ids(first.device)} ${ids(second.device)}">`,
    `<path class="near" d="${path}"/>`,
    `<path class="line" d="${path}"/>`,
    ...(isUp
      ? []
      : [`<path class="cross" d="M${round(middle.x - 4)} ${round(middle.y - 4)}l8 8m0-8l-8 8"/>`]),
    tooltip(facts),
    '</g>',
  ].join('');
}

function textElement({ x, y, text, role }: CardText): string {
  return `<text class="${role}" x="${round(x)}" y="${round(y)}">${escapeMarkup(text)}</text>`;
}

function tooltip(lines: readonly string[]): string {
  return `<title>${escapeMarkup(lines.join('\n'))}</title>`;
}

const LEGEND: readonly { readonly sign: string; readonly text: string; readonly width: number }[] = [
  {
    sign: `<g class="up"><circle class="mark" cx="8" cy="0" r="${MARK_RADIUS}"/></g>`,
    text: 'up',
    width: 60,
  },
  {
    sign: `<g class="down"><circle class="mark" cx="8" cy="0" r="${MARK_RADIUS - 0.8}"/></g>`,
    text: 'no carrier',
    width: 116,
  },
  {
    sign: `<g class="down"><circle class="mark" cx="8" cy="0" r="${MARK_RADIUS - 0.8}"/><path class="mark" d="M6 0h4"/></g>`,
    text: 'down',
    width: 76,
  },
  { sign: '<g class="wire pair up"><path class="line" d="M-8 0H12"/></g>', text: 'pair', width: 84 },
  { sign: '<g class="wire lower up"><path class="line" d="M-8 0H12"/></g>', text: 'stacked on', width: 128 },
  {
    sign: '<g class="wire pair down"><path class="line" d="M-8 0H12"/><path class="cross" d="M-2 -4l8 8m0-8l-8 8"/></g>',
    text: 'not up',
    width: 80,
  },
];

const LEGEND_WIDTH = LEGEND.reduce((sum, { width }) => sum + width, 40);

function legend(height: number): string {
  let x = 20;
  const parts = LEGEND.map(({ sign, text, width }) => {
    const at = x;
    x += width;
    return `<g transform="translate(${at} ${height - 20})">${sign}<text class="note" x="20" y="4">${text}</text></g>`;
  });
  return `<g class="legend" aria-label="Legend">${parts.join('')}</g>`;
}

/** Coordinates need no more than a tenth of a pixel. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
