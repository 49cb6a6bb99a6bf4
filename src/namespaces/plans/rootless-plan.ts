/**
 * A plan for callers who are not root: a program in a user namespace where its caller is root, with mounts and a network
 * of that namespace. Source: user_namespaces(7).
 */

import type { Plan } from '../../kernel/plans/plan.ts';
import type { Kind } from '../kinds.ts';
import { childPlan } from './child-plan.ts';

const KINDS = new Set<Kind>(['user', 'mnt', 'net']);
const ROOT = { single: 0, ranges: [] };

/** What forbids user namespaces, and the setting that permits them; the refusal follows. */
export const USER_NAMESPACES_FORBIDDEN = [
  'without root this needs a user namespace, and this system makes none:',
  'kernel.apparmor_restrict_unprivileged_userns (Ubuntu) or kernel.unprivileged_userns_clone (Debian) forbid it to users,',
  'user.max_user_namespaces limits them, and containers forbid it by seccomp.',
  '"sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0" permits it on Ubuntu',
].join(' ');

/** The plan that runs `command` as root of a new user namespace, which has the caller's user and group only. */
export function rootlessPlan(command: readonly string[]): Plan {
  return childPlan(
    {
      joined: new Map(),
      made: KINDS,
      users: ROOT,
      groups: ROOT,
      user: undefined,
      group: undefined,
      hostname: undefined,
      propagation: 'private',
      root: undefined,
      workingDirectory: undefined,
      mountProc: undefined,
      monotonic: undefined,
      boottime: undefined,
      command,
    },
    { user: process.geteuid!(), group: process.getegid!() },
  );
}
