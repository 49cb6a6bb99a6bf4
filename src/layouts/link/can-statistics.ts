/** The counters of a CAN device, which the original prints after its details. */
import { deviceStatistics } from '../../rtnetlink/kinds/can/statistics.ts';
import type { Output } from '../../schema/output.ts';

/** The columns of counters, as the original orders them. */
const COLUMNS = [
  ['restarts', 're-started'],
  ['bus_error', 'bus-errors'],
  ['arbitration_lost', 'arbit-lost'],
  ['error_warning', 'error-warn'],
  ['error_passive', 'error-pass'],
  ['bus_off', 'bus-off'],
] as const;

/** Prints IFLA_INFO_XSTATS of a CAN device; nothing if it has another length than the struct. */
export function showCanStatistics(bytes: Buffer, out: Output): void {
  out.open('info_xstats');
  if (bytes.length === deviceStatistics.size) showColumns(bytes, out);
  out.close();
}

function showColumns(bytes: Buffer, out: Output): void {
  const counters = deviceStatistics.read(bytes, 0, bytes.length)!;
  out.newline();
  out.text(`\t  ${COLUMNS.map(([, word]) => word).join(' ')}`);
  out.newline();
  out.text('\t  ');
  for (const [index, [name]] of COLUMNS.entries()) {
    out.field(name, counters[name], `${index === 0 ? '' : ' '}${String(counters[name]).padEnd(10)}`);
  }
}
