/**
 * A message read where it lies: nothing is decoded that is not asked for. The same reader serves one message after
 * another, and can tell what of a message differs from an earlier one, for most of a dump is the same again and again.
 */
import { AttributeIndex } from './attributes.ts';
import { type Message, PLAIN_TYPE } from './message.ts';
import { attributeSlot, HIGHEST_ATTRIBUTE, type SlotSet, slotSet, UNREAD_SLOT } from './slots.ts';

const NOTHING = Buffer.alloc(0);
const NO_WORDS = new Int32Array(0);
const ALL_BITS = -1;
/** Fewer words than these are sooner compared one by one than by a call. */
const SHORT = 24;

/**
 * What a word of a message belongs to: the payload of an attribute by its slot, its header by the negative slot; 0 what
 * must not differ at all, as the header of an attribute that nobody reads, and what is no attribute.
 */
type Owner = number;
const STRUCTURE: Owner = 0;

/** Bytes of a message from `begin` up to `end`, counted from its payload on. */
interface Span {
  readonly begin: number;
  readonly end: number;
}

/** Bits of a word of a message. */
interface Bits {
  readonly word: number;
  readonly mask: number;
}

export class MessageReader {
  /** Type of the message: RTM_*. */
  messageType = 0;
  readonly attributes: AttributeIndex;
  /** The slots, save the restless ones, in which the message that was followed to last differs from the kept one. */
  readonly changed = slotSet();
  /** Whether there are any. */
  isChanged = false;
  readonly #headerLength: number;
  readonly #highest: number;
  readonly #typeMask: number;
  #bytes: Buffer = NOTHING;
  #payload = 0;
  #end = 0;
  /** The datagram that was last read in words, and those words. */
  #wordedBytes: Buffer = NOTHING;
  #words: Int32Array = NO_WORDS;
  /** The message that others are compared with: its datagram, also in words, and its first word there. */
  #keptBytes: Buffer = NOTHING;
  #keptWords: Int32Array = NO_WORDS;
  #keptFirst = 0;
  /** What the words of the kept message belong to. */
  #owners: readonly Owner[] = [];
  /** What must be the same again, short of the restless slots: bits of words, and longer pieces. */
  #calmBits: readonly Bits[] = [];
  #calmSpans: readonly Span[] = [];

  /**
   * For messages with a struct of `headerLength` bytes before attributes numbered up to `highest`, whose types have the
   * bits of `typeMask`.
   */
  constructor(headerLength: number, highest: number, typeMask = PLAIN_TYPE) {
    this.#headerLength = headerLength;
    this.#highest = Math.min(highest, HIGHEST_ATTRIBUTE);
    this.#typeMask = typeMask;
    this.attributes = new AttributeIndex(this.#highest, typeMask);
  }

  /** What was looked at since it was cleared. */
  get seen(): SlotSet {
    return this.attributes.seen;
  }

  /** Goes to a message; false when it is too short for its header. */
  read(message: Message): boolean {
    const { bytes, payload, end } = message;
    if (end - payload < this.#headerLength) return false;
    this.#keptWords = NO_WORDS;
    this.#place(message);
    this.attributes.index(bytes, payload + this.#headerLength, end);
    return true;
  }

  /** Has later messages compared with the one at hand; what `restless` slots hold does not count. */
  keep(restless: SlotSet): void {
    this.#keptBytes = this.#bytes;
    this.#keptWords = this.#wordsOf(this.#bytes);
    this.#keptFirst = this.#payload >> 2;
    this.#owners = this.#ownersOfWords();
    this.#findCalm(restless);
  }

  /**
   * Goes to a message that has the attributes of the kept one at the same places, and tells in {@link changed} where
   * their contents differ; false, going nowhere, when it has not. The reader has been to no other message meanwhile,
   * save by this method.
   */
  follow(message: Message): boolean {
    const { bytes, payload, end, type } = message;
    const size = end - payload;
    if (type !== this.messageType || size !== this.#end - this.#payload || (payload | size) & 3) return false;
    const words = this.#wordsOf(bytes);
    if (words.length === 0 || this.#keptWords.length === 0) return false;
    this.isChanged = false;
    if (!this.#isCalm(bytes, words, payload) && !this.#compare(words, payload >> 2)) return false;
    this.#place(message);
    this.attributes.move(bytes, payload + this.#headerLength);
    return true;
  }

  /** A byte of the header. */
  headerU8(offset: number): number {
    this.attributes.seen[offset] = 1;
    return this.#bytes[this.#payload + offset]!;
  }

  headerU16(offset: number): number {
    const { seen } = this.attributes;
    seen[offset] = 1;
    seen[offset + 1] = 1;
    const at = this.#payload + offset;
    return this.#bytes[at]! | (this.#bytes[at + 1]! << 8);
  }

  headerU32(offset: number): number {
    const { seen } = this.attributes;
    seen[offset] = 1;
    seen[offset + 1] = 1;
    seen[offset + 2] = 1;
    seen[offset + 3] = 1;
    return this.#bytes.readUInt32LE(this.#payload + offset);
  }

  #place({ bytes, payload, end, type }: Message): void {
    this.#bytes = bytes;
    this.#payload = payload;
    this.#end = end;
    this.messageType = type;
  }

  #isCalm(bytes: Buffer, words: Int32Array, payload: number): boolean {
    const kept = this.#keptWords;
    const keptFirst = this.#keptFirst;
    const first = payload >> 2;
    for (const { word, mask } of this.#calmBits)
      if ((words[first + word]! ^ kept[keptFirst + word]!) & mask) return false;
    const keptPayload = 4 * keptFirst;
    for (const { begin, end } of this.#calmSpans) {
      const [from, to] = [keptPayload + begin, keptPayload + end];
      if (bytes.compare(this.#keptBytes, from, to, payload + begin, payload + end) !== 0) return false;
    }
    return true;
  }

  /** Compares all words; false if the attributes lie elsewhere. */
  #compare(words: Int32Array, first: number): boolean {
    this.changed.fill(0);
    for (let word = 0; word < this.#owners.length; word++) {
      const now = words[first + word]!;
      const before = this.#keptWords[this.#keptFirst + word]!;
      if (now !== before && !this.#change(word, before, now)) return false;
    }
    this.isChanged = true;
    return true;
  }

  /** Notes that a word differs; false if that puts other attributes, or the same ones elsewhere. */
  #change(word: number, before: number, now: number): boolean {
    const at = 4 * word;
    if (at < this.#headerLength) {
      for (let byte = 0; byte < 4; byte++)
        if (((before ^ now) >>> (8 * byte)) & 0xff) this.changed[at + byte] = 1;
      return true;
    }
    const owner = this.#owners[word]!;
    if (owner > STRUCTURE) {
      this.changed[owner] = 1;
      return true;
    }
    if (owner === STRUCTURE || !isSamePlace(before, now)) return false;
    this.changed[-owner] = 1;
    return true;
  }

  #ownersOfWords(): Owner[] {
    const bytes = this.#bytes;
    const owners = new Array<Owner>((this.#end - this.#payload) >> 2).fill(STRUCTURE);
    for (let at = this.#payload + this.#headerLength; at + 4 <= this.#end; ) {
      const length = bytes.readUInt16LE(at);
      if (length < 4 || length > this.#end - at) break;
      const type = bytes.readUInt16LE(at + 2) & this.#typeMask;
      const isRead = type <= this.#highest && this.attributes.start(type) === at + 4;
      const first = (at - this.#payload) >> 2;
      if (isRead) owners[first] = -attributeSlot(type);
      owners.fill(isRead ? attributeSlot(type) : UNREAD_SLOT, first + 1, first + ((length + 3) >> 2));
      at += (length + 3) & ~3;
    }
    return owners;
  }

  #findCalm(restless: SlotSet): void {
    const bits: Bits[] = [];
    const spans: Span[] = [];
    const close = (begin: number, end: number) => {
      if (end - begin >= SHORT) spans.push({ begin: 4 * begin, end: 4 * end });
      else for (let word = begin; word < end; word++) bits.push({ word, mask: ALL_BITS });
    };
    let begin = 0;
    for (let word = 0; word < this.#owners.length; word++) {
      const mask = this.#calmBitsOf(word, restless);
      if (mask === ALL_BITS) continue;
      close(begin, word);
      if (mask !== 0) bits.push({ word, mask });
      begin = word + 1;
    }
    close(begin, this.#owners.length);
    this.#calmBits = bits;
    this.#calmSpans = spans;
  }

  #calmBitsOf(word: number, restless: SlotSet): number {
    if (4 * word >= this.#headerLength) {
      const owner = this.#owners[word]!;
      return owner > STRUCTURE && restless[owner] !== 0 ? 0 : ALL_BITS;
    }
    let mask = 0;
    for (let byte = 0; byte < 4; byte++) if (restless[4 * word + byte] === 0) mask |= 0xff << (8 * byte);
    return mask;
  }

  /** A datagram in words; none where it does not lie at a multiple of four. */
  #wordsOf(bytes: Buffer): Int32Array {
    if (bytes === this.#wordedBytes) return this.#words;
    const { buffer, byteOffset, length } = bytes;
    this.#wordedBytes = bytes;
    this.#words = byteOffset & 3 ? NO_WORDS : new Int32Array(buffer, byteOffset, length >> 2);
    return this.#words;
  }
}

/** Whether two attribute headers, little-endian length and type, are of the same type and as long with padding. */
function isSamePlace(before: number, now: number): boolean {
  const padded = (header: number) => ((header & 0xffff) + 3) & ~3;
  return before >>> 16 === now >>> 16 && padded(before) === padded(now) && (now & 0xffff) >= 4;
}
