/** Counters of a device, in columns that grow with their values. Source: linux/if_link.h struct rtnl_link_stats64. */
import type { Link, LinkStatistics } from '../rtnetlink/link.ts';
import type { Output } from '../schema/output.ts';
import type { View } from '../schema/view.ts';

type Name = keyof LinkStatistics;

/** Counters for people: head of the column and what stands below it, in order. */
type Columns = readonly (readonly [head: string, name: Name])[];

const RECEIVED: Columns = [
  ['bytes', 'rx_bytes'],
  ['packets', 'rx_packets'],
  ['errors', 'rx_errors'],
  ['dropped', 'rx_dropped'],
  ['missed', 'rx_missed_errors'],
  ['mcast', 'multicast'],
];
const RECEIVE_ERRORS: Columns = [
  ['length', 'rx_length_errors'],
  ['crc', 'rx_crc_errors'],
  ['frame', 'rx_frame_errors'],
  ['fifo', 'rx_fifo_errors'],
  ['overrun', 'rx_over_errors'],
];
const SENT: Columns = [
  ['bytes', 'tx_bytes'],
  ['packets', 'tx_packets'],
  ['errors', 'tx_errors'],
  ['dropped', 'tx_dropped'],
  ['carrier', 'tx_carrier_errors'],
  ['collsns', 'collisions'],
];
const SEND_ERRORS: Columns = [
  ['aborted', 'tx_aborted_errors'],
  ['fifo', 'tx_fifo_errors'],
  ['window', 'tx_window_errors'],
  ['heartbt', 'tx_heartbeat_errors'],
];

/** Counters for programs, in their order: at the first and at the second -s, with their keys where the name is another. */
const RECEIVED_DATA: readonly Name[] = [
  'rx_bytes',
  'rx_packets',
  'rx_errors',
  'rx_dropped',
  'rx_over_errors',
  'multicast',
];
const RECEIVE_ERRORS_DATA: readonly Name[] = [
  'rx_length_errors',
  'rx_crc_errors',
  'rx_frame_errors',
  'rx_fifo_errors',
  'rx_missed_errors',
];
const SENT_DATA: readonly Name[] = [
  'tx_bytes',
  'tx_packets',
  'tx_errors',
  'tx_dropped',
  'tx_carrier_errors',
  'collisions',
];
const SEND_ERRORS_DATA: readonly Name[] = [
  'tx_aborted_errors',
  'tx_fifo_errors',
  'tx_window_errors',
  'tx_heartbeat_errors',
];

/** Keys for programs: names without their direction, which is the key of the object around them. */
const KEYS = Object.fromEntries(
  [...RECEIVED_DATA, ...RECEIVE_ERRORS_DATA, ...SENT_DATA, ...SEND_ERRORS_DATA].map(name => [
    name,
    name.replace(/^[rt]x_/, ''),
  ]),
) as Record<Name, string>;

/** Smallest widths of the columns: six counters, then compressed or nohandler, then otherhost. */
const WIDTHS: readonly number[] = [10, 7, 6, 7, 7, 7, 10, 9];
const EXTRA = 6;
const OTHER_HOST = 7;
/** Where the columns of errors begin: the first one stays free. */
const ERRORS_AT = 1;
const TITLE_LENGTH = 'RX:'.length;
const INDENT = '    ';

/** Prints the counters of a device, if its message has any, without a line break before or after them. */
export function showStatistics(link: Link, out: Output, view: View): void {
  const counters = link.stats64 ?? link.stats;
  if (counters === undefined) return;
  const hasErrors = view.statistics > 1;
  out.open(link.stats64 === undefined ? 'stats' : 'stats64');
  dataOfStatistics(counters, link.carrier_changes, hasErrors, out);
  out.close();
  out.lines(() => linesOfStatistics(counters, link.carrier_changes, hasErrors, view.scale));
}

function dataOfStatistics(
  counters: LinkStatistics,
  carrierChanges: number | undefined,
  hasErrors: boolean,
  out: Output,
): void {
  const put = (names: readonly Name[]) => {
    for (const name of names) out.data(KEYS[name], counters[name]);
  };
  const putUnlessZero = (key: string, name: Name) => {
    if (counters[name] !== 0n) out.data(key, counters[name]);
  };
  out.open('rx');
  put(RECEIVED_DATA);
  putUnlessZero('compressed', 'rx_compressed');
  if (hasErrors) {
    put(RECEIVE_ERRORS_DATA);
    putUnlessZero('nohandler', 'rx_nohandler');
    putUnlessZero('otherhost', 'rx_otherhost_dropped');
  }
  out.close();
  out.open('tx');
  put(SENT_DATA);
  putUnlessZero('compressed', 'tx_compressed');
  if (hasErrors) {
    put(SEND_ERRORS_DATA);
    if (carrierChanges !== undefined) out.data('carrier_changes', carrierChanges);
  }
  out.close();
}

function linesOfStatistics(
  counters: LinkStatistics,
  carrierChanges: number | undefined,
  hasErrors: boolean,
  scale: View['scale'],
): readonly string[] {
  const widths = scale === 'none' ? widthsFor(counters, hasErrors) : WIDTHS;
  const shown = (name: Name) => scaled(counters[name], scale);
  const lines: string[] = [];

  function mainRow(title: string, columns: Columns, compressed: Name): void {
    const hasCompressed = counters[compressed] !== 0n;
    let heads = INDENT + title + columns[0]![0].padStart(widths[0]! - TITLE_LENGTH);
    let values = INDENT;
    for (let at = 0; at < columns.length; at++) {
      const [head, name] = columns[at]!;
      if (at > 0) heads += ` ${head.padStart(widths[at]!)}`;
      values += `${shown(name).padStart(widths[at]!)} `;
    }
    heads += ` ${(hasCompressed ? 'compressed' : '').padStart(widths[EXTRA]!)}`;
    if (hasCompressed) values += `${shown(compressed).padStart(widths[EXTRA]!)} `;
    lines.push(heads, values);
  }

  function errorRow(title: string, columns: Columns, extras: readonly Extra[]): void {
    let heads = INDENT + `${title} errors:`.padEnd(widths[0]!);
    let values = `${INDENT}${' '.repeat(widths[0]!)} `;
    for (let at = 0; at < columns.length; at++) {
      const [head, name] = columns[at]!;
      heads += ` ${head.padStart(widths[ERRORS_AT + at]!)}`;
      values += `${shown(name).padStart(widths[ERRORS_AT + at]!)} `;
    }
    for (const { head, value, at } of extras) {
      heads += ` ${head.padStart(widths[at]!)}`;
      if (value !== '') values += `${value.padStart(widths[at]!)} `;
    }
    lines.push(heads, values);
  }

  mainRow('RX:', RECEIVED, 'rx_compressed');
  if (hasErrors) {
    const extras: Extra[] = [];
    if (counters.rx_nohandler !== 0n) {
      extras.push({ head: 'nohandler', value: shown('rx_nohandler'), at: EXTRA });
    }
    if (counters.rx_otherhost_dropped !== 0n) {
      extras.push({ head: 'otherhost', value: shown('rx_otherhost_dropped'), at: OTHER_HOST });
    }
    errorRow('RX', RECEIVE_ERRORS, extras);
  }
  mainRow('TX:', SENT, 'tx_compressed');
  if (hasErrors) {
    const isKnown = carrierChanges !== undefined;
    const value = isKnown ? scaled(BigInt(carrierChanges), scale) : '';
    const at = ERRORS_AT + SEND_ERRORS.length;
    errorRow('TX', SEND_ERRORS, [{ head: isKnown ? 'transns' : '', value, at }]);
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
function widthsFor(counters: LinkStatistics, hasErrors: boolean): number[] {
  const widths = [...WIDTHS];
  const grow = (at: number, name: Name) => {
    if (counters[name] < 100_000n) return;
    widths[at] = Math.max(widths[at]!, String(counters[name]).length);
  };
  const growAll = (from: number, columns: Columns) => {
    for (let at = 0; at < columns.length; at++) grow(from + at, columns[at]![1]);
  };
  growAll(0, RECEIVED);
  growAll(0, SENT);
  grow(EXTRA, 'rx_compressed');
  grow(EXTRA, 'tx_compressed');
  if (!hasErrors) return widths;
  growAll(ERRORS_AT, RECEIVE_ERRORS);
  grow(EXTRA, 'rx_nohandler');
  grow(OTHER_HOST, 'rx_otherhost_dropped');
  growAll(ERRORS_AT + 1, SEND_ERRORS); // One column too far to the right, as in the original.
  return widths;
}

const UNITS = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** A counter as it is, or with three digits and a unit of thousands (si) or of 1024 (iec). */
export function scaled(value: bigint, scale: View['scale']): string {
  const base = scale === 'iec' ? 1024 : 1000;
  if (scale === 'none' || value < BigInt(base)) return String(value);
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
