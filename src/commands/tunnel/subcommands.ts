/** `ip tunnel`: tunnels over IPv4 and IPv6 by the ioctls that are older than `ip link`. */
import { AF_INET, AF_INET6, AF_UNSPEC } from '../../linux/families.ts';
import { type Args, EXIT_USAGE, UsageError, UsageRequest } from '../../schema/args.ts';
import type { Context } from '../frame/context.ts';

import { IPV4_TUNNEL_USAGE, ipv4Tunnel } from './ipv4.ts';
import { IPV6_TUNNEL_USAGE, ipv6Tunnel, isIpv6Mode } from './ipv6.ts';
import { changeRapidDeployment, changeRouters } from './sit.ts';

/** Runs `ip tunnel`. */
export async function tunnel(args: Args, context: Context): Promise<number> {
  const family = familyOf(args.wordAfter('mode'), context.family);
  if (family === AF_INET6) return tunnelOverIpv6(args, context);
  if (family !== AF_INET) throw new UsageError(`Unsupported protocol family: ${family}`, EXIT_USAGE);
  if (args.done) return ipv4Tunnel('show', args, context);
  if (args.acceptPrefix('add')) return ipv4Tunnel('add', args, context);
  if (args.acceptPrefix('change')) return ipv4Tunnel('change', args, context);
  if (args.acceptPrefix('delete')) return ipv4Tunnel('delete', args, context);
  if (args.acceptPrefix('show', 'lst', 'list')) return ipv4Tunnel('show', args, context);
  if (args.acceptPrefix('prl')) return changeRouters(args);
  if (args.acceptPrefix('6rd')) return changeRapidDeployment(args);
  if (args.acceptPrefix('help')) throw new UsageRequest(IPV4_TUNNEL_USAGE);
  throw new UsageError(`Command "${args.peek()}" is unknown, try "ip tunnel help"`, EXIT_USAGE);
}

async function tunnelOverIpv6(args: Args, context: Context): Promise<number> {
  if (args.done) return ipv6Tunnel('show', args, context);
  if (args.acceptPrefix('add')) return ipv6Tunnel('add', args, context);
  if (args.acceptPrefix('change')) return ipv6Tunnel('change', args, context);
  if (args.acceptPrefix('delete')) return ipv6Tunnel('delete', args, context);
  if (args.acceptPrefix('show', 'lst', 'list')) return ipv6Tunnel('show', args, context);
  if (args.acceptPrefix('help')) throw new UsageRequest(IPV6_TUNNEL_USAGE);
  throw new UsageError(`Command "${args.peek()}" is unknown, try "ip -f inet6 tunnel help".`, EXIT_USAGE);
}

/** The first mode in the line decides when it is one of IPv6, even against -4. */
function familyOf(mode: string | undefined, family: number): number {
  if (isIpv6Mode(mode)) return AF_INET6;
  return family === AF_UNSPEC ? AF_INET : family;
}
