/**
 * Tunnels as ioctls carry them: structs that go to the kernel and come back whole, so that members which nobody names
 * stay as they are. Source: linux/if_tunnel.h struct ip_tunnel_parm, linux/ip6_tunnel.h struct ip6_tnl_parm2.
 */
import { formatIpv4, formatIpv6 } from '../wire/address.ts';
import { decodeText, encodeText } from '../wire/text.ts';

export const PROTOCOL_IPV4 = 4;
export const PROTOCOL_IPV6 = 41;
export const PROTOCOL_GRE = 47;

/** Bits of the flags of both directions, in the byte order of the wire read as a little-endian number. */
export const TUNNEL_KEY = 0x0020;
export const TUNNEL_SEQUENCE = 0x0010;
export const TUNNEL_CHECKSUM = 0x0080;
/** Of the flags of packets that come in: the kind of device, for tunnels whose protocol does not imply it. */
export const TUNNEL_VTI = 0x0001;
export const TUNNEL_ISATAP = 0x0001;

/** `fragment` of tunnels that discover the path's MTU. */
export const DONT_FRAGMENT = 0x4000;

/** IP6_TNL_F_*. */
export const IGNORE_ENCAP_LIMIT = 0x1;
export const INHERIT_CLASS = 0x2;
export const INHERIT_FLOW_LABEL = 0x4;
export const COPY_DSCP = 0x10;
export const ALLOW_LOCAL_REMOTE = 0x40;

/** Masks of `flow`. */
export const CLASS_MASK = 0x0ff00000;
export const FLOW_LABEL_MASK = 0x000fffff;

const NAME_LENGTH = 16;

/** Flags and keys of the two directions, wherever a struct has them. */
export class TunnelKeys {
  readonly #bytes: Buffer;
  readonly #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get inputFlags(): number {
    return this.#bytes.readUInt16LE(this.#at);
  }

  set inputFlags(flags: number) {
    this.#bytes.writeUInt16LE(flags, this.#at);
  }

  get outputFlags(): number {
    return this.#bytes.readUInt16LE(this.#at + 2);
  }

  set outputFlags(flags: number) {
    this.#bytes.writeUInt16LE(flags, this.#at + 2);
  }

  get inputKey(): number {
    return this.#bytes.readUInt32BE(this.#at + 4);
  }

  get outputKey(): number {
    return this.#bytes.readUInt32BE(this.#at + 8);
  }

  setInputKey(key: number): void {
    this.inputFlags |= TUNNEL_KEY;
    this.#bytes.writeUInt32BE(key, this.#at + 4);
  }

  setOutputKey(key: number): void {
    this.outputFlags |= TUNNEL_KEY;
    this.#bytes.writeUInt32BE(key, this.#at + 8);
  }
}

/** What both kinds of tunnel have. */
abstract class TunnelStruct {
  readonly bytes: Buffer;
  abstract readonly keys: TunnelKeys;

  constructor(length: number) {
    this.bytes = Buffer.alloc(length);
  }

  get name(): string {
    const end = this.bytes.subarray(0, NAME_LENGTH).indexOf(0);
    return decodeText(this.bytes, 0, end < 0 ? NAME_LENGTH : end);
  }

  set name(name: string) {
    this.bytes.fill(0, 0, NAME_LENGTH);
    encodeText(name).copy(this.bytes, 0, 0, NAME_LENGTH - 1);
  }

  /** Index of the device that the packets go out by; 0 for any. */
  get link(): number {
    return this.bytes.readInt32LE(16);
  }

  set link(index: number) {
    this.bytes.writeInt32LE(index, 16);
  }
}

/** A tunnel over IPv4: a name, keys, and the header that its packets get. */
export class Ipv4Tunnel extends TunnelStruct {
  readonly keys = new TunnelKeys(this.bytes, 20);

  constructor() {
    super(52);
  }

  /** Version and length of the header: 0x45 in every IPv4 tunnel. */
  get version(): number {
    return this.bytes[32]!;
  }

  set version(version: number) {
    this.bytes[32] = version;
  }

  get tos(): number {
    return this.bytes[33]!;
  }

  set tos(tos: number) {
    this.bytes[33] = tos;
  }

  get fragment(): number {
    return this.bytes.readUInt16BE(38);
  }

  set fragment(bits: number) {
    this.bytes.writeUInt16BE(bits, 38);
  }

  get ttl(): number {
    return this.bytes[40]!;
  }

  set ttl(ttl: number) {
    this.bytes[40] = ttl;
  }

  get protocol(): number {
    return this.bytes[41]!;
  }

  set protocol(protocol: number) {
    this.bytes[41] = protocol;
  }

  get local(): Buffer {
    return this.bytes.subarray(44, 48);
  }

  get remote(): Buffer {
    return this.bytes.subarray(48, 52);
  }
}

/** A tunnel over IPv6. */
export class Ipv6Tunnel extends TunnelStruct {
  readonly keys = new TunnelKeys(this.bytes, 64);

  constructor() {
    super(76);
  }

  get protocol(): number {
    return this.bytes[20]!;
  }

  set protocol(protocol: number) {
    this.bytes[20] = protocol;
  }

  get encapLimit(): number {
    return this.bytes[21]!;
  }

  set encapLimit(limit: number) {
    this.bytes[21] = limit;
  }

  get hopLimit(): number {
    return this.bytes[22]!;
  }

  set hopLimit(limit: number) {
    this.bytes[22] = limit;
  }

  /** Traffic class and flow label. */
  get flow(): number {
    return this.bytes.readUInt32BE(24);
  }

  set flow(flow: number) {
    this.bytes.writeUInt32BE(flow >>> 0, 24);
  }

  get flags(): number {
    return this.bytes.readUInt32LE(28);
  }

  set flags(flags: number) {
    this.bytes.writeUInt32LE(flags >>> 0, 28);
  }

  get local(): Buffer {
    return this.bytes.subarray(32, 48);
  }

  get remote(): Buffer {
    return this.bytes.subarray(48, 64);
  }
}

/** A potential router of an ISATAP tunnel: struct ip_tunnel_prl. */
export interface Router {
  readonly address: string;
  readonly isDefault: boolean;
}

const ROUTER_LENGTH = 16;
const MAX_ROUTERS = 15;

/** struct ip_tunnel_prl of one router. */
export function encodeRouter(address: Uint8Array, isDefault: boolean): Buffer {
  const bytes = Buffer.alloc(ROUTER_LENGTH);
  bytes.set(address, 0);
  bytes.writeUInt16LE(isDefault ? 1 : 0, 4);
  return bytes;
}

/** Room for the routers of a tunnel: a struct that says how much follows it, and that. */
export function routerList(): Buffer {
  const bytes = Buffer.alloc(ROUTER_LENGTH * (MAX_ROUTERS + 1));
  bytes.writeUInt32LE(ROUTER_LENGTH * MAX_ROUTERS, 8);
  return bytes;
}

/** The routers that the kernel put into a {@link routerList}. */
export function decodeRouters(bytes: Buffer): Router[] {
  const end = Math.min(bytes.length, ROUTER_LENGTH + bytes.readUInt32LE(8));
  const routers: Router[] = [];
  for (let at = ROUTER_LENGTH; at + ROUTER_LENGTH <= end; at += ROUTER_LENGTH) {
    if (bytes.readUInt32LE(at) === 0) continue;
    routers.push({ address: formatIpv4(bytes, at), isDefault: (bytes.readUInt16LE(at + 4) & 1) !== 0 });
  }
  return routers;
}

/** struct ip_tunnel_6rd: the prefixes of IPv6 rapid deployment. */
export const RAPID_LENGTH = 24;

export interface RapidDeployment {
  readonly prefix: string;
  readonly prefixLength: number;
  /** Undefined when no bits of the IPv4 addresses are left out. */
  readonly relay: string | undefined;
  readonly relayLength: number;
}

/** Undefined when a tunnel has none. */
export function decodeRapidDeployment(bytes: Buffer): RapidDeployment | undefined {
  const prefixLength = bytes.readUInt16LE(20);
  if (prefixLength === 0) return undefined;
  return {
    prefix: formatIpv6(bytes, 0),
    prefixLength,
    relay: bytes.readUInt32LE(16) === 0 ? undefined : formatIpv4(bytes, 16),
    relayLength: bytes.readUInt16LE(22),
  };
}
