/** Changes that lead from what the kernel has to what a lab is to be, and the steps that make them. */

import type { MessageWriter } from '../wire/writer.ts';
import type { Place } from './format/tree.ts';

/** What a change is of. */
export type ChangeKind =
  | 'node'
  | 'device'
  | 'address'
  | 'route'
  | 'rule'
  | 'neighbour'
  | 'sysctl'
  | 'nat'
  | 'impairment'
  | 'service';

export type Action = 'create' | 'change' | 'replace' | 'destroy';

/** The order in which steps are made. */
export const PHASES = [
  'delete objects',
  'delete devices',
  'remove namespaces',
  'create namespaces',
  'prepare namespaces',
  'networks',
  'pairs',
  'devices',
  'settings',
  'device sysctls',
  'addresses',
  'switch on',
  'routes',
  'nat',
  'impairment',
] as const;
export type Phase = (typeof PHASES)[number];

/** Descriptors of namespaces while steps are made. */
export interface StepContext {
  /** Throws where there is no such namespace. */
  namespace(node: string): number;
}

/** One request, or one act of another kind. */
export interface Step {
  readonly phase: Phase;
  readonly node: string;
  /** A request inside the node's namespace. */
  readonly request?: (context: StepContext) => MessageWriter;
  readonly act?:
    | 'create namespace'
    | 'remove namespace'
    | { readonly sysctl: string; readonly value: string }
    /** Messages of one transaction of nf_tables. */
    | { readonly nat: () => readonly MessageWriter[] };
}

/** One difference between the lab and the kernel. */
export interface Change {
  readonly action: Action;
  readonly node: string;
  readonly kind: ChangeKind;
  /** What it is, in the words of `ip`. */
  readonly name: string;
  /** What is different, for changes and replacements: `mtu 1500 -> 1400`. */
  readonly reasons: readonly string[];
  readonly place: Place | undefined;
  readonly path: string;
  /** It belongs to something that is in the plan as well, as the far end of a cable does. */
  readonly isPart?: boolean | undefined;
  readonly steps: readonly Step[];
}

/** Something in a namespace of the lab that the lab did not make. */
export interface Foreign {
  readonly node: string;
  readonly kind: ChangeKind;
  readonly name: string;
}
