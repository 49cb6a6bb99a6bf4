/** `ip stats`: its commands, which must be spelt out. */
import { EXIT_FAILURE } from '../../schema/args.ts';
import type { Subcommands } from '../frame/subcommands.ts';

export const STATS: Subcommands = {
  program: 'ip stats',
  default: 'show',
  bare: async () => (await import('./show.ts')).showEverything,
  isExact: true,
  unknownExitCode: EXIT_FAILURE,
  helpMode: 'notice',
  usage: async () => (await import('./usage.ts')).STATS_USAGE,
  commands: [
    {
      names: ['show'],
      load: async () => (await import('./show.ts')).showStatistics,
      grammar: async () => (await import('./show.ts')).SHOW_GRAMMAR,
    },
    {
      names: ['set'],
      load: async () => (await import('./change.ts')).setStatistics,
      grammar: async () => (await import('./change.ts')).SET_GRAMMAR,
    },
  ],
};
