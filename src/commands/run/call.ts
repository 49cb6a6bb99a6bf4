/**
 * One call, made in the engine's process: the program's own code, with the caller's streams, variables, working directory
 * and network namespace. What cannot be made here as a separate process would make it is declined before it has had
 * an effect, and the client starts Node for it.
 */
import { closeSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import { type Kernel, systemKernel } from '../../kernel/kernel.ts';
import type { SocketPool } from '../../kernel/netlink/socket-pool.ts';
import type { Connect, Transport } from '../../kernel/netlink/transport.ts';
import { nsexec, type PlanRunner } from '../../kernel/plans/exec.ts';
import { encodePlan, type Plan } from '../../kernel/plans/plan.ts';
import { SystemError } from '../../kernel/system/errors.ts';
import { ENOENT } from '../../linux/errno.ts';
import { listConfiguration, pathOfNamespace } from '../../namespaces/named.ts';
import { asksForRootless, isInside, ROOTLESS_VARIABLE } from '../../namespaces/rootless/variable.ts';
import type { Sink } from '../../output/sink.ts';
import { encodeText } from '../../wire/text.ts';
import { COMPLETION_OPTION } from '../completion/answer.ts';
import type { Program } from '../enter/program.ts';
import { COMMAND_HELP, defaultOptions, OWN_VERSION, parseOptions } from '../frame/options.ts';
import { CallHandedOver } from '../frame/report.ts';
import type { Streams } from '../frame/streams.ts';
import { type Caller, openNetwork } from './caller.ts';
import type { Home, Place } from './place.ts';
import {
  type Environment,
  execFrame,
  exitFrame,
  FRAME,
  type Request,
  STDERR_IS_TERMINAL,
  STDOUT_IS_TERMINAL,
  startFrame,
  textFrame,
} from './protocol.ts';
import { areServed, isServed } from './served.ts';

/** Files that are others in every process: its descriptors. */
const OWN_FILE = /\/(self|thread-self|dev)\//;
/** Variables that are read when the engine starts: a caller with other values has to be served by itself. */
const SHARED_VARIABLES = ['TSIP_NETNS_DIR', 'TZ', 'LC_ALL', 'LANG', 'LD_PRELOAD'];
/** The engine's values of these: to read one of process.env takes as long as to look for it in a request. */
const sharedVariables = SHARED_VARIABLES.map(name => [name, process.env[name]] as const);
/** Text that is kept before it is sent. */
const PIECE = 16 << 10;

/** Thrown where a call cannot be made here. */
class Declined extends CallHandedOver {}

/** Thrown in place of becoming another program. */
class Become extends CallHandedOver {
  readonly frame: Buffer;

  constructor(frame: Buffer) {
    super('the client becomes a program');
    this.frame = frame;
  }
}

/** Where a call's frames go. */
export interface Reply {
  send(frame: Buffer): void;
  /** Resolves as soon as the client has read enough for more to be sent; until then other calls are made. */
  drained(): Promise<void> | undefined;
}

/** How a call has ended: the exit status; `started` by the client itself; or as the `program` that it became. */
export type CallEnd = number | 'started' | 'program';

/** What may be done with the kernel of a call: a trace, a dry run. */
export type Decorate = (kernel: Kernel, streams: Streams) => Kernel;

/** Runs the program ip. */
export type RunIp = (
  words: readonly string[],
  programName: string,
  host: {
    readonly kernel: Kernel;
    readonly streams: Streams;
    enterNamespace(name: string | undefined): void;
  },
) => Promise<number>;

/** What a call is made with. */
interface Surroundings {
  readonly runIp: RunIp;
  readonly home: Home;
  /** Sockets of the engine's own network namespace. */
  readonly pool: SocketPool;
  readonly reply: Reply;
  readonly decorate?: Decorate;
}

/** Makes a call and sends its last frame. */
export async function makeCall(
  request: Request,
  caller: Caller,
  surroundings: Surroundings,
): Promise<CallEnd> {
  const { reply } = surroundings;
  try {
    refuseOtherVariables(request.environment);
    const status =
      request.program === 'tsip'
        ? await makeIp(request, caller, surroundings)
        : await enter(request, caller, surroundings);
    reply.send(exitFrame(status));
    return status;
  } catch (error) {
    if (error instanceof Become) {
      reply.send(error.frame);
      return 'program';
    }
    if (!(error instanceof Declined)) throw error;
    reply.send(startFrame());
    return 'started';
  }
}

/** Makes a call of ip where it belongs. */
async function makeIp(request: Request, caller: Caller, surroundings: Surroundings): Promise<number> {
  const { runIp, home, pool, reply, decorate } = surroundings;
  const name = namespaceOf(request, caller);
  const network = name === undefined ? networkOf(caller, home) : openNamed(name);
  const place = home.placeOf(caller, network);
  const sockets = new CallSockets(network === undefined ? pool.connect : systemKernel.sockets.blocking);
  try {
    if (!home.enter(place)) throw new Declined();
    try {
      const streams = new CallStreams(request, awayFrom(reply, home, place));
      const kernel = kernelWith(sockets.connect);
      const status = await runIp(request.words, nameOf(request, 'ip'), {
        kernel: decorate === undefined ? kernel : decorate(kernel, streams),
        streams,
        enterNamespace: () => undefined,
      });
      streams.end();
      return status;
    } finally {
      home.leave(place);
    }
  } finally {
    // Before the client ends: whatever is open keeps its namespace alive.
    sockets.close();
    if (network !== undefined) closeSync(network);
  }
}

/** A reply that leaves a place while it waits. */
function awayFrom(reply: Reply, home: Home, place: Place): Reply {
  return {
    send: frame => reply.send(frame),
    drained: () => {
      const drained = reply.drained();
      if (drained === undefined) return undefined;
      home.leave(place);
      return drained.finally(() => {
        if (!home.enter(place)) throw new Error('the place of a call is gone');
      });
    },
  };
}

/** The caller's network namespace, opened; undefined if it is the engine's. */
function networkOf(caller: Caller, home: Home): number | undefined {
  return home.hasSameNetwork(caller) ? undefined : openNetwork(caller);
}

/** The netlink sockets of one call. */
class CallSockets {
  readonly #open = new Set<Transport>();
  readonly connect: Connect;

  constructor(connect: Connect) {
    this.connect = (options, events) => {
      const socket = connect(options, events);
      const close = () => {
        if (this.#open.delete(closing)) socket.close();
      };
      const closing = { ...socket, close };
      this.#open.add(closing);
      return closing;
    };
  }

  /** Closes those that the call has left open, as a process does at its end. */
  close(): void {
    for (const socket of this.#open) socket.close();
  }
}

function refuseOtherVariables(environment: Environment): void {
  for (const [name, value] of sharedVariables) if (environment.get(name) !== value) throw new Declined();
  if (asksForRootless(environment.get(ROOTLESS_VARIABLE))) throw new Declined();
}

/** The namespace after -n, of a call that can be made here; throws {@link Declined} for others. */
function namespaceOf({ words, calledAs, environment }: Request, caller: Caller): string | undefined {
  const isOwnForm = words[0] === OWN_VERSION || words.at(-1) === COMMAND_HELP;
  if (words[0] === COMPLETION_OPTION || isOwnForm || words.some(word => OWN_FILE.test(word)))
    throw new Declined();
  const options = defaultOptions();
  let namespace: string | undefined;
  let count = 0;
  let at: number;
  try {
    at = parseOptions(words, options, {
      enterNamespace: name => {
        namespace = name;
        count++;
      },
    });
  } catch {
    // What is wrong with them is said by the call itself.
    if (count > 0) throw new Declined();
    return undefined;
  }
  if (!areServed(options)) throw new Declined();
  if (options.rootless && !isInside(environment.get(ROOTLESS_VARIABLE))) throw new Declined();
  if (count > 1 || (count === 1 && (namespace === undefined || listConfiguration(namespace).length > 0)))
    throw new Declined();
  const rest = [...objectOfName(basename(calledAs)), ...words.slice(at)];
  if (rest[0] !== undefined && !isServed(rest, caller)) throw new Declined();
  return namespace;
}

function objectOfName(name: string): string[] {
  const object = name.replace(/^(ts)?ip/, '');
  return object !== name && object !== '' ? [object] : [];
}

/** Opens a named network namespace; declines if it is not there, as there is more to say about that. */
function openNamed(name: string): number {
  try {
    return openSync(encodeText(pathOfNamespace(name)), 'r');
  } catch {
    throw new Declined();
  }
}

/** The kernel of a call, with its sockets. */
function kernelWith(blocking: Connect): Kernel {
  const { calls, files } = systemKernel;
  return { calls, files, plans: BECOMING, sockets: { blocking, eventDriven: async () => blocking } };
}

/** Has the client become the program: its process has not been changed by Node, so nothing needs to be restored. */
const BECOMING: PlanRunner = {
  exec(plan, title) {
    throw new Become(frameOf(plan, title));
  },
  spawn() {
    throw new SystemError('fork failed', ENOENT);
  },
};

function frameOf(plan: Plan, title: readonly string[]): Buffer {
  const { argv, words } = encodePlan(plan, title, undefined);
  const frame = execFrame(nsexec(), argv, words);
  if (frame === undefined) throw new Declined();
  return frame;
}

/** The name that a program was called by; `original` if it was called by our name for it. */
function nameOf({ program, calledAs }: Request, original: string): string {
  const name = basename(calledAs);
  return name === program || name === '' ? original : name;
}

const PROGRAMS: Readonly<Record<string, () => Promise<Program>>> = {
  tsnsenter: async () => (await import('../nsenter.ts')).nsenter,
  tsunshare: async () => {
    const { unshare } = await import('../unshare.ts');
    return unshare;
  },
};

/** nsenter and unshare: a plan that the client runs. */
async function enter(request: Request, caller: Caller, { home, reply }: Surroundings): Promise<never> {
  const load = PROGRAMS[request.program];
  const { words, calledAs } = request;
  if (load === undefined || words[0] === COMPLETION_OPTION) throw new Declined();
  if (words.some(word => word === '--trace' || word === '--dry-run')) throw new Declined();
  const program = await load();
  const { giveHint, planOf } = await import('../enter/program.ts');
  const name = nameOf(request, program.name);
  const isOwn = name === program.name;
  const line = { name, calledAs: isOwn ? name : calledAs, isOwn, words };
  const place = home.placeOf(caller, undefined);
  if (!home.enter(place)) throw new Declined();
  try {
    const { plan, operands, isComplaint } = await planOf(program, line, caller.pid);
    const given = words.slice(0, words.length - operands);
    if (!isComplaint) await giveHint(plan, given, new CallStreams(request, reply));
    const title = [line.name, ...given];
    throw new Become(frameOf(plan, title));
  } finally {
    home.leave(place);
  }
}

/** Standard output and standard error of a client. */
class CallStreams implements Streams {
  readonly isTerminal: boolean;
  readonly isErrorTerminal: boolean;
  readonly out: Sink;
  beforeWrite: ((fd: number) => void) | undefined;
  readonly #environment: Environment;
  readonly #reply: Reply;
  #pending = '';

  constructor({ flags, environment }: Request, reply: Reply) {
    this.isTerminal = (flags & STDOUT_IS_TERMINAL) !== 0;
    this.isErrorTerminal = (flags & STDERR_IS_TERMINAL) !== 0;
    this.#environment = environment;
    this.#reply = reply;
    this.out = {
      write: text => {
        this.#pending += text;
        if (this.#pending.length >= PIECE) this.end();
      },
      flush: () => this.end(),
    };
  }

  variable(name: string): string | undefined {
    return this.#environment.get(name);
  }

  writeError(text: string): void {
    // As a separate process, which writes out what it has printed when it ends, or on a terminal before.
    this.#reply.send(textFrame(FRAME.error, text));
  }

  /** Only the client can ask people. */
  readSecret(): never {
    throw new Declined();
  }

  drained(): Promise<void> | undefined {
    return this.#reply.drained();
  }

  /** Sends what has been printed. */
  end(): void {
    if (this.#pending === '') return;
    const text = this.#pending;
    this.#pending = '';
    this.#reply.send(textFrame(FRAME.out, text));
  }
}
