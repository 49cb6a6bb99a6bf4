/**
 * Team devices and their ports. The kernel reports nothing about them by rtnetlink: teamd sets them up by generic
 * netlink, and `ip` only makes and deletes them.
 */
import { linkKind } from '../kind.ts';

export const team = linkKind('team', 'Usage: ... team', {});
export const teamSlave = linkKind('team_slave', 'Usage: ... team_slave', {});
