/** `ip vrf`: its commands in order of precedence. */
import type { Operand } from '../../schema/keywords.ts';
import type { Subcommands } from '../frame/subcommands.ts';

const NAME: Operand = { synopsis: 'NAME', names: 'vrf' };
const PROCESS: Operand = { synopsis: 'PID', names: 'process' };

export const VRF: Subcommands = {
  program: 'ip vrf',
  default: 'show',
  usage: async () => `\
Usage: ip vrf show [NAME] ...          VRF devices with their tables
       ip vrf exec [NAME] cmd ...      run a program in a VRF, or in none: default
       ip vrf identify [PID]           the VRF of a process
       ip vrf pids [NAME]              the processes of a VRF`,
  commands: [
    {
      names: ['show', 'list', 'lst'],
      load: async () => (await import('./show.ts')).showVrfs,
      operands: [{ ...NAME, isOptional: true }],
    },
    {
      names: ['identify'],
      load: async () => (await import('./processes.ts')).identifyProcess,
      operands: [{ ...PROCESS, isOptional: true }],
    },
    { names: ['pids'], load: async () => (await import('./processes.ts')).showProcesses, operands: [NAME] },
    {
      names: ['exec'],
      load: async () => (await import('./processes.ts')).execute,
      operands: [
        { ...NAME, words: ['default'] },
        { synopsis: 'cmd ...', names: 'program' },
      ],
    },
  ],
};
