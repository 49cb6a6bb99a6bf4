/** What every command of `ip` is given: options, names, output, and the session with the kernel. */

import { type Kernel, systemKernel } from '../../kernel/kernel.ts';
import type { DeviceNames } from '../../kernel/netlink/device-names.ts';
import type { Expectation } from '../../kernel/netlink/exchange.ts';
import { type Ask, asker } from '../../kernel/netlink/request-sync.ts';
import { NetlinkSession } from '../../kernel/netlink/session.ts';
import type { Connect } from '../../kernel/netlink/transport.ts';
import type { RequestWindow } from '../../kernel/netlink/window.ts';
import type { KernelError } from '../../kernel/system/errors.ts';
import { STDERR } from '../../linux/descriptors.ts';
import { NETLINK_ROUTE, NLM_F_ACK, NLM_F_ECHO } from '../../linux/netlink.ts';
import { RTM_GETNSID, RTM_NEWNSID } from '../../linux/rtnetlink.ts';
import type { NamespaceNames } from '../../namespaces/inventory/nsid-names.ts';
import { jsonOutput } from '../../output/json.ts';
import type { Sink } from '../../output/sink.ts';
import { type Palette, paletteFor, textOutput } from '../../output/text.ts';
import type { Names } from '../../schema/names.ts';
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import type { Message } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import { CallState } from './call-state.ts';
import { type DumpOptions, dumpMessages } from './dump.ts';
import { namesOf } from './names.ts';
import { NamespaceState } from './namespace-state.ts';
import type { GlobalOptions } from './options.ts';
import { BatchEnded, failureOf, kernelErrorText, warningText } from './report.ts';
import { ProcessStreams, type Streams } from './streams.ts';
import type { StrictReport } from './strict-report.ts';

/** Requests for which the original has a separate socket. */
const NSID_TYPES: ReadonlySet<number> = new Set([RTM_NEWNSID, RTM_GETNSID]);
/** Bytes that a request with many next hops has; longer ones get their own memory. */
const LONG_REQUEST = 1024;

/** What a call runs on; by default this process. */
export interface Surroundings {
  readonly kernel?: Kernel;
  readonly streams?: Streams;
  /** --strict-json: takes everything that is printed. */
  readonly strict?: StrictReport | undefined;
}

/** --table: makes the writers that gather what is to stand in columns. */
type MakeOutput = () => Output;

export class Context {
  readonly options: Readonly<GlobalOptions>;
  readonly kernel: Kernel;
  /** Asks the kernel for one message before anything else happens, and after the changes that it may depend on. */
  readonly ask: Ask;
  readonly streams: Streams;
  readonly strict: StrictReport | undefined;
  readonly sink: Sink;
  readonly names: Names;
  readonly view: View;
  /** What commands leave for those after them; the rest of a context stays as it was made. */
  readonly state: CallState;
  readonly #makeOutput: MakeOutput | undefined;
  #hasDroppedLeftovers = false;
  readonly #scratch = Buffer.allocUnsafe(LONG_REQUEST);

  constructor(
    options: Readonly<GlobalOptions>,
    { kernel = systemKernel, streams = new ProcessStreams(), strict }: Surroundings = {},
    shared?: { readonly state: CallState; readonly makeOutput: MakeOutput },
  ) {
    this.options = options;
    this.kernel = kernel;
    const ask = asker(kernel.sockets.blocking);
    this.ask = request => {
      this.state.window?.settleDevices();
      return ask(request);
    };
    this.streams = streams;
    this.strict = strict;
    this.sink = strict?.textSink ?? streams.out;
    this.#makeOutput = shared?.makeOutput;
    const state = shared?.state ?? new CallState(options, this.newPlace(true));
    this.state = state;
    this.names = namesOf(state, options, this.ask, text => this.complain(text));
    this.view = {
      details: options.details,
      get statistics() {
        return state.statistics;
      },
      oneLine: options.oneLine > 0,
      brief: options.brief,
      scale: options.human ? (options.iec ? 'iec' : 'si') : 'none',
      numeric: options.numeric,
      names: this.names,
    };
  }

  /** The same call with other writers for what it shows. */
  withOutput(makeOutput: MakeOutput): Context {
    const { options, kernel, streams, strict, state } = this;
    return new Context(options, { kernel, streams, strict }, { state, makeOutput });
  }

  /** Whether commands come from a batch: several may run in this process. */
  get isBatch(): boolean {
    return this.options.batchFile !== undefined;
  }

  /** The family given by -4, -6, -0, -f; AF_UNSPEC by default. */
  get family(): number {
    return this.state.family;
  }

  get isJson(): boolean {
    return this.state.json > 0;
  }

  /** A new writer in the format that the options ask for. Each JSON document needs its own. */
  output(): Output {
    if (this.strict !== undefined) return this.strict.output;
    const gathered = this.isJson ? undefined : this.#makeOutput?.();
    if (gathered !== undefined) return gathered;
    return this.isJson ? jsonOutput(this.sink, this.options.pretty > 0) : this.textOutput();
  }

  /** A writer for people, for what the original prints as text even with -j. */
  textOutput(): Output {
    if (this.strict !== undefined) return this.strict.output;
    return textOutput(this.sink, { oneLine: this.options.oneLine > 0, palette: this.palette });
  }

  /** The colours of text, if it is to have any. */
  get palette(): Palette | undefined {
    const { options } = this;
    const mode = options.colour ?? (this.streams.variable('NO_COLOR') ? 'never' : 'auto');
    const isColoured = !this.isJson && (mode === 'always' || (mode === 'auto' && this.streams.isTerminal));
    return isColoured ? paletteFor(this.streams.variable('COLORFGBG')) : undefined;
  }

  /** What is known of a namespace that nothing has been done in yet. */
  newPlace(isHome: boolean): NamespaceState {
    const { ifNameToIndex } = this.kernel.calls;
    return new NamespaceState(
      isHome,
      { ask: this.ask, ifNameToIndex },
      index => this.state.window?.flushIfAffects(index),
      error => this.complain(kernelErrorText(error)),
    );
  }

  /** The devices of the current namespace. */
  get devices(): DeviceNames {
    return this.state.place.devices;
  }

  /** The ids that the current namespace has for others. */
  get namespaces(): NamespaceNames {
    return this.state.place.namespaces;
  }

  /** The session in the current namespace for requests; in a batch one on a socket that blocks. */
  async session(): Promise<NetlinkSession> {
    if (this.isBatch) return this.blockingSession();
    const { place } = this.state;
    const connect = await this.kernel.sockets.eventDriven();
    place.eventDriven ??= this.#openSession(connect);
    return place.eventDriven;
  }

  /** The session in the current namespace for dumps and batches, on a socket that blocks. */
  blockingSession(): NetlinkSession {
    this.state.place.blocking ??= this.#openSession(this.kernel.sockets.blocking);
    return this.state.place.blocking;
  }

  /**
   * The session in the current namespace for requests and dumps of a netlink protocol (NETLINK_*), apart from those above,
   * on a socket that blocks. Changes that wait are made before.
   */
  protocolSession(protocol: number): NetlinkSession {
    this.state.window?.flushSync();
    const { others } = this.state.place;
    const session = others.get(protocol) ?? this.#openSession(this.kernel.sockets.blocking, protocol);
    others.set(protocol, session);
    return session;
  }

  /** A session of another protocol than rtnetlink that the event loop drives, for a command that only listens. */
  async eventSession(protocol: number): Promise<NetlinkSession> {
    return this.#openSession(await this.kernel.sockets.eventDriven(), protocol);
  }

  /** Strict checking is for rtnetlink, and off in a batch, as in the original. */
  #openSession(connect: Connect, protocol = NETLINK_ROUTE): NetlinkSession {
    const { receiveBuffer } = this.options;
    return new NetlinkSession(connect, {
      protocol,
      strict: protocol === NETLINK_ROUTE && !this.isBatch,
      onWarning: reason => this.complain(warningText(reason)),
      ...(receiveBuffer === undefined ? {} : { receiveBuffer }),
    });
  }

  /**
   * Sends a request and resolves with its answer; see {@link NetlinkSession.request}. A question is answered when it has
   * been sent, so nothing of the event loop is loaded for it. With -echo the answer is the first thing that the kernel says,
   * be it the acknowledgement; in a batch, what was left of the answer before comes first.
   */
  async request(message: MessageWriter, expects: Expectation = 'ack'): Promise<readonly Message[]> {
    const session = expects === 'answer' ? this.blockingSession() : await this.session();
    const { echo, dryRun } = this.options;
    if (!echo || dryRun) return session.request(message, expects);
    if (NSID_TYPES.has(message.type)) return this.protocolSession(NETLINK_ROUTE).request(message, expects);
    const wantsMessage = expects === 'answer' || (message.flags & NLM_F_ECHO) !== 0;
    if (expects === 'ack') message.flags |= NLM_F_ACK;
    return session.requestFirst(message, wantsMessage, () => this.complain('Unexpected reply!!!'));
  }

  /** Where the original reads the names of all devices, once for a batch, and so what -echo has left. */
  dropLeftoversOnce(): void {
    if (!this.isBatch || !this.options.echo || this.#hasDroppedLeftovers) return;
    this.#hasDroppedLeftovers = true;
    this.blockingSession().dropLeftovers();
  }

  /**
   * Sends the requests of a window; see {@link NetlinkSession.requestUnacknowledged}. It has a separate socket, because the
   * dump that lists what is deleted may not be over.
   */
  requestUnacknowledged(window: RequestWindow): ReadonlyMap<number, KernelError> {
    return this.protocolSession(NETLINK_ROUTE).requestUnacknowledged(window);
  }

  /** Yields the messages of a dump; see {@link dumpMessages}. */
  dump(request: MessageWriter, options: DumpOptions = {}): AsyncGenerator<readonly Message[], void> {
    return dumpMessages(this, request, options);
  }

  /** Begins a change. One that waits with others is copied, so that the same memory serves for the next. */
  writer(type: number, flags: number): MessageWriter {
    return this.state.window === undefined
      ? new MessageWriter(type, flags)
      : new MessageWriter(type, flags, this.#scratch);
  }

  /** Sends a change and waits for its acknowledgement; in a forced batch it is sent later with others. Returns 0. */
  change(request: MessageWriter): 0 | Promise<0> {
    const { window } = this.state;
    const waiting = window === undefined ? this.request(request) : window.add(request);
    return waiting === undefined ? 0 : waiting.then(() => 0);
  }

  /** Makes a change whose failure ends a batch. */
  async changeOrEndBatch(change: () => number | Promise<number>): Promise<number> {
    try {
      return await change();
    } catch (error) {
      if (!this.isBatch) throw error;
      const { text, exitCode } = failureOf(error);
      this.complain(text);
      throw new BatchEnded(exitCode, error);
    }
  }

  /** Prints a line on stderr, after what has been printed on a terminal and after errors of earlier changes. */
  complain(text: string): void {
    const { window } = this.state;
    if (this.strict !== undefined) this.strict.complain(text);
    else if (window !== undefined && !window.isEmpty) window.print(text);
    else this.complainNow(text);
  }

  /** Prints a line on stderr at once. */
  complainNow(text: string): void {
    if (this.strict !== undefined) {
      this.strict.complain(text);
      return;
    }
    if (this.streams.isTerminal) this.sink.flush();
    this.streams.writeError(`${text}\n`);
  }

  /** Prepares standard output, and the terminal, for a program that is to start. */
  giveTerminalAway(): void {
    this.sink.flush();
    this.streams.beforeWrite?.(STDERR);
  }
}
