/**
 * Team devices and their ports. The kernel tells nothing of them by rtnetlink: they are set up by generic netlink
 * (teamd), so `ip` only makes and deletes them.
 */
import { linkKind } from '../kind.ts';

const facets = { hasNoArguments: true, hasNoDetails: true } as const;

export const team = linkKind('team', 'Usage: ... team', {}, facets);
export const teamSlave = linkKind('team_slave', 'Usage: ... team_slave', {}, facets);
