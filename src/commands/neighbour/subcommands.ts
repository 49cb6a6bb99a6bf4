/** `ip neighbour`: its commands in order of precedence. */
import type { Subcommands } from '../frame/subcommands.ts';
import { IF_ABSENT, IF_PRESENT } from '../frame/tolerant.ts';

const changeGrammar = async () => (await import('./change.ts')).CHANGE_GRAMMAR;
const filterGrammar = async () => (await import('./show.ts')).FILTER_GRAMMAR;

export const NEIGHBOUR: Subcommands = {
  program: 'ip neigh',
  default: 'show',
  usage: async () => (await import('./usage.ts')).NEIGHBOUR_USAGE,
  commands: [
    {
      names: ['add'],
      tolerates: IF_ABSENT,
      load: async () => (await import('./change.ts')).addNeighbour,
      grammar: changeGrammar,
    },
    {
      names: ['change', 'chg'],
      load: async () => (await import('./change.ts')).changeNeighbour,
      grammar: changeGrammar,
    },
    {
      names: ['replace'],
      load: async () => (await import('./change.ts')).replaceNeighbour,
      grammar: changeGrammar,
    },
    {
      names: ['delete'],
      tolerates: IF_PRESENT,
      load: async () => (await import('./change.ts')).deleteNeighbour,
      grammar: changeGrammar,
    },
    {
      names: ['get'],
      load: async () => (await import('./change.ts')).getNeighbour,
      grammar: async () => (await import('./change.ts')).GET_GRAMMAR,
    },
    {
      names: ['show', 'lst', 'list'],
      load: async () => (await import('./show.ts')).showNeighbours,
      grammar: filterGrammar,
    },
    {
      names: ['flush'],
      load: async () => (await import('./show.ts')).flushNeighbours,
      grammar: filterGrammar,
    },
  ],
};
