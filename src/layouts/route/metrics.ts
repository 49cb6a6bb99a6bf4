/** How the metrics of a route are laid out: each with `lock` where the kernel must keep its value. */

import { formatGeneral } from '../../schema/number.ts';
import type { Output } from '../../schema/output.ts';
import { AttributeIndex } from '../../wire/attributes.ts';
import { decodeText } from '../../wire/text.ts';

const LOCK = 1;
const FEATURES = 12;
const CONGESTION = 16;
const HIGHEST = 17;

/** RTAX_* in wire order: the word for people; programs read the same, save for the congestion algorithm. */
const NAMES: readonly (string | undefined)[] = [
  undefined,
  undefined,
  'mtu',
  'window',
  'rtt',
  'rttvar',
  'ssthresh',
  'cwnd',
  'advmss',
  'reordering',
  'hoplimit',
  'initcwnd',
  'features',
  'rto_min',
  'initrwnd',
  'quickack',
  'congctl',
  'fastopen_no_cookie',
];

/** Metrics that are times, with the fraction of a millisecond that they count. */
const TIME_FRACTIONS: ReadonlyMap<number, number> = new Map([
  [4, 8],
  [5, 4],
  [13, 1],
]);

const FEATURE_NAMES: readonly (readonly [number, string])[] = [
  [0x1, 'ecn'],
  [0x10, 'tcp_usec_ts'],
];

const metrics = new AttributeIndex(HIGHEST);

/** Shows the metrics nested in attribute `type`. */
export function showMetrics(attributes: AttributeIndex, type: number, out: Output): void {
  metrics.indexNested(attributes, type);
  const locked = metrics.u32(LOCK) ?? 0;
  out.list('metrics');
  out.open();
  for (let metric = LOCK + 1; metric <= HIGHEST; metric++) {
    const isLocked = (locked & (1 << metric)) !== 0;
    if (metric === CONGESTION) {
      if (metrics.has(metric)) showCongestion(isLocked, out);
      continue;
    }
    const value = metrics.u32(metric) ?? (isLocked ? 0 : undefined);
    if (value === undefined) continue;
    const name = NAMES[metric]!;
    const label = isLocked ? `${name} lock ` : `${name} `;
    if (metric === FEATURES) showFeatures(label, value, out);
    else showNumber(metric, name, label, value, out);
  }
  out.close();
  out.end();
}

function showNumber(metric: number, name: string, label: string, value: number, out: Output): void {
  const fraction = TIME_FRACTIONS.get(metric);
  if (fraction === undefined) {
    out.field(name, value, `${label}${value} `);
    return;
  }
  const milliseconds = Math.floor(value / fraction);
  const text = milliseconds < 1000 ? `${milliseconds}ms` : `${formatGeneral(milliseconds / 1000, 6)}s`;
  out.field(name, milliseconds, `${label}${text} `);
}

function showFeatures(label: string, value: number, out: Output): void {
  out.text(label);
  let rest = value;
  for (const [bit, name] of FEATURE_NAMES) {
    if (value & bit) out.field(name, null, `${name} `);
    rest &= ~bit;
  }
  const text = `0x${value.toString(16)}`;
  if (rest !== 0) out.field('features', text, `${text} `);
}

function showCongestion(isLocked: boolean, out: Output): void {
  const start = metrics.start(CONGESTION);
  const end = start + metrics.length(CONGESTION);
  const nul = metrics.bytes.indexOf(0, start);
  const text = decodeText(metrics.bytes, start, nul === -1 || nul > end ? end : nul);
  out.field('congestion', text, `congctl ${isLocked ? 'lock ' : ''}${text} `);
}
