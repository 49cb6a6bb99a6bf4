/** Packets of ends of a lab, written as they come. Source: tsip-lab(8). */

import type { Kernel } from '../../kernel/kernel.ts';
import { SystemError } from '../../kernel/system/errors.ts';
import { insideNamespace } from '../../kernel/system/namespace.ts';
import { type Packet, PacketSocket } from '../../kernel/system/packet-socket.ts';
import { ENETDOWN } from '../../linux/errno.ts';
import { PACKET_OUTGOING } from '../../linux/sockets.ts';
import type { CaptureTarget } from './files.ts';
import {
  type CaptureInterface,
  interfaceBlock,
  LINK_TYPES,
  packetBlock,
  sectionBlock,
  statisticsBlock,
  WHOLE,
} from './pcapng.ts';

/** How many bytes of blocks are written at once. */
const CHUNK = 1 << 18;
const TAG_AT = 12;
/** How often is looked whether a device that is switched off is still there, in milliseconds. */
const LOOK_INTERVAL = 100;

/** Where packets are taken. */
export interface CaptureEnd {
  readonly name: string;
  /** Descriptor of the network namespace. */
  readonly namespace: number;
  readonly ifindex: number;
  /** Whether its packets have headers of Ethernet. */
  readonly isEthernet: boolean;
}

export interface CaptureLimits {
  /** Bytes of a packet that are kept. */
  readonly snap?: number | undefined;
  /** Packets after which it ends. */
  readonly count?: number | undefined;
}

/** What a capture has taken. */
export interface CaptureSummary {
  readonly packets: number;
  /** Packets for which there was no room: they came faster than they could be written. */
  readonly dropped: number;
  readonly files: readonly string[];
}

/** What a file of these ends begins with. */
export function headerOf(ends: readonly CaptureEnd[], snap = WHOLE): Buffer {
  const interfaces = ends.map(({ name, isEthernet }): CaptureInterface => {
    const linkType = isEthernet ? LINK_TYPES.ethernet : LINK_TYPES.raw;
    return { name, description: name, linkType, snap };
  });
  return Buffer.concat([sectionBlock(), ...interfaces.map(interfaceBlock)]);
}

/** A capture that runs until it is stopped, has enough, nobody reads, or its devices are gone. */
export class Capture {
  /** Resolves when it has ended, by itself or not. Rejects with {@link SystemError} if it cannot be written. */
  readonly ended: Promise<CaptureSummary>;
  readonly #sockets: PacketSocket[] = [];
  readonly #target: CaptureTarget;
  readonly #ends: readonly CaptureEnd[];
  readonly #most: number;
  readonly #start = BigInt(Date.now()) * 1_000_000n;
  readonly #open = new Set<PacketSocket>();
  readonly #kernel: Kernel;
  readonly #timers = new Set<NodeJS.Timeout>();
  #packets = 0;
  #isOver = false;
  #resolve!: (summary: CaptureSummary) => void;
  #reject!: (error: unknown) => void;

  /** Takes packets from now on. Throws {@link SystemError}. */
  constructor(
    ends: readonly CaptureEnd[],
    target: CaptureTarget,
    kernel: Kernel,
    { snap = WHOLE, count = Number.POSITIVE_INFINITY }: CaptureLimits = {},
  ) {
    this.#kernel = kernel;
    this.#ends = ends;
    this.#target = target;
    this.#most = count;
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Who only stops it need not look at this.
    this.ended.catch(() => undefined);
    try {
      for (const { namespace, ifindex, isEthernet } of ends) {
        const make = () => new PacketSocket(ifindex, isEthernet, snap);
        const socket = insideNamespace(kernel.calls, namespace, make);
        this.#sockets.push(socket);
        this.#open.add(socket);
        socket.watch(() => this.#take(socket));
      }
    } catch (error) {
      for (const socket of this.#sockets) socket.close();
      target.end(Buffer.alloc(0));
      throw error;
    }
  }

  /** Whether it keeps this process alive; it does at first. */
  hold(isHeld: boolean): void {
    for (const socket of this.#sockets) socket.hold(isHeld);
  }

  /** Ends it. Resolves with what it has taken. */
  stop(): Promise<CaptureSummary> {
    // What came before this call is in the file.
    for (const socket of this.#open) while (!this.#isOver && this.#take(socket));
    this.#end();
    return this.ended;
  }

  /** Takes what is there; whether there was anything. */
  #take(socket: PacketSocket): boolean {
    if (this.#isOver) return false;
    const device = this.#sockets.indexOf(socket);
    let blocks: Buffer[] = [];
    let bytes = 0;
    let taken = 0;
    try {
      const flush = () => {
        const isRead = blocks.length === 0 || this.#target.write(Buffer.concat(blocks));
        blocks = [];
        bytes = 0;
        return isRead;
      };
      for (const packet of socket.receive()) {
        const block = blockOf(device, packet);
        blocks.push(block);
        bytes += block.length;
        taken++;
        const isEnough = ++this.#packets >= this.#most;
        if ((isEnough || bytes > CHUNK) && !flush()) this.#end();
        if (isEnough) this.#end();
        if (this.#isOver) return false;
      }
      if (!flush()) this.#end();
    } catch (error) {
      if (!(error instanceof SystemError) || error.errno !== ENETDOWN) this.#fail(error);
      else this.#awaitDevice(socket, device);
      return false;
    }
    return taken > 0;
  }

  /** A device that is switched off may come back; one that is gone does not. No event of the socket says which it is. */
  #awaitDevice(socket: PacketSocket, device: number): void {
    const { namespace, ifindex } = this.#ends[device]!;
    const isThere = () =>
      typeof insideNamespace(this.#kernel.calls, namespace, () =>
        this.#kernel.calls.ifIndexToName(ifindex),
      ) !== 'number';
    const timer = setInterval(() => {
      if (isThere()) return;
      clearInterval(timer);
      this.#timers.delete(timer);
      this.#lose(socket);
    }, LOOK_INTERVAL);
    timer.unref();
    this.#timers.add(timer);
  }

  #lose(socket: PacketSocket): void {
    this.#open.delete(socket);
    if (this.#open.size === 0) this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const end = BigInt(Date.now()) * 1_000_000n;
    const counts = this.#sockets.map(socket => socket.statistics());
    this.#close();
    const blocks = counts.map((count, device) => statisticsBlock(device, [this.#start, end], count));
    const dropped = counts.reduce((sum, count) => sum + count.dropped, 0);
    try {
      this.#target.end(Buffer.concat(blocks));
      this.#resolve({ packets: this.#packets, dropped, files: this.#target.files });
    } catch (error) {
      this.#reject(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#close();
    this.#reject(error);
  }

  #close(): void {
    for (const socket of this.#sockets) socket.close();
    for (const timer of this.#timers) clearInterval(timer);
  }
}

function blockOf(device: number, { time, bytes, length, tag, type }: Packet): Buffer {
  const direction = type === PACKET_OUTGOING ? 'out' : 'in';
  if (tag === undefined || bytes.length < TAG_AT)
    return packetBlock({ device, time, bytes, length, direction });
  const inserted = Buffer.alloc(4);
  inserted.writeUInt16BE(tag.protocol, 0);
  inserted.writeUInt16BE(tag.value, 2);
  const whole = Buffer.concat([bytes.subarray(0, TAG_AT), inserted, bytes.subarray(TAG_AT)]);
  return packetBlock({ device, time, bytes: whole, length: length + inserted.length, direction });
}
