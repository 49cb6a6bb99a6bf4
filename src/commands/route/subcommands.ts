/** `ip route`: its commands in order of precedence. */
import type { Subcommand, Subcommands } from '../frame/subcommands.ts';
import { IF_ABSENT, IF_PRESENT } from '../frame/tolerant.ts';

type Changes = typeof import('./change.ts');

/** Commands about a route that exists. */
const CHANGES_EXISTING: ReadonlySet<string> = new Set(['change', 'replace', 'test', 'delete']);

const TOLERATED: Readonly<Record<string, Pick<Subcommand, 'tolerates'>>> = {
  add: { tolerates: IF_ABSENT },
  delete: { tolerates: IF_PRESENT },
};

/** A command that changes routes: all read the same words. */
function change(names: readonly string[], pick: (changes: Changes) => Changes['addRoute']): Subcommand {
  return {
    names,
    load: async () => pick(await import('./change.ts')),
    grammar: async () => (await import('./arguments.ts')).ROUTE_GRAMMAR,
    ...(CHANGES_EXISTING.has(names[0]!) ? { existing: 'route' } : {}),
    ...TOLERATED[names[0]!],
  };
}

const selectorGrammar = async () => (await import('./selectors.ts')).SELECTOR_GRAMMAR;

export const ROUTE: Subcommands = {
  program: 'ip route',
  default: 'list',
  usage: async () => (await import('./usage.ts')).ROUTE_USAGE,
  commands: [
    change(['add'], ({ addRoute }) => addRoute),
    change(['change', 'chg'], ({ changeRoute }) => changeRoute),
    change(['replace'], ({ replaceRoute }) => replaceRoute),
    change(['prepend'], ({ prependRoute }) => prependRoute),
    change(['append'], ({ appendRoute }) => appendRoute),
    change(['test'], ({ testRoute }) => testRoute),
    change(['delete'], ({ deleteRoute }) => deleteRoute),
    {
      names: ['list', 'show', 'lst'],
      load: async () => (await import('./show.ts')).listRoutes,
      grammar: selectorGrammar,
    },
    {
      names: ['get'],
      load: async () => (await import('./get.ts')).getRoute,
      grammar: async () => (await import('./get.ts')).GET_GRAMMAR,
    },
    {
      names: ['flush'],
      load: async () => (await import('./flush.ts')).flushRoutes,
      grammar: selectorGrammar,
    },
    { names: ['save'], load: async () => (await import('./save.ts')).saveRoutes, grammar: selectorGrammar },
    { names: ['restore'], load: async () => (await import('./save.ts')).restoreRoutes },
    { names: ['showdump'], load: async () => (await import('./save.ts')).showSavedRoutes },
  ],
};
