/** What the library's calls about IPsec take, as structs of their requests. */

import { AF_INET } from '../../linux/families.ts';
import { XFRM_INF } from '../../linux/xfrm.ts';
import { packIp } from '../../wire/address.ts';
import { type Algorithm, algorithm } from '../../xfrm/algorithm.ts';
import type * as structs from '../../xfrm/structs.ts';
import { lifetimeLimits, selector } from '../../xfrm/structs.ts';
import { ArgumentError, bitOf, check32, checkInteger } from '../values/argument.ts';
import { familyName, readAddress, readPrefix } from '../values/prefix.ts';
import type { XfrmLimits, XfrmMark } from './values.ts';

const ADDRESS_LENGTH = 16;
const ALL_BITS = 0xffffffff;
const MAX_PORT = 0xffff;

/** Which packets are meant; all that are left out. */
export interface XfrmSelectorArguments {
  /** Prefixes or addresses. */
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  /** The protocol above IP, by number. */
  readonly protocol?: number | undefined;
  /** Of ICMP the type and code. */
  readonly source_port?: number | undefined;
  readonly destination_port?: number | undefined;
  readonly device?: string | number | undefined;
}

/** An algorithm with its key. */
export interface XfrmAlgorithmArguments {
  /** As the kernel's crypto API calls it: `cbc(aes)`. */
  readonly name: string;
  /** With the salt or nonce that the algorithm wants after it. */
  readonly key: Uint8Array;
}

/** The same where what authenticates may be cut. */
export interface XfrmIcvAlgorithmArguments extends XfrmAlgorithmArguments {
  /** Bits that are sent of what authenticates a packet. */
  readonly icv_bits?: number | undefined;
}

/** An address of a state or template. Throws {@link ArgumentError}. */
export function readXfrmAddress(argument: string, text: string): { family: number; bytes: Buffer } {
  const { family, address } = readAddress(argument, text);
  return { family, bytes: padded(packIp(address)) };
}

/** The addresses of a state or template, which must be of one family. Throws {@link ArgumentError}. */
export function readEnds(
  source: string | undefined,
  destination: string | undefined,
  argument = '',
): { family: number; saddr: Buffer; daddr: Buffer } {
  const from = source === undefined ? undefined : readXfrmAddress(`${argument}source`, source);
  const to = destination === undefined ? undefined : readXfrmAddress(`${argument}destination`, destination);
  if (from !== undefined && to !== undefined && from.family !== to.family)
    throw new ArgumentError(`${argument}destination`, 'is not of the family of the source');
  const none = Buffer.alloc(ADDRESS_LENGTH);
  const family = from?.family ?? to?.family ?? AF_INET;
  return { family, saddr: from?.bytes ?? none, daddr: to?.bytes ?? none };
}

/** A selector as a struct. Throws {@link ArgumentError}. */
export function readSelector(
  given: XfrmSelectorArguments,
  device: (argument: string, reference: string | number) => number,
): structs.Selector {
  const found = selector.zero();
  for (const [argument, text, address, length] of [
    ['selector.source', given.source, 'saddr', 'prefixlen_s'],
    ['selector.destination', given.destination, 'daddr', 'prefixlen_d'],
  ] as const) {
    if (text === undefined) continue;
    const prefix = readPrefix(argument, text);
    if (found.family !== 0 && found.family !== prefix.family)
      throw new ArgumentError(argument, `is not of the family ${familyName(found.family)}`);
    found.family = prefix.family;
    found[address] = padded(packIp(prefix.address));
    found[length] = prefix.length;
  }
  if (given.protocol !== undefined) found.proto = checkInteger('selector.protocol', given.protocol, 0, 255);
  for (const [member, port] of [
    ['sport', given.source_port],
    ['dport', given.destination_port],
  ] as const) {
    if (port === undefined) continue;
    found[member] = checkInteger(`selector.${member}`, port, 0, MAX_PORT);
    found[`${member}_mask`] = MAX_PORT;
  }
  if (given.device !== undefined) found.ifindex = device('selector.device', given.device);
  return found;
}

/** Limits as a struct; those left out are none. Throws {@link ArgumentError}. */
export function readLimits(given: XfrmLimits = {}): structs.LifetimeLimits {
  const limit = (argument: keyof XfrmLimits, none: bigint) => {
    const value = given[argument];
    if (value === undefined) return none;
    const number =
      typeof value === 'bigint' ? value : BigInt(checkInteger(`limits.${argument}`, value, 0, 2 ** 53));
    if (number < 0n || number > XFRM_INF)
      throw new ArgumentError(`limits.${argument}`, `${number} is not a number of 64 bits`);
    return number;
  };
  return {
    ...lifetimeLimits.zero(),
    soft_byte_limit: limit('soft_bytes', XFRM_INF),
    hard_byte_limit: limit('hard_bytes', XFRM_INF),
    soft_packet_limit: limit('soft_packets', XFRM_INF),
    hard_packet_limit: limit('hard_packets', XFRM_INF),
    soft_add_expires_seconds: limit('soft_add_seconds', 0n),
    hard_add_expires_seconds: limit('hard_add_seconds', 0n),
    soft_use_expires_seconds: limit('soft_use_seconds', 0n),
    hard_use_expires_seconds: limit('hard_use_seconds', 0n),
  };
}

/** A mark as a struct. Throws {@link ArgumentError}. */
export function readMark(given: Partial<XfrmMark> | undefined): structs.Mark | undefined {
  if (given === undefined) return undefined;
  return {
    v: check32('mark.value', given.value) ?? 0,
    m: check32('mark.mask', given.mask) ?? ALL_BITS,
  };
}

/** An algorithm with its key. */
export function readAlgorithm(given: XfrmIcvAlgorithmArguments | undefined): Algorithm | undefined {
  if (given === undefined) return undefined;
  const { name, key, icv_bits } = given;
  return algorithm(name, Buffer.from(key), icv_bits);
}

/** The number of a word. Throws {@link ArgumentError}. */
export function numberOf<W extends string>(
  argument: string,
  words: Readonly<Record<W, number>>,
  word: W | undefined,
  usual: number,
): number {
  return word === undefined ? usual : bitOf(argument, words, word);
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(ADDRESS_LENGTH)], ADDRESS_LENGTH);
}
