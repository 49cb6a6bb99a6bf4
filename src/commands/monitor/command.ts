/** `ip monitor`: an object without commands. */
import type { SingleCommand } from '../frame/subcommands.ts';

export const MONITOR: SingleCommand = {
  load: async () => (await import('./monitor.ts')).monitor,
  grammar: async () => (await import('./grammar.ts')).MONITOR_GRAMMAR,
  usage: async () => (await import('./usage.ts')).MONITOR_USAGE,
};
