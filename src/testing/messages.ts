/** What a test's process and the one in its user namespace say to each other. */

import type { EndPatch } from '../lab/impairment/live.ts';
import type { CheckModel, LabModel } from '../lab/model.ts';
import type { CaptureRequest, LabChange } from './backend.ts';

/** What is asked of the process inside. */
export type Question =
  | { readonly ask: 'apply'; readonly model: LabModel }
  | { readonly ask: 'plan'; readonly model: LabModel }
  | { readonly ask: 'impair'; readonly patches: readonly SentPatch[] }
  | { readonly ask: 'capture'; readonly capture: CaptureRequest }
  | { readonly ask: 'stop capture'; readonly id: number }
  | { readonly ask: 'check'; readonly check: CheckModel; readonly model: LabModel }
  | {
      readonly ask: 'listen';
      readonly node: string;
      readonly port: number;
      readonly host: string | undefined;
    }
  | { readonly ask: 'socket'; readonly node: string; readonly host: string }
  | { readonly ask: 'close' };

export interface Request {
  readonly id: number;
  readonly question: Question;
}

/** An error on its way between processes. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
}

export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: SentError;
}

/** What `apply` answers. */
export interface Applied {
  /** Descriptors of the namespaces in the process inside. */
  readonly namespaces: Readonly<Record<string, number>>;
  readonly hosts: string | undefined;
  readonly changes: readonly LabChange[];
}

/** What the process inside says first. */
export const READY = 'tsip-ready';

/** A patch on its way: messages between processes have no undefined members. */
export interface SentPatch {
  readonly end: string;
  readonly values: readonly (readonly [string, number | null])[];
}

export function sentPatch({ end, patch }: EndPatch): SentPatch {
  return { end, values: Object.entries(patch).map(([name, value = null]) => [name, value]) };
}

export function receivedPatch({ end, values }: SentPatch): EndPatch {
  return { end, patch: Object.fromEntries(values.map(([name, value]) => [name, value ?? undefined])) };
}
