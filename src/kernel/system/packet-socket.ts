/** Packet sockets: what one device receives and sends. Source: packet(7), linux/if_packet.h. */

import { AF_PACKET, ETH_P_ALL } from '../../linux/families.ts';
import {
  PACKET_AUXDATA,
  PACKET_STATISTICS,
  SO_RCVBUF,
  SO_RCVBUFFORCE,
  SO_TIMESTAMPNS,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_RAW,
  SOL_PACKET,
  SOL_SOCKET,
} from '../../linux/sockets.ts';
import { check, SystemError } from './errors.ts';
import { native, READABLE } from './native.ts';

/** struct sockaddr_ll. */
const ADDRESS_LENGTH = 20;
/** What `receivePackets` records of each packet. */
const RECORD_LENGTH = 32;
/** How many packets are taken at once, and how many bytes they may have. */
const MOST_PACKETS = 512;
const BUFFER_LENGTH = 1 << 20;
/** Packets wait here while this process does something else. */
const RECEIVE_BUFFER = 16 << 20;

/** A packet; `bytes` are valid until the next one is taken. */
export interface Packet {
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  readonly bytes: Buffer;
  /** How many bytes it had; `bytes` may have fewer. */
  readonly length: number;
  /** A VLAN tag that stood behind its addresses: protocol and value. */
  readonly tag: { readonly protocol: number; readonly value: number } | undefined;
  /** sll_pkttype. */
  readonly type: number;
}

/** A socket on one device of the current network namespace, driven by the event loop. */
export class PacketSocket {
  readonly #descriptor: number;
  readonly #snap: number;
  readonly #buffer = Buffer.allocUnsafe(BUFFER_LENGTH);
  readonly #records = Buffer.alloc(MOST_PACKETS * RECORD_LENGTH);
  #watch: ReturnType<typeof native.watch> | undefined;

  /**
   * `isRaw`: with the headers of the link layer. Of each packet `snap` bytes are kept. Throws {@link SystemError}.
   */
  constructor(ifindex: number, isRaw: boolean, snap: number) {
    const type = (isRaw ? SOCK_RAW : SOCK_DGRAM) | SOCK_NONBLOCK;
    this.#snap = snap;
    // It takes nothing before it is bound to the device.
    this.#descriptor = check(native.socket(AF_PACKET, type, 0), 'Cannot make a packet socket');
    const set = (level: number, name: number, value: number) =>
      native.setsockopt(this.#descriptor, level, name, value);
    if (set(SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER) < 0) set(SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
    set(SOL_SOCKET, SO_TIMESTAMPNS, 1);
    set(SOL_PACKET, PACKET_AUXDATA, 1);
    const address = Buffer.alloc(ADDRESS_LENGTH);
    address.writeUInt16LE(AF_PACKET, 0);
    address.writeUInt16BE(ETH_P_ALL, 2);
    address.writeInt32LE(ifindex, 4);
    const result = native.bind(this.#descriptor, address);
    if (result < 0) {
      native.close(this.#descriptor);
      throw new SystemError('Cannot bind a packet socket', -result);
    }
  }

  /** Has `onReadable` called whenever there are packets, or an error. */
  watch(onReadable: () => void): void {
    const watch = native.watch(this.#descriptor, READABLE, onReadable);
    if (typeof watch === 'number') throw new SystemError('Cannot watch a packet socket', -watch);
    this.#watch = watch;
  }

  /** Whether watching keeps this process alive; it does at first. */
  hold(isHeld: boolean): void {
    if (typeof this.#watch === 'object') native.holdWatch(this.#watch, isHeld);
  }

  /** Takes packets that are there. Throws {@link SystemError}, once, when the device is switched off or gone. */
  *receive(): Generator<Packet, void> {
    const records = this.#records;
    const count = check(
      native.receivePackets(this.#descriptor, this.#buffer, records, this.#snap),
      'Cannot receive packets',
    );
    for (let index = 0, used = 0; index < count; index++) {
      const at = index * RECORD_LENGTH;
      const kept = records.readUInt32LE(at + 12);
      const hasTag = records.readUInt16LE(at + 24) !== 0;
      yield {
        time: records.readBigInt64LE(at) * 1_000_000_000n + BigInt(records.readUInt32LE(at + 8)),
        bytes: this.#buffer.subarray(used, used + kept),
        length: records.readUInt32LE(at + 16),
        tag: hasTag
          ? { protocol: records.readUInt16LE(at + 20), value: records.readUInt16LE(at + 22) }
          : undefined,
        type: records.readUInt16LE(at + 26),
      };
      used += kept;
    }
  }

  /** Packets that came, and those of them that found no room, since this was last asked. */
  statistics(): { readonly received: number; readonly dropped: number } {
    const into = Buffer.alloc(8);
    const length = native.getsockoptBytes(this.#descriptor, SOL_PACKET, PACKET_STATISTICS, into);
    return length < into.length
      ? { received: 0, dropped: 0 }
      : { received: into.readUInt32LE(0), dropped: into.readUInt32LE(4) };
  }

  close(): void {
    if (typeof this.#watch === 'object') native.unwatch(this.#watch);
    native.close(this.#descriptor);
  }
}
