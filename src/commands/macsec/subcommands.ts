/** `ip macsec`: its commands in order of precedence. */
import type { Subcommands } from '../frame/subcommands.ts';
import { withFamily } from '../generic/family-session.ts';
import { DEV, OFFLOAD } from './operands.ts';

const changeGrammar = async () => (await import('./change.ts')).CHANGE_GRAMMAR;

export const MACSEC: Subcommands = {
  program: 'ip macsec',
  usage: async () => (await import('./usage.ts')).MACSEC_USAGE,
  before: withFamily(async () => (await import('../../genetlink/macsec.ts')).macsec),
  commands: [
    { names: ['show'], load: async () => (await import('./show.ts')).showDevices, operands: [DEV] },
    {
      names: ['add'],
      load: async () => (await import('./change.ts')).add,
      operands: [DEV],
      grammar: changeGrammar,
    },
    {
      names: ['set'],
      load: async () => (await import('./change.ts')).set,
      operands: [DEV],
      grammar: changeGrammar,
    },
    {
      names: ['delete'],
      load: async () => (await import('./change.ts')).remove,
      operands: [DEV],
      grammar: async () => (await import('./change.ts')).DELETE_GRAMMAR,
    },
    {
      names: ['offload'],
      load: async () => (await import('./offload.ts')).setOffload,
      operands: [DEV, OFFLOAD],
    },
  ],
};
