/**
 * Asks the commands themselves what they would take at the end of a line: each candidate is read by the command's
 * own parser, in a context in which nothing can be sent or printed, and is a candidate only if the parser treats it
 * in another way than a word without any meaning. So what is offered cannot differ from what is taken.
 */
import type { Sink } from '../../output/sink.ts';
import { Args, UsageError, UsageRequest } from '../../schema/args.ts';
import type { NameTable } from '../../schema/names.ts';
import type { Output } from '../../schema/output.ts';
import type { Message } from '../../wire/message.ts';
import type { Command } from '../frame/command.ts';
import { Context } from '../frame/context.ts';
import type { GlobalOptions } from '../frame/options.ts';

/** Thrown where a command asks for a word after the last one, or is about to do its work. */
class EndOfParsing extends Error {}

function endParsing(): never {
  throw new EndOfParsing();
}

/** Words that mean nothing to any command: no name of a device, no number, no address. */
export const MEANINGLESS = ['\u0001a', '\u0001b', '\u0001c', '\u0001d'];

/** A cursor whose line has not ended: no command learns that it has read everything, so none begins its work. */
export class UnfinishedArgs extends Args {
  /** The keywords that the first meaningless word has been compared with. */
  readonly asked = new Set<string>();

  override get done(): boolean {
    return super.done ? endParsing() : false;
  }

  /** How many words have not been read. */
  get left(): number {
    return super.rest.length;
  }

  /** Who takes all words at once does not look for keywords. */
  override get rest(): never {
    return endParsing();
  }

  override peek(): string {
    return super.peek() ?? endParsing();
  }

  override next(): string {
    return super.done ? endParsing() : super.next();
  }

  override is(keyword: string): boolean {
    this.#note([keyword]);
    return super.is(keyword);
  }

  override matches(keyword: string): boolean {
    this.#note([keyword]);
    return super.matches(keyword);
  }

  override accept(...keywords: string[]): boolean {
    this.#note(keywords);
    return super.accept(...keywords);
  }

  override acceptPrefix(...keywords: string[]): boolean {
    this.#note(keywords);
    return super.acceptPrefix(...keywords);
  }

  #note(keywords: readonly string[]): void {
    if (this.peek() === MEANINGLESS[0]) for (const keyword of keywords) this.asked.add(keyword);
  }
}

const SILENT_SINK: Sink = { write: () => undefined, flush: () => undefined };

/** A context in which a command may look at names and devices, and do nothing else. */
export class ParsingContext extends Context {
  override readonly sink = SILENT_SINK;
  /** The tables in which names have been looked for. */
  readonly tables = new Set<NameTable>();

  constructor(options: GlobalOptions) {
    super(options);
    const { number } = this.names;
    Object.assign(this.names, {
      number: (table: NameTable, word: string) => {
        this.tables.add(table);
        return number(table, word);
      },
    });
  }

  override session(): never {
    endParsing();
  }

  override blockingSession(): never {
    endParsing();
  }

  override output(): Output {
    return endParsing();
  }

  override textOutput(): Output {
    return endParsing();
  }

  // biome-ignore lint/correctness/useYield: it ends before it has anything to yield
  override async *dump(): AsyncGenerator<readonly Message[], void> {
    endParsing();
  }

  override change(): never {
    endParsing();
  }

  override complain(): void {}

  override complainNow(): void {}
}

/** Complaints about words that are known, but not here. */
const REFUSED = /doesn't support|is not supported/;

/** How a command ends that reads words without an end. */
interface Ending {
  /** What it complains about, or prints as help; empty when nothing. */
  readonly complaint: string;
  /** How many words it has not looked at. */
  readonly left: number;
  /** The keywords that it has compared the first meaningless word with. */
  readonly asked: ReadonlySet<string>;
}

/** How a command takes words at the end of a line. */
export class Probe {
  readonly #command: Command;
  readonly #before: readonly string[];
  readonly #context: ParsingContext;
  #meaningless: Ending | undefined;

  /** `before` are the words of the line after the object. */
  constructor(command: Command, before: readonly string[], options: GlobalOptions) {
    this.#command = command;
    this.#before = before;
    this.#context = new ParsingContext({ ...options });
  }

  /** Whether `word` means something as the next word. */
  async takes(word: string): Promise<boolean> {
    const meaningless = await this.#readMeaningless();
    const [first, ...others] = MEANINGLESS as [string, ...string[]];
    const { complaint, left } = await this.#read([word, ...others]);
    if (REFUSED.test(complaint)) return false;
    return complaint !== meaningless.complaint.replaceAll(first, word) || left !== meaningless.left;
  }

  /** Whether `word`, which means something, is but the beginning of `keyword`. */
  async isAbbreviation(word: string, keyword: string): Promise<boolean> {
    if ((await this.#readMeaningless()).asked.has(word)) return false;
    // `link` beside `link-netns` is a word of its own.
    if ('-_'.includes(keyword[word.length] ?? '')) return false;
    const others = MEANINGLESS.slice(1);
    const meaning = await this.#read([keyword, ...others]);
    for (const short of [word, keyword.slice(0, word.length + 1)]) {
      const { complaint, left } = await this.#read([short, ...others]);
      if (complaint !== meaning.complaint || left !== meaning.left) return false;
    }
    return true;
  }

  /** Whether the name of a device may stand there alone, without `dev`. */
  async takesBareDevice(): Promise<boolean> {
    const [first, second] = MEANINGLESS as [string, string];
    const isSecond = /"dev" is duplicate|duplicate "dev"/;
    if (!isSecond.test((await this.#read([first, 'dev', second])).complaint)) return false;
    return !isSecond.test((await this.#read(['dev', second])).complaint);
  }

  /** The tables in which the command looks for the next word. */
  async tables(): Promise<readonly NameTable[]> {
    this.#context.tables.clear();
    await this.#read(MEANINGLESS);
    return [...this.#context.tables];
  }

  /** The texts in which the command tells what it takes: its help, and complaints about a meaningless word. */
  async hints(): Promise<string> {
    const texts = [await textOf(this.#command, new Args(['help']), this.#context)];
    for (let length = 1; length <= this.#before.length; length++) {
      const before = this.#before.slice(0, length);
      for (const words of [['help'], MEANINGLESS])
        texts.push(await textOf(this.#command, new UnfinishedArgs([...before, ...words]), this.#context));
    }
    return texts.join('\n');
  }

  async #readMeaningless(): Promise<Ending> {
    this.#meaningless ??= await this.#read(MEANINGLESS);
    return this.#meaningless;
  }

  async #read(words: readonly string[]): Promise<Ending> {
    const args = new UnfinishedArgs([...this.#before, ...words]);
    const complaint = await textOf(this.#command, args, this.#context);
    return { complaint, left: args.left, asked: args.asked };
  }
}

async function textOf(command: Command, args: Args, context: Context): Promise<string> {
  try {
    await command(args, context);
  } catch (error) {
    if (error instanceof UsageRequest) return error.usage;
    if (error instanceof UsageError) return error.message;
    if (!(error instanceof EndOfParsing)) return `${error}`;
  }
  return '';
}
