/**
 * Writers for programs: JSON streamed member by member, in iproute2's layout. Compact JSON has no spaces; pretty
 * JSON indents members by four spaces a level and keeps lists of scalars and the brackets of lists on one line.
 */
import { type Datum, RawNumber, type RepeatableOutput } from '../schema/output.ts';
import type { Sink } from './sink.ts';

const INDENT = '    ';
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly the characters that iproute2 escapes
const ESCAPED = /[\x00-\x1f"\\\x7f]/;
const ALL_ESCAPED = new RegExp(ESCAPED, 'g');
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\f': '\\f',
  '\b': '\\b',
  '"': '\\"',
  '\\': '\\\\',
};

/** A JSON string. Bytes that are not UTF-8 pass through as they are. */
export function quote(text: string): string {
  return isPlain(text) ? `"${text}"` : `"${text.replace(ALL_ESCAPED, escapeCharacter)}"`;
}

/** Most texts are short, and a loop over them is faster than a regular expression. */
function isPlain(text: string): boolean {
  if (text.length > SHORT) return !ESCAPED.test(text);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x22 || code === 0x5c || code === 0x7f) return false;
  }
  return true;
}

const SHORT = 64;

function escapeCharacter(character: string): string {
  return SHORT_ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A JSON scalar. */
export function scalar(value: Datum): string {
  if (typeof value === 'string') return quote(value);
  if (value instanceof RawNumber) return value.spelling;
  return String(value);
}

/** A key as it is written at the beginning of an object and after another member. */
interface Key {
  readonly first: string;
  readonly next: string;
}

/** An Output that prints only the faces for programs. A newline follows the end of the outermost list or object. */
export function jsonOutput(sink: Sink, isPretty: boolean): RepeatableOutput {
  let depth = 0;
  /** Keys as they are written, by name: there are few, and each comes with every record. */
  const keys = new Map<string, Key>();

  const lineBreak = () => (isPretty ? `\n${INDENT.repeat(depth)}` : '');
  const comma = () => (out.hasMembers ? ',' : '');

  /** What stands before a member's value. */
  function head(name: string): string {
    let key = keys.get(name);
    if (key === undefined) {
      const first = `${quote(name)}:${isPretty ? ' ' : ''}`;
      key = { first, next: `,${first}` };
      keys.set(name, key);
    }
    if (isPretty) return comma() + lineBreak() + key.first;
    return out.hasMembers ? key.next : key.first;
  }

  function member(key: string, value: Datum): void {
    sink.write(head(key));
    sink.write(scalar(value));
    out.hasMembers = true;
  }

  function begin(key: string | undefined, bracket: string): void {
    sink.write((key === undefined ? comma() : head(key)) + bracket);
    depth++;
    out.hasMembers = false;
  }

  function finish(bracket: string): void {
    sink.write(bracket);
    out.hasMembers = depth > 0;
    if (depth > 0) return;
    // The original writes each document out at its end: what a batch tells on stderr comes after it.
    sink.write('\n');
    sink.flush();
  }

  function beginList(key: string | undefined): void {
    begin(key, isPretty ? '[ ' : '[');
  }

  function addItem(value: Datum): void {
    sink.write(comma() + scalar(value));
    out.hasMembers = true;
  }

  function endList(): void {
    depth--;
    finish(isPretty && out.hasMembers ? ' ]' : ']');
  }

  const out: RepeatableOutput = {
    hasMembers: false,
    field: member,
    labelled: (key, _label, value) => member(key, value),
    data: member,
    open: key => begin(key, '{'),
    close() {
      depth--;
      if (out.hasMembers) sink.write(lineBreak());
      finish('}');
    },
    list: key => beginList(key),
    item: addItem,
    end: endList,
    words(key, words) {
      beginList(key);
      for (const word of words) addItem(word);
      endList();
    },
    text: () => undefined,
    newline: () => undefined,
    lines: () => undefined,
  };
  return out;
}
