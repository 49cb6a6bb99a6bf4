/** `ip tunnel`: tunnels over IPv4 and IPv6 by the ioctls that are older than `ip link`. */
import { AF_INET, AF_INET6, AF_UNSPEC } from '../../linux/families.ts';
import { type Args, EXIT_USAGE, UsageError } from '../../schema/args.ts';
import type { Command } from '../frame/command.ts';
import type { Context } from '../frame/context.ts';
import { dispatcher, type Subcommand, type Subcommands } from '../frame/subcommands.ts';
import type { TunnelAction } from './arguments.ts';
import { isIpv6Mode } from './modes.ts';

const ACTIONS: readonly (readonly [names: readonly string[], action: TunnelAction])[] = [
  [['add'], 'add'],
  [['change'], 'change'],
  [['delete'], 'delete'],
  [['show', 'lst', 'list'], 'show'],
];

const overIpv4 = ACTIONS.map(
  ([names, action]): Subcommand => ({
    names,
    load: async () => {
      const { ipv4Tunnel } = await import('./ipv4.ts');
      return (args, context) => ipv4Tunnel(action, args, context);
    },
    grammar: async () => (await import('./ipv4.ts')).IPV4_GRAMMAR,
  }),
);

const overIpv6 = ACTIONS.map(
  ([names, action]): Subcommand => ({
    names,
    load: async () => {
      const { ipv6Tunnel } = await import('./ipv6.ts');
      return (args, context) => ipv6Tunnel(action, args, context);
    },
    grammar: async () => (await import('./ipv6.ts')).IPV6_GRAMMAR,
  }),
);

/** The commands of tunnels over IPv4. */
export const TUNNEL: Subcommands = {
  program: 'ip tunnel',
  default: 'show',
  usage: async () => (await import('./usage.ts')).IPV4_TUNNEL_USAGE,
  unknown: word => `Command "${word}" is unknown, try "ip tunnel help"`,
  commands: [
    ...overIpv4,
    {
      names: ['prl'],
      load: async () => (await import('./sit.ts')).changeRouters,
      grammar: async () => (await import('./sit.ts')).ROUTER_GRAMMAR,
    },
    {
      names: ['6rd'],
      load: async () => (await import('./sit.ts')).changeRapidDeployment,
      grammar: async () => (await import('./sit.ts')).RAPID_GRAMMAR,
    },
  ],
};

/** The commands of tunnels over IPv6. */
const TUNNEL_OVER_IPV6: Subcommands = {
  program: 'ip -f inet6 tunnel',
  default: 'show',
  usage: async () => (await import('./usage.ts')).IPV6_TUNNEL_USAGE,
  commands: overIpv6,
};

const tunnelOverIpv4: Command = dispatcher(TUNNEL);
const tunnelOverIpv6: Command = dispatcher(TUNNEL_OVER_IPV6);

/** `ip tunnel`, of the family that the line or the global options name. */
export const tunnel: Command = (args: Args, context: Context) => {
  const family = familyOf(args.wordAfter('mode'), context.family);
  if (family === AF_INET6) return tunnelOverIpv6(args, context);
  if (family !== AF_INET) throw new UsageError(`Unsupported protocol family: ${family}`, EXIT_USAGE);
  return tunnelOverIpv4(args, context);
};

/** The first mode in the line decides if it is one of IPv6, even against -4. */
function familyOf(mode: string | undefined, family: number): number {
  if (isIpv6Mode(mode)) return AF_INET6;
  return family === AF_UNSPEC ? AF_INET : family;
}
