/** The library's conversation with the kernel: driven by Node's event loop, on a socket of the `netlink` package. */
import { type ConversationOptions, NetlinkSession } from './conversation.ts';
import { openSocket } from './event-socket.ts';
import type { Connect } from './transport.ts';

/** How a session is held. */
export interface SessionOptions extends ConversationOptions {
  /** Replaces the socket; for tests at the seam of datagrams. */
  readonly connect?: Connect;
}

/** A conversation with the kernel driven by Node's event loop. */
export class Session extends NetlinkSession {
  /** Opens a session. Throws {@link SystemError} when the socket cannot be had. */
  static open({ connect = openSocket, ...options }: SessionOptions = {}): Session {
    return new Session(connect, options);
  }
}
