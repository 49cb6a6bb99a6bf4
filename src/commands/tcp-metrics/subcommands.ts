/** `ip tcp_metrics`: its commands in order of precedence. */
import type { Subcommands } from '../frame/subcommands.ts';

const grammar = async () => (await import('./selector.ts')).SELECTOR_GRAMMAR;

export const TCP_METRICS: Subcommands = {
  program: 'ip tcp_metrics',
  default: 'show',
  usage: async () => (await import('./usage.ts')).TCP_METRICS_USAGE,
  commands: [
    { names: ['delete'], load: async () => (await import('./command.ts')).deleteEntry, grammar },
    { names: ['flush'], load: async () => (await import('./command.ts')).flushEntries, grammar },
    { names: ['show', 'lst', 'list'], load: async () => (await import('./command.ts')).showEntries, grammar },
  ],
};
