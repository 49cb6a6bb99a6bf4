/**
 * Writers for programs: JSON streamed member by member, in iproute2's layout. Compact JSON has no spaces; pretty
 * JSON indents members by four spaces a level and keeps lists of scalars and the brackets of lists on one line.
 */
import { type Datum, type Output, printNumbers, RawNumber } from '../schema/output.ts';
import { NumberTexts } from './numbers.ts';
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

/** What is known of a key: the member that was last written with it, for most values come again in the next record. */
interface Key {
  readonly head: string;
  value: Datum | readonly string[] | undefined;
  /** Whether a comma precedes the member in {@link text}. */
  hasComma: boolean;
  text: string;
}

/** An Output that prints only what programs read. A newline follows the end of the outermost list or object. */
export function jsonOutput(sink: Sink, isPretty: boolean): Output {
  let depth = 0;
  /** Whether the object or list that is open has members: whether a comma comes next. */
  let hasMembers = false;
  const keys = new Map<string, Key>();

  function keyOf(name: string): Key {
    const known = keys.get(name);
    if (known !== undefined) return known;
    const head = `${quote(name)}:${isPretty ? ' ' : ''}`;
    const key = { head, value: undefined, hasComma: false, text: '' };
    keys.set(name, key);
    return key;
  }

  /** What stands between a member and the one before it, or the beginning of the object. */
  function separator(): string {
    const comma = hasMembers ? ',' : '';
    return isPretty ? `${comma}\n${INDENT.repeat(depth)}` : comma;
  }

  function member(name: string, value: Datum): void {
    const key = keyOf(name);
    if (isPretty) {
      sink.write(separator() + key.head + scalar(value));
    } else {
      if (key.value !== value || key.hasComma !== hasMembers) {
        key.value = value;
        key.hasComma = hasMembers;
        key.text = separator() + key.head + scalar(value);
      }
      sink.write(key.text);
    }
    hasMembers = true;
  }

  function begin(key: string | undefined, bracket: string): void {
    if (key !== undefined) sink.write(separator() + keyOf(key).head + bracket);
    else sink.write(hasMembers ? `,${bracket}` : bracket);
    depth++;
    hasMembers = false;
  }

  function finish(bracket: string): void {
    sink.write(bracket);
    hasMembers = depth > 0;
    if (depth > 0) return;
    // The original writes each document out at its end: what a batch reports on stderr comes after it.
    sink.write('\n');
    sink.flush();
  }

  function beginList(key: string | undefined): void {
    begin(key, isPretty ? '[ ' : '[');
  }

  function addItem(value: Datum): void {
    sink.write(hasMembers ? `,${scalar(value)}` : scalar(value));
    hasMembers = true;
  }

  function endList(): void {
    depth--;
    finish(isPretty && hasMembers ? ' ]' : ']');
  }

  const labelled = (key: string, _label: string, value: string | number) => member(key, value);
  /** Texts of numbers that follow other members, without white space. */
  const numbers = new NumberTexts(({ key }, value) => `,${keyOf(key).head}${value}`);

  return {
    field: member,
    labelled,
    numbers(row, source) {
      if (isPretty || !hasMembers) printNumbers(row, source, { labelled });
      else sink.write(numbers.textOf(row, source));
    },
    data: member,
    open: key => begin(key, '{'),
    close() {
      depth--;
      if (hasMembers && isPretty) sink.write(`\n${INDENT.repeat(depth)}`);
      finish('}');
    },
    list: beginList,
    item: addItem,
    end: endList,
    words(name, words) {
      const key = keyOf(name);
      if (key.value !== words || key.hasComma !== hasMembers || isPretty) {
        key.value = words;
        key.hasComma = hasMembers;
        const items = words.map(quote).join(',');
        key.text =
          separator() + key.head + (isPretty ? `[ ${items}${items === '' ? '' : ' '}]` : `[${items}]`);
      }
      sink.write(key.text);
      hasMembers = true;
    },
    text: () => undefined,
    newline: () => undefined,
    lines: () => undefined,
  };
}
