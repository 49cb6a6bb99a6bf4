/**
 * Caches of one entry. The messages of a dump come in an order in which the same tables, devices and texts follow each
 * other, so the latest is mostly right, and costs nothing to look up.
 */
import { formatHardwareAddress } from '../../wire/address.ts';
import { decodeTextToNul } from '../../wire/text.ts';

/** The name of the latest number. */
export class LatestName {
  readonly #nameOf: (number: number) => string;
  #number = Number.NaN;
  #name = '';

  constructor(nameOf: (number: number) => string) {
    this.#nameOf = nameOf;
  }

  of(number: number): string {
    if (number !== this.#number) {
      this.#name = this.#nameOf(number);
      this.#number = number;
    }
    return this.#name;
  }
}

const NOTHING = Buffer.alloc(0);

/** What the latest bytes are decoded to. */
class LatestBytes {
  readonly #decode: (bytes: Buffer, at: number, length: number) => string;
  #bytes: Buffer = NOTHING;
  #at = 0;
  #length = -1;
  #text = '';

  constructor(decode: (bytes: Buffer, at: number, length: number) => string) {
    this.#decode = decode;
  }

  of(bytes: Buffer, at: number, length: number): string {
    if (!this.#isSame(bytes, at, length)) {
      this.#text = this.#decode(bytes, at, length);
      this.#bytes = bytes;
      this.#at = at;
      this.#length = length;
    }
    return this.#text;
  }

  #isSame(bytes: Buffer, at: number, length: number): boolean {
    if (length !== this.#length) return false;
    const known = this.#bytes;
    const start = this.#at;
    for (let index = 0; index < length; index++) if (bytes[at + index] !== known[start + index]) return false;
    return true;
  }
}

/** The latest text that ends at a NUL or with its attribute. */
export class LatestText extends LatestBytes {
  constructor() {
    super((bytes, at, length) => decodeTextToNul(bytes, at, at + length));
  }
}

/** The latest link-layer address. */
export class LatestHardwareAddress extends LatestBytes {
  constructor() {
    super(formatHardwareAddress);
  }
}

/** Dotted forms of addresses, most of which begin like the latest one. */
export class Ipv4Spelling {
  #beginning = -1;
  #text = '';

  /** Spells an address that lies in memory as `word` does. */
  spell(word: number): string {
    const beginning = word & 0xffffff;
    if (beginning !== this.#beginning) {
      this.#text = `${beginning & 0xff}.${(beginning >> 8) & 0xff}.${beginning >> 16}.`;
      this.#beginning = beginning;
    }
    return this.#text + (word >>> 24);
  }
}
