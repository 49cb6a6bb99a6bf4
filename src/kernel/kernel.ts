/**
 * Everything by which a call changes or asks the system: netlink sockets, system calls, changes of files, plans. It is
 * passed from the call's context down to where it is used, never imported there, so that a call can be traced, held back
 * or tested by passing another one (see src/trace/).
 */

import { openBlockingSocket } from './netlink/blocking-socket.ts';
import type { Connect } from './netlink/transport.ts';
import { type PlanRunner, systemPlans } from './plans/exec.ts';
import { type FileChanges, systemFiles } from './system/files.ts';
import { type Native, native } from './system/native.ts';

/** The system calls that change something outside this process, or belong to such a change. */
export type SystemCalls = Pick<
  Native,
  | 'setns'
  | 'unshare'
  | 'mount'
  | 'umount2'
  | 'flock'
  | 'ioctl'
  | 'ioctlBytes'
  | 'ioctlInterface'
  | 'ifNameToIndex'
  | 'ifIndexToName'
>;

/** The two kinds of netlink sockets. */
export interface Sockets {
  /** Opens sockets that block: see netlink/blocking-socket.ts for what uses them. */
  readonly blocking: Connect;
  /** Loads what opens sockets driven by Node's event loop, those of the `netlink` package. */
  eventDriven(): Promise<Connect>;
}

export interface Kernel {
  readonly calls: SystemCalls;
  readonly files: FileChanges;
  readonly plans: PlanRunner;
  readonly sockets: Sockets;
}

/** The kernel itself. */
export const systemKernel: Kernel = {
  calls: native,
  files: systemFiles,
  plans: systemPlans,
  sockets: {
    blocking: openBlockingSocket,
    eventDriven: async () => (await import('./netlink/event-socket.ts')).openSocket,
  },
};
