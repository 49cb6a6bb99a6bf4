/** `ip fou`: its commands in order of precedence. */
import type { Subcommands } from '../frame/subcommands.ts';
import { withFamily } from '../generic/family-session.ts';

const grammar = async () => (await import('./change.ts')).PORT_GRAMMAR;

export const FOU: Subcommands = {
  program: 'ip fou',
  usage: async () => (await import('./usage.ts')).FOU_USAGE,
  before: withFamily(async () => (await import('../../genetlink/fou.ts')).fou),
  commands: [
    { names: ['add'], load: async () => (await import('./change.ts')).addPort, grammar },
    { names: ['delete'], load: async () => (await import('./change.ts')).deletePort, grammar },
    { names: ['show'], load: async () => (await import('./show.ts')).showPorts },
  ],
};
