/**
 * The card of a namespace in a picture: lines of text and where they stand, in pixels. Text is in a fixed-width font,
 * so that its width is known without a browser; the width reckoned for a column is a little more than fonts take.
 */
import { columnsOf, shortened } from '../../wire/columns.ts';
import { visible } from '../../wire/visible.ts';
import type { DeviceIds } from './ids.ts';
import {
  addressText,
  type DeviceTree,
  deviceTrees,
  drawnAddresses,
  drawnDevices,
  type MapDetail,
  type MapDevice,
  type MapNamespace,
} from './model.ts';
import { namespaceNotes, peerText, processesText, UNICODE_SIGNS } from './words.ts';

/** Font sizes, and the width of a column in each. */
export const SIZES = { title: 14, name: 13, small: 11.5 } as const;
const COLUMN_PER_SIZE = 0.62;
const PADDING = 12;
const TITLE_HEIGHT = 26;
const NOTE_HEIGHT = 16;
const NAME_HEIGHT = 20;
const ADDRESS_HEIGHT = 15;
const GROUP_GAP = 6;
const INDENT = 16;
/** Room for the mark of a device's state, and between words. */
const MARK_WIDTH = 16;
const WORD_GAP = 8;
const COLUMN_GAP = 20;
const MIN_WIDTH = 110;
/** Notes are broken into lines of so many columns. */
const NOTE_COLUMNS = 44;
/** What is longer is cut; the tooltip has all of it. */
const TITLE_COLUMNS = 40;
const PEER_COLUMNS = 50;

/** A piece of text at the baseline `y`. */
export interface CardText {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly role: 'title' | 'note' | 'name' | 'kind' | 'address' | 'peer' | 'problem';
}

/** A device in a card. `y` is the middle of its first line; `top` and `bottom` bound what belongs to it alone. */
export interface CardDevice {
  readonly device: MapDevice;
  readonly x: number;
  readonly y: number;
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
  readonly texts: readonly CardText[];
  /** The middle of the line of its master, where that is above it. */
  readonly masterAt: { readonly x: number; readonly y: number } | undefined;
}

export interface Card {
  readonly namespace: MapNamespace;
  readonly width: number;
  readonly height: number;
  readonly texts: readonly CardText[];
  readonly devices: readonly CardDevice[];
}

/** Devices that hang together, as a bridge and its ports: they are never torn apart. */
export interface Group {
  readonly tree: DeviceTree;
  readonly devices: readonly MapDevice[];
}

export function groupsOf(namespace: MapNamespace, detail: MapDetail): readonly Group[] {
  return deviceTrees(drawnDevices(namespace, detail)).map(tree => ({ tree, devices: flatten(tree) }));
}

function flatten({ device, ports }: DeviceTree): MapDevice[] {
  return [device, ...ports.flatMap(flatten)];
}

/** Lays out a card whose groups stand in the given columns, left to right. */
export function layCard(
  namespace: MapNamespace,
  columns: readonly (readonly Group[])[],
  detail: MapDetail,
  ids: DeviceIds,
): Card {
  const texts: CardText[] = [];
  const devices: CardDevice[] = [];
  let y = PADDING + SIZES.title;
  texts.push({ x: PADDING, y, text: shortened(visible(namespace.label), TITLE_COLUMNS), role: 'title' });
  y += TITLE_HEIGHT - SIZES.title;
  const hasDevices = columns.some(groups => groups.length > 0);
  for (const { text, role } of notesOf(namespace, hasDevices)) {
    texts.push({ x: PADDING, y: y + NOTE_HEIGHT - 7, text, role });
    y += NOTE_HEIGHT;
  }
  const top = y;
  let height = y;
  let x = PADDING;
  for (const groups of columns.filter(column => column.length > 0)) {
    const column: CardDevice[] = [];
    let at = top;
    for (const [index, { tree }] of groups.entries()) {
      if (index > 0) at += GROUP_GAP;
      at = layTree(tree, x, at, undefined, namespace, detail, ids, column);
    }
    const right = Math.max(...column.flatMap(device => device.texts.map(endOf)), x + MIN_WIDTH - 2 * PADDING);
    devices.push(...column.map(device => ({ ...device, left: x - PADDING, right: right + PADDING })));
    height = Math.max(height, at);
    x = right + COLUMN_GAP;
  }
  const width = Math.ceil(Math.max(x - COLUMN_GAP, ...texts.map(endOf), MIN_WIDTH - PADDING) + PADDING);
  // The last column reaches to the edge of the card, however long its title is.
  const last = Math.max(...devices.map(({ right }) => right));
  return {
    namespace,
    width,
    height: Math.ceil(height + PADDING - 2),
    texts,
    devices: devices.map(device => (device.right === last ? { ...device, right: width } : device)),
  };
}

/** The card made wider, to stand in a column with others. */
export function widened(card: Card, width: number): Card {
  const devices = card.devices.map(device =>
    device.right === card.width ? { ...device, right: width } : device,
  );
  return { ...card, width, devices };
}

function notesOf(namespace: MapNamespace, hasDevices: boolean): Pick<CardText, 'text' | 'role'>[] {
  const { problem, processes } = namespace;
  const notes = [
    ...namespaceNotes(namespace),
    ...(processes.length > 0 ? processesText(namespace).split(', ') : []),
  ];
  return [
    ...wrapped(notes).map(text => ({ text, role: 'note' as const })),
    ...(problem === undefined
      ? []
      : wrapped(problem.split(' '), ' ').map(text => ({ text, role: 'problem' as const }))),
    ...(problem === undefined && !hasDevices ? [{ text: 'only loopback', role: 'note' as const }] : []),
  ];
}

/** Joins words to lines of a moderate length. */
function wrapped(words: readonly string[], separator = ', '): string[] {
  const lines: string[] = [];
  for (const whole of words) {
    const word = shortened(whole, NOTE_COLUMNS);
    const line = lines.at(-1);
    if (line !== undefined && columnsOf(line + separator + word) <= NOTE_COLUMNS)
      lines[lines.length - 1] = line + separator + word;
    else lines.push(word);
  }
  return lines;
}

/** Lays out a device and those below it; answers where it ends. */
function layTree(
  { device, ports }: DeviceTree,
  x: number,
  top: number,
  masterAt: CardDevice['masterAt'],
  namespace: MapNamespace,
  detail: MapDetail,
  ids: DeviceIds,
  into: CardDevice[],
): number {
  const middle = top + NAME_HEIGHT / 2;
  const baseline = middle + 4.5;
  const texts: CardText[] = [];
  let at = x + MARK_WIDTH;
  const add = (text: string, role: CardText['role']) => {
    texts.push({ x: at, y: baseline, text, role });
    at = endOf(texts.at(-1)!) + WORD_GAP;
  };
  add(visible(device.name), 'name');
  const words = [
    device.kind === undefined ? '' : visible(device.kind),
    device.status === 'up' ? '' : device.status,
  ];
  const kind = words.filter(word => word !== '').join(', ');
  if (kind !== '') add(kind, 'kind');
  if (device.peer !== undefined && !isDrawn(device, namespace, ids))
    add(shortened(peerText(device.peer, namespace.label, UNICODE_SIGNS), PEER_COLUMNS), 'peer');
  let bottom = top + NAME_HEIGHT;
  for (const address of drawnAddresses(device, detail)) {
    texts.push({
      x: x + MARK_WIDTH,
      y: bottom + ADDRESS_HEIGHT - 4,
      text: addressText(address),
      role: 'address',
    });
    bottom += ADDRESS_HEIGHT;
  }
  into.push({ device, x, y: middle, top, bottom, left: 0, right: 0, texts, masterAt });
  let end = bottom;
  for (const port of ports)
    end = layTree(port, x + INDENT, end, { x: x + 4, y: middle }, namespace, detail, ids, into);
  return end;
}

/** Whether a line shows the peer: within one card none is drawn. */
function isDrawn(device: MapDevice, namespace: MapNamespace, ids: DeviceIds): boolean {
  return device.peer?.namespace !== namespace.label && ids.isConnected(device);
}

/** Where a text ends. Fonts without a character take another font's, which may be wider. */
export function endOf({ x, text, role }: CardText): number {
  const size = role === 'title' ? SIZES.title : role === 'name' ? SIZES.name : SIZES.small;
  let columns = columnsOf(text);
  for (const character of text) if (character > '~' && columnsOf(character) === 1) columns += 0.7;
  return x + columns * size * COLUMN_PER_SIZE;
}
