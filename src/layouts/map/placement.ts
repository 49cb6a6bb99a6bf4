/**
 * Where the cards of a picture stand and how their connections run. Namespaces that hang together are laid out as a
 * tree: the one with most neighbours in the middle, those joined to it in columns to its left and right, those joined
 * to them further out. So a connection only ever crosses the channel between two columns, never a card.
 */
import { type Card, widened } from './card.ts';
import type { Connection } from './connections.ts';
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
/** Cards that hang together with nothing stand in rows of at least this width. */
const MIN_ROW = 900;

/** A card in the tree of its component. */
interface Node {
  readonly namespace: MapNamespace;
  readonly side: Side | 0;
  readonly depth: number;
  card: Card;
  readonly children: Node[];
  x: number;
  y: number;
}

/** Lays out the whole map. */
export function placeMap(map: HostMap, detail: MapDetail): Placement {
  const plan = new Plan(map, detail);
  const cards: PlacedCard[] = [];
  const connections: PlacedConnection[] = [];
  let y = MARGIN;
  let width = 0;
  for (const component of plan.components.filter(({ length }) => length > 1)) {
    const placed = placeComponent(component, plan, y);
    cards.push(...placed.cards);
    connections.push(...placed.connections);
    width = Math.max(width, placed.width);
    y = placed.height + COMPONENT_GAP;
  }
  const singles = plan.components.filter(({ length }) => length === 1).map(([only]) => plan.card(only!));
  const rows = placeRows(singles, y, Math.max(width, MIN_ROW));
  const all = [...cards, ...rows];
  return {
    cards: all,
    connections,
    width: Math.max(0, ...all.map(({ x, card }) => x + card.width), ...connections.map(rightmost)) + MARGIN,
    height: Math.max(0, ...all.map(({ y: top, card }) => top + card.height)) + MARGIN,
  };
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
  placeColumns(nodes, rootNode);
  placeHeights(rootNode, top);
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
    width: Math.max(...nodes.map(({ x, card }) => x + card.width)) + shift,
    height: Math.max(...nodes.map(({ y, card }) => y + card.height)),
  };
}

function leftmost({ start, end, reach: [one, other] }: PlacedConnection): number {
  return Math.min(start.x + Math.min(0, one), end.x + Math.min(0, other));
}

function shifted(placed: PlacedConnection, by: number): PlacedConnection {
  const move = ({ x, y }: Point) => ({ x: x + by, y });
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

/** Sets `x`: columns outwards from the middle, all cards of one as wide as its widest. */
function placeColumns(nodes: readonly Node[], root: Node): void {
  for (const side of [-1, 1] as const) {
    let edge = side === 1 ? root.card.width : 0;
    for (let depth = 1; ; depth++) {
      const column = nodes.filter(node => node.side === side && node.depth === depth);
      if (column.length === 0) break;
      edge += side * channelOf(column);
      const width = Math.max(...column.map(({ card }) => card.width));
      for (const node of column) {
        node.card = widened(node.card, width);
        node.x = side === 1 ? edge : edge - width;
      }
      edge += side * width;
    }
  }
}

/** The more cards a column has, the further the curves to it spread. */
function channelOf(column: readonly Node[]): number {
  return Math.min(MAX_CHANNEL, MIN_CHANNEL + 11 * (column.length - 1));
}

/** Sets `y`: every card in the middle of what hangs on it. */
function placeHeights(root: Node, top: number): void {
  const sides = ([-1, 1] as const).map(side => root.children.filter(child => child.side === side));
  const heights = sides.map(forestHeight);
  const height = Math.max(root.card.height, ...heights);
  root.y = top + (height - root.card.height) / 2;
  for (const [at, children] of sides.entries()) placeForest(children, top + (height - heights[at]!) / 2);
}

function forestHeight(nodes: readonly Node[]): number {
  const slots = nodes.reduce((sum, node) => sum + slotOf(node), 0);
  return slots + CARD_GAP * Math.max(0, nodes.length - 1);
}

function slotOf(node: Node): number {
  return Math.max(node.card.height, forestHeight(node.children));
}

function placeForest(nodes: readonly Node[], top: number): void {
  for (const node of nodes) {
    const slot = slotOf(node);
    node.y = top + (slot - node.card.height) / 2;
    placeForest(node.children, top + (slot - forestHeight(node.children)) / 2);
    top += slot + CARD_GAP;
  }
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
