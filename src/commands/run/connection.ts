/**
 * The connection of one client: its request is read, and what answers it is sent, without ever waiting. Events of Node's loop
 * are asked for only where the client is slow.
 */
import { closeSync } from 'node:fs';
import { native, READABLE, type Watch, WRITABLE } from '../../kernel/system/native.ts';
import { EAGAIN, EINTR } from '../../linux/errno.ts';
import { MSG_DONTWAIT, MSG_NOSIGNAL } from '../../linux/sockets.ts';
import { requestLength } from './protocol.ts';

/** Bytes that a client has not read yet, from which on a call waits for it. */
const MAX_UNREAD = 256 << 10;
/** A client that has not sent its request by then is not one of ours. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Bytes that say how long a request is. */
const HEAD = 8;
/** Most requests fit. */
const PIECE = 64 << 10;

/** What is received goes through this memory of all connections. */
const received = Buffer.allocUnsafe(PIECE);

/** What a connection reports. */
export interface ConnectionEvents {
  /** The request has arrived; its bytes are valid until the function returns. */
  onRequest(connection: Connection, request: Buffer): void;
  onClosed(connection: Connection): void;
}

export class Connection {
  readonly descriptor: number;
  readonly #events: ConnectionEvents;
  #watch: Watch | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** What has arrived of a request that did not arrive at once. */
  #pieces: Buffer[] = [];
  #arrived = 0;
  #hasRequest = false;
  #isEnding = false;
  #isClosed = false;
  /** What has not been sent. */
  #frames: Buffer[] = [];
  #unsent = 0;
  #onDrained: (() => void) | undefined;

  constructor(descriptor: number, events: ConnectionEvents) {
    this.descriptor = descriptor;
    this.#events = events;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether the request has arrived. */
  get hasRequest(): boolean {
    return this.#hasRequest;
  }

  /** Reads what is there of the request, and the rest as it arrives. */
  read(): void {
    try {
      while (this.#readPiece());
    } catch {
      this.close();
    }
  }

  /** Reads once; returns whether there may be more to read. */
  #readPiece(): boolean {
    const length = native.recv(this.descriptor, received, MSG_DONTWAIT);
    if (length === -EINTR) return true;
    if (length === -EAGAIN) {
      this.#timer ??= setTimeout(() => this.close(), REQUEST_TIMEOUT_MS);
      this.#await(READABLE, () => this.read());
      return false;
    }
    if (length <= 0) throw new Error('there is no request');
    const bytes = this.#join(received.subarray(0, length));
    if (bytes === undefined) return true;
    this.#hasRequest = true;
    clearTimeout(this.#timer);
    this.#stopWaiting();
    this.#events.onRequest(this, bytes);
    return false;
  }

  /** Returns the request when all of it has arrived, with `bytes` at its end. */
  #join(bytes: Buffer): Buffer | undefined {
    this.#arrived += bytes.length;
    let start = bytes;
    if (this.#pieces.length > 0) {
      start = this.#pieces[0]!;
      // What is too short to say how long the request is.
      if (start.length < HEAD) this.#pieces = [Buffer.concat([...this.#pieces, bytes])];
      else this.#pieces.push(Buffer.from(bytes));
      start = this.#pieces[0]!;
    }
    const wanted = requestLength(start);
    if (wanted !== undefined && this.#arrived >= wanted) {
      const whole = this.#pieces.length > 0 ? Buffer.concat(this.#pieces) : bytes;
      this.#pieces = [];
      return whole.subarray(0, wanted);
    }
    if (this.#pieces.length === 0) this.#pieces = [Buffer.from(bytes)];
    return undefined;
  }

  /** Sends a frame, at the end of the call or when there are many. */
  send(frame: Buffer): void {
    if (this.#isClosed) return;
    this.#frames.push(frame);
    this.#unsent += frame.length;
    if (this.#unsent >= PIECE && this.#watch === undefined) this.#write();
  }

  /** Sends what is left, and closes the connection when the client has taken it. */
  end(): void {
    this.#isEnding = true;
    if (this.#watch === undefined) this.#write();
  }

  /**
   * Resolves when the client has read enough for more to be sent, or has ended; undefined if it may be sent at once. Throws
   * if the client has ended.
   */
  drained(): Promise<void> | undefined {
    if (this.#isClosed) throw new Error('the client has ended');
    if (this.#unsent < MAX_UNREAD) return undefined;
    return new Promise(resolve => {
      this.#onDrained = resolve;
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#stopWaiting();
    this.#frames = [];
    this.#unsent = 0;
    closeSync(this.descriptor);
    this.#reportDrained();
    this.#events.onClosed(this);
  }

  /** Sends as much as the socket takes; goes on when it takes more. */
  #write(): void {
    while (this.#unsent > 0) {
      const bytes = this.#frames.length === 1 ? this.#frames[0]! : Buffer.concat(this.#frames);
      const sent = native.send(this.descriptor, bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent > 0) {
        this.#frames = sent === bytes.length ? [] : [bytes.subarray(sent)];
        this.#unsent = bytes.length - sent;
      } else if (sent === -EAGAIN) {
        this.#frames = [bytes];
        this.#await(WRITABLE, () => this.#write());
        break;
      } else if (sent !== -EINTR) {
        this.close();
        return;
      }
    }
    if (this.#unsent > 0) return;
    this.#stopWaiting();
    if (this.#isEnding) this.close();
    else this.#reportDrained();
  }

  #reportDrained(): void {
    const onDrained = this.#onDrained;
    this.#onDrained = undefined;
    onDrained?.();
  }

  /** Has the event loop call `onEvent` until there is nothing to wait for. */
  #await(events: number, onEvent: () => void): void {
    if (this.#watch !== undefined) return;
    const watch = native.watch(this.descriptor, events, onEvent);
    if (typeof watch === 'number') this.close();
    else this.#watch = watch;
  }

  #stopWaiting(): void {
    if (this.#watch !== undefined) native.unwatch(this.#watch);
    this.#watch = undefined;
  }
}
