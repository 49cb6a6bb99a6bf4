/** What every command of `ip` is given: options, names, output, and the session with the kernel. */

import { type Kernel, systemKernel } from '../../kernel/kernel.ts';
import type { DeviceNames } from '../../kernel/netlink/device-names.ts';
import type { Outcome } from '../../kernel/netlink/dump.ts';
import type { Expectation } from '../../kernel/netlink/exchange.ts';
import { type Ask, asker } from '../../kernel/netlink/request-sync.ts';
import { NetlinkSession } from '../../kernel/netlink/session.ts';
import type { Connect } from '../../kernel/netlink/transport.ts';
import { findVrf } from '../../kernel/netlink/vrf-devices.ts';
import type { RequestWindow } from '../../kernel/netlink/window.ts';
import { KernelError } from '../../kernel/system/errors.ts';
import { HostNames } from '../../kernel/system/host-names.ts';
import { native } from '../../kernel/system/native.ts';
import { STDERR } from '../../linux/descriptors.ts';
import { EMSGSIZE, ENOENT, EOPNOTSUPP } from '../../linux/errno.ts';
import { NETLINK_ROUTE } from '../../linux/netlink.ts';
import { RTM_GETADDR, RTM_GETLINK } from '../../linux/rtnetlink.ts';
import type { NamespaceNames } from '../../namespaces/inventory/nsid-names.ts';
import { jsonOutput } from '../../output/json.ts';
import type { Sink } from '../../output/sink.ts';
import { type Palette, paletteFor, textOutput } from '../../output/text.ts';
import { NameFiles } from '../../rtnetlink/names/name-files.ts';
import type { Names } from '../../schema/names.ts';
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import type { Message } from '../../wire/message.ts';
import { decodeText } from '../../wire/text.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { ChangeWindow } from '../batch/change-window.ts';
import type { BatchPlace } from '../batch/place.ts';
import { NamespaceState } from './namespace-state.ts';
import type { GlobalOptions } from './options.ts';
import { BatchEnded, CommandFailed, failureOf, kernelErrorText, warningText } from './report.ts';
import { ProcessStreams, type Streams } from './streams.ts';
import type { StrictReport } from './strict-report.ts';
import { isTruncated, truncationText } from './truncated.ts';

/** Dumps in which the original passes over what is too short: of devices and addresses. */
const UNCHECKED: ReadonlySet<number> = new Set([RTM_GETLINK, RTM_GETADDR]);
/** Bytes that a request with many next hops has; longer ones get their own memory. */
const LONG_REQUEST = 1024;

/** What a call runs on; by default this process. */
export interface Surroundings {
  readonly kernel?: Kernel;
  readonly streams?: Streams;
  /** --strict-json: takes everything that is printed. */
  readonly strict?: StrictReport | undefined;
}

export class Context {
  readonly options: GlobalOptions;
  readonly kernel: Kernel;
  /** Asks the kernel for one message before anything else happens, and after the changes that it may depend on. */
  readonly ask: Ask;
  readonly streams: Streams;
  readonly strict: StrictReport | undefined;
  readonly sink: Sink;
  readonly names: Names;
  readonly view: View;
  readonly #view: { -readonly [Member in keyof View]: View[Member] };
  /** The network namespace in which commands run. */
  place: NamespaceState;
  /** Set by `link show`: from then on in a batch, `address show` shows no addresses, as in the original. */
  hidesAddresses = false;
  /** In a forced batch: changes that may wait to be sent together. */
  window: ChangeWindow | undefined;
  /** In a batch: the line that is run. */
  batchLine: BatchPlace | undefined;
  /** --table: makes the writers that gather what is to stand in columns. */
  recordOutput: (() => Output) | undefined;
  readonly #scratch = Buffer.allocUnsafe(LONG_REQUEST);

  constructor(
    options: GlobalOptions,
    { kernel = systemKernel, streams = new ProcessStreams(), strict }: Surroundings = {},
  ) {
    this.options = options;
    this.kernel = kernel;
    const ask = asker(kernel.sockets.blocking);
    this.ask = request => {
      this.window?.settleDevices();
      return ask(request);
    };
    this.streams = streams;
    this.strict = strict;
    this.sink = strict?.textSink ?? streams.out;
    this.place = this.newPlace(true);
    this.names = this.#makeNames();
    this.#view = {
      details: options.details,
      statistics: options.statistics,
      oneLine: options.oneLine > 0,
      brief: options.brief,
      scale: options.human ? (options.iec ? 'iec' : 'si') : 'none',
      numeric: options.numeric,
      names: this.names,
    };
    this.view = this.#view;
  }

  /** Counts one more -s, with -d two, for the rest of a batch too: `stats show` does so in the original. */
  countStatistics(): void {
    this.options.statistics += this.options.details > 0 ? 2 : 1;
    this.#view.statistics = this.options.statistics;
  }

  /** Whether commands come from a batch: several may run in this process. */
  get isBatch(): boolean {
    return this.options.batchFile !== undefined;
  }

  /** The family given by -4, -6, -0, -f; AF_UNSPEC by default. */
  get family(): number {
    return this.options.family;
  }

  get isJson(): boolean {
    return this.options.json > 0;
  }

  /** A new writer in the format that the options ask for. Each JSON document needs its own. */
  output(): Output {
    if (this.strict !== undefined) return this.strict.output;
    const gathered = this.isJson ? undefined : this.recordOutput?.();
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
    const isColoured =
      options.json === 0 && (mode === 'always' || (mode === 'auto' && this.streams.isTerminal));
    return isColoured ? paletteFor(this.streams.variable('COLORFGBG')) : undefined;
  }

  /** What is known of a namespace that nothing has been done in yet. */
  newPlace(isHome: boolean): NamespaceState {
    const { ifNameToIndex } = this.kernel.calls;
    return new NamespaceState(
      isHome,
      { ask: this.ask, ifNameToIndex },
      index => this.window?.flushIfAffects(index),
      error => this.complain(kernelErrorText(error)),
    );
  }

  /** The devices of the current namespace. */
  get devices(): DeviceNames {
    return this.place.devices;
  }

  /** The ids that the current namespace has for others. */
  get namespaces(): NamespaceNames {
    return this.place.namespaces;
  }

  /** The session in the current namespace for requests; in a batch one on a socket that blocks. */
  async session(): Promise<NetlinkSession> {
    if (this.isBatch) return this.blockingSession();
    const { place } = this;
    const connect = await this.kernel.sockets.eventDriven();
    place.eventDriven ??= this.#openSession(connect);
    return place.eventDriven;
  }

  /** The session in the current namespace for dumps and batches, on a socket that blocks. */
  blockingSession(): NetlinkSession {
    this.place.blocking ??= this.#openSession(this.kernel.sockets.blocking);
    return this.place.blocking;
  }

  /**
   * The session in the current namespace for requests and dumps of another protocol than rtnetlink (NETLINK_*), on a
   * socket that blocks. Changes that wait are made before.
   */
  protocolSession(protocol: number): NetlinkSession {
    this.window?.flushSync();
    const { others } = this.place;
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
   * been sent, so nothing of the event loop is loaded for it.
   */
  async request(message: MessageWriter, expects?: Expectation): Promise<readonly Message[]> {
    const session = expects === 'answer' ? this.blockingSession() : await this.session();
    return session.request(message, expects);
  }

  /** Sends the requests of a window; see {@link NetlinkSession.requestWindow}. */
  async requestWindow(window: RequestWindow): Promise<ReadonlyMap<number, KernelError>> {
    return (await this.session()).requestWindow(window);
  }

  /**
   * Yields the messages of a dump. A refusal is reported in the original's words and ends the command with
   * `exitCode`, after the line that commands add; of a table that does not exist or is not supported only that line.
   */
  async *dump(request: MessageWriter, options: DumpOptions = {}): AsyncGenerator<readonly Message[], void> {
    const outcome: Outcome = { interrupted: false };
    try {
      const { session } = options;
      for await (const batch of (session ?? this.blockingSession()).dump(request, outcome)) {
        const isUnchecked = session !== undefined || UNCHECKED.has(request.type);
        const at = isUnchecked ? -1 : batch.findIndex(isTruncated);
        yield at < 0 ? batch : batch.slice(0, at);
        const drained = this.streams.drained?.();
        if (drained !== undefined) await drained;
        if (at >= 0) this.#refuseDump(truncationText(batch[at]!), options);
      }
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      if (options.mayBeAbsent && error.endsDump && error.errno === ENOENT) return;
      this.#refuseDump(reasonOf(error), options, error);
    }
    if (outcome.interrupted) this.complain('Dump was interrupted and may be inconsistent.');
  }

  #refuseDump(
    reason: string | undefined,
    { verdict = 'Dump terminated', exitCode }: DumpOptions,
    cause?: KernelError,
  ): never {
    if (reason !== undefined) this.complain(reason);
    this.complain(typeof verdict === 'string' ? verdict : verdict(cause));
    throw new CommandFailed(exitCode ?? 1, cause);
  }

  /** Begins a change. One that waits with others is copied, so that the same memory serves for the next. */
  writer(type: number, flags: number): MessageWriter {
    return this.window === undefined
      ? new MessageWriter(type, flags)
      : new MessageWriter(type, flags, this.#scratch);
  }

  /** Sends a change and waits for its acknowledgement; in a forced batch it is sent later with others. Returns 0. */
  change(request: MessageWriter): 0 | Promise<0> {
    const waiting = this.window === undefined ? this.request(request) : this.window.add(request);
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
    if (this.strict !== undefined) this.strict.complain(text);
    else if (this.window !== undefined && !this.window.isEmpty) this.window.print(text);
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

  #makeNames(): Names {
    const registry = new NameFiles(line => this.complain(line));
    const hosts = new HostNames();
    return {
      device: index => this.devices.name(index),
      deviceIndex: name => this.devices.index(name),
      deviceState: index => this.devices.state(index),
      vrf: device => findVrf(this.ask, device),
      remember: (index, name, flags, type) => this.devices.remember(index, name, flags, type),
      name: (table, number) => registry.name(table, number, this.options.numeric),
      number: (table, word) => registry.number(table, word),
      // JSON has the ids only, so their names are not even looked for.
      namespace: nsid => (this.isJson ? undefined : this.namespaces.known(nsid)),
      host: address => (this.options.resolve ? hosts.name(address) : address),
      user: id => accountName(native.userName(id)),
      userGroup: id => accountName(native.groupName(id)),
    };
  }
}

function accountName(answer: Buffer | number): string | undefined {
  return typeof answer === 'number' ? undefined : decodeText(answer);
}

/** The report of a dump that the kernel refuses; undefined where the original prints only the line that follows. */
function reasonOf(error: KernelError): string | undefined {
  if (error.endsDump && error.reason === undefined) {
    if (error.errno === ENOENT || error.errno === EOPNOTSUPP) return undefined;
    if (error.errno === EMSGSIZE) return 'Error: Buffer too small for object.';
  }
  return kernelErrorText(error);
}

export interface DumpOptions {
  /** One of another protocol than rtnetlink. */
  readonly session?: NetlinkSession;
  /** What is asked for need not exist. */
  readonly mayBeAbsent?: boolean;
  readonly exitCode?: number;
  /** The line after the refusal, which may be the kernel's. */
  readonly verdict?: string | ((refusal: KernelError | undefined) => string);
}
