/** `nat` and `external` of a file: address translation, and namespaces that the lab does not make. */

import { isIPv4 } from 'node:net';
import { INTERNET } from '../external/internet.ts';
import type { ExternalModel, NatModel } from '../model.ts';
import type { Draft, NodeDraft } from './draft.ts';
import { pathText, unknownWord } from './problems.ts';
import type { LabExternal, LabNat } from './shape.ts';
import { keyPlaceAt, type Path, placeAt } from './tree.ts';

/** What `nat` of a node says. */
export function readNat({ said, devices, path }: NodeDraft, { tree, problems }: Draft): NatModel[] {
  const { nat } = said;
  if (nat === undefined) return [];
  const known = [...devices.keys(), ...(said.internet ? [INTERNET] : [])].filter(name => name !== 'lo');
  const read = (one: LabNat, at: Path): NatModel => {
    const { out, mapping = 'port-restricted', to } = typeof one === 'string' ? { out: one } : one;
    const member = (name: string) => (typeof one === 'string' ? at : [...at, name]);
    const complain = (message: string, where: Path) =>
      problems.add(message, pathText(where), placeAt(tree, where) ?? placeAt(tree, at));
    if (!known.includes(out)) complain(unknownWord(out, 'a device of the node', known), member('out'));
    if (to !== undefined && mapping !== 'full-cone')
      complain('"to" is for the mapping "full-cone"', member('to'));
    else if (to !== undefined && !isIPv4(to)) complain(`"${to}" is not an IPv4 address`, member('to'));
    if (to === undefined && mapping === 'full-cone')
      complain('needs "to", an address behind the node', member('mapping'));
    return { device: out, mapping, to, place: placeAt(tree, at), path: pathText(at) };
  };
  const at = [...path, 'nat'];
  return Array.isArray(nat)
    ? (nat as readonly LabNat[]).map((one, index) => read(one, [...at, index]))
    : [read(nat as LabNat, at)];
}

/** The namespaces of `external`, as nodes that have only the ends of cables. */
export function externalDrafts(
  externals: Readonly<Record<string, LabExternal | null>>,
  { nodes, tree, problems }: Draft,
): NodeDraft[] {
  return Object.entries(externals).map(([name, said]) => {
    const path = ['external', name];
    if (nodes.has(name)) problems.add(`there is a node "${name}"`, pathText(path), keyPlaceAt(tree, path));
    const { namespace, container, routes = [] } = said ?? {};
    if (namespace !== undefined && container !== undefined)
      problems.add(
        '"namespace" and "container" do not go together',
        pathText(path),
        keyPlaceAt(tree, [...path, 'container']),
      );
    const word = container === undefined ? namespace : `container:${container}`;
    const external: ExternalModel = word === undefined ? { kind: 'host' } : { kind: 'namespace', name: word };
    return { name, said: { routes }, devices: new Map(), path, external };
  });
}
