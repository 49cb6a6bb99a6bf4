/** `ip mrule`: the commands of `ip rule` about the rules that choose a multicast routing table. */
import { AF_INET, AF_INET6, AF_UNSPEC, RTNL_FAMILY_IP6MR, RTNL_FAMILY_IPMR } from '../../linux/families.ts';
import { type Args, EXIT_USAGE, UsageError } from '../../schema/args.ts';
import type { Context } from '../frame/context.ts';
import type { Subcommands } from '../frame/subcommands.ts';
import { RULE } from '../rule/subcommands.ts';

/** The family of multicast rules, by the family that is asked for. */
const FAMILIES: ReadonlyMap<number, number> = new Map([
  [AF_UNSPEC, RTNL_FAMILY_IPMR],
  [AF_INET, RTNL_FAMILY_IPMR],
  [RTNL_FAMILY_IPMR, RTNL_FAMILY_IPMR],
  [AF_INET6, RTNL_FAMILY_IP6MR],
  [RTNL_FAMILY_IP6MR, RTNL_FAMILY_IP6MR],
]);

/** Has the rest of the call work on the rules of multicast routing; a batch sets the family for each line. */
function chooseFamily(_args: Args, { state }: Context): void {
  const { family } = state;
  const found = FAMILIES.get(family);
  if (found === undefined) {
    throw new UsageError(`Multicast rules are only supported for IPv4/IPv6, was: ${family}`, EXIT_USAGE);
  }
  state.family = found;
}

export const MRULE: Subcommands = { ...RULE, check: chooseFamily };
