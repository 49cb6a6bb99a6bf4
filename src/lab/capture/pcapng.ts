/** Blocks of a pcapng file. Source: draft-ietf-opsawg-pcapng, "PCAP Now Generic Capture File Format". */

/** Bytes of a packet that are kept when nothing is said: all of it, as tcpdump has it. */
export const WHOLE = 262_144;

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const PACKET = 6;
const STATISTICS = 5;

const BYTE_ORDER = 0x1a2b3c4d;
const UNKNOWN_LENGTH = 0xffffffffffffffffn;

const OPTION_END = 0;
const SECTION_APPLICATION = 4;
const INTERFACE_NAME = 2;
const INTERFACE_DESCRIPTION = 3;
const INTERFACE_RESOLUTION = 9;
const PACKET_FLAGS = 2;
const STATISTICS_START = 2;
const STATISTICS_END = 3;
const STATISTICS_RECEIVED = 4;
const STATISTICS_DROPPED = 5;

/** Times are nanoseconds: units of 10^-9 seconds. */
const NANOSECONDS = Buffer.of(9);

/** LINKTYPE_ETHERNET, and LINKTYPE_RAW: IPv4 or IPv6 without anything before it. */
export const LINK_TYPES = { ethernet: 1, raw: 101 } as const;

/** A device whose packets a file has. */
export interface CaptureInterface {
  readonly name: string;
  readonly description: string;
  readonly linkType: number;
  /** Bytes that are kept of a packet; 0 for all. */
  readonly snap: number;
}

/** A packet of a file. */
export interface CapturedPacket {
  /** Place of its device among those of the file. */
  readonly device: number;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  readonly bytes: Buffer;
  /** How many bytes it had. */
  readonly length: number;
  readonly direction: 'in' | 'out' | undefined;
}

/** What a file begins with. */
export function sectionBlock(): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt32LE(BYTE_ORDER, 0);
  body.writeUInt16LE(1, 4);
  body.writeBigUInt64LE(UNKNOWN_LENGTH, 8);
  return block(SECTION, body, [option(SECTION_APPLICATION, Buffer.from('tsip lab capture'))]);
}

/** Describes a device; the first has place 0. */
export function interfaceBlock({ name, description, linkType, snap }: CaptureInterface): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt16LE(linkType, 0);
  body.writeUInt32LE(snap, 4);
  return block(INTERFACE, body, [
    option(INTERFACE_NAME, Buffer.from(name)),
    option(INTERFACE_DESCRIPTION, Buffer.from(description)),
    option(INTERFACE_RESOLUTION, NANOSECONDS),
  ]);
}

export function packetBlock({ device, time, bytes, length, direction }: CapturedPacket): Buffer {
  const body = Buffer.alloc(20 + padded(bytes.length));
  body.writeUInt32LE(device, 0);
  writeTime(body, 4, time);
  body.writeUInt32LE(bytes.length, 12);
  body.writeUInt32LE(length, 16);
  bytes.copy(body, 20);
  if (direction === undefined) return block(PACKET, body, []);
  const flags = Buffer.alloc(4);
  flags.writeUInt32LE(direction === 'in' ? 1 : 2);
  return block(PACKET, body, [option(PACKET_FLAGS, flags)]);
}

/** How many packets of a device came between two times, and how many of them are lost. */
export function statisticsBlock(
  device: number,
  [start, end]: readonly [bigint, bigint],
  { received, dropped }: { readonly received: number; readonly dropped: number },
): Buffer {
  const body = Buffer.alloc(12);
  body.writeUInt32LE(device, 0);
  writeTime(body, 4, end);
  const time = (value: bigint) => {
    const bytes = Buffer.alloc(8);
    writeTime(bytes, 0, value);
    return bytes;
  };
  const count = (value: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    return bytes;
  };
  return block(STATISTICS, body, [
    option(STATISTICS_START, time(start)),
    option(STATISTICS_END, time(end)),
    option(STATISTICS_RECEIVED, count(received)),
    option(STATISTICS_DROPPED, count(dropped)),
  ]);
}

/** Times have their upper half first. */
function writeTime(into: Buffer, at: number, time: bigint): void {
  into.writeUInt32LE(Number((time >> 32n) & 0xffffffffn), at);
  into.writeUInt32LE(Number(time & 0xffffffffn), at + 4);
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

function option(code: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + padded(value.length));
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt16LE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

function block(type: number, body: Buffer, options: readonly Buffer[]): Buffer {
  const end = options.length === 0 ? [] : [option(OPTION_END, Buffer.alloc(0))];
  const content = Buffer.concat([body, ...options, ...end]);
  const length = content.length + 12;
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(type, 0);
  bytes.writeUInt32LE(length, 4);
  content.copy(bytes, 8);
  bytes.writeUInt32LE(length, length - 4);
  return bytes;
}
