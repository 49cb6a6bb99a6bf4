/** Makes the steps of a plan: requests of one phase go to each namespace in few datagrams. */

import { writeFileSync } from 'node:fs';
import type { Kernel } from '../kernel/kernel.ts';
import type { NetlinkSession } from '../kernel/netlink/session.ts';
import { RequestWindow } from '../kernel/netlink/window.ts';
import { errorCode, KernelError, SystemError } from '../kernel/system/errors.ts';
import { insideNamespace } from '../kernel/system/namespace.ts';
import { EADDRNOTAVAIL, ENODEV, ENOENT, EOPNOTSUPP, ESRCH } from '../linux/errno.ts';
import { attributePath } from '../rtnetlink/catalogue/attribute-path.ts';
import type { Change, StepContext } from './change.ts';
import { sendNat } from './nat.ts';
import { openSession, readSysctl } from './observe.ts';
import { stepsInOrder } from './plan.ts';
import type { NamespaceStore } from './store.ts';

/** A step that failed. */
export class StepError extends Error {
  readonly change: Change;
  readonly code: string;

  constructor(change: Change, reason: string, code: string) {
    const { place, path, action, kind, node, name } = change;
    const where = place === undefined ? path : `${place.file}:${place.line}:${place.column}: ${path}`;
    super(
      `${where}: cannot ${VERBS[action]} ${kind} "${name}"${kind === 'node' ? '' : ` in ${node}`}: ${reason}`,
    );
    this.name = 'StepError';
    this.change = change;
    this.code = code;
  }
}

const VERBS = { create: 'create', change: 'change', replace: 'replace', destroy: 'delete' } as const;

/** Sessions with the namespaces of a lab, opened when they are needed. */
export class Sessions {
  readonly #kernel: Kernel;
  readonly #store: NamespaceStore;
  readonly #open = new Map<string, NetlinkSession>();

  constructor(kernel: Kernel, store: NamespaceStore) {
    this.#kernel = kernel;
    this.#store = store;
  }

  /** Throws {@link SystemError}. */
  of(node: string): NetlinkSession {
    let session = this.#open.get(node);
    if (session === undefined) {
      session = openSession(this.#kernel, this.#store.open(node)!);
      this.#open.set(node, session);
    }
    return session;
  }

  forget(node: string): void {
    this.#open.get(node)?.close();
    this.#open.delete(node);
  }

  close(): void {
    for (const node of [...this.#open.keys()]) this.forget(node);
  }
}

/** Called when the steps of a phase are made. */
export type OnProgress = (done: number, all: number) => void;

/** What is reported while steps are made. */
export interface ExecuteReports {
  readonly onProgress?: OnProgress | undefined;
  /** Called with the value that a sysctl had before it was set. */
  readonly onSysctl?: ((node: string, name: string, before: string) => void) | undefined;
}

/** Makes all steps; the first that fails ends it. Throws {@link StepError}. */
export async function execute(
  changes: readonly Change[],
  kernel: Kernel,
  store: NamespaceStore,
  sessions: Sessions,
  { onProgress, onSysctl }: ExecuteReports = {},
): Promise<void> {
  const context: StepContext = {
    namespace(node) {
      const found = store.open(node);
      if (found === undefined) throw new Error(`there is no namespace of "${node}"`);
      return found;
    },
  };
  const steps = stepsInOrder(changes);
  for (let at = 0; at < steps.length; ) {
    const { step } = steps[at]!;
    let end = at + 1;
    if (step.request === undefined) {
      act(steps[at]!, kernel, store, sessions, onSysctl);
    } else {
      while (steps[end]?.step.phase === step.phase && steps[end]!.step.request !== undefined) end++;
      sendAll(steps.slice(at, end), sessions, context);
      // Others may run: a lab of many nodes takes a while.
      await new Promise(resolve => setImmediate(resolve));
    }
    at = end;
    onProgress?.(at, steps.length);
  }
}

type Item = ReturnType<typeof stepsInOrder>[number];

/** Sends the requests of one phase, those of each namespace in their order. */
function sendAll(items: readonly Item[], sessions: Sessions, context: StepContext): void {
  const byNode = new Map<string, Item[]>();
  for (const item of items) {
    const list = byNode.get(item.step.node);
    if (list === undefined) byNode.set(item.step.node, [item]);
    else list.push(item);
  }
  for (const [node, list] of byNode) {
    let session: NetlinkSession;
    try {
      session = sessions.of(node);
    } catch (error) {
      throw failure(list[0]!.change, error);
    }
    let window = new RequestWindow();
    let waiting: Item[] = [];
    const flush = () => {
      if (waiting.length > 0) send(session, window, waiting);
      window = new RequestWindow();
      waiting = [];
    };
    for (const item of list) {
      const message = item.step.request!(context);
      if (!window.add(message)) {
        flush();
        window.add(message);
      }
      waiting.push(item);
    }
    flush();
  }
}

/** What is to be deleted went with something else: a route with the address that it was for. */
const GONE: ReadonlySet<number> = new Set([ENOENT, ESRCH, ENODEV, EADDRNOTAVAIL]);

function send(session: NetlinkSession, window: RequestWindow, items: readonly Item[]): void {
  let refusals: ReadonlyMap<number, KernelError>;
  try {
    ({ refusals } = session.startWindow(window, false).answers());
  } catch (error) {
    throw failure(items[0]!.change, error);
  }
  const [first] = [...refusals]
    .filter(([at, { errno }]) => !(items[at]!.step.phase.startsWith('delete') && GONE.has(errno)))
    .sort(([one], [other]) => one - other);
  if (first !== undefined) throw failure(items[first[0]]!.change, first[1]);
}

const NO_NF_TABLES =
  'the kernel needs nf_tables with nft_chain_nat and nft_masq; "setup" may run another program for it';
const NO_MODULE = 'the kernel needs its module sch_netem, or sch_tbf for a rate alone';

function failure(change: Change, error: unknown): unknown {
  if (error instanceof KernelError) {
    const { offset } = error.extendedAck;
    const attribute = offset === undefined ? undefined : attributePath(error.request, offset);
    const isMissing = error.errno === ENOENT || error.errno === EOPNOTSUPP;
    const detail =
      change.kind === 'impairment' && error.errno === ENOENT
        ? NO_MODULE
        : change.kind === 'nat' && isMissing
          ? NO_NF_TABLES
          : attribute;
    const reason = detail === undefined ? error.message : `${error.message} (${detail})`;
    return new StepError(change, reason, error.code);
  }
  if (error instanceof SystemError) return new StepError(change, error.message, error.code);
  return error;
}

function act(
  { step, change }: Item,
  kernel: Kernel,
  store: NamespaceStore,
  sessions: Sessions,
  onSysctl: ExecuteReports['onSysctl'],
): void {
  const { act, node } = step;
  try {
    if (act === 'create namespace') store.create(node);
    else if (act === 'remove namespace') {
      sessions.forget(node);
      store.remove(node);
    } else if (act !== undefined && 'nat' in act) {
      sendNat(kernel, store.open(node)!, act.nat());
    } else if (act !== undefined) {
      const namespace = store.open(node)!;
      const before = readSysctl(kernel, namespace, act.sysctl);
      if (before !== undefined) onSysctl?.(node, act.sysctl, before);
      writeSysctl(kernel, namespace, act.sysctl, act.value);
    }
  } catch (error) {
    throw failure(change, error);
  }
}

/** Sets a value below /proc/sys of a namespace. Throws {@link SystemError}. */
export function writeSysctl(kernel: Kernel, namespace: number, name: string, value: string): void {
  insideNamespace(kernel.calls, namespace, () => {
    try {
      writeFileSync(`/proc/sys/${name}`, value, { flag: 'r+' });
    } catch (error) {
      const { errno = 0, code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      throw new SystemError(`/proc/sys/${name}`, Math.abs(errno));
    }
  });
}

/** The name of an error number, for reports. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof StepError || error instanceof KernelError || error instanceof SystemError)
    return error.code;
  const { errno } = error as NodeJS.ErrnoException;
  return typeof errno === 'number' ? errorCode(Math.abs(errno)) : undefined;
}
