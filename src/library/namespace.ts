/** Network namespaces: made, opened, listed, and programs and sockets inside them. Source: ip-netns(8). */

import type { ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { systemKernel } from '../kernel/kernel.ts';
import { asker } from '../kernel/netlink/request-sync.ts';
import { SystemError } from '../kernel/system/errors.ts';
import { EBADF, ENOENT } from '../linux/errno.ts';
import { makeNamespace, openOwnNamespace } from '../namespaces/anonymous.ts';
import { nameOfProcess, processesAt } from '../namespaces/inventory/membership.ts';
import { nsidOf } from '../namespaces/inventory/nsid-names.ts';
import {
  addNamespace,
  addNamespaceIfAbsent,
  attachNamespace,
  deleteNamespace,
  deleteNamespaceIfPresent,
  isNamespaceName,
  listConfiguration,
  pathOfNamespace,
  readNames,
} from '../namespaces/named.ts';
import { namespaceProgramPlan } from '../namespaces/plans/child-plan.ts';
import { EXEC, type ExecOptions, type ExecResult, gather } from './exec.ts';
import { NamespaceSockets } from './namespace-sockets.ts';
import { Network, type NetworkOptions } from './network.ts';
import { commandWords, PASSED, type PassedSpawnOptions, spawnPlan } from './spawn.ts';
import { ArgumentError, checkInteger, show } from './values/argument.ts';
import {
  identityOfDescriptor,
  type NamespaceReference,
  type OpenNamespace,
  openReference,
} from './values/reference.ts';
import { flag, members, type Shape, text } from './values/shape.ts';
import { type WaitOptions, waitForNoFile } from './wait.ts';

const MAX_PID = 0x7fffffff;

/** How a program is started in a network namespace. */
export interface NamespaceSpawnOptions extends PassedSpawnOptions {
  /** Working directory of the program. */
  readonly cwd?: string | undefined;
}

const SPAWN: Shape<NamespaceSpawnOptions> = { ...PASSED, cwd: text };

/** How a namespace is made. */
export interface NamespaceCreateOptions {
  /** Opens the namespace of that name if there is one, instead of rejecting with EEXIST. */
  readonly ifAbsent?: boolean | undefined;
}

const CREATE: Shape<NamespaceCreateOptions> = { ifAbsent: flag };

/** How a name is deleted. */
export interface NamespaceDeleteOptions {
  /** Does nothing if there is no such name, instead of rejecting with ENOENT. */
  readonly ifPresent?: boolean | undefined;
}

const DELETE: Shape<NamespaceDeleteOptions> = { ifPresent: flag };

/**
 * A network namespace that is held open, so that it lives on whatever becomes of its name. Close it, or have `using`
 * or `await using` do so; that also ends what was started in it, and deletes the name of one that was made by
 * {@link Namespace.create}.
 *
 * Threads: everything here may be used in worker threads as in the main one. Nothing of the process is moved for good;
 * {@link Namespace.run} moves the calling thread alone, and brings it back before anything else can run on it.
 */
export class Namespace extends NamespaceSockets implements OpenNamespace {
  readonly #fd: number;
  readonly #isOwned: boolean;
  #isClosed = false;

  private constructor(fd: number, name: string | undefined, isOwned: boolean) {
    super(name);
    this.#fd = fd;
    this.#isOwned = isOwned;
  }

  /**
   * Makes a network namespace. With a name it is one that `ip netns` knows, too; without, it ends when it is closed and
   * nothing else is in it. Disposing of it deletes the name, unless it was there before. Rejects with {@link SystemError}: EEXIST if the name is
   * taken, EPERM without CAP_SYS_ADMIN.
   */
  static async create(name?: string, options: NamespaceCreateOptions = {}): Promise<Namespace> {
    const { ifAbsent } = members('options', options, CREATE, { prefix: '' });
    if (name === undefined && ifAbsent)
      throw new ArgumentError('ifAbsent', 'is about a name, and there is none');
    if (name === undefined) return new Namespace(makeNamespace(systemKernel.calls), undefined, true);
    const add = ifAbsent ? addNamespaceIfAbsent : addNamespace;
    const isNew = add(systemKernel, checkName(name), () => undefined) ?? true;
    return new Namespace(openReference('name', name), name, isNew);
  }

  /**
   * Opens a network namespace: by its name, by a path (a text with a slash), by a process that is in it, or one that is
   * open, a second time. Rejects with {@link SystemError}.
   */
  static async open(reference: NamespaceReference): Promise<Namespace> {
    const isName = typeof reference === 'string' && !reference.includes('/');
    return new Namespace(openReference('reference', reference), isName ? reference : undefined, false);
  }

  /** Opens the network namespace that the calling thread is in. Rejects with {@link SystemError}. */
  static async current(): Promise<Namespace> {
    return new Namespace(openOwnNamespace(), undefined, false);
  }

  /** Gives the network namespace of a process a name, and opens it. Rejects with {@link SystemError}. */
  static async attach(name: string, pid: number): Promise<Namespace> {
    attachNamespace(systemKernel, checkName(name), checkInteger('pid', pid, 1, MAX_PID), () => undefined);
    return Namespace.open(name);
  }

  /** Deletes a name. The namespace lives on as long as anything holds it. Rejects with {@link SystemError}. */
  static async delete(name: string, options: NamespaceDeleteOptions = {}): Promise<void> {
    const { ifPresent } = members('options', options, DELETE, { prefix: '' });
    const remove = ifPresent ? deleteNamespaceIfPresent : deleteNamespace;
    remove(systemKernel, checkName(name));
  }

  /**
   * Waits until no network namespace has a name any more. The namespace may live on, as long as anything holds it. Rejects
   * with {@link WaitError} after the time limit, with the signal's reason.
   */
  static async waitForDeletion(name: string, options: WaitOptions = {}): Promise<void> {
    await waitForNoFile(pathOfNamespace(checkName(name)), `namespace "${name}" to be deleted`, options);
  }

  /** The names of network namespaces, in the order of the run directory. Rejects with {@link SystemError}. */
  static async list(): Promise<string[]> {
    return readNames();
  }

  /** The name of a process's network namespace; undefined if it has none. Rejects with {@link SystemError}. */
  static async identify(pid: number = process.pid): Promise<string | undefined> {
    return nameOfProcess(String(checkInteger('pid', pid, 1, MAX_PID)));
  }

  /** Descriptor of the namespace's file. Throws {@link SystemError} EBADF when it has been closed. */
  get fd(): number {
    if (this.#isClosed) throw new SystemError('the namespace has been closed', EBADF);
    return this.#fd;
  }

  /** Path of its file, if it has a name. */
  get path(): string | undefined {
    return this.name === undefined ? undefined : pathOfNamespace(this.name);
  }

  /** Whether this is the same namespace as another. Throws {@link SystemError} for what cannot be opened. */
  equals(reference: NamespaceReference): boolean {
    const other = openReference('reference', reference);
    try {
      return identityOfDescriptor(this.fd) === identityOfDescriptor(other);
    } finally {
      closeSync(other);
    }
  }

  /** The id that the calling thread's namespace has for this one; undefined if it has none. */
  nsid(): number | undefined {
    return nsidOf(asker(systemKernel.sockets.blocking), this.fd);
  }

  /** Ids of the processes in it, as far as they may be looked at. Rejects with {@link SystemError}. */
  async pids(): Promise<number[]> {
    return processesAt(`/proc/self/fd/${this.fd}`).map(Number);
  }

  /** Opens its network. Rejects with {@link SystemError}. */
  async network(options: Omit<NetworkOptions, 'namespace'> = {}): Promise<Network> {
    return Network.open({ ...options, namespace: this });
  }

  /**
   * Starts a program in it, as `ip netns exec` does: in its own mount namespace, in which /sys shows this network
   * namespace and, if it has a name, the files of /etc/netns/NAME are those of /etc. If that fails, a line on standard
   * error says why and the exit code is 1; it is 127 where there is no such program, 126 where it cannot be executed.
   * Throws {@link SystemError}.
   */
  spawn(command: string, argv: readonly string[] = [], options: NamespaceSpawnOptions = {}): ChildProcess {
    return this.#spawn(commandWords(command, argv), members('options', options, SPAWN, { prefix: '' }));
  }

  #spawn(argv: readonly string[], options: NamespaceSpawnOptions): ChildProcess {
    const { name = '' } = this;
    const files = this.name === undefined ? [] : listConfiguration(name);
    const makePlan = (joined: ReadonlyMap<string, number>, words: readonly string[]) =>
      namespaceProgramPlan({ name, files, descriptor: joined.get('net')!, cwd: options.cwd, argv: words });
    const child = spawnPlan(new Map([['net', this]]), options, makePlan, argv);
    if (options.detached !== true) this.belongings.addProgram(child);
    return child;
  }

  /**
   * Runs a program in it to its end, as {@link spawn} starts it, and resolves with what it wrote. Rejects with
   * {@link ExecError} if its exit code is not 0 or a signal ended it.
   */
  async exec(command: string, argv: readonly string[] = [], options: ExecOptions = {}): Promise<ExecResult> {
    const words = commandWords(command, argv);
    const { input, maxBuffer, ...passed } = members('options', options, EXEC, { prefix: '' });
    const child = this.#spawn(words, { ...passed, stdio: 'pipe' });
    return gather(child, words, { input, maxBuffer });
  }

  /** Deletes its name, if it has one, and lets go of it. Rejects with {@link SystemError}: ENOENT if the name is gone. */
  async delete(): Promise<void> {
    if (this.name === undefined) throw new SystemError('the namespace has no name', ENOENT);
    deleteNamespace(systemKernel, this.name);
    this.close();
  }

  /** Lets go of it; its name stays. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#fd);
  }

  /**
   * Ends what was started in it by this object: programs that are not detached, servers, sockets, agents. Then lets go
   * of it, and deletes its name if it was made by {@link Namespace.create}. Throws {@link SystemError}.
   */
  [Symbol.dispose](): void {
    void this.belongings.end();
    this.#release();
  }

  #release(): void {
    if (this.#isClosed) return;
    try {
      if (this.#isOwned && this.name !== undefined && this.#hasItsName())
        deleteNamespace(systemKernel, this.name);
    } catch (error) {
      if (!(error instanceof SystemError) || error.errno !== ENOENT) throw error;
    } finally {
      this.close();
    }
  }

  /** The same; resolves when all of it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.belongings.end();
    this.#release();
  }

  /** Somebody may have deleted the name and given it to another. */
  #hasItsName(): boolean {
    try {
      return this.equals(this.name!);
    } catch {
      return false;
    }
  }
}

function checkName(name: string): string {
  if (typeof name !== 'string' || !isNamespaceName(name) || name.includes('\0'))
    throw new ArgumentError('name', `${show(name)} is no name for a namespace`);
  return name;
}
