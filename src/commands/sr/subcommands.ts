/** `ip sr`: its commands in order of precedence. */
import { wrongArgument } from '../../schema/args.ts';
import { dispatcher, type Subcommands } from '../frame/subcommands.ts';
import { ALGORITHM, KEY_ID, SOURCE } from './operands.ts';

const usage = async () => (await import('./usage.ts')).SR_USAGE;
const unknown = (word: string) => wrongArgument(word, 'unknown').message;
const nested = { program: 'ip sr', needsWord: true, hasNoHelp: true, usage, unknown } as const;

const HMAC: Subcommands = {
  ...nested,
  commands: [
    { names: ['show'], load: async () => (await import('./command.ts')).showHmacs },
    {
      names: ['set'],
      load: async () => (await import('./command.ts')).setHmac,
      operands: [KEY_ID, ALGORITHM],
    },
  ],
};

const TUNNEL_SOURCE: Subcommands = {
  ...nested,
  commands: [
    { names: ['show'], load: async () => (await import('./command.ts')).getTunnelSource },
    {
      names: ['set'],
      load: async () => (await import('./command.ts')).setTunnelSource,
      operands: [SOURCE],
    },
  ],
};

export const SR: Subcommands = {
  program: 'ip sr',
  isHelpFirst: true,
  usage,
  unknown,
  commands: [
    { names: ['hmac'], load: async () => dispatcher(HMAC), subcommands: HMAC },
    { names: ['tunsrc'], load: async () => dispatcher(TUNNEL_SOURCE), subcommands: TUNNEL_SOURCE },
  ],
};
