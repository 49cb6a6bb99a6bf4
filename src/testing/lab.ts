/**
 * Networks for tests: nodes with their own addresses, servers, clients and programs in them, made in milliseconds and gone
 * with the test. Works with every test runner.
 *
 * @packageDocumentation
 */

import { randomBytes } from 'node:crypto';
import { closeSync } from 'node:fs';
import { ipWords } from '../commands/lab/ip-words.ts';
import { systemKernel } from '../kernel/kernel.ts';
import { SystemError } from '../kernel/system/errors.ts';
import type { LabFile } from '../lab/format/shape.ts';
import { loadLab } from '../lab/load.ts';
import type { LabModel } from '../lab/model.ts';
import { EPERM } from '../linux/errno.ts';
import { makeNamespace } from '../namespaces/anonymous.ts';
import type { Backend } from './backend.ts';
import { LocalBackend } from './local.ts';
import { TestNode } from './node.ts';
import { pictureOf } from './picture.ts';
import { RootlessBackend } from './rootless.ts';

export { LabFileError } from '../lab/format/problems.ts';
export type {
  Command as LabCommand,
  Duration as LabDuration,
  Impairment as LabImpairment,
  LabCable,
  LabCheck,
  LabDevice,
  LabEnd,
  LabNetwork,
  LabNode,
  LabService,
  Readiness as LabReadiness,
  Texts as LabTexts,
} from '../lab/format/shape.ts';
export type { TestNode } from './node.ts';

/** The names of the nodes of a lab: of copies the name with any number. */
export type NodeName<L extends LabFile> = {
  [N in keyof L['nodes'] & string]: L['nodes'][N] extends { readonly count: unknown } ? `${N}${number}` : N;
}[keyof L['nodes'] & string];

/** How a lab is made for a test. */
export interface TestLabOptions {
  /** Values of variables. */
  readonly vars?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** A lab that lives as long as a test. */
export class TestLab<Name extends string = string> {
  readonly #model: LabModel;
  readonly #backend: Backend;
  readonly #resources = new Set<{ close(): void }>();
  #isClosed = false;

  /** @internal */
  constructor(model: LabModel, backend: Backend) {
    this.#model = model;
    this.#backend = backend;
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
    return new TestNode(name, {
      backend: this.#backend,
      model: this.#model,
      own: resource => this.#resources.add(resource),
      explain: error => this.#explain(error),
    });
  }

  /** The lab in a few lines, and what in the kernel is otherwise than it says. */
  async picture(): Promise<string> {
    return pictureOf(this.#model, await this.#backend.differences(this.#model));
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
  }

  /** The same as {@link close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #explain(error: unknown): Promise<unknown> {
    if (!(error instanceof Error) || this.#isClosed) return error;
    let picture: string;
    try {
      picture = await this.picture();
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
): Promise<TestLab<NodeName<L>>>;
export async function lab(file: string, options?: TestLabOptions): Promise<TestLab>;
export async function lab(file: string | LabFile, options: TestLabOptions = {}): Promise<TestLab> {
  const { vars } = options;
  const model = await loadLab(file, ipWords, { vars, automaticAddresses: true });
  const name = `${model.name}-${randomBytes(3).toString('hex')}`;
  const backend = canMakeNamespaces() ? new LocalBackend(name) : await RootlessBackend.start(name);
  try {
    await backend.apply(model);
  } catch (error) {
    await backend.close();
    throw error;
  }
  return new TestLab(model, backend);
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
