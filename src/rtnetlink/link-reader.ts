/**
 * Link messages read in place, for long dumps: each attribute is decoded when it is asked for. The members are those of
 * the rows of {@link link}.
 */
import type { AttributeIndex } from '../wire/attributes.ts';
import * as codec from '../wire/codec.ts';
import { HOST_ORDER_TYPE, type Message } from '../wire/message.ts';
import { MessageReader } from '../wire/message-reader.ts';
import { type Link, type LinkHeader, link, linkHeader } from './link.ts';

const HIGHEST_ATTRIBUTE = Math.max(...Object.values(link.rows).map(({ type }) => type));

/** A value that many devices share: it is decoded again where its bytes are not those of the last one that had it. */
class SharedValue<T> {
  readonly #type: number;
  readonly #decode: codec.Codec<T>['read'];
  #bytes: Buffer | undefined;
  #value: T | undefined;

  constructor({ type, codec: { read } }: { readonly type: number; readonly codec: codec.Codec<T> }) {
    this.#type = type;
    this.#decode = read;
  }

  of(attributes: AttributeIndex): T | undefined {
    const at = attributes.start(this.#type);
    if (at === 0) return undefined;
    const end = at + attributes.length(this.#type);
    if (this.#bytes?.compare(attributes.bytes, at, end) !== 0) {
      this.#bytes = Buffer.from(attributes.bytes.subarray(at, end));
      this.#value = this.#decode(this.#bytes, 0, end - at);
    }
    return this.#value;
  }
}

class HeaderReader extends MessageReader implements LinkHeader {
  #name: string | undefined;
  #isNameRead = false;
  readonly #info = new SharedValue<NonNullable<Link['linkinfo']>>(link.rows.linkinfo);

  constructor() {
    super(linkHeader.size, HIGHEST_ATTRIBUTE, HOST_ORDER_TYPE);
  }

  override read(message: Message): boolean {
    this.#isNameRead = false;
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

  get linkinfo(): Link['linkinfo'] {
    return this.#info.of(this.attributes);
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

/** Without prototype it is a dictionary at first: of other objects V8 copies the shape at each member that is added. */
const members: object = Object.create(null);
for (const [name, row] of Object.entries(link.rows)) {
  if (name in HeaderReader.prototype) continue;
  const { type } = row;
  const { read } = row.codec as codec.Codec<unknown>;
  const get: Getter =
    NUMBER_GETTERS.get(row.codec)?.(type) ??
    function () {
      return this.attributes.read(type, read);
    };
  Object.defineProperty(members, name, { get });
}
Object.setPrototypeOf(members, HeaderReader.prototype);

/** A link message read in place, with the members of a {@link Link}. */
export type LinkReader = HeaderReader & Link;

/** Makes a reader, which serves one message after another. */
export function linkReader(): LinkReader {
  return Object.setPrototypeOf(new HeaderReader(), members);
}
