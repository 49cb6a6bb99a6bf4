/**
 * Datagrams to and from the kernel: the seam at which tests replace the kernel, and the place where a socket driven by
 * Node's event loop and one that blocks look alike.
 */

/** What a {@link Transport} reports. */
export interface TransportEvents {
  /**
   * A datagram and the port of its sender. `nsid` is the id of the namespace that it comes from, undefined for our own
   * (and always on sockets driven by the event loop, which do not report it).
   */
  message(bytes: Buffer, senderPort: number, nsid?: number): void;
  /** A datagram was larger than the buffer; its bytes are lost. */
  truncated(): void;
  /** Receiving failed; ENOBUFS means that messages were lost. */
  error(errno: number): void;
}

/** A way to send datagrams to the kernel and to receive from it. */
export interface Transport {
  /** Our own address (nl_pid); answers carry it. */
  readonly port: number;
  /** Descriptor of a socket that blocks, for questions by ioctl(2). */
  readonly descriptor?: number;
  /** What is not as usual about the socket, for the trace. */
  readonly note?: string;
  /** Sends a datagram. A failure is always reported to `onSent`; success (0) only by sockets that block. */
  send(bytes: Buffer, onSent: (errno: number) => void): void;
  close(): void;
  /** Whether the open socket keeps the process alive. */
  hold(isHeld: boolean): void;
  join(group: number): void;
  /**
   * Reads the next datagram and reports it; only sockets that block have it, others report by themselves. Waits for a
   * datagram unless `mayWait` is false; returns false if none was there.
   */
  readonly receive?: (mayWait: boolean) => boolean;
  /**
   * Reads the next datagrams, the first of which must be on its way, in Node's thread pool, and reports them in a later turn
   * of the event loop, before `onRead` is called; until then nothing else may be received. Only sockets that block have it.
   */
  readonly readAhead?: (onRead: () => void) => void;
  /** As `send`, in Node's thread pool; only sockets that block have it. */
  readonly sendInBackground?: (bytes: Buffer, onSent: (errno: number) => void) => void;
}

/** Opens a socket that reports to `events`. Throws {@link SystemError}. */
export type Connect = (options: SocketOptions, events: TransportEvents) => Transport;

/** Where a netlink socket is opened, and how. */
export interface SocketOptions {
  /** Netlink protocol; NETLINK_ROUTE (0) by default. */
  readonly protocol?: number;
  /** An open descriptor of a network namespace: the socket is created inside it. */
  readonly namespace?: number;
  /** NETLINK_GET_STRICT_CHK: the kernel checks and applies the filters of dump requests. */
  readonly strict?: boolean;
  /** Receive notifications of all namespaces that have an id in this one. */
  readonly allNamespaces?: boolean;
  /** SO_RCVBUF in bytes. */
  readonly receiveBuffer?: number;
  /** Read the size of each datagram before the datagram: slower, never truncated. */
  readonly peek?: boolean;
}
