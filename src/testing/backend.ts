/** Where the nodes of a test's lab are: namespaces that this process holds open, or another one that may make them. */

import type { ChildProcess } from 'node:child_process';
import type { Server, Socket } from 'node:net';
import type { CaptureSummary } from '../lab/capture/capture.ts';
import type { Action, Change, ChangeKind } from '../lab/change.ts';
import type { CheckResult } from '../lab/check.ts';
import { describe } from '../lab/engine.ts';
import type { EndPatch } from '../lab/impairment/live.ts';
import type { CheckModel, LabModel } from '../lab/model.ts';
import type { NamespaceSpawnOptions } from '../library/namespace.ts';
import type { Network } from '../library/network.ts';
import type { ConnectOptions, ListenOptions } from '../library/sockets.ts';

/** The kernel's part of a test's lab. */
export interface Backend {
  /** Makes the lab as `model` says, and starts its services; resolves with what was changed. */
  apply(model: LabModel): Promise<readonly LabChange[]>;
  /** What must change so that the lab is as `model` says. */
  plan(model: LabModel): Promise<readonly LabChange[]>;
  /** Changes what ends send; resolves with what takes that back. */
  impair(patches: readonly EndPatch[]): Promise<EndPatch[]>;
  /** Writes packets of ends into a file until it is stopped. */
  capture(capture: CaptureRequest): Promise<RunningCapture>;
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

/** What is to be captured. */
export interface CaptureRequest {
  readonly ends: readonly string[];
  readonly file: string;
  readonly snap?: number | undefined;
  readonly count?: number | undefined;
}

/** A capture that runs. */
export interface RunningCapture {
  /** Resolves with what it has taken, however often it is called. */
  stop(): Promise<CaptureSummary>;
}

/** One difference between a lab and the kernel. */
export interface LabChange {
  readonly action: Action;
  readonly node: string;
  readonly kind: ChangeKind;
  /** What it is, in the words of `ip`. */
  readonly name: string;
  /** What is otherwise, for changes and replacements. */
  readonly reasons: readonly string[];
  /** The change in a few words. */
  readonly text: string;
}

/** Changes without their steps, and without those that belong to others. */
export function changesOf(changes: readonly Change[]): LabChange[] {
  return changes
    .filter(({ isPart }) => isPart !== true)
    .map(change => {
      const { action, node, kind, name, reasons } = change;
      return { action, node, kind, name, reasons, text: describe(change) };
    });
}

const SIGNS: Readonly<Record<Action, string>> = {
  create: 'missing',
  change: 'changed',
  replace: 'another',
  destroy: 'left over',
};

/** A plan as lines. */
export function planLines(changes: readonly LabChange[]): string[] {
  return changes.map(({ action, text }) => `${SIGNS[action]}: ${text}`);
}
