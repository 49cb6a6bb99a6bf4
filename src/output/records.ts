/** A writer that prints nothing and gathers what programs would read, record by record, to be laid out afterwards. */
import { type Datum, type Output, printNumbers, type RawNumber } from '../schema/output.ts';

/** A member of a record: a scalar, a list, or a record inside. */
export type JsonValue = Datum | JsonValue[] | JsonRecord;

/** A record: its members in the order in which they were written. A key that was written twice has both values in a list. */
export interface JsonRecord {
  [key: string]: JsonValue;
}

/** An Output that gives each outermost record to `take` when it is complete. */
export function recordOutput(take: (record: JsonRecord) => void): Output {
  /** Records and lists under way, the outermost first; outermost lists only hold records and leave no trace. */
  const open: (JsonRecord | JsonValue[])[] = [];

  function put(key: string | undefined, value: JsonValue): void {
    const into = open.at(-1);
    if (into === undefined) {
      if (isRecord(value)) take(value);
    } else if (Array.isArray(into)) into.push(value);
    else if (key !== undefined) {
      const known = Object.hasOwn(into, key) ? into[key] : undefined;
      const whole = known === undefined ? value : Array.isArray(known) ? [...known, value] : [known, value];
      Object.defineProperty(into, key, {
        value: whole,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }

  const begun: (string | undefined)[] = [];
  function begin(key: string | undefined, part: JsonRecord | JsonValue[]): void {
    begun.push(key);
    open.push(part);
  }

  function finish(): void {
    const part = open.pop();
    const key = begun.pop();
    if (part === undefined) return;
    if (open.length > 0 || isRecord(part)) put(key, part);
    else for (const item of part) put(undefined, item);
  }

  const labelled = (key: string, _label: string, value: Datum) => put(key, value);
  return {
    field: (key, value) => put(key, value),
    labelled,
    numbers: (row, source) => printNumbers(row, source, { labelled }),
    data: (key, value) => put(key, value),
    open: key => begin(key, {}),
    close: finish,
    list: key => begin(key, []),
    item: value => put(undefined, value),
    end: finish,
    words: (key, words) => put(key, [...words]),
    text: () => undefined,
    newline: () => undefined,
    lines: () => undefined,
  };
}

function isRecord(value: JsonValue): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isNumber(value);
}

/** Recognised by its shape: this file may be built into another program file than the maker of the number. */
function isNumber(value: RawNumber | JsonRecord): value is RawNumber {
  return typeof value.spelling === 'string' && Object.getPrototypeOf(value) !== Object.prototype;
}

/** The words of a member: `a,b` for a list, `key value` for what a record holds. Empty for what says nothing. */
export function memberText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(memberText).filter(Boolean).join(',');
  if (typeof value !== 'object') return String(value);
  if (isNumber(value)) return value.spelling;
  return Object.entries(value)
    .map(([key, member]) => wordedText(key, member))
    .filter(Boolean)
    .join(' ');
}

/** `key value`, or `key` alone for what is only said or not. Empty for what says nothing. */
export function wordedText(key: string, value: JsonValue): string {
  if (value === null || value === true) return key;
  if (value === false) return '';
  const text = memberText(value);
  return text === '' ? '' : `${key} ${text}`;
}
