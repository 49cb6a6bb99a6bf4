/** `ip nexthop`: its commands, and those of `bucket`, in order of precedence. */
import { dispatcher, type Subcommands } from '../frame/subcommands.ts';
import { IF_ABSENT, IF_PRESENT } from '../frame/tolerant.ts';

const usage = async () => (await import('./usage.ts')).NEXTHOP_USAGE;
const changeGrammar = async () => (await import('./change.ts')).CHANGE_GRAMMAR;
const selectorGrammar = async () => (await import('./selectors.ts')).SELECTOR_GRAMMAR;

const BUCKET: Subcommands = {
  program: 'ip nexthop',
  default: 'list',
  usage,
  commands: [
    {
      names: ['list', 'show', 'lst'],
      load: async () => (await import('./buckets.ts')).listBuckets,
      grammar: async () => (await import('./buckets.ts')).BUCKET_GRAMMAR,
    },
    {
      names: ['get'],
      load: async () => (await import('./buckets.ts')).getBucket,
      grammar: async () => (await import('./buckets.ts')).GET_GRAMMAR,
    },
  ],
};

export const NEXTHOP: Subcommands = {
  program: 'ip nexthop',
  default: 'list',
  usage,
  commands: [
    {
      names: ['add'],
      tolerates: IF_ABSENT,
      load: async () => (await import('./change.ts')).addNextHop,
      grammar: changeGrammar,
    },
    {
      names: ['replace'],
      load: async () => (await import('./change.ts')).replaceNextHop,
      grammar: changeGrammar,
    },
    {
      names: ['delete'],
      tolerates: IF_PRESENT,
      load: async () => (await import('./change.ts')).deleteNextHop,
      grammar: changeGrammar,
    },
    {
      names: ['list', 'show', 'lst'],
      load: async () => (await import('./show.ts')).listNextHops,
      grammar: selectorGrammar,
    },
    {
      names: ['get'],
      load: async () => (await import('./show.ts')).getNextHop,
      grammar: async () => (await import('./show.ts')).GET_GRAMMAR,
    },
    {
      names: ['flush'],
      load: async () => (await import('./flush.ts')).flushNextHops,
      grammar: selectorGrammar,
    },
    { names: ['bucket'], load: async () => dispatcher(BUCKET), subcommands: BUCKET },
  ],
};
