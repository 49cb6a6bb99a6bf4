/** A lab while it is made of what a file says. */

import type { DeviceModel, DeviceOrigin, ExternalModel } from '../model.ts';
import type { Problems } from './problems.ts';
import type { LabNode } from './shape.ts';
import type { Path, Tree } from './tree.ts';

/** A device that may still wait for its cable. */
export type DeviceDraft = Omit<DeviceModel, 'origin'> & { readonly origin: DeviceOrigin | undefined };

export interface NodeDraft {
  readonly name: string;
  readonly said: LabNode;
  readonly devices: Map<string, DeviceDraft>;
  readonly path: Path;
  /** Undefined for nodes that the lab makes. */
  readonly external: ExternalModel | undefined;
}

export interface Draft {
  readonly tree: Tree;
  readonly problems: Problems;
  readonly lab: string;
  /** What relative paths are relative to. */
  readonly folder: string;
  readonly networks: ReadonlySet<string>;
  readonly nodes: Map<string, NodeDraft>;
}
