/** Which namespace stands in the middle of those that hang together, and what of the others stands on its left and right. */
import type { Group } from './card.ts';
import type { MapNamespace } from './model.ts';
import { componentsOf, type Plan } from './plan.ts';

/** Between cards of one column. */
export const CARD_GAP = 16;
/** A single group with so many neighbours has them on both sides. */
const MANY_BRANCHES = 6;

/** Left or right of the middle. */
export type Side = -1 | 1;

/** The namespace with most neighbours; of several the current one, then the first. */
export function middleOf(component: readonly MapNamespace[], plan: Plan): MapNamespace {
  const weight = (namespace: MapNamespace) =>
    plan.neighbours(namespace).length + (namespace.isCurrent ? 0.5 : 0);
  return component.reduce((best, next) => (weight(next) > weight(best) ? next : best));
}

/**
 * Puts what hangs on the middle to its left and right. What hangs together apart from the middle stays together, and
 * with the devices that it is joined to: then nothing has to cross the middle.
 */
export function chooseSides(
  root: MapNamespace,
  plan: Plan,
): { columns: Group[][]; sides: Map<MapNamespace, Side> } {
  const groups = plan.groups(root);
  const branches = componentsOf(plan.neighbours(root), namespace =>
    plan.neighbours(namespace).filter(other => other !== root),
  );
  const bundles = bundlesOf(groups, branches, root, plan);
  const sides = new Map<MapNamespace, Side>();
  const withBranches = bundles.filter(bundle => bundle.branches.length > 0);
  const put = (branch: readonly MapNamespace[], side: Side) => {
    for (const namespace of branch) sides.set(namespace, side);
  };
  const [only] = withBranches;
  if (withBranches.length === 1 && only !== undefined) {
    // One bridge: the first half of what hangs on it to the left, the other to the right, where it is much.
    const half = only.branches.length >= MANY_BRANCHES ? Math.ceil(only.branches.length / 2) : 0;
    for (const [at, branch] of only.branches.entries()) put(branch, at < half ? -1 : 1);
    return { columns: [[...groups]], sides };
  }
  const columns: [Group[], Group[]] = [[], []];
  const heights = [0, 0];
  const total = withBranches.reduce((sum, { weight }) => sum + weight, 0);
  for (const { groups: own, branches: hanging, weight } of withBranches) {
    const isLeft = heights[0]! + weight / 2 <= total / 2;
    heights[isLeft ? 0 : 1]! += weight;
    columns[isLeft ? 0 : 1].push(...own);
    for (const branch of hanging) put(branch, isLeft ? -1 : 1);
  }
  for (const bundle of bundles.filter(({ branches: hanging }) => hanging.length === 0)) {
    const size = (column: readonly Group[]) => column.reduce((sum, { devices }) => sum + devices.length, 0);
    columns[size(columns[0]) <= size(columns[1]) ? 0 : 1].push(...bundle.groups);
  }
  return { columns, sides };
}

/** Groups of the middle's devices that the same branches hang on. */
interface Bundle {
  readonly groups: Group[];
  readonly branches: (readonly MapNamespace[])[];
  weight: number;
}

function bundlesOf(
  groups: readonly Group[],
  branches: readonly (readonly MapNamespace[])[],
  root: MapNamespace,
  plan: Plan,
): Bundle[] {
  const bundles: Bundle[] = groups.map(group => ({ groups: [group], branches: [], weight: 0 }));
  const links = plan.links(root);
  for (const branch of branches) {
    const devices = new Set(links.filter(({ other }) => branch.includes(other)).map(({ own }) => own));
    const touched = bundles.filter(bundle =>
      bundle.groups.some(group => group.devices.some(device => devices.has(device))),
    );
    const [first, ...others] = touched;
    if (first === undefined) continue;
    for (const other of others) {
      first.groups.push(...other.groups);
      first.branches.push(...other.branches);
      first.weight += other.weight;
      bundles.splice(bundles.indexOf(other), 1);
    }
    first.branches.push(branch);
    first.weight += branch.reduce((sum, namespace) => sum + plan.card(namespace).height + CARD_GAP, 0);
  }
  return bundles;
}
