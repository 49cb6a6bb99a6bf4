/** `ip rule`: its commands in order of precedence. */
import type { Subcommands } from '../frame/subcommands.ts';
import { IF_ABSENT, IF_PRESENT } from '../frame/tolerant.ts';

const changeGrammar = async () => (await import('./change.ts')).CHANGE_GRAMMAR;
const filterGrammar = async () => (await import('./show.ts')).FILTER_GRAMMAR;

export const RULE: Subcommands = {
  program: 'ip rule',
  default: 'list',
  usage: async () => (await import('./usage.ts')).RULE_USAGE,
  commands: [
    {
      names: ['list', 'lst', 'show'],
      load: async () => (await import('./show.ts')).showRules,
      grammar: filterGrammar,
    },
    { names: ['save'], load: async () => (await import('./show.ts')).saveRules },
    { names: ['restore'], load: async () => (await import('./show.ts')).restoreRules },
    {
      names: ['add'],
      tolerates: IF_ABSENT,
      load: async () => (await import('./change.ts')).addRule,
      grammar: changeGrammar,
    },
    {
      names: ['delete'],
      tolerates: IF_PRESENT,
      load: async () => (await import('./change.ts')).deleteRule,
      grammar: changeGrammar,
    },
    { names: ['flush'], load: async () => (await import('./show.ts')).flushRules, grammar: filterGrammar },
  ],
};
