/** `ip l2tp`: its commands in order of precedence. */
import type { Subcommands } from '../frame/subcommands.ts';
import { withFamily } from '../generic/family-session.ts';

const grammar = async () => (await import('./arguments.ts')).L2TP_GRAMMAR;

export const L2TP: Subcommands = {
  program: 'ip l2tp',
  usage: async () => (await import('./usage.ts')).L2TP_USAGE,
  before: withFamily(async () => (await import('../../genetlink/l2tp.ts')).l2tp),
  commands: [
    { names: ['add'], load: async () => (await import('./change.ts')).add, grammar },
    { names: ['delete'], load: async () => (await import('./change.ts')).remove, grammar },
    { names: ['show', 'list', 'lst'], load: async () => (await import('./show.ts')).show, grammar },
  ],
};
