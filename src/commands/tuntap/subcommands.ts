/** `ip tuntap`: its commands in order of precedence. */
import type { Subcommands } from '../frame/subcommands.ts';

export const TUNTAP: Subcommands = {
  program: 'ip tuntap',
  default: 'show',
  usage: async () => (await import('./usage.ts')).TUNTAP_USAGE,
  commands: [
    {
      names: ['add'],
      load: async () => (await import('./change.ts')).addDevice,
      grammar: async () => (await import('./change.ts')).ADD_GRAMMAR,
    },
    {
      names: ['delete'],
      load: async () => (await import('./change.ts')).deleteDevice,
      grammar: async () => (await import('./change.ts')).DELETE_GRAMMAR,
    },
    { names: ['show', 'lst', 'list'], load: async () => (await import('./show.ts')).showDevices },
  ],
};
