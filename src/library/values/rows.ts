/**
 * Values of attributes as their rows take them: a value is right if what is written of it reads as the same. So a number
 * in a text, a text with a NUL, a number that is too large and a member that nobody knows are refused for every codec.
 */
import type { Row, RowSet } from '../../schema/row.ts';
import { formatIp, parseHardwareAddress, parseIpv4, parseIpv6 } from '../../wire/address.ts';
import { MessageWriter } from '../../wire/writer.ts';
import { ArgumentError, show } from './argument.ts';
import { type Check, entriesOf, reading } from './shape.ts';

/** What an attribute's length can say, without its header. */
const MAX_PAYLOAD = 0xffff - 4;
const MAX_DEPTH = 8;

/** Attributes by the names of their rows. */
export function rowValues<T extends object>(table: RowSet): Check<T> {
  return (argument, value) => {
    const checked: Record<string, unknown> = {};
    for (const [name, member] of entriesOf(argument, value)) {
      const place = `${argument}.${name}`;
      const row = Object.hasOwn(table.rows, name) ? table.rows[name] : undefined;
      if (row === undefined) throw new ArgumentError(place, 'is no attribute that is known');
      checked[name] = rowValue(place, row, member);
    }
    // Each member is what its row writes.
    return checked as T;
  };
}

/** The value of one attribute. Throws {@link ArgumentError}. */
export function rowValue<T>(argument: string, row: Pick<Row<T>, 'codec'>, value: unknown): T {
  const copy = reading(argument, () => plainCopy(argument, value, 0));
  const written = writtenAs(row, copy);
  if (written === undefined || !isSame(copy, written.value))
    throw new ArgumentError(argument, `${show(value)} is not a value of this attribute`);
  if (written.length > MAX_PAYLOAD)
    throw new ArgumentError(argument, `takes ${written.length} bytes: too long`);
  return copy as T;
}

function writtenAs(
  row: Pick<Row<unknown>, 'codec'>,
  value: unknown,
): { value: unknown; length: number } | undefined {
  const out = new MessageWriter(0, 0);
  const start = out.length;
  try {
    row.codec.write(out, value);
    const length = out.length - start;
    return { value: row.codec.read(out.bytes, start, length), length };
  } catch {
    return undefined; // It is of a type that the codec cannot write.
  }
}

/** A copy that no getter, proxy or later change can alter. */
function plainCopy(argument: string, value: unknown, depth: number): unknown {
  if (typeof value === 'function' || typeof value === 'symbol' || depth > MAX_DEPTH)
    throw new ArgumentError(argument, `${show(value)} is not a value of an attribute`);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (Array.isArray(value))
    return Array.from(value as unknown[], item => plainCopy(argument, item, depth + 1));
  return Object.fromEntries(
    entriesOf(argument, value).map(([name, member]) => [name, plainCopy(argument, member, depth + 1)]),
  );
}

/** Whether all that was given was read again; structs may have members besides. */
function isSame(given: unknown, found: unknown): boolean {
  if (typeof given === 'string')
    return typeof found === 'string' && (given === found || isSameAddress(given, found));
  if (typeof given !== 'object' || given === null || typeof found !== 'object' || found === null)
    return Object.is(given, found) || (given === 0 && found === 0);
  if (Buffer.isBuffer(given)) return Buffer.isBuffer(found) && given.equals(found);
  if (Array.isArray(given))
    return (
      Array.isArray(found) &&
      given.length === found.length &&
      given.every((item, at) => isSame(item, found[at]))
    );
  return Object.entries(given).every(
    ([name, member]) =>
      Object.hasOwn(found, name) && isSame(member, (found as Record<string, unknown>)[name]),
  );
}

/** Addresses have several spellings. */
function isSameAddress(given: string, found: string): boolean {
  const bytes =
    given.includes('.') && !given.includes(':') ? parseIpv4(given) : (parseIpv6(given) ?? undefined);
  if (bytes !== undefined) return formatIp(bytes, 0, bytes.length) === found;
  const hardware = parseHardwareAddress(given);
  const other = parseHardwareAddress(found);
  return hardware !== undefined && other !== undefined && Buffer.from(hardware).equals(Buffer.from(other));
}
