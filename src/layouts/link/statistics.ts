/** Counters of a device, in columns that grow with their values. Source: linux/if_link.h struct rtnl_link_stats64. */
import {
  IFLA_INET6_STATS,
  IPSTATS_MIB_CSUMERRORS,
  IPSTATS_MIB_INDISCARDS,
  IPSTATS_MIB_INMCASTPKTS,
  IPSTATS_MIB_INOCTETS,
  IPSTATS_MIB_INPKTS,
  IPSTATS_MIB_OUTDISCARDS,
  IPSTATS_MIB_OUTOCTETS,
  IPSTATS_MIB_OUTPKTS,
} from '../../linux/interfaces.ts';
import { type LinkStatistics, linkStatistics, link as linkTable } from '../../rtnetlink/link.ts';
import type { LinkReader } from '../../rtnetlink/link-reader.ts';
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import { load32 } from '../../wire/integers.ts';
import { lazy } from '../../wire/lazy.ts';
import { attributeLength, findAttribute } from '../../wire/message.ts';

type Name = keyof LinkStatistics;

/** A counter: a number as far as numbers are exact. */
type Counter = number | bigint;

/** The counters of a device in the order of struct rtnl_link_stats64. */
type Counters = readonly Counter[];

const names = lazy(() => Object.keys(linkStatistics.zero()) as readonly Name[]);
/** The place of each counter. */
const places = lazy(
  () => Object.fromEntries(names().map((name, index) => [name, index])) as Record<Name, number>,
);
const { stats64: WIDE, stats: NARROW, protinfo: PROTINFO } = linkTable.rows;

/** Which counter of IPv6 stands for one of a device. */
const INET6_PLACES: Partial<Record<Name, number>> = {
  rx_packets: IPSTATS_MIB_INPKTS,
  rx_bytes: IPSTATS_MIB_INOCTETS,
  tx_packets: IPSTATS_MIB_OUTPKTS,
  tx_bytes: IPSTATS_MIB_OUTOCTETS,
  rx_errors: IPSTATS_MIB_INDISCARDS,
  tx_errors: IPSTATS_MIB_OUTDISCARDS,
  multicast: IPSTATS_MIB_INMCASTPKTS,
  rx_frame_errors: IPSTATS_MIB_CSUMERRORS,
};

/** Reads the counters of 64 bits, or else those of 32, or else those of IPv6, which are all that its dumps of devices have. */
function countersOf({ attributes }: LinkReader): Counters | undefined {
  const { bytes } = attributes;
  const isWide = attributes.has(WIDE.type);
  const type = isWide ? WIDE.type : NARROW.type;
  if (!attributes.has(type)) return inet6Counters(attributes);
  const start = attributes.start(type);
  return readCounters(bytes, start, start + attributes.length(type), isWide);
}

/** What stands for the counters of a device where only IPv6 has counted. */
function inet6Counters(attributes: LinkReader['attributes']): Counters | undefined {
  if (!attributes.has(PROTINFO.type)) return undefined;
  const { bytes } = attributes;
  const start = attributes.start(PROTINFO.type);
  const at = findAttribute(bytes, start, start + attributes.length(PROTINFO.type), IFLA_INET6_STATS);
  if (at === 0) return undefined;
  const end = at + attributeLength(bytes, at);
  return names().map(name => {
    const place = INET6_PLACES[name];
    return place === undefined || at + 8 * place + 8 > end ? 0 : load64(bytes, at + 8 * place);
  });
}

/** Reads counters; those that an older kernel does not have are 0. */
function readCounters(bytes: Buffer, start: number, end: number, isWide: boolean): Counters {
  const size = isWide ? 8 : 4;
  const count = names().length;
  const counters: Counter[] = [];
  for (let index = 0; index < count; index++) {
    const at = start + size * index;
    counters.push(at + size > end ? 0 : isWide ? load64(bytes, at) : load32(bytes, at));
  }
  return counters;
}

function load64(bytes: Buffer, at: number): Counter {
  const high = load32(bytes, at + 4);
  if (high === 0) return load32(bytes, at);
  const value = high * 2 ** 32 + load32(bytes, at);
  return value <= Number.MAX_SAFE_INTEGER ? value : bytes.readBigUInt64LE(at);
}

/**
 * A counter for people: head of the column, and the place of what stands below it. An object, not a tuple: until V8 has
 * optimised it, taking a tuple apart makes an iterator and a result for each member.
 */
interface Column {
  readonly head: string;
  readonly place: number;
}

type Columns = readonly Column[];

function columnsOf(names: Readonly<Record<string, Name>>): Columns {
  return Object.entries(names).map(([head, name]) => ({ head, place: places()[name] }));
}

/** Columns for people. */
const columns = lazy(() => ({
  received: columnsOf({
    bytes: 'rx_bytes',
    packets: 'rx_packets',
    errors: 'rx_errors',
    dropped: 'rx_dropped',
    missed: 'rx_missed_errors',
    mcast: 'multicast',
  }),
  receiveErrors: columnsOf({
    length: 'rx_length_errors',
    crc: 'rx_crc_errors',
    frame: 'rx_frame_errors',
    fifo: 'rx_fifo_errors',
    overrun: 'rx_over_errors',
  }),
  sent: columnsOf({
    bytes: 'tx_bytes',
    packets: 'tx_packets',
    errors: 'tx_errors',
    dropped: 'tx_dropped',
    carrier: 'tx_carrier_errors',
    collsns: 'collisions',
  }),
  sendErrors: columnsOf({
    aborted: 'tx_aborted_errors',
    fifo: 'tx_fifo_errors',
    window: 'tx_window_errors',
    heartbt: 'tx_heartbeat_errors',
  }),
}));

/** A counter for programs: key, which is the name without the direction that the object around it says, and place. */
interface Member {
  readonly key: string;
  readonly place: number;
}

type Members = readonly Member[];

function membersOf(names: readonly Name[]): Members {
  return names.map(name => ({ key: name.replace(/^[rt]x_/, ''), place: places()[name] }));
}

/** Counters for programs in their order, at the first and at the second -s. */
const members = lazy(() => ({
  received: membersOf(['rx_bytes', 'rx_packets', 'rx_errors', 'rx_dropped', 'rx_over_errors', 'multicast']),
  receiveErrors: membersOf([
    'rx_length_errors',
    'rx_crc_errors',
    'rx_frame_errors',
    'rx_fifo_errors',
    'rx_missed_errors',
  ]),
  sent: membersOf(['tx_bytes', 'tx_packets', 'tx_errors', 'tx_dropped', 'tx_carrier_errors', 'collisions']),
  sendErrors: membersOf(['tx_aborted_errors', 'tx_fifo_errors', 'tx_window_errors', 'tx_heartbeat_errors']),
}));

/** Smallest widths of the columns: six counters, then compressed or nohandler, then otherhost. */
const WIDTHS: readonly number[] = [10, 7, 6, 7, 7, 7, 10, 9];
const EXTRA = 6;
const OTHER_HOST = 7;
/** Where the columns of errors begin: the first one stays free. */
const ERRORS_AT = 1;
const TITLE_LENGTH = 'RX:'.length;
const INDENT = '    ';

/** Prints the counters of a device, if its message has any, without a line break before or after them. */
export function showStatistics(link: LinkReader, out: Output, view: View): void {
  const counters = countersOf(link);
  if (counters === undefined) return;
  const { carrier_changes: carrierChanges } = link;
  const hasErrors = view.statistics > 1;
  const isNarrow = link.attributes.has(NARROW.type) && !link.attributes.has(WIDE.type);
  out.open(isNarrow ? 'stats' : 'stats64');
  dataOfStatistics(counters, carrierChanges, hasErrors, out);
  out.close();
  out.lines(() => linesOfStatistics(counters, carrierChanges, hasErrors, view.scale));
}

/** Prints the counters of a struct rtnl_link_stats64 that stands alone, as {@link showStatistics} does. */
export function showWideCounters(struct: Buffer, hasErrors: boolean, out: Output, view: View): void {
  const counters = readCounters(struct, 0, struct.length, true);
  out.open('stats64');
  dataOfStatistics(counters, undefined, hasErrors, out);
  out.close();
  out.lines(() => linesOfStatistics(counters, undefined, hasErrors, view.scale));
}

function dataOfStatistics(
  counters: Counters,
  carrierChanges: number | undefined,
  hasErrors: boolean,
  out: Output,
): void {
  const placeOf = places();
  const { received, receiveErrors, sent, sendErrors } = members();
  out.open('rx');
  putAll(received, counters, out);
  putUnlessZero('compressed', placeOf.rx_compressed, counters, out);
  if (hasErrors) {
    putAll(receiveErrors, counters, out);
    putUnlessZero('nohandler', placeOf.rx_nohandler, counters, out);
    putUnlessZero('otherhost', placeOf.rx_otherhost_dropped, counters, out);
  }
  out.close();
  out.open('tx');
  putAll(sent, counters, out);
  putUnlessZero('compressed', placeOf.tx_compressed, counters, out);
  if (hasErrors) {
    putAll(sendErrors, counters, out);
    if (carrierChanges !== undefined) out.data('carrier_changes', carrierChanges);
  }
  out.close();
}

function putAll(members: Members, counters: Counters, out: Output): void {
  for (let index = 0; index < members.length; index++) {
    const { key, place } = members[index]!;
    out.data(key, counters[place]!);
  }
}

function putUnlessZero(key: string, place: number, counters: Counters, out: Output): void {
  if (counters[place] !== 0) out.data(key, counters[place]!);
}

function linesOfStatistics(
  counters: Counters,
  carrierChanges: number | undefined,
  hasErrors: boolean,
  scale: View['scale'],
): readonly string[] {
  const widths = scale === 'none' ? widthsFor(counters, hasErrors) : WIDTHS;
  const placeOf = places();
  const { received, receiveErrors, sent, sendErrors } = columns();
  const shown = (place: number) => scaled(counters[place]!, scale);
  const lines: string[] = [];

  function mainRow(title: string, columns: Columns, compressed: number): void {
    const hasCompressed = counters[compressed] !== 0;
    let heads = INDENT + title + columns[0]!.head.padStart(widths[0]! - TITLE_LENGTH);
    let values = INDENT;
    for (let at = 0; at < columns.length; at++) {
      const { head, place } = columns[at]!;
      if (at > 0) heads += ` ${head.padStart(widths[at]!)}`;
      values += `${shown(place).padStart(widths[at]!)} `;
    }
    heads += ` ${(hasCompressed ? 'compressed' : '').padStart(widths[EXTRA]!)}`;
    if (hasCompressed) values += `${shown(compressed).padStart(widths[EXTRA]!)} `;
    lines.push(heads, values);
  }

  function errorRow(title: string, columns: Columns, extras: readonly Extra[]): void {
    let heads = INDENT + `${title} errors:`.padEnd(widths[0]!);
    let values = `${INDENT}${' '.repeat(widths[0]!)} `;
    for (let at = 0; at < columns.length; at++) {
      const { head, place } = columns[at]!;
      heads += ` ${head.padStart(widths[ERRORS_AT + at]!)}`;
      values += `${shown(place).padStart(widths[ERRORS_AT + at]!)} `;
    }
    for (const { head, value, at } of extras) {
      heads += ` ${head.padStart(widths[at]!)}`;
      if (value !== '') values += `${value.padStart(widths[at]!)} `;
    }
    lines.push(heads, values);
  }

  mainRow('RX:', received, placeOf.rx_compressed);
  if (hasErrors) {
    const extras: Extra[] = [];
    if (counters[placeOf.rx_nohandler] !== 0) {
      extras.push({ head: 'nohandler', value: shown(placeOf.rx_nohandler), at: EXTRA });
    }
    if (counters[placeOf.rx_otherhost_dropped] !== 0) {
      extras.push({ head: 'otherhost', value: shown(placeOf.rx_otherhost_dropped), at: OTHER_HOST });
    }
    errorRow('RX', receiveErrors, extras);
  }
  mainRow('TX:', sent, placeOf.tx_compressed);
  if (hasErrors) {
    const isKnown = carrierChanges !== undefined;
    const value = isKnown ? scaled(carrierChanges, scale) : '';
    const at = ERRORS_AT + sendErrors.length;
    errorRow('TX', sendErrors, [{ head: isKnown ? 'transns' : '', value, at }]);
  }
  return lines;
}

/** A column that is not always there. */
interface Extra {
  readonly head: string;
  readonly value: string;
  readonly at: number;
}

/** Widths of the columns, each as wide as its widest counter. */
function widthsFor(counters: Counters, hasErrors: boolean): number[] {
  const placeOf = places();
  const { received, receiveErrors, sent, sendErrors } = columns();
  const widths = [...WIDTHS];
  const grow = (at: number, place: number) => {
    const counter = counters[place]!;
    if (counter >= 100_000) widths[at] = Math.max(widths[at]!, String(counter).length);
  };
  const growAll = (from: number, columns: Columns) => {
    for (let at = 0; at < columns.length; at++) grow(from + at, columns[at]!.place);
  };
  growAll(0, received);
  growAll(0, sent);
  grow(EXTRA, placeOf.rx_compressed);
  grow(EXTRA, placeOf.tx_compressed);
  if (!hasErrors) return widths;
  growAll(ERRORS_AT, receiveErrors);
  grow(EXTRA, placeOf.rx_nohandler);
  grow(OTHER_HOST, placeOf.rx_otherhost_dropped);
  growAll(ERRORS_AT + 1, sendErrors); // One column too far to the right, as in the original.
  return widths;
}

const UNITS = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** A counter as it is, or with three digits and a unit of thousands (si) or of 1024 (iec). */
export function scaled(value: Counter, scale: View['scale']): string {
  const base = scale === 'iec' ? 1024 : 1000;
  if (scale === 'none' || value < base) return String(value);
  let unit = 1;
  let divisor = base;
  const number = Number(value);
  while (unit < UNITS.length - 1 && number >= divisor * base) {
    divisor *= base;
    unit++;
  }
  const quotient = number / divisor;
  const digits = quotient < 10 ? 2 : quotient < 100 ? 1 : 0;
  return `${fixed(quotient, digits)}${UNITS[unit]}${scale === 'iec' ? 'i' : ''}`;
}

/** As printf's %.*f: toFixed rounds a value that lies exactly in the middle up, printf to the even digit. */
function fixed(value: number, digits: number): string {
  const halves = value * 2 ** (digits + 1);
  const isMiddle = Number.isInteger(halves) && halves % 2 === 1;
  if (!isMiddle) return value.toFixed(digits);
  const below = Math.floor(value * 10 ** digits);
  return ((below % 2 === 0 ? below : below + 1) / 10 ** digits).toFixed(digits);
}
