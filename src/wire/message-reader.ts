/** A message read in place: its header by offset, its attributes when they are asked for. */
import { AttributeIndex } from './attributes.ts';
import { load16, load32 } from './integers.ts';
import { type Message, PLAIN_TYPE } from './message.ts';

const NOTHING = Buffer.alloc(0);

/** Reads one message after another, without an object for each. */
export class MessageReader {
  /** Type of the message: RTM_*. */
  messageType = 0;
  /** The datagram that holds the message. */
  bytes: Buffer = NOTHING;
  /** Where the header begins, and where the message ends. */
  start = 0;
  end = 0;
  readonly attributes: AttributeIndex;
  readonly #headerLength: number;

  /**
   * For messages with a struct of `headerLength` bytes before attributes numbered up to `highest`, whose types have the
   * bits of `typeMask`.
   */
  constructor(headerLength: number, highest: number, typeMask = PLAIN_TYPE) {
    this.#headerLength = headerLength;
    this.attributes = new AttributeIndex(highest, typeMask);
  }

  /** Goes to a message; false if it is too short for its header. */
  read(message: Message): boolean {
    const { bytes, payload, end } = message;
    const attributes = payload + this.#headerLength;
    if (attributes > end) return false;
    this.messageType = message.type;
    this.bytes = bytes;
    this.start = payload;
    this.end = end;
    this.attributes.index(bytes, attributes, end);
    return true;
  }

  /** A byte of the header. */
  headerU8(offset: number): number {
    return this.bytes[this.start + offset]!;
  }

  headerU16(offset: number): number {
    return load16(this.bytes, this.start + offset);
  }

  headerU32(offset: number): number {
    return load32(this.bytes, this.start + offset);
  }
}
