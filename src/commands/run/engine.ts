/**
 * The engine of `tsip run`: listens on a Unix socket for calls of programs started inside, and makes each in this process.
 * A call runs from its start until its client has to read what it printed; then others run. Nothing is held from one call to
 * the next but code, and sockets of the engine's own network namespace.
 */
import { SocketPool } from '../../kernel/netlink/socket-pool.ts';
import { type CallEnd, type Decorate, makeCall, type Reply, type RunIp } from './call.ts';
import { type Caller, Comparison, parentOf, peerOf } from './caller.ts';
import { Connection } from './connection.ts';
import { Listener } from './listener.ts';
import { Home } from './place.ts';
import { parseRequest, type Request, startFrame } from './protocol.ts';
import { sourceOf } from './source.ts';
import { Turns } from './turns.ts';

/** Connections at a time. A call whose client reads slowly has one. */
const MAX_CONNECTIONS = 256;

/** A call that has ended. */
export interface MadeCall {
  readonly request: Request;
  readonly pid: number;
  /** Where the call stands: `lab.sh:7`. The shell goes on as soon as the client ends, so it is asked before. */
  readonly source: string;
  readonly end: CallEnd;
  readonly milliseconds: number;
  /** What `decorate` reported of it. */
  readonly lines: readonly string[];
}

export interface EngineOptions {
  /** Makes calls of ip. */
  readonly runIp: RunIp;
  /** Observes the kernel of each call; `print` adds a line to the report of the call. */
  readonly observe?: (print: (lines: readonly string[]) => void) => Decorate;
  /** Called when a call has ended. */
  readonly onCall?: (call: MadeCall) => void;
}

export class Engine {
  readonly #options: EngineOptions;
  readonly #comparison = new Comparison();
  readonly #home = new Home(this.#comparison.own);
  readonly #pool = new SocketPool();
  readonly #turns = new Turns();
  readonly #connections = new Set<Connection>();
  readonly #listener: Listener;
  #isClosed = false;

  /** Starts to listen. Throws if that is impossible. */
  constructor(options: EngineOptions) {
    this.#options = options;
    const events = {
      onRequest: (connection: Connection, bytes: Buffer) =>
        void this.#answer(connection, parseRequest(bytes)),
      onClosed: (connection: Connection) => void this.#connections.delete(connection),
    };
    this.#listener = new Listener(descriptor => {
      const connection = new Connection(descriptor, events);
      this.#connections.add(connection);
      if (this.#connections.size > MAX_CONNECTIONS) this.#makeRoom(connection);
      if (!connection.isClosed) connection.read();
    });
  }

  /** Ends a connection that has asked for nothing yet, or else has the client of the new one make its call. */
  #makeRoom(added: Connection): void {
    for (const connection of this.#connections)
      if (!connection.hasRequest && connection !== added) {
        connection.close();
        return;
      }
    added.send(startFrame());
    added.end();
  }

  /** The variable by which clients find the engine; the package's folder is for launchers that are bound elsewhere. */
  variable(packageFolder: string): string {
    return `${process.pid}:${this.#listener.place}:${packageFolder}`;
  }

  /** Ends: calls under way end with an error that says so. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#listener.close();
    for (const connection of this.#connections) connection.close();
    this.#home.close();
  }

  async #answer(connection: Connection, request: Request): Promise<void> {
    const caller = this.#comparison.callerAt(connection.descriptor);
    if (caller === undefined) {
      this.#reportDeclined(connection, request);
      connection.send(startFrame());
      connection.end();
      return;
    }
    const wait = this.#turns.take();
    if (wait !== undefined) await wait;
    try {
      if (!connection.isClosed) await this.#make(connection, request, caller);
      connection.end();
    } catch {
      // The client says that its call has not ended.
      connection.close();
    } finally {
      this.#turns.pass();
    }
  }

  #reportDeclined(connection: Connection, request: Request): void {
    const { onCall } = this.#options;
    if (onCall === undefined) return;
    const pid = peerOf(connection.descriptor)?.pid;
    onCall({
      request,
      pid: pid ?? 0,
      source: pid === undefined ? '' : sourceOf(parentOf(pid)),
      end: 'started',
      milliseconds: 0,
      lines: [],
    });
  }

  async #make(connection: Connection, request: Request, caller: Caller): Promise<void> {
    const { runIp, observe, onCall } = this.#options;
    const lines: string[] = [];
    const surroundings = {
      runIp,
      home: this.#home,
      pool: this.#pool,
      reply: new TurnedReply(connection, this.#turns),
      ...(observe === undefined ? {} : { decorate: observe(more => lines.push(...more)) }),
    };
    if (onCall === undefined) {
      await makeCall(request, caller, surroundings);
      return;
    }
    const source = sourceOf(caller.parent);
    const start = performance.now();
    const end = await makeCall(request, caller, surroundings);
    const milliseconds = performance.now() - start;
    onCall({ request, pid: caller.pid, source, end, milliseconds, lines });
  }
}

/** Frames to a client, whose call gives its turn away while it waits for the client. */
class TurnedReply implements Reply {
  readonly #connection: Connection;
  readonly #turns: Turns;

  constructor(connection: Connection, turns: Turns) {
    this.#connection = connection;
    this.#turns = turns;
  }

  send(frame: Buffer): void {
    this.#connection.send(frame);
  }

  drained(): Promise<void> | undefined {
    const drained = this.#connection.drained();
    return drained === undefined ? undefined : this.#wait(drained);
  }

  async #wait(drained: Promise<void>): Promise<void> {
    this.#turns.pass();
    await drained;
    await this.#turns.take();
    if (this.#connection.isClosed) throw new Error('the client has ended');
  }
}
