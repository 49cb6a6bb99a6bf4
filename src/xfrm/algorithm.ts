/**
 * Algorithms with their keys: struct xfrm_algo, xfrm_algo_auth and xfrm_algo_aead. A key is there for callers who ask
 * for it by name, and hidden from code that prints whatever members a value has. Source: linux/xfrm.h.
 */
import type { Codec } from '../wire/codec.ts';
import { load32 } from '../wire/integers.ts';
import { decodeTextToNul, encodeText } from '../wire/text.ts';

const NAME_LENGTH = 64;
/** Of the name and the bits of the key. */
const PLAIN_LENGTH = NAME_LENGTH + 4;

/** An algorithm of a state. */
export interface Algorithm {
  /** As the kernel's crypto API calls it: `hmac(sha256)`. */
  readonly name: string;
  readonly keyBits: number;
  /** Bits that are sent of what authenticates a packet: of `auth-trunc` and `aead`. */
  readonly icvBits?: number;
  /** Not enumerable: neither JSON nor util.inspect shows it. */
  readonly key: Buffer;
}

/** What a message has of an algorithm, which may be cut. */
export interface ReceivedAlgorithm extends Algorithm {
  /** What is missing: of the struct, so that nothing is known, or of the key. */
  readonly missing?: 'struct' | 'key';
}

/** An algorithm with its key hidden. */
export function algorithm(name: string, key: Buffer, icvBits?: number): Algorithm {
  return hideKey({ name, keyBits: key.length * 8, ...(icvBits === undefined ? {} : { icvBits }) }, key);
}

function hideKey<T extends object>(value: T, key: Buffer): T & { readonly key: Buffer } {
  return Object.defineProperty(value, 'key', { value: key, enumerable: false }) as T & {
    readonly key: Buffer;
  };
}

function algorithmCodec(hasIcv: boolean): Codec<ReceivedAlgorithm> {
  const size = hasIcv ? PLAIN_LENGTH + 4 : PLAIN_LENGTH;
  return {
    /** Never undefined: bytes that nothing reads would be shown as they are. */
    read(bytes, at, length) {
      if (length < size) return hideKey({ name: '', keyBits: 0, missing: 'struct' as const }, NO_KEY);
      const keyBits = load32(bytes, at + NAME_LENGTH);
      const keyLength = Math.floor(keyBits / 8);
      // The original takes what follows for the last bytes of a key that lacks no more than the struct has more.
      const isCut = length - PLAIN_LENGTH < keyLength;
      const value = {
        name: decodeTextToNul(bytes, at, at + NAME_LENGTH),
        keyBits,
        ...(hasIcv ? { icvBits: load32(bytes, at + PLAIN_LENGTH) } : {}),
        ...(isCut ? { missing: 'key' as const } : {}),
      };
      return hideKey(value, isCut ? NO_KEY : bytes.subarray(at + size, at + size + keyLength));
    },
    write(out, { name, keyBits, icvBits = 0, key }) {
      const text = encodeText(name).subarray(0, NAME_LENGTH);
      out.raw(text);
      out.reserve(NAME_LENGTH - text.length);
      out.u32(keyBits);
      if (hasIcv) out.u32(icvBits);
      out.raw(key);
    },
  };
}

const NO_KEY = Buffer.alloc(0);

/** struct xfrm_algo. */
export const plainAlgorithm = algorithmCodec(false);

/** struct xfrm_algo_auth and struct xfrm_algo_aead, which are alike. */
export const icvAlgorithm = algorithmCodec(true);

/** Attributes (XFRMA_*) that hold keys, with the bytes before the key. */
const KEY_ATTRIBUTES: Readonly<Record<number, number>> = {
  1: PLAIN_LENGTH,
  2: PLAIN_LENGTH,
  3: PLAIN_LENGTH,
  18: PLAIN_LENGTH + 4,
  20: PLAIN_LENGTH + 4,
};

/** Overwrites the keys among the attributes of `bytes[at..]`, for requests that are kept after they were sent. */
export function eraseKeys(bytes: Buffer, at: number): void {
  while (at + 4 <= bytes.length) {
    const length = bytes.readUInt16LE(at);
    if (length < 4 || length > bytes.length - at) return;
    const before = KEY_ATTRIBUTES[bytes.readUInt16LE(at + 2)];
    if (before !== undefined) bytes.fill(0, Math.min(at + 4 + before, at + length), at + length);
    at += (length + 3) & ~3;
  }
}
