/** Datagrams of bytes in and out: the seam at which tests replace the kernel, and programs Node's event loop. */

import type { ReceiveBuffer } from './rooms.ts';

/** What a {@link Transport} tells. */
export interface TransportEvents {
  message(bytes: Buffer, senderPort: number): void;
  /** A datagram was larger than the buffer; its bytes are lost. */
  truncated(): void;
  /** Receiving failed; ENOBUFS means that messages were lost. */
  error(errno: number): void;
}

/** A way to send datagrams to the kernel and to hear from it. */
export interface Transport {
  /** Our own address (nl_pid); answers carry it. */
  readonly port: number;
  send(bytes: Buffer, onSent: (errno: number) => void): void;
  /** As `send`, from another thread; for sockets that block. */
  readonly sendInBackground?: (bytes: Buffer, onSent: (errno: number) => void) => void;
  close(): void;
  /** Whether the open socket keeps the process alive. */
  hold(isHeld: boolean): void;
  join(group: number): void;
  /** Waits for the next datagram and tells of it. Only sockets that block have it; others tell by themselves. */
  readonly receive?: () => void;
  /**
   * Waits for datagrams in another thread, to which `room` belongs until `onReceived` is given what has come into it.
   * One at a time.
   * @internal
   */
  readonly receiveInBackground?: (
    room: ReceiveBuffer,
    onReceived: (datagrams: readonly Buffer[]) => void,
  ) => void;
}

/** Opens a socket that tells `events`. */
export type Connect = (options: SocketOptions, events: TransportEvents) => Transport;

/** Where a netlink socket is opened, and how. */
export interface SocketOptions {
  /** Netlink protocol; NETLINK_ROUTE (0) when left out. */
  readonly protocol?: number;
  /** An open descriptor of a network namespace: the socket is created inside it. */
  readonly namespace?: number;
  /** NETLINK_GET_STRICT_CHK: the kernel checks and obeys the filters of dump requests. */
  readonly strict?: boolean;
  /** Receive notifications of all namespaces that have an id in this one. */
  readonly allNamespaces?: boolean;
  /** SO_RCVBUF in bytes. */
  readonly receiveBuffer?: number;
  /** Learn the size of each datagram before reading it: slower, never truncated. */
  readonly peek?: boolean;
}
