/**
 * The argument cursor of `ip`'s grammar and its complaints. Words are read strictly in order, so that the first
 * wrong word is the one complained about, as in iproute2.
 */

/** Exit codes of `ip`: a usage error found by the program, a refusal by the kernel, exit(-1). */
export const EXIT_FAILURE = 1;
export const EXIT_KERNEL = 2;
export const EXIT_USAGE = 255;

/**
 * Wrong arguments. `message` holds the exact line or lines for stderr, without the last newline.
 * Exit code 255 ends a batch at once; 1 fails its line, unless the original calls exit(1) there.
 */
export class UsageError extends Error {
  readonly exitCode: number;
  /** Whether a batch ends here, with this exit code and without a word about the line. */
  readonly endsBatch: boolean;

  constructor(message: string, exitCode: number = EXIT_FAILURE, endsBatch = exitCode === EXIT_USAGE) {
    super(message);
    this.name = 'UsageError';
    this.exitCode = exitCode;
    this.endsBatch = endsBatch;
  }
}

/** A device that the line is about is not there. */
export class NoSuchDevice extends UsageError {
  constructor(name: string) {
    super(`Cannot find device "${name}"`);
  }
}

/** Thrown where the original prints a help text. Without a text it is that of the object, which its dispatcher fills in. */
export class UsageRequest extends Error {
  readonly usage: string;
  /**
   * Where it goes and how the program ends: `error` is stderr and 255, `help` stdout and 0, `refusal` stdout and 1,
   * `notice` stderr and 0.
   */
  readonly mode: 'error' | 'help' | 'refusal' | 'notice';

  constructor(usage = '', mode: UsageRequest['mode'] = 'error') {
    super('usage');
    this.name = 'UsageRequest';
    this.usage = usage;
    this.mode = mode;
  }
}

/** True when `word` is a non-empty prefix of `keyword`. */
export function isPrefixOf(word: string, keyword: string): boolean {
  return word.length > 0 && keyword.startsWith(word);
}

/** `argument "V" is wrong: REASON`, exit 255. Some reasons end in a newline in the original: an empty line follows. */
export function wrongArgument(value: string, reason: string): UsageError {
  return new UsageError(`Error: argument "${value}" is wrong: ${reason}`, EXIT_USAGE);
}

/** `argument "KEYWORD" is required`, exit 255. */
export function missingArgument(keyword: string): UsageError {
  return new UsageError(`Error: argument "${keyword}" is required`, EXIT_USAGE);
}

/** `duplicate "KEYWORD": "V" is the second value.`, exit 255. */
export function duplicateArgument(keyword: string, value: string): UsageError {
  return new UsageError(`Error: duplicate "${keyword}": "${value}" is the second value.`, EXIT_USAGE);
}

/** `either "KEYWORD" is duplicate, or "V" is garbage.`, exit 255. */
export function duplicateOrGarbage(keyword: string, value: string): UsageError {
  return new UsageError(`Error: either "${keyword}" is duplicate, or "${value}" is garbage.`, EXIT_USAGE);
}

/** `argument of "KEYWORD" must be one of "A", "B", not "V"`, exit 1; ends a batch where the original exits at once. */
export function mustBeOneOf(
  keyword: string,
  words: readonly string[],
  value: string,
  endsBatch = false,
): UsageError {
  const list = words.map(word => `"${word}"`).join(', ');
  const text = `Error: argument of "${keyword}" must be one of ${list}, not "${value}"`;
  return new UsageError(text, EXIT_FAILURE, endsBatch);
}

/** `argument of "KEYWORD" must be "on" or "off", not "V"`, exit 1. */
export function mustBeOnOrOff(keyword: string, value: string): UsageError {
  return new UsageError(`Error: argument of "${keyword}" must be "on" or "off", not "${value}"`);
}

/** `"V" is invalid lladdr.`, exit 1. */
export function invalidHardwareAddress(value: string): UsageError {
  return new UsageError(`"${value}" is invalid lladdr.`);
}

/** The line ended where a word was expected, exit 255. */
export function incompleteCommand(): UsageError {
  return new UsageError('Command line is not complete. Try option "help"', EXIT_USAGE);
}

/** A cursor over the words of one command. */
export class Args {
  readonly #words: readonly string[];
  #at: number;

  constructor(words: readonly string[], at = 0) {
    this.#words = words;
    this.#at = at;
  }

  /** True when no word is left. */
  get done(): boolean {
    return this.#at >= this.#words.length;
  }

  /** The words not read yet. */
  get rest(): readonly string[] {
    return this.#words.slice(this.#at);
  }

  /** The word after the first `keyword` among those not read yet, without reading any. */
  wordAfter(keyword: string): string | undefined {
    const place = this.#words.indexOf(keyword, this.#at);
    return place < 0 ? undefined : this.#words[place + 1];
  }

  /** The current word; undefined at the end. */
  peek(): string | undefined {
    return this.#words[this.#at];
  }

  /** Reads the current word; complains when there is none. */
  next(): string {
    const word = this.#words[this.#at];
    if (word === undefined) throw incompleteCommand();
    this.#at++;
    return word;
  }

  /** Moves past the current word. */
  skip(): void {
    this.#at++;
  }

  /** Moves back to the word before, which turned out to be something else. */
  back(): void {
    this.#at--;
  }

  /** True when the current word is exactly `keyword`. */
  is(keyword: string): boolean {
    return this.peek() === keyword;
  }

  /** True when the current word abbreviates `keyword`. */
  matches(keyword: string): boolean {
    const word = this.peek();
    return word !== undefined && isPrefixOf(word, keyword);
  }

  /** Reads the current word if it is exactly one of `keywords`. */
  accept(...keywords: string[]): boolean {
    const word = this.peek();
    if (word === undefined || !keywords.includes(word)) return false;
    this.#at++;
    return true;
  }

  /** Reads the current word if it abbreviates one of `keywords`. */
  acceptPrefix(...keywords: string[]): boolean {
    const word = this.peek();
    if (word === undefined || !keywords.some(keyword => isPrefixOf(word, keyword))) return false;
    this.#at++;
    return true;
  }
}
