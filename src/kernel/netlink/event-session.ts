/** The library's sessions: driven by Node's event loop, on a socket of the `netlink` package. */
import { openSocket } from './event-socket.ts';
import { type ConversationOptions, NetlinkSession } from './session.ts';
import type { Connect } from './transport.ts';

/** How a session is opened. */
export interface SessionOptions extends ConversationOptions {
  /** Replaces the socket; for tests at the seam of datagrams. */
  readonly connect?: Connect;
}

/** A session with the kernel driven by Node's event loop. */
export class Session extends NetlinkSession {
  /** Opens a session. Throws {@link SystemError} if there can be no socket. */
  static open({ connect = openSocket, ...options }: SessionOptions = {}): Session {
    return new Session(connect, options);
  }
}
