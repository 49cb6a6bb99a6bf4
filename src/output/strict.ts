/**
 * The writer of `--strict-json`: whatever a command prints becomes one list, valid JSON whatever happens. It differs
 * from the JSON of the original where that is no good to programs: flags are true, not null; a key comes once in an
 * object; objects without members in lists are left out; text is UTF-8.
 */
import { type Datum, type Output, printNumbers } from '../schema/output.ts';
import { jsonOutput } from './json.ts';
import type { Sink } from './sink.ts';

/** Keys whose null says that there is no such thing; any other null is a flag, and true. */
const NOTHING: ReadonlySet<string> = new Set(['link', 'arp_validate', 'type', 'slave1', 'slave2']);

/** Halves of surrogate pairs stand for bytes that are no UTF-8; each is spelt as an escape. */
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

interface Level {
  readonly kind: 'list' | 'object';
  readonly keys: Set<string>;
  /** An object in a list is written with its first member. */
  isPending: boolean;
  /** Opened for members that came without an object. */
  readonly isImplied: boolean;
  /** A list in the outermost list, or an object straight in an object: it is the one around it. */
  readonly isTransparent: boolean;
}

function level(kind: Level['kind'], facts: Partial<Level> = {}): Level {
  return { kind, keys: new Set(), isPending: false, isImplied: false, isTransparent: false, ...facts };
}

export class StrictDocument {
  readonly #json: Output;
  /** From the outermost list, which is opened when something is printed, inwards. */
  #levels: Level[] = [];
  /** What a command prints to. */
  readonly output: Output;

  constructor(sink: Sink, isPretty: boolean) {
    this.#json = jsonOutput(utf8Sink(sink), isPretty);
    const member = (key: string, value: Datum) => this.#member(key, value);
    const labelled = (key: string, _label: string, value: Datum) => member(key, value);
    this.output = {
      field: member,
      labelled,
      numbers: (row, source) => printNumbers(row, source, { labelled }),
      data: member,
      open: key => this.#open(key),
      close: () => this.#close(),
      list: key => this.#list(key),
      item: value => this.#item(value),
      end: () => this.#end(),
      words: (key, words) => {
        this.#list(key);
        for (const word of words) this.#item(word);
        this.#end();
      },
      text: () => undefined,
      newline: () => undefined,
      lines: () => undefined,
    };
  }

  /** Ends the document, an empty list if nothing was printed. The next thing printed begins another one. */
  finish(): void {
    this.#begin();
    while (this.#levels.length > 1) this.#pop();
    this.#levels = [];
    this.#json.end();
  }

  #begin(): void {
    if (this.#levels.length > 0) return;
    this.#json.list();
    this.#levels.push(level('list'));
  }

  get #top(): Level {
    this.#begin();
    return this.#levels.at(-1)!;
  }

  /** Ends an object that was only implied, where another thing begins. */
  #endImplied(): void {
    if (this.#top.isImplied) this.#pop();
  }

  #pop(): void {
    const popped = this.#levels.pop();
    if (popped === undefined || popped.isPending || popped.isTransparent) return;
    if (popped.kind === 'object') this.#json.close();
    else this.#json.end();
  }

  /** The object that members go to, written out. */
  #object(): Level {
    if (this.#top.kind === 'list') {
      this.#levels.push(level('object', { isImplied: true, isPending: true }));
    }
    const found = this.#levels.findLast(({ isTransparent }) => !isTransparent)!;
    if (found.isPending) {
      found.isPending = false;
      this.#json.open();
    }
    return found;
  }

  /** A key that the object does not have yet: a second `key` is `key_2`. */
  #keyIn(object: Level, key: string): string {
    let unique = key;
    for (let count = 2; object.keys.has(unique); count++) unique = `${key}_${count}`;
    object.keys.add(unique);
    return unique;
  }

  #member(key: string, value: Datum): void {
    const object = this.#object();
    const flagged = value === null && !NOTHING.has(key) ? true : value;
    this.#json.data(this.#keyIn(object, key), flagged);
  }

  #item(value: Datum): void {
    if (this.#top.kind === 'list') this.#json.item(value, '');
  }

  #open(key: string | undefined): void {
    if (key === undefined) {
      this.#endImplied();
      const outer = this.#top;
      // An object straight inside an object has no place in JSON: its members join those of the outer one.
      if (outer.kind === 'object') this.#levels.push({ ...outer, isTransparent: true });
      else this.#levels.push(level('object', { isPending: true }));
      return;
    }
    const object = this.#object();
    this.#json.open(this.#keyIn(object, key));
    this.#levels.push(level('object'));
  }

  #close(): void {
    this.#endImplied();
    if (this.#top.kind === 'object') this.#pop();
  }

  #list(key: string | undefined): void {
    if (key !== undefined) {
      const object = this.#object();
      this.#json.list(this.#keyIn(object, key));
      this.#levels.push(level('list'));
      return;
    }
    this.#endImplied();
    const isOutermost = this.#levels.every(({ isTransparent }, index) => index === 0 || isTransparent);
    if (isOutermost) {
      this.#levels.push(level('list', { isTransparent: true }));
      return;
    }
    this.#json.list();
    this.#levels.push(level('list'));
  }

  #end(): void {
    this.#endImplied();
    if (this.#levels.length > 1 && this.#top.kind === 'list') this.#pop();
  }
}

/** A sink that spells bytes that are no UTF-8 as escapes: they occur in strings only. */
export function utf8Sink(sink: Sink): Sink {
  return {
    write: text => sink.write(text.replace(LONE_SURROGATE, half => `\\u${half.charCodeAt(0).toString(16)}`)),
    flush: () => sink.flush(),
  };
}
