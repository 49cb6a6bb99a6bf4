/**
 * A message read where it lies: nothing is decoded that is not asked for. The same reader serves one message after
 * another, and can tell what of a message differs from an earlier one, for most of a dump is the same again and again.
 */
import { AttributeIndex } from './attributes.ts';
import { load16, load32 } from './integers.ts';
import { type Message, PLAIN_TYPE } from './message.ts';
import { FIRST_ATTRIBUTE_SLOT, HIGHEST_ATTRIBUTE, type SlotSet, slotSet, UNREAD_SLOT } from './slots.ts';

const NOTHING = Buffer.alloc(0);
const NO_WORDS = new Int32Array(0);
/** More words than these are sooner copied or compared by a call than one by one. */
const LONG = 24;

/**
 * What a word of a message belongs to: the payload of an attribute by its slot, its header by the negative slot; 0 what
 * must not differ at all, as the header of an attribute that nobody reads, and what is no attribute.
 */
type SlotOfWord = number;
const FRAMING: SlotOfWord = 0;

/** Bytes of a message from `begin` up to `end`, counted from its payload on. */
interface Span {
  readonly begin: number;
  readonly end: number;
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
  /** The message that others are compared with, and the same in words. */
  #kept: Buffer = NOTHING;
  #keptWords: Int32Array = NO_WORDS;
  /** What its words belong to. */
  #owners: readonly SlotOfWord[] = [];
  /** Where restless slots lie, save long ones: bytes of the header and whole words. */
  #restlessBytes: readonly number[] = [];
  #restlessWords: readonly number[] = [];
  /** What lies between long restless slots. */
  #spans: readonly Span[] = [];

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
    return this.attributes.readSlots;
  }

  /** Goes to a message; false when it is too short for its header. */
  read(message: Message): boolean {
    const { bytes, payload, end } = message;
    if (end - payload < this.#headerLength) return false;
    this.#kept = NOTHING;
    this.#place(message);
    this.attributes.index(bytes, payload + this.#headerLength, end);
    return true;
  }

  /** Has later messages compared with the one at hand; what `restless` slots hold does not count. */
  setReference(restless: SlotSet): void {
    const size = this.#end - this.#payload;
    this.#kept = Buffer.allocUnsafeSlow(size);
    this.#keptWords = new Int32Array(this.#kept.buffer, 0, size >> 2);
    this.#owners = this.#ownersOfWords();
    this.ignoreSlots(restless);
  }

  /** The same where the message at hand was followed to from the kept one: its attributes lie where those do. */
  ignoreSlots(restless: SlotSet): void {
    this.#kept.set(this.#bytes.subarray(this.#payload, this.#end));
    const bytes: number[] = [];
    const words: number[] = [];
    const spans: Span[] = [];
    let begin = 0;
    for (let word = 0; word < this.#owners.length; ) {
      let end = word;
      while (this.#isRestless(end, restless)) end++;
      if (end - word > LONG) {
        spans.push({ begin, end: 4 * word });
        begin = 4 * end;
      } else for (let each = word; each < end; each++) words.push(each);
      for (let at = 4 * end; at < 4 * end + 4; at++)
        if (at < this.#headerLength && restless[at] !== 0) bytes.push(at);
      word = end + 1;
    }
    spans.push({ begin, end: this.#kept.length });
    this.#restlessBytes = bytes;
    this.#restlessWords = words;
    this.#spans = spans;
  }

  /**
   * Goes to a message that has the attributes of the kept one at the same places, and tells in {@link changed} where
   * their contents differ; false, going nowhere, when it has not. The reader has been to no other message meanwhile,
   * save by this method.
   */
  readIfSameLayout(message: Message): boolean {
    const { bytes, payload, end, type } = message;
    const size = end - payload;
    if (type !== this.messageType || size !== this.#kept.length || (payload | size) & 3) return false;
    const words = this.#wordsOf(bytes);
    if (words.length === 0) return false;
    this.#adoptRestless(bytes, words, payload);
    this.isChanged = !this.#isSame(message, words);
    if (this.isChanged && !this.#compare(words, payload >> 2)) return false;
    this.#place(message);
    this.attributes.move(bytes, payload + this.#headerLength);
    return true;
  }

  /** A byte of the header. */
  headerU8(offset: number): number {
    this.attributes.readSlots[offset] = 1;
    return this.#bytes[this.#payload + offset]!;
  }

  headerU16(offset: number): number {
    const { readSlots } = this.attributes;
    readSlots[offset] = 1;
    readSlots[offset + 1] = 1;
    const at = this.#payload + offset;
    return this.#bytes[at]! | (this.#bytes[at + 1]! << 8);
  }

  headerU32(offset: number): number {
    const { readSlots } = this.attributes;
    readSlots[offset] = 1;
    readSlots[offset + 1] = 1;
    readSlots[offset + 2] = 1;
    readSlots[offset + 3] = 1;
    return load32(this.#bytes, this.#payload + offset);
  }

  #place({ bytes, payload, end, type }: Message): void {
    this.#bytes = bytes;
    this.#payload = payload;
    this.#end = end;
    this.messageType = type;
  }

  /** What restless slots hold does not count: the kept message takes it over, save what is long. */
  #adoptRestless(bytes: Buffer, words: Int32Array, payload: number): void {
    const kept = this.#kept;
    const keptWords = this.#keptWords;
    const first = payload >> 2;
    // Loops that count: they run long before V8 makes others as fast.
    for (let at = 0; at < this.#restlessBytes.length; at++) {
      const byte = this.#restlessBytes[at]!;
      kept[byte] = bytes[payload + byte]!;
    }
    for (let at = 0; at < this.#restlessWords.length; at++) {
      const word = this.#restlessWords[at]!;
      keptWords[word] = words[first + word]!;
    }
  }

  #isSame({ bytes, payload }: Message, words: Int32Array): boolean {
    const keptWords = this.#keptWords;
    if (keptWords.length > LONG) return this.#areSpansSame(bytes, payload);
    const first = payload >> 2;
    for (let word = 0; word < keptWords.length; word++)
      if (words[first + word] !== keptWords[word]) return false;
    return true;
  }

  #areSpansSame(bytes: Buffer, payload: number): boolean {
    for (let at = 0; at < this.#spans.length; at++) {
      const { begin, end } = this.#spans[at]!;
      if (bytes.compare(this.#kept, begin, end, payload + begin, payload + end) !== 0) return false;
    }
    return true;
  }

  /** Compares all words; false if the attributes lie elsewhere. */
  #compare(words: Int32Array, first: number): boolean {
    this.changed.fill(0);
    for (let word = 0; word < this.#owners.length; word++) {
      const now = words[first + word]!;
      const before = this.#keptWords[word]!;
      if (now !== before && !this.#change(word, before, now)) return false;
    }
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
    if (owner > FRAMING) {
      this.changed[owner] = 1;
      return true;
    }
    if (owner === FRAMING || !isSamePlace(before, now)) return false;
    this.changed[-owner] = 1;
    return true;
  }

  #ownersOfWords(): SlotOfWord[] {
    const bytes = this.#bytes;
    const owners = new Array<SlotOfWord>((this.#end - this.#payload) >> 2).fill(FRAMING);
    for (let at = this.#payload + this.#headerLength; at + 4 <= this.#end; ) {
      const length = load16(bytes, at);
      if (length < 4 || length > this.#end - at) break;
      const type = load16(bytes, at + 2) & this.#typeMask;
      const isRead = type <= this.#highest && this.attributes.start(type) === at + 4;
      const first = (at - this.#payload) >> 2;
      if (isRead) owners[first] = -(FIRST_ATTRIBUTE_SLOT + type);
      owners.fill(isRead ? FIRST_ATTRIBUTE_SLOT + type : UNREAD_SLOT, first + 1, first + ((length + 3) >> 2));
      at += (length + 3) & ~3;
    }
    return owners;
  }

  /** Whether all of a word is restless. */
  #isRestless(word: number, restless: SlotSet): boolean {
    const at = 4 * word;
    if (at < this.#headerLength)
      return !!(restless[at] && restless[at + 1] && restless[at + 2] && restless[at + 3]);
    const owner = this.#owners[word] ?? FRAMING;
    return owner > FRAMING && restless[owner] !== 0;
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
