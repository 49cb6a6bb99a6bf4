/**
 * Where the cards of a picture stand and how their connections run. Namespaces that hang together are laid out as a
 * tree: the one with most neighbours in the middle, those joined to it in columns to its left and right, those joined
 * to them further out. So a connection only ever crosses the channel between two columns, never a card.
 */
import { type Card, widened } from './card.ts';
import type { Connection } from './connections.ts';
import { type Node, placeHeights } from './heights.ts';
import type { HostMap, MapDetail, MapDevice, MapNamespace } from './model.ts';
import { Plan } from './plan.ts';
import { CARD_GAP, chooseSides, middleOf, type Side } from './sides.ts';

export interface PlacedCard {
  readonly card: Card;
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedConnection {
  readonly connection: Connection;
  /** At the edges of the two cards. */
  readonly start: Point;
  readonly end: Point;
  /** How far the curve reaches out sideways at both ends; negative to the left. */
  readonly reach: readonly [number, number];
}

export interface Placement {
  readonly cards: readonly PlacedCard[];
  readonly connections: readonly PlacedConnection[];
  readonly width: number;
  readonly height: number;
}

const MARGIN = 20;
const COMPONENT_GAP = 36;
const MIN_CHANNEL = 90;
const MAX_CHANNEL = 240;
/** So much wider than the middle one of its column, a card is wide by itself. */
const WIDE = 1.3;
/** Rows, of what hangs together and of cards that hang together with nothing, are at least this wide. */
const MIN_ROW = 900;

/** Lays out the whole map. */
export function placeMap(map: HostMap, detail: MapDetail): Placement {
  const plan = new Plan(map, detail);
  const cards: PlacedCard[] = [];
  const connections: PlacedConnection[] = [];
  const components = plan.components
    .filter(({ length }) => length > 1)
    .map(component => placeComponent(component, plan, MARGIN));
  const width = rowOf(components);
  let [x, y, bottom] = [0, 0, MARGIN];
  for (const component of components) {
    // Small ones stand next to each other.
    if (x > 0 && x + component.width > width) [x, y] = [0, bottom + COMPONENT_GAP - MARGIN];
    cards.push(...component.cards.map(placed => ({ ...placed, x: placed.x + x, y: placed.y + y })));
    connections.push(...component.connections.map(placed => shifted(placed, x, y)));
    x += component.width - MARGIN + COMPONENT_GAP;
    bottom = Math.max(bottom, y + component.height);
  }
  y = components.length === 0 ? MARGIN : bottom + COMPONENT_GAP;
  const singles = plan.components.filter(({ length }) => length === 1).map(([only]) => plan.card(only!));
  const rows = placeRows(singles, y, width);
  const all = [...cards, ...rows];
  return {
    cards: all,
    connections,
    width: Math.max(0, ...all.map(({ x, card }) => x + card.width), ...connections.map(rightmost)) + MARGIN,
    height: Math.max(0, ...all.map(({ y: top, card }) => top + card.height)) + MARGIN,
  };
}

/** How wide rows of components may be: a picture of many is about as wide as it is high. */
function rowOf(components: readonly Placement[]): number {
  const area = components.reduce((sum, { width, height }) => sum + width * height, 0);
  return Math.max(MIN_ROW, Math.sqrt(area) * 1.3, ...components.map(({ width }) => width));
}

function rightmost({ start, end, reach }: PlacedConnection): number {
  return Math.max(start.x + Math.max(0, reach[0]), end.x + Math.max(0, reach[1]));
}

function placeComponent(component: readonly MapNamespace[], plan: Plan, top: number): Placement {
  const root = middleOf(component, plan);
  const { columns, sides } = chooseSides(root, plan);
  const rootNode: Node = {
    namespace: root,
    side: 0,
    depth: 0,
    card: plan.card(root, columns),
    children: [],
    x: 0,
    y: 0,
  };
  const nodes = growTree(rootNode, sides, plan);
  placeColumns(nodes, rootNode, plan);
  placeHeights(rootNode, nodes, plan, top);
  const left = Math.min(...nodes.map(({ x }) => x));
  for (const node of nodes) node.x += MARGIN - left;
  const byNamespace = new Map(nodes.map(node => [node.namespace, node]));
  const connections = nodes.flatMap(node =>
    plan
      .links(node.namespace)
      .filter(({ connection }) => connection.from.namespace === node.namespace)
      .map(({ connection }) => placeConnection(connection, byNamespace)),
  );
  const shift = Math.max(0, MARGIN - Math.min(...connections.map(leftmost), MARGIN));
  return {
    cards: nodes.map(({ card, x, y }) => ({ card, x: x + shift, y })),
    connections: connections.map(placed => shifted(placed, shift)),
    width: Math.max(...nodes.map(({ x, card }) => x + card.width), ...connections.map(rightmost)) + shift,
    height: Math.max(...nodes.map(({ y, card }) => y + card.height)),
  };
}

function leftmost({ start, end, reach: [one, other] }: PlacedConnection): number {
  return Math.min(start.x + Math.min(0, one), end.x + Math.min(0, other));
}

function shifted(placed: PlacedConnection, right: number, down = 0): PlacedConnection {
  const move = ({ x, y }: Point) => ({ x: x + right, y: y + down });
  return { ...placed, start: move(placed.start), end: move(placed.end) };
}

/** Hangs every namespace of the component on the one that it is first reached from; answers all nodes. */
function growTree(root: Node, sides: ReadonlyMap<MapNamespace, Side>, plan: Plan): Node[] {
  const nodes = [root];
  const seen = new Set([root.namespace]);
  for (let at = 0; at < nodes.length; at++) {
    const parent = nodes[at]!;
    const order = parent.card.devices.map(({ device }) => device);
    // Columns may have put the devices of the middle into another order.
    const next = [...plan.links(parent.namespace)].sort(
      (one, other) => order.indexOf(one.own) - order.indexOf(other.own),
    );
    for (const { other } of next) {
      if (seen.has(other)) continue;
      seen.add(other);
      const side = parent.side === 0 ? (sides.get(other) ?? 1) : parent.side;
      const card = plan.card(other);
      const node: Node = { namespace: other, side, depth: parent.depth + 1, card, children: [], x: 0, y: 0 };
      parent.children.push(node);
      nodes.push(node);
    }
  }
  return nodes;
}

/** Sets `x`: columns outwards from the middle. */
function placeColumns(nodes: readonly Node[], root: Node, plan: Plan): void {
  for (const side of [-1, 1] as const) {
    let edge = side === 1 ? root.card.width : 0;
    for (let depth = 1; ; depth++) {
      const column = nodes.filter(node => node.side === side && node.depth === depth);
      if (column.length === 0) break;
      edge += side * channelOf(column);
      const width = widthOf(column, plan);
      for (const node of column) {
        node.card = widened(node.card, Math.max(node.card.width, width));
        node.x = side === 1 ? edge : edge - node.card.width;
      }
      edge += side * Math.max(...column.map(({ card }) => card.width));
    }
  }
}

/**
 * The width of most cards of a column: that of the widest, unless it is far wider than the middle one. Where lines leave a
 * column outwards all cards are as wide as the widest, so that no line meets one.
 */
function widthOf(column: readonly Node[], plan: Plan): number {
  const widths = column.map(({ card }) => card.width).sort((one, other) => one - other);
  const widest = widths.at(-1)!;
  const own = new Set(column.map(({ namespace }) => namespace));
  const leadsOutwards = column.some(
    ({ namespace, children }) =>
      children.length > 0 || plan.links(namespace).some(({ other }) => own.has(other)),
  );
  const usual = widths[Math.floor(widths.length / 2)]! * WIDE;
  if (leadsOutwards || widest <= usual) return widest;
  return Math.max(...widths.filter(width => width <= usual));
}

/** The more cards a column has, the further the curves to it spread. */
function channelOf(column: readonly Node[]): number {
  return Math.min(MAX_CHANNEL, MIN_CHANNEL + 11 * (column.length - 1));
}

function placeConnection(
  connection: Connection,
  byNamespace: ReadonlyMap<MapNamespace, Node>,
): PlacedConnection {
  const [from, to] = [byNamespace.get(connection.from.namespace)!, byNamespace.get(connection.to.namespace)!];
  const [leaving, arriving] = [sideTowards(from, to), sideTowards(to, from)];
  const start = pointAt(from, leaving, connection.from.device);
  const end = pointAt(to, arriving, connection.to.device);
  // Between cards of one column the curve stays in the channel outside of it.
  const distance = from.depth === to.depth ? MIN_CHANNEL / 2 : Math.abs(start.x - end.x) / 2;
  return { connection, start, end, reach: [leaving * distance, arriving * distance] };
}

/** The side on which a line leaves a card for another. */
function sideTowards(own: Node, other: Node): Side {
  if (own.depth > other.depth) return -own.side as Side;
  return (own.depth === other.depth ? own.side : other.side) as Side;
}

function pointAt({ card, x, y }: Node, side: Side, device: MapDevice): Point {
  const placed = card.devices.find(one => one.device === device)!;
  return { x: side === 1 ? x + card.width : x, y: y + placed.y };
}

/** Cards that hang together with nothing, in rows. */
function placeRows(cards: readonly Card[], top: number, width: number): PlacedCard[] {
  const placed: PlacedCard[] = [];
  let [x, y, height] = [MARGIN, top, 0];
  for (const card of cards) {
    if (x > MARGIN && x + card.width > MARGIN + width) {
      [x, y, height] = [MARGIN, y + height + CARD_GAP, 0];
    }
    placed.push({ card, x, y });
    x += card.width + CARD_GAP;
    height = Math.max(height, card.height);
  }
  return placed;
}
