/** `ip mroute`: its one command. */
import type { Subcommands } from '../frame/subcommands.ts';

export const MROUTE: Subcommands = {
  program: 'ip mroute',
  default: 'show',
  usage: async () => (await import('./usage.ts')).MROUTE_USAGE,
  commands: [
    {
      names: ['show', 'lst', 'list'],
      load: async () => (await import('./show.ts')).showMulticastRoutes,
      grammar: async () => (await import('./show.ts')).FILTER_GRAMMAR,
    },
  ],
};
