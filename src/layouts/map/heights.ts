/**
 * How high the cards of a picture stand. They begin in the middle of what hangs on them; then each moves towards what it is
 * joined to, as far as its neighbours in the column let it. Their order stays.
 */
import type { Card } from './card.ts';
import type { MapDevice, MapNamespace } from './model.ts';
import type { Plan } from './plan.ts';
import { CARD_GAP, type Side } from './sides.ts';

/** A card in the tree of its component. */
export interface Node {
  readonly namespace: MapNamespace;
  readonly side: Side | 0;
  readonly depth: number;
  card: Card;
  readonly children: Node[];
  x: number;
  y: number;
}

/** Moves of all columns; further ones change little. */
const MOVES = 4;

/** Sets `y` of all nodes, from `top` on. */
export function placeHeights(root: Node, nodes: readonly Node[], plan: Plan, top: number): void {
  const sides = ([-1, 1] as const).map(side => root.children.filter(child => child.side === side));
  const heights = sides.map(forestHeight);
  const height = Math.max(root.card.height, ...heights);
  root.y = (height - root.card.height) / 2;
  for (const [at, children] of sides.entries()) placeForest(children, (height - heights[at]!) / 2);
  const byNamespace = new Map(nodes.map(node => [node.namespace, node]));
  const columns = columnsOf(nodes);
  for (let move = 0; move < MOVES; move++)
    for (const column of columns) {
      moveColumn(column, node => wishOf(node, byNamespace, plan));
      keepWithin(column, height);
    }
  const highest = Math.min(...nodes.map(({ y }) => y));
  for (const node of nodes) node.y = Math.round(node.y + top - highest);
}

/** The nodes besides the middle by column, each from top to bottom, the inner columns first. */
function columnsOf(nodes: readonly Node[]): readonly (readonly Node[])[] {
  const columns = new Map<number, Node[]>();
  for (const node of nodes) {
    if (node.side === 0) continue;
    const key = node.side * node.depth;
    columns.set(key, [...(columns.get(key) ?? []), node]);
  }
  return [...columns]
    .sort(([one], [other]) => Math.abs(one) - Math.abs(other))
    .map(([, column]) => column.sort((one, other) => one.y - other.y));
}

/** Where a card would stand for its lines to be level: the mean of its neighbours in other columns. */
function wishOf(node: Node, byNamespace: ReadonlyMap<MapNamespace, Node>, plan: Plan): number {
  const wishes = plan.links(node.namespace).flatMap(({ own, other, connection }) => {
    const there = byNamespace.get(other)!;
    if (there.side === node.side && there.depth === node.depth) return [];
    const end = connection.from.device === own ? connection.to.device : connection.from.device;
    return [there.y + heightOf(there.card, end) - heightOf(node.card, own)];
  });
  if (wishes.length === 0) return node.y;
  return wishes.reduce((sum, wish) => sum + wish, 0) / wishes.length;
}

/** How far below the top of a card a device of it is. */
function heightOf(card: Card, device: MapDevice): number {
  return card.devices.find(placed => placed.device === device)?.y ?? card.height / 2;
}

/** Cards that would overlap stand together, in the middle of where they would like to. */
interface Pile {
  readonly nodes: Node[];
  /** Sum of where the top of the pile would be by each card. */
  sum: number;
  height: number;
}

/** Moves the cards of a column to where they wish to be, in their order and apart, with the least sum of squares. */
function moveColumn(column: readonly Node[], wish: (node: Node) => number): void {
  const piles: Pile[] = [];
  for (const node of column) {
    let pile: Pile = { nodes: [node], sum: wish(node), height: node.card.height };
    for (let above = piles.at(-1); above !== undefined && reaches(above, pile); above = piles.at(-1)) {
      piles.pop();
      const below = above.height + CARD_GAP;
      pile = {
        nodes: [...above.nodes, ...pile.nodes],
        sum: above.sum + pile.sum - below * pile.nodes.length,
        height: below + pile.height,
      };
    }
    piles.push(pile);
  }
  for (const pile of piles) {
    let y = pile.sum / pile.nodes.length;
    for (const node of pile.nodes) {
      node.y = y;
      y += node.card.height + CARD_GAP;
    }
  }
}

/** Moves the cards of a column back, so that the picture does not become higher than its highest column. */
function keepWithin(column: readonly Node[], height: number): void {
  let least = 0;
  for (const node of column) {
    node.y = Math.max(node.y, least);
    least = node.y + node.card.height + CARD_GAP;
  }
  let most = height;
  for (const node of [...column].reverse()) {
    node.y = Math.min(node.y, most - node.card.height);
    most = node.y - CARD_GAP;
  }
}

function reaches(above: Pile, below: Pile): boolean {
  return above.sum / above.nodes.length + above.height + CARD_GAP > below.sum / below.nodes.length;
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
