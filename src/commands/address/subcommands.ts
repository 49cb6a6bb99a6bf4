/** `ip address`: its commands in order of precedence. */
import type { Subcommands } from '../frame/subcommands.ts';
import { IF_ABSENT, IF_PRESENT } from '../frame/tolerant.ts';

const changeGrammar = async () => (await import('./words.ts')).CHANGE_GRAMMAR;
const filterGrammar = async () => (await import('./filter.ts')).FILTER_GRAMMAR;

export const ADDRESS: Subcommands = {
  program: 'ip address',
  default: 'show',
  usage: async () => (await import('./usage.ts')).ADDRESS_USAGE,
  commands: [
    {
      names: ['add'],
      tolerates: IF_ABSENT,
      load: async () => (await import('./change.ts')).addAddress,
      grammar: changeGrammar,
    },
    {
      names: ['change', 'chg'],
      existing: 'address',
      load: async () => (await import('./change.ts')).changeAddress,
      grammar: changeGrammar,
    },
    {
      names: ['replace'],
      existing: 'address',
      load: async () => (await import('./change.ts')).replaceAddress,
      grammar: changeGrammar,
    },
    {
      names: ['delete'],
      tolerates: IF_PRESENT,
      existing: 'address',
      load: async () => (await import('./change.ts')).deleteAddress,
      grammar: changeGrammar,
    },
    {
      names: ['show', 'lst', 'list'],
      load: async () => (await import('./show.ts')).showAddresses,
      grammar: filterGrammar,
    },
    {
      names: ['flush'],
      load: async () => (await import('./flush.ts')).flushAddresses,
      grammar: filterGrammar,
    },
    { names: ['save'], load: async () => (await import('./save.ts')).saveAddresses, grammar: filterGrammar },
    { names: ['showdump'], load: async () => (await import('./save.ts')).showSavedAddresses },
    { names: ['restore'], load: async () => (await import('./save.ts')).restoreAddresses },
  ],
};
