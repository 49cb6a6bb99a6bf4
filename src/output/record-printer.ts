/**
 * Prints the messages of a dump as records laid out in parts. Most messages differ from the one before in the same few
 * places. So it is learnt from one message what each part reads and prints, and from then on only the parts that read
 * something that has ever differed are run again; what the others print is repeated. What a part prints must depend on
 * nothing else that changes during the dump.
 */
import type { Output, Part, RepeatableOutput } from '../schema/output.ts';
import type { Message } from '../wire/message.ts';
import type { MessageReader } from '../wire/reader.ts';
import { addAll, intersects, type SlotSet, slotSet } from '../wire/slots.ts';
import type { CapturingSink } from './sink.ts';

/** Messages of so many lengths are remembered, one of each. */
const MOST_LENGTHS = 64;
/** From how many messages of one length on it pays to learn. */
const MANY = 4;

/** A writer, and what it writes to. */
export interface Recording {
  readonly out: RepeatableOutput;
  readonly tape: CapturingSink;
}

/** What parts in a row printed. */
interface CachedText<R, C> {
  readonly parts: readonly Part<R, C>[];
  readonly text: string;
  readonly hadMembers: boolean;
  readonly hasMembers: boolean;
}

/** What one part read and printed. */
interface CachedPart<R, C> extends CachedText<R, C> {
  readonly reads: SlotSet;
}

/** What is done for a message: a part is run, or a piece repeated. */
type Step<R, C> = Part<R, C> | CachedText<R, C>;

/** Whether a message was chosen, and what was read to tell. */
interface FilterResult {
  readonly isChosen: boolean;
  readonly reads: SlotSet;
}

/** Messages of one length: their reader, and what is known of the one that it keeps. */
interface CachedShape<R, C> {
  readonly reader: R;
  /** Undefined where what was read to choose has ever differed. */
  choice: FilterResult | undefined;
  memories: readonly CachedPart<R, C>[];
  steps: readonly Step<R, C>[];
  /** Where messages have differed. */
  restless: SlotSet;
  isKept: boolean;
  /** How many of its messages were printed without learning. */
  printed: number;
}

export class RecordPrinter<R extends MessageReader, C> {
  readonly out: Output;
  readonly #recording: Recording | undefined;
  readonly #parts: readonly Part<R, C>[];
  readonly #makeReader: () => R;
  readonly #context: C;
  readonly #chooses: (record: R) => boolean;
  readonly #scenes = new Map<number, CachedShape<R, C>>();
  #scene: CachedShape<R, C> | undefined;

  /**
   * On an output without recording every part is run for every message. What `chooses` answers must depend on nothing
   * but the record, as must what is printed of it on the record and the context.
   */
  constructor(
    to: Output | Recording,
    parts: readonly Part<R, C>[],
    makeReader: () => R,
    context: C,
    chooses: (record: R) => boolean = () => true,
  ) {
    this.#recording = 'tape' in to ? to : undefined;
    this.out = 'tape' in to ? to.out : to;
    this.#parts = parts;
    this.#makeReader = makeReader;
    this.#context = context;
    this.#chooses = chooses;
  }

  /** Goes to a message; undefined when it is too short. */
  read(message: Message): R | undefined {
    const scene = this.#sceneFor(message.end - message.payload);
    this.#scene = scene;
    if (scene.isKept && scene.reader.readIfSameLayout(message)) {
      if (scene.reader.isChanged) this.#invalidate(scene);
      return scene.reader;
    }
    scene.isKept = false;
    return scene.reader.read(message) ? scene.reader : undefined;
  }

  /** Whether the message that was read last is chosen. */
  get isChosen(): boolean {
    const { isKept, choice, reader } = this.#scene!;
    return isKept && choice !== undefined ? choice.isChosen : this.#chooses(reader);
  }

  /** Prints the message that was read last. */
  print(): void {
    const scene = this.#scene!;
    const recording = this.#recording;
    if (recording === undefined || scene.printed < MANY) {
      scene.printed++;
      for (const part of this.#parts) part(scene.reader, this.out, this.#context);
    } else if (scene.isKept) this.#replay(scene, recording);
    else this.#record(scene, recording);
  }

  #record(scene: CachedShape<R, C>, recording: Recording): void {
    const { reader } = scene;
    reader.seen.fill(0);
    scene.choice = { isChosen: this.#chooses(reader), reads: reader.seen.slice() };
    scene.memories = this.#parts.map(part => this.#remember(part, reader, recording));
    scene.restless = slotSet();
    scene.steps = stepsOf(scene.memories, scene.restless);
    reader.setReference(scene.restless);
    scene.isKept = true;
  }

  #remember(part: Part<R, C>, reader: R, { out, tape }: Recording): CachedPart<R, C> {
    const hadMembers = out.hasMembers;
    reader.seen.fill(0);
    tape.record();
    let text = '';
    try {
      part(reader, out, this.#context);
    } finally {
      text = tape.release();
    }
    return { parts: [part], reads: reader.seen.slice(), text, hadMembers, hasMembers: out.hasMembers };
  }

  /** The message at hand differs where none has differed so far. */
  #invalidate(scene: CachedShape<R, C>): void {
    const { reader, choice, memories, restless } = scene;
    if (addAll(restless, reader.changed)) scene.steps = stepsOf(memories, restless);
    if (choice !== undefined && intersects(choice.reads, restless)) scene.choice = undefined;
    reader.ignoreSlots(restless);
  }

  #replay({ reader, steps }: CachedShape<R, C>, { out, tape }: Recording): void {
    for (let at = 0; at < steps.length; at++) {
      const step = steps[at]!;
      if (typeof step === 'function') step(reader, out, this.#context);
      else if (out.hasMembers === step.hadMembers) {
        tape.write(step.text);
        out.hasMembers = step.hasMembers;
      } else for (const part of step.parts) part(reader, out, this.#context);
    }
  }

  #sceneFor(length: number): CachedShape<R, C> {
    const known = this.#scenes.get(length);
    if (known !== undefined) return known;
    if (this.#scenes.size === MOST_LENGTHS) this.#scenes.clear();
    const reader = this.#makeReader();
    const scene: CachedShape<R, C> = {
      reader,
      choice: undefined,
      memories: [],
      steps: [],
      restless: slotSet(),
      isKept: false,
      printed: 0,
    };
    this.#scenes.set(length, scene);
    return scene;
  }
}

/** Runs the parts that read a restless slot, and repeats what stands between them. */
function stepsOf<R, C>(memories: readonly CachedPart<R, C>[], restless: SlotSet): Step<R, C>[] {
  const steps: Step<R, C>[] = [];
  for (const memory of memories) {
    const last = steps.at(-1);
    if (intersects(memory.reads, restless)) steps.push(...memory.parts);
    else if (last === undefined || typeof last === 'function') steps.push(memory);
    else steps[steps.length - 1] = joined(last, memory);
  }
  // V8 keeps a text as the pieces that it was put together from until somebody looks into it.
  for (const step of steps) if (typeof step !== 'function') step.text.charCodeAt(0);
  return steps;
}

function joined<R, C>(first: CachedText<R, C>, second: CachedText<R, C>): CachedText<R, C> {
  return {
    parts: [...first.parts, ...second.parts],
    text: first.text + second.text,
    hadMembers: first.hadMembers,
    hasMembers: second.hasMembers,
  };
}
