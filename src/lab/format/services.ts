/** `run` of a node: its services. */

import type { ReadinessModel, ServiceModel } from '../model.ts';
import type { Draft, NodeDraft } from './draft.ts';
import { pathText, unknownWord } from './problems.ts';
import { readMilliseconds, readNumber } from './quantities.ts';
import type { Command, Readiness } from './shape.ts';
import { keyPlaceAt, type Path, placeAt } from './tree.ts';
import { wordsList } from './words.ts';

/** How long a service may take to become ready where nothing is said, in milliseconds. */
const READY_WITHIN = 10_000;

/** A program and its arguments; a text is one for sh. */
export function commandWords(command: Command): readonly string[] {
  return typeof command === 'string' ? ['sh', '-c', command] : command;
}

/** The services of a node. `absolute` makes a folder absolute. */
export function readServices(
  { name: node, said, path }: NodeDraft,
  draft: Draft,
  absolute: (folder: string) => string,
): ServiceModel[] {
  const services = Object.entries(said.run ?? {}).map(([name, service]): ServiceModel => {
    const at = [...path, 'run', name];
    const after = wordsList(service.after, [...at, 'after'], draft.tree).map(({ text, place, path }) => {
      const key = text.includes('/') ? text : `${node}/${text}`;
      const [other = '', service = ''] = key.split('/');
      const known = draft.nodes.get(other)?.said.run ?? {};
      if (!Object.hasOwn(known, service))
        draft.problems.add(
          unknownWord(text, 'a service', text.includes('/') ? [] : Object.keys(known)),
          path,
          place,
        );
      return key;
    });
    return {
      name,
      command: commandWords(service.command),
      cwd: absolute(service.cwd ?? '.'),
      env: Object.fromEntries(Object.entries(service.env ?? {}).map(([key, value]) => [key, String(value)])),
      after,
      ready: readinessOf(service.ready, [...at, 'ready'], draft),
      place: keyPlaceAt(draft.tree, at),
      path: pathText(at),
    };
  });
  return services;
}

function readinessOf(
  ready: Readiness | undefined,
  path: Path,
  { tree, problems }: Draft,
): ReadinessModel | undefined {
  if (ready === undefined) return undefined;
  const { tcp, log, file, exec } = ready;
  if (tcp === undefined && log === undefined && file === undefined && exec === undefined)
    problems.add('says nothing that can be waited for', pathText(path), placeAt(tree, path));
  return {
    tcp: readNumber(tcp),
    log,
    file,
    exec: exec === undefined ? undefined : commandWords(exec),
    within: readMilliseconds(ready.within, READY_WITHIN),
  };
}

/** Adds a problem for services that wait for each other. */
export function checkServiceOrder(draft: Draft, services: ReadonlyMap<string, ServiceModel>): void {
  const state = new Map<string, 'open' | 'done'>();
  const visit = (key: string): void => {
    const service = services.get(key);
    if (service === undefined || state.get(key) === 'done') return;
    if (state.get(key) === 'open') {
      draft.problems.add('waits for itself', service.path, service.place);
      return;
    }
    state.set(key, 'open');
    for (const other of service.after) visit(other);
    state.set(key, 'done');
  };
  for (const key of services.keys()) visit(key);
}
