/**
 * The engine of `tsip run`: listens on a Unix socket for calls of programs started inside, and makes each in this process.
 * A call runs from its start until its client has to read what it printed; then others run. It holds nothing from one call
 * to the next but code.
 */
import { closeSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { native } from '../../kernel/system/native.ts';
import { type CallEnd, type Decorate, makeCall, type Reply, type RunIp } from './call.ts';
import { type Caller, callerOf, type Identity, identityOf, parentOf, peerOf } from './caller.ts';
import { parseRequest, type Request, requestLength, startFrame } from './protocol.ts';
import { type ListeningSocket, listen } from './socket.ts';
import { sourceOf } from './source.ts';
import { Turns } from './turns.ts';

/** Bytes that a client has not read yet, from which on a call waits for it. */
const MAX_UNREAD = 256 << 10;
/** Connections that the kernel keeps until they are accepted. */
const BACKLOG = 1024;
/** A client that has not sent its request by then is not one of ours. */
const REQUEST_TIMEOUT_MS = 10_000;

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
  readonly #server: Server;
  readonly #options: EngineOptions;
  readonly #own: Identity;
  readonly #turns = new Turns();
  readonly #sockets = new Set<Socket>();
  #listening: ListeningSocket | undefined;

  private constructor(options: EngineOptions) {
    this.#options = options;
    this.#own = identityOf('self');
    this.#server = createServer(socket => this.#serve(socket));
  }

  /** Starts to listen. Rejects if it cannot. */
  static async start(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options);
    engine.#listening = await listen(engine.#server, BACKLOG);
    return engine;
  }

  /** The variable by which clients find the engine; the package's folder is for launchers that are bound elsewhere. */
  variable(packageFolder: string): string {
    const { descriptor, inode } = this.#listening!;
    return `${process.pid}:${descriptor}:${inode}:${packageFolder}`;
  }

  /** Ends: calls under way end with an error that says so. */
  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    if (this.#listening !== undefined) closeSync(this.#listening.descriptor);
    this.#listening = undefined;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    let received: Buffer = Buffer.alloc(0);
    let isComplete = false;
    socket.setTimeout(REQUEST_TIMEOUT_MS, () => !isComplete && socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', bytes => {
      if (isComplete) return;
      received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
      try {
        const length = requestLength(received);
        if (length === undefined || received.length < length) return;
        isComplete = true;
        socket.setTimeout(0);
        void this.#answer(socket, parseRequest(received.subarray(0, length)));
      } catch {
        socket.destroy();
      }
    });
  }

  async #answer(socket: Socket, request: Request): Promise<void> {
    const pid = peerOf(native, descriptorOf(socket));
    const caller = pid === undefined ? undefined : callerOf(pid, this.#own);
    if (caller === undefined) {
      this.#options.onCall?.({
        request,
        pid: pid ?? 0,
        source: pid === undefined ? '' : sourceOf(parentOf(pid)),
        end: 'started',
        milliseconds: 0,
        lines: [],
      });
      socket.end(startFrame());
      return;
    }
    await this.#turns.take();
    try {
      if (!socket.destroyed) await this.#make(socket, request, caller);
    } catch {
      // The client says that its call has not ended.
      socket.destroy();
    } finally {
      this.#turns.pass();
    }
  }

  async #make(socket: Socket, request: Request, caller: Caller): Promise<void> {
    const { runIp, observe, onCall } = this.#options;
    const lines: string[] = [];
    const decorate = observe?.(more => lines.push(...more)) ?? (kernel => kernel);
    const reply = new SocketReply(socket, this.#turns, () => process.chdir(`/proc/${caller.pid}/cwd`));
    const source = onCall === undefined ? '' : sourceOf(caller.parent);
    const start = performance.now();
    const end = await makeCall(request, caller, { runIp, own: this.#own.network, reply, decorate });
    reply.end();
    const milliseconds = performance.now() - start;
    onCall?.({ request, pid: caller.pid, source, end, milliseconds, lines });
  }
}

/** The descriptor of a socket, which Node keeps in its handle. */
function descriptorOf(socket: Socket): number {
  return (socket as unknown as { _handle?: { fd?: number } })._handle?.fd ?? -1;
}

/** Frames to a client, sent together at the end of a call or when there are many. */
class SocketReply implements Reply {
  readonly #socket: Socket;
  readonly #turns: Turns;
  readonly #resume: () => void;
  #frames: Buffer[] = [];
  #size = 0;

  constructor(socket: Socket, turns: Turns, resume: () => void) {
    this.#socket = socket;
    this.#turns = turns;
    this.#resume = resume;
  }

  send(frame: Buffer): void {
    this.#frames.push(frame);
    this.#size += frame.length;
    if (this.#size >= MAX_UNREAD) this.#write();
  }

  end(): void {
    this.#write();
    this.#socket.end();
  }

  drained(): Promise<void> | undefined {
    if (this.#socket.writableLength < MAX_UNREAD) return undefined;
    return this.#wait();
  }

  async #wait(): Promise<void> {
    this.#turns.pass();
    await new Promise<void>(resolve => {
      this.#socket.once('drain', resolve);
      this.#socket.once('close', resolve);
    });
    await this.#turns.take();
    this.#resume();
    if (this.#socket.destroyed) throw new Error('the client has ended');
  }

  #write(): void {
    if (this.#size === 0) return;
    const bytes = this.#frames.length === 1 ? this.#frames[0]! : Buffer.concat(this.#frames);
    this.#frames = [];
    this.#size = 0;
    this.#socket.write(bytes);
  }
}
