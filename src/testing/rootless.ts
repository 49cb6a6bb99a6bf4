/**
 * The backend of processes that may not make namespaces: a child in a user namespace, where it is root, makes the lab and
 * hands sockets over. Source: user_namespaces(7).
 */

import type { ChildProcess } from 'node:child_process';
import type { Server } from 'node:net';
import { Socket } from 'node:net';
import { extname, join } from 'node:path';
import type { Step } from '../kernel/plans/plan.ts';
import { SystemError } from '../kernel/system/errors.ts';
import type { CaptureSummary } from '../lab/capture/capture.ts';
import type { CheckResult } from '../lab/check.ts';
import { boundFiles } from '../lab/hosts.ts';
import type { EndPatch } from '../lab/impairment/live.ts';
import type { CheckModel, LabModel } from '../lab/model.ts';
import { planIn } from '../lab/program.ts';
import type { NamespaceSpawnOptions } from '../library/namespace.ts';
import type { Network } from '../library/network.ts';
import type { ConnectOptions, ListenOptions } from '../library/sockets.ts';
import { spawnPlan } from '../library/spawn.ts';
import { EPERM } from '../linux/errno.ts';
import { factsOf, type Kind } from '../namespaces/kinds.ts';
import { rootlessPlan } from '../namespaces/plans/rootless-plan.ts';
import { userNamespacesForbidden } from '../namespaces/rootless/forbidden.ts';
import type { Backend, CaptureRequest, LabChange, RunningCapture } from './backend.ts';
import {
  type Applied,
  type Question,
  READY,
  type Reply,
  receivedPatch,
  type SentPatch,
  sentPatch,
} from './messages.ts';

/** In the plans of programs the network namespace has slot 0. */
const USER_SLOT = 1;

interface Waiting {
  readonly resolve: (answer: { value: unknown; handle: unknown }) => void;
  readonly reject: (error: Error) => void;
}

export class RootlessBackend implements Backend {
  readonly #agent: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #children = new Set<ChildProcess>();
  #applied: Applied = { namespaces: {}, hosts: undefined, changes: [] };
  #next = 1;

  private constructor(agent: ChildProcess) {
    this.#agent = agent;
    agent.on('message', (reply: Reply, handle: unknown) => this.#onReply(reply, handle));
    agent.on('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the process of the lab has ended'));
      this.#waiting.clear();
    });
    // A test that is done may end without having closed its lab.
    agent.unref();
    agent.channel?.unref();
  }

  /** Starts the process. Rejects with {@link SystemError} EPERM, which names settings, where there are no user namespaces. */
  static async start(name: string): Promise<RootlessBackend> {
    const file = join(import.meta.dirname, `agent${extname(import.meta.filename)}`);
    const agent = spawnPlan(
      new Map(),
      { stdio: ['ignore', 'inherit', 'pipe', 'ipc'] },
      (_joined, command) => rootlessPlan(command),
      [process.execPath, ...process.execArgv, file, name],
    );
    await ready(agent);
    return new RootlessBackend(agent);
  }

  async apply(model: LabModel): Promise<readonly LabChange[]> {
    const { value } = await this.#ask({ ask: 'apply', model });
    this.#applied = value as Applied;
    return this.#applied.changes;
  }

  async plan(model: LabModel): Promise<readonly LabChange[]> {
    return (await this.#ask({ ask: 'plan', model })).value as LabChange[];
  }

  async impair(patches: readonly EndPatch[]): Promise<EndPatch[]> {
    const { value } = await this.#ask({ ask: 'impair', patches: patches.map(sentPatch) });
    return (value as SentPatch[]).map(receivedPatch);
  }

  async capture(capture: CaptureRequest): Promise<RunningCapture> {
    const id = (await this.#ask({ ask: 'capture', capture })).value as number;
    let summary: Promise<CaptureSummary> | undefined;
    const stop = async () => (await this.#ask({ ask: 'stop capture', id })).value as CaptureSummary;
    return {
      stop: () => {
        summary ??= stop();
        return summary;
      },
    };
  }

  async check(check: CheckModel, model: LabModel): Promise<CheckResult> {
    return (await this.#ask({ ask: 'check', check, model })).value as CheckResult;
  }

  async listen(node: string, server: Server, { port = 0, host, backlog }: ListenOptions): Promise<void> {
    const { handle } = await this.#ask({ ask: 'listen', node, port, host });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(handle, backlog, () => {
        server.off('error', reject);
        resolve();
      });
    });
  }

  async connect(node: string, options: ConnectOptions): Promise<Socket> {
    const { handle } = await this.#ask({ ask: 'socket', node, host: options.host });
    // Node's types have no sockets on what another process hands over.
    const socket = new Socket({ handle, readable: true, writable: true, manualStart: true } as object);
    return socket.connect({ ...options });
  }

  spawn(node: string, argv: readonly string[], options: NamespaceSpawnOptions): ChildProcess {
    const { namespaces, hosts } = this.#applied;
    const own = `/proc/${this.#agent.pid}`;
    const files = hosts === undefined ? [] : boundFiles(hosts, node);
    const references = new Map<Kind, string>([
      ['net', `${own}/fd/${namespaces[node]}`],
      ['user', `${own}/ns/user`],
    ]);
    const child = spawnPlan(
      references,
      options,
      (joined, words) => {
        const plan = planIn({ name: node, files }, joined.get('net')!, words, options.cwd);
        return { ...plan, steps: [...enterUser(joined.get('user')!), ...plan.steps] };
      },
      argv,
    );
    this.#children.add(child);
    child.on('exit', () => this.#children.delete(child));
    child.on('error', () => this.#children.delete(child));
    return child;
  }

  network(): Promise<Network> {
    throw new SystemError(
      'node.network() needs a test that runs as root, or in "tsip --rootless run"',
      EPERM,
    );
  }

  async close(): Promise<void> {
    if (!this.#agent.connected) return;
    // One that has just been started may not be inside yet, where the engine would find it.
    for (const child of this.#children) child.kill('SIGKILL');
    await this.#ask({ ask: 'close' });
    this.#agent.ref();
    const ended = new Promise(resolve => this.#agent.once('exit', resolve));
    this.#agent.disconnect();
    await ended;
  }

  #ask(question: Question): Promise<{ value: unknown; handle: unknown }> {
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      this.#waiting.set(id, { resolve, reject });
      // While an answer is awaited the process stays.
      this.#agent.channel?.ref();
      this.#agent.send({ id, question }, error => {
        if (error === null) return;
        this.#waiting.delete(id);
        reject(error);
      });
    });
  }

  #onReply({ id, value, error }: Reply, handle: unknown): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#agent.channel?.unref();
    if (error === undefined) waiting?.resolve({ value, handle });
    else
      waiting?.reject(
        Object.assign(new Error(error.message), {
          name: error.name,
          ...(error.code && { code: error.code }),
        }),
      );
  }
}

function enterUser(descriptor: number): Step[] {
  const fails = 'cannot enter the user namespace of the lab';
  return [
    { step: 'adopt', slot: USER_SLOT, descriptor, fails },
    { step: 'setns', slot: USER_SLOT, type: factsOf('user').flag, fails },
  ];
}

/** Waits for the first word of the process; what it prints if it has none is the reason. */
function ready(agent: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let complaint = '';
    agent.stderr!.on('data', chunk => {
      complaint += chunk;
    });
    const onEnd = () => {
      const isForbidden = /unshare failed|uid_map|gid_map|setgroups/.test(complaint);
      reject(
        new SystemError(isForbidden ? userNamespacesForbidden(complaint.trim()) : complaint.trim(), EPERM),
      );
    };
    agent.once('error', reject);
    agent.once('close', onEnd);
    agent.once('message', message => {
      if (message !== READY) return;
      agent.off('error', reject);
      agent.off('close', onEnd);
      agent.stderr!.on('data', chunk => process.emitWarning(`the process of the lab: ${chunk}`));
      (agent.stderr as Socket).unref();
      resolve();
    });
  });
}
