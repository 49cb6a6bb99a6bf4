/**
 * Networks for tests: nodes with their own addresses, servers, clients and programs in them, made in milliseconds and gone
 * with the test. Works with every test runner.
 *
 * @packageDocumentation
 */

import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ipWords } from '../commands/lab/ip-words.ts';
import { systemKernel } from '../kernel/kernel.ts';
import { SystemError } from '../kernel/system/errors.ts';
import { readPatch } from '../lab/format/quantities.ts';
import type { Impairment, LabFile } from '../lab/format/shape.ts';
import { deviceAt, endsOf, onlyThese, patchedLab } from '../lab/impairment/live.ts';
import { loadLab } from '../lab/load.ts';
import type { LabModel } from '../lab/model.ts';
import { EPERM } from '../linux/errno.ts';
import { makeNamespace } from '../namespaces/anonymous.ts';
import { type Backend, type LabChange, planLines } from './backend.ts';
import { LocalBackend } from './local.ts';
import { TestNode } from './node.ts';
import { pictureOf } from './picture.ts';
import { RootlessBackend } from './rootless.ts';

export { ApplyError } from '../lab/engine.ts';
export { LabFileError } from '../lab/format/problems.ts';
export type {
  Command as LabCommand,
  Duration as LabDuration,
  Impairment as LabImpairment,
  LabCable,
  LabCheck,
  LabDevice,
  LabEnd,
  LabExternal,
  LabNat,
  LabNetwork,
  LabNode,
  LabService,
  Readiness as LabReadiness,
  Texts as LabTexts,
} from '../lab/format/shape.ts';
export { defineLab, type LabFile } from '../lab/format/shape.ts';
export { NotReadyError } from '../lab/services.ts';
export type { LabChange } from './backend.ts';
export type { TestNode } from './node.ts';

/** The names of the nodes of a lab: of copies the name with any number. */
export type NodeName<L extends LabFile> = {
  [N in keyof L['nodes'] & string]: L['nodes'][N] extends { readonly count: unknown } ? `${N}${number}` : N;
}[keyof L['nodes'] & string];

/** How a lab is made. */
export interface TestLabOptions {
  /** Values of variables. */
  readonly vars?: Readonly<Record<string, string | number | boolean>> | undefined;
  /**
   * A folder for the packets of all ends, as pcapng. The file is kept when a call of the lab fails, whose error then names
   * it, or when {@link Lab.keepCapture} is called.
   */
  readonly captureOnFailure?: string | undefined;
}

/** The same, for a lab that is more than a test's. */
export interface LabOptions extends TestLabOptions {
  /**
   * A name under which `tsip lab` and other processes find it until it is closed; needs root. Without one it is this
   * process's alone.
   */
  readonly name?: string | undefined;
  /** Gives cables whose ends have no address one each. */
  readonly automaticAddresses?: boolean | undefined;
}

/** Values of an impairment that are to change; `none` takes one away. */
export type ImpairmentChange = {
  readonly [Name in keyof Impairment]?: Impairment[Name] | 'none' | undefined;
};

/** A change of an impairment, until it is taken back. */
export interface LabImpaired {
  /** Takes it back; what others have changed since then stays. */
  restore(): Promise<void>;
  /** The same as {@link restore}. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What is captured of ends, and where it goes. */
export interface LabCaptureOptions {
  /** A pcapng file. */
  readonly file: string;
  /** How many bytes of each packet are kept: all when left out. */
  readonly snap?: number | undefined;
  /** It ends after so many packets. */
  readonly count?: number | undefined;
}

/** Packets on their way into a file. */
export interface LabCapture {
  readonly file: string;
  /** Ends it; what came before is in the file. Resolves with how many packets it has, and how many found no room. */
  stop(): Promise<{ readonly packets: number; readonly dropped: number }>;
  /** The same as {@link stop}. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** A lab that lives as long as it is not closed. */
export class Lab<Name extends string = string> {
  #model: LabModel;
  readonly #backend: Backend;
  readonly #options: LabOptions;
  readonly #resources = new Set<{ close(): void }>();
  #isClosed = false;
  #failureCapture: LabCapture | undefined;
  #isCaptureKept = false;

  private constructor(model: LabModel, backend: Backend, options: LabOptions) {
    this.#model = model;
    this.#backend = backend;
    this.#options = options;
  }

  /**
   * Makes a lab, of an object or of a file, starts its services and waits for them. When that fails, nothing of it is left.
   * Rejects with {@link LabFileError} for what is wrong with it, and with an error that names what the kernel refuses.
   *
   *     await using lab = await Lab.apply('router.yaml');
   *     await lab.node('h1').exec('ping', ['-c1', 'h2']);
   */
  static async apply<const L extends LabFile>(file: L, options?: LabOptions): Promise<Lab<NodeName<L>>>;
  static async apply(file: string, options?: LabOptions): Promise<Lab>;
  static async apply(file: string | LabFile, options: LabOptions = {}): Promise<Lab> {
    const model = await modelOf(file, options);
    const name = options.name ?? `${model.name}-${randomBytes(3).toString('hex')}`;
    const isNamed = options.name !== undefined;
    const backend =
      isNamed || canMakeNamespaces() ? new LocalBackend(name, isNamed) : await RootlessBackend.start(name);
    try {
      await backend.apply(model);
      const lab = new Lab<string>(model, backend, options);
      if (options.captureOnFailure !== undefined) await lab.#captureAll(options.captureOnFailure);
      return lab;
    } catch (error) {
      await backend.close();
      throw error;
    }
  }

  /** What would change if `next` were applied: first what is missing, then what is otherwise, then what is left over. */
  async plan(next: string | LabFile): Promise<readonly LabChange[]> {
    return this.#backend.plan(await modelOf(next, this.#options));
  }

  /**
   * Makes this lab as `next` says: only what is otherwise is changed, and other links lose no packet. When a step fails,
   * everything is as before. Resolves with what was changed.
   */
  async apply(next: string | LabFile): Promise<readonly LabChange[]> {
    return this.#become(await modelOf(next, this.#options));
  }

  /**
   * Changes what an end of a link sends, named `NODE:DEVICE`, while packets flow: what is not given stays, `none` takes a
   * value away. Undefined takes all of it away. What it resolves with takes the change back, at the latest with
   * `await using`. Rejects with `RangeError` for a device that the lab does not have, or a value that is none.
   *
   *     await lab.impair('client:eth0', { delay: '100ms', loss: '1%' });
   */
  async impair(end: string, impairment: ImpairmentChange | undefined): Promise<LabImpaired> {
    const patch = impairment === undefined ? onlyThese({}) : readPatch({ ...impairment });
    const patches = [{ end, patch }];
    const next = patchedLab(this.#model, patches);
    const undo = await this.#backend.impair(patches);
    this.#model = next;
    const restore = async () => {
      const patches = undo.splice(0);
      if (patches.length === 0 || this.#isClosed) return;
      await this.#backend.impair(patches);
      this.#model = patchedLab(this.#model, patches);
    };
    return { restore, [Symbol.asyncDispose]: restore };
  }

  /**
   * Writes what an end, or several, named `NODE:DEVICE`, receive and send into a pcapng file, until it is stopped or the
   * lab is closed. Rejects with `RangeError` for a device that the lab does not have, with {@link SystemError} for a file
   * that cannot be written.
   *
   *     await using capture = await lab.capture('client:eth0', { file: 'client.pcapng' });
   */
  async capture(ends: string | readonly string[], options: LabCaptureOptions): Promise<LabCapture> {
    const { file, snap, count } = options;
    const names = [ends].flat();
    for (const end of names) deviceAt(this.#model, end);
    // The process of a lab without root may have another working directory.
    const running = await this.#backend.capture({ ends: names, file: resolve(file), snap, count });
    const stop = async () => {
      const { packets, dropped } = await running.stop();
      return { packets, dropped };
    };
    return { file, stop, [Symbol.asyncDispose]: async () => void (await stop()) };
  }

  /** Keeps the file of `captureOnFailure`, as a call of the lab that fails does. Resolves with its path. */
  async keepCapture(): Promise<string | undefined> {
    if (this.#failureCapture === undefined) return undefined;
    this.#isCaptureKept = true;
    await this.#failureCapture.stop();
    return this.#failureCapture.file;
  }

  async #captureAll(folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${this.#model.name}-${randomBytes(3).toString('hex')}.pcapng`);
    const ends = endsOf(this.#model).filter(end => !end.endsWith(':lo'));
    if (ends.length > 0) this.#failureCapture = await this.capture(ends, { file });
  }

  /** The names of all nodes. */
  get names(): readonly Name[] {
    // A lab's names are those of its type.
    return this.#model.nodes.map(({ name }) => name as Name);
  }

  /** A node. Throws `RangeError` where there is none of that name. */
  node(name: Name): TestNode {
    if (!this.#model.nodes.some(node => node.name === name))
      throw new RangeError(`the lab has no node "${name}": there are ${this.names.join(', ')}`);
    const model = () => this.#model;
    return new TestNode(name, {
      backend: this.#backend,
      // After a change the lab is another one.
      get model() {
        return model();
      },
      own: resource => this.#resources.add(resource),
      explain: error => this.#explain(error),
    });
  }

  /** The lab in a few lines, and what in the kernel is otherwise than it says. */
  async picture(): Promise<string> {
    return pictureOf(this.#model, planLines(await this.#backend.plan(this.#model)));
  }

  /** Makes the checks of the lab, one after the other. Rejects with an error that shows the lab if one fails. */
  async check(): Promise<void> {
    for (const check of this.#model.checks) {
      const { isPassed, reason } = await this.#backend.check(check, this.#model);
      if (!isPassed)
        throw await this.#explain(
          new Error(`${check.path}: ${check.isNegated ? 'not ' : ''}${check.text}: ${reason}`),
        );
    }
  }

  /** Ends everything that was started in the lab, and the lab. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const resource of this.#resources) resource.close();
    await this.#backend.close();
    if (this.#failureCapture !== undefined && !this.#isCaptureKept)
      rmSync(this.#failureCapture.file, { force: true });
  }

  /** The same as {@link close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #become(model: LabModel): Promise<readonly LabChange[]> {
    const changes = await this.#backend.apply(model);
    this.#model = model;
    return changes;
  }

  async #explain(error: unknown): Promise<unknown> {
    if (!(error instanceof Error) || this.#isClosed) return error;
    let picture: string;
    try {
      picture = await this.picture();
      const file = await this.keepCapture();
      if (file !== undefined) picture += `\nPackets: ${file}`;
    } catch {
      return error; // What failed counts more than its picture.
    }
    // The message of some, as of AbortSignal's reasons, is not a member of theirs.
    Object.defineProperty(error, 'message', {
      value: `${error.message}\n\n${picture}`,
      configurable: true,
      writable: true,
    });
    return error;
  }
}

/**
 * Makes a lab for a test, of an object or of a file. Cables without addresses get some. Its namespaces have no names: labs
 * of several tests never meet, and the kernel frees them with the process, however it ends. Rejects with
 * {@link LabFileError} for what is wrong with it.
 *
 *     await using net = await lab({ nodes: { web: {}, db: {} }, links: ['web -- db'] });
 */
export async function lab<const L extends LabFile>(
  file: L,
  options?: TestLabOptions,
): Promise<Lab<NodeName<L>>>;
export async function lab(file: string, options?: TestLabOptions): Promise<Lab>;
export async function lab(file: string | LabFile, options: TestLabOptions = {}): Promise<Lab> {
  return Lab.apply(file as LabFile, { ...options, automaticAddresses: true });
}

/** What a file or an object says. */
function modelOf(file: string | LabFile, { vars, name, automaticAddresses }: LabOptions): Promise<LabModel> {
  return loadLab(file, ipWords, { vars, name, automaticAddresses });
}

/** Whether this process may make namespaces: one is made and let go of. */
function canMakeNamespaces(): boolean {
  try {
    closeSync(makeNamespace(systemKernel.calls));
    return true;
  } catch (error) {
    if (error instanceof SystemError && error.errno === EPERM) return false;
    throw error;
  }
}
