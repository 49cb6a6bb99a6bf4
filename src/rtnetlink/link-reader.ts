/**
 * Link messages read in place, for long dumps: each attribute is decoded when it is asked for. The members are those of
 * the rows of {@link link}.
 */
import * as codec from '../wire/codec.ts';
import { HOST_ORDER_TYPE, type Message } from '../wire/message.ts';
import { MessageReader } from '../wire/message-reader.ts';
import { type Link, type LinkHeader, link, linkHeader } from './link.ts';

const HIGHEST_ATTRIBUTE = Math.max(...Object.values(link.rows).map(({ type }) => type));

class HeaderReader extends MessageReader implements LinkHeader {
  #name: string | undefined;
  #isNameRead = false;
  #info: Link['linkinfo'];
  #isInfoRead = false;

  constructor() {
    super(linkHeader.size, HIGHEST_ATTRIBUTE, HOST_ORDER_TYPE);
  }

  override read(message: Message): boolean {
    this.#isNameRead = false;
    this.#isInfoRead = false;
    return super.read(message);
  }

  get header(): LinkHeader {
    return this;
  }

  get family(): number {
    return this.headerU8(0);
  }

  get type(): number {
    return this.headerU16(2);
  }

  get index(): number {
    return this.headerU32(4) | 0;
  }

  get flags(): number {
    return this.headerU32(8);
  }

  get change(): number {
    return this.headerU32(12);
  }

  /** Decoded once for each message, because filters and layouts ask for it. */
  get ifname(): string | undefined {
    if (this.#isNameRead) return this.#name;
    this.#isNameRead = true;
    this.#name = this.attributes.read(link.rows.ifname.type, codec.text.read);
    return this.#name;
  }

  /** The same of its kind, which decides what must be loaded before it is printed. */
  get linkinfo(): Link['linkinfo'] {
    if (this.#isInfoRead) return this.#info;
    this.#isInfoRead = true;
    this.#info = this.attributes.read(link.rows.linkinfo.type, link.rows.linkinfo.codec.read);
    return this.#info;
  }
}

type Getter = (this: HeaderReader) => unknown;

/** How numbers are read: a function for each sort, so that V8 sees the same kind of call in each. */
const NUMBER_GETTERS = new Map<unknown, (type: number) => Getter>([
  [
    codec.u8,
    type =>
      function () {
        return this.attributes.u8(type);
      },
  ],
  [
    codec.u32,
    type =>
      function () {
        return this.attributes.u32(type);
      },
  ],
  [
    codec.s32,
    type =>
      function () {
        return this.attributes.s32(type);
      },
  ],
]);

for (const [name, row] of Object.entries(link.rows)) {
  if (name in HeaderReader.prototype) continue;
  const { type } = row;
  const { read } = row.codec as codec.Codec<unknown>;
  const get: Getter =
    NUMBER_GETTERS.get(row.codec)?.(type) ??
    function () {
      return this.attributes.read(type, read);
    };
  Object.defineProperty(HeaderReader.prototype, name, { get });
}

/** A link message read in place, with the members of a {@link Link}. */
export type LinkReader = HeaderReader & Link;

/** Makes a reader, which serves one message after another. */
export function linkReader(): LinkReader {
  return new HeaderReader() as LinkReader;
}
