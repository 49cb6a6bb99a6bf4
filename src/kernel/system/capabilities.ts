/** Capabilities of this process's main thread. Source: capabilities(7), capget(2). */
import { native } from './native.ts';

const SETS_LENGTH = 24;
/** Where the inheritable set of the capabilities 0 to 31 begins. */
const INHERITABLE_AT = 8;
const CAP_NET_ADMIN = 12;
const CAP_SYS_ADMIN = 21;

/**
 * Drops all capabilities of an ordinary user's process, unless CAP_NET_ADMIN was made inheritable: an
 * administrator who gives this program's file capabilities must not give them to all its users.
 */
export function dropCapabilities(): void {
  if (process.getuid?.() === 0 || process.geteuid?.() === 0) return;
  const sets = Buffer.alloc(SETS_LENGTH);
  if (native.capget(sets) < 0 || sets.readUInt32LE(INHERITABLE_AT) & (1 << CAP_NET_ADMIN)) return;
  native.capset(Buffer.alloc(SETS_LENGTH));
}

/** Whether this thread may make namespaces and devices where it is. */
export function isAdministrator(): boolean {
  const sets = Buffer.alloc(SETS_LENGTH);
  const effective = native.capget(sets) < 0 ? 0 : sets.readUInt32LE(0);
  return [CAP_NET_ADMIN, CAP_SYS_ADMIN].every(bit => (effective & (1 << bit)) !== 0);
}
