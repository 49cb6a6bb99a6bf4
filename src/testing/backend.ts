/** Where the nodes of a test's lab are: namespaces that this process holds open, or another one that may make them. */

import type { ChildProcess } from 'node:child_process';
import type { Server, Socket } from 'node:net';
import type { CheckResult } from '../lab/check.ts';
import type { CheckModel, LabModel } from '../lab/model.ts';
import type { Plan } from '../lab/plan.ts';
import type { NamespaceSpawnOptions } from '../library/namespace.ts';
import type { Network } from '../library/network.ts';
import type { ConnectOptions, ListenOptions } from '../library/sockets.ts';

/** The kernel's part of a test's lab. */
export interface Backend {
  /** Makes the lab, and starts its services. */
  apply(model: LabModel): Promise<void>;
  /** What is otherwise than the lab says, in lines of a plan. */
  differences(model: LabModel): Promise<readonly string[]>;
  check(check: CheckModel, model: LabModel): Promise<CheckResult>;
  listen(node: string, server: Server, options: ListenOptions): Promise<void>;
  connect(node: string, options: ConnectOptions): Promise<Socket>;
  spawn(node: string, argv: readonly string[], options: NamespaceSpawnOptions): ChildProcess;
  network(node: string): Promise<Network>;
  /** Calls `make` where the sockets that it makes belong to the node; undefined where that is not possible. */
  readonly inside?: <T>(node: string, make: () => T) => T;
  /** Ends what runs in the nodes, and lets go of them. */
  close(): Promise<void>;
}

/** A plan as lines. */
export function planLines(
  { changes }: Plan,
  describe: (change: Plan['changes'][number]) => string,
): string[] {
  const signs = { create: 'missing', change: 'changed', replace: 'another', destroy: 'left over' } as const;
  return changes
    .filter(({ isPart }) => isPart !== true)
    .map(change => `${signs[change.action]}: ${describe(change)}`);
}
