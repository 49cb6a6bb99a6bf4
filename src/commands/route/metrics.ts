/** The metrics of a route on the command line: `mtu [lock] 1400`, `rtt 100ms`, `features ecn`. */
import { RTA_METRICS } from '../../linux/rtnetlink.ts';
import { type RouteMetrics, routeMetrics } from '../../rtnetlink/route.ts';
import { type Args, isPrefixOf, wrongArgument } from '../../schema/args.ts';
import { parseUnsigned, parseUnsigned64 } from '../../schema/number.ts';
import { MessageWriter } from '../../wire/writer.ts';

const U32 = 0xffffffff;

type NumberMetric = Exclude<keyof RouteMetrics, 'cc_algo' | 'lock'>;

interface MetricWord {
  readonly word: string;
  readonly name: NumberMetric | 'cc_algo';
  /** RTAX_*: the bit of its lock. */
  readonly type: number;
  readonly isExact?: true;
  readonly kind: 'number' | 'time' | 'boolean' | 'features' | 'text';
  /** Parts of a millisecond that the kernel counts. */
  readonly fraction?: number;
  readonly max?: number;
  /** The name in complaints, where it differs. */
  readonly called?: string;
  /** `lock` is no word here, and some are locked always. */
  readonly lock?: 'never' | 'always';
}

/** In the order in which abbreviations are tried, among themselves. */
const METRICS: readonly MetricWord[] = [
  { word: 'mtu', name: 'mtu', type: 2, isExact: true, kind: 'number' },
  { word: 'hoplimit', name: 'hoplimit', type: 10, isExact: true, kind: 'number', max: 0xff },
  { word: 'advmss', name: 'advmss', type: 8, isExact: true, kind: 'number', called: 'mss' },
  { word: 'reordering', name: 'reordering', type: 9, kind: 'number' },
  { word: 'rtt', name: 'rtt', type: 4, isExact: true, kind: 'time', fraction: 8 },
  { word: 'rto_min', name: 'rto_min', type: 13, isExact: true, kind: 'time', fraction: 1, lock: 'always' },
  { word: 'window', name: 'window', type: 3, kind: 'number' },
  { word: 'cwnd', name: 'cwnd', type: 7, kind: 'number' },
  { word: 'initcwnd', name: 'initcwnd', type: 11, kind: 'number' },
  { word: 'initrwnd', name: 'initrwnd', type: 14, kind: 'number' },
  { word: 'features', name: 'features', type: 12, kind: 'features', lock: 'never' },
  { word: 'quickack', name: 'quickack', type: 15, kind: 'boolean', lock: 'never' },
  { word: 'congctl', name: 'cc_algo', type: 16, kind: 'text' },
  { word: 'rttvar', name: 'rttvar', type: 5, kind: 'time', fraction: 4 },
  { word: 'ssthresh', name: 'ssthresh', type: 6, kind: 'number' },
  { word: 'fastopen_no_cookie', name: 'fastopen_no_cookie', type: 17, kind: 'boolean', lock: 'never' },
];

const FEATURES: Readonly<Record<string, number>> = { ecn: 0x1, tcp_usec_ts: 0x10 };

/** The metric that `word` names or abbreviates. */
export function findMetric(word: string): MetricWord | undefined {
  return METRICS.find(metric => (metric.isExact ? metric.word === word : isPrefixOf(word, metric.word)));
}

/** Bytes of the longest RTA_METRICS that the original sends. */
const MAX_LENGTH = 256;

/** The metrics with one more, whose value stands after its word; one that has no place is complained about. */
export function parseMetric(
  metric: MetricWord,
  args: Args,
  before: RouteMetrics | undefined,
  complain: (text: string) => void,
): RouteMetrics | undefined {
  const isLocked = metric.lock === 'always' || (metric.lock !== 'never' && lockIsNext(args));
  const metrics = { ...before };
  if (metric.kind === 'features') metrics.features = parseFeatures(args);
  else if (metric.name === 'cc_algo') metrics.cc_algo = args.next();
  else metrics[metric.name] = parseNumber(metric, args.next());
  const isTooLong = metrics.cc_algo !== undefined && lengthOf(metrics) > MAX_LENGTH;
  const place = metric.kind === 'text' ? 'rta_addattr_l' : 'rta_addattr32';
  if (isTooLong) complain(`${place}: Error! max allowed bound ${MAX_LENGTH} exceeded`);
  const kept = isTooLong ? before : metrics;
  return isLocked ? { ...kept, lock: (kept?.lock ?? 0) | (1 << metric.type) } : kept;
}

/** Bytes of RTA_METRICS without the locks, which come last. */
function lengthOf({ lock: _, ...metrics }: RouteMetrics): number {
  const request = new MessageWriter(0, 0);
  const start = request.length;
  request.attribute(RTA_METRICS, routeMetrics.codec, metrics);
  return request.length - start;
}

function lockIsNext(args: Args): boolean {
  const word = args.next();
  if (word === 'lock') return true;
  args.back();
  return false;
}

function parseNumber(metric: MetricWord, word: string): number {
  const value =
    metric.kind === 'time' ? parseTime(word, metric.fraction ?? 1) : parseUnsigned(word, metric.max ?? U32);
  const called = metric.called ?? metric.word;
  if (value === undefined) throw wrongArgument(word, `"${called}" value is invalid\n`);
  if (metric.kind === 'boolean' && value > 1)
    throw wrongArgument(word, `"${called}" value should be 0 or 1\n`);
  return value;
}

/** One or more features, up to the first word that is none. */
function parseFeatures(args: Args): number {
  let features = 0;
  for (let bit = nextFeature(args); bit !== undefined; bit = nextFeature(args)) features |= bit;
  if (features === 0) throw wrongArgument(args.peek() ?? '(null)', '"features" value not valid\n');
  return features;
}

function nextFeature(args: Args): number | undefined {
  const word = args.peek();
  const bit = word === undefined ? undefined : FEATURES[word];
  if (bit !== undefined) args.skip();
  return bit;
}

/**
 * Reads a time in seconds (`s`, `sec`, `secs`) or milliseconds (`ms`, `msec`, `msecs`), which is counted in parts of
 * a millisecond, or a bare number of such parts. Parts of a millisecond are rounded up; undefined when it is no time.
 */
export function parseTime(word: string, fraction: number): number | undefined {
  const match = /^(.*?)((?:s|ms)(?:ecs?)?)?$/i.exec(word);
  const number = parseDecimal(match?.[1] ?? '');
  if (number === undefined) return undefined;
  const unit = match?.[2]?.toLowerCase();
  const whole = roundUp(unit === undefined || unit.startsWith('m') ? number : number * 1000);
  return unit === undefined ? whole : (whole * fraction) % (U32 + 1);
}

/** With a point as strtod(3) reads it, without as strtoul(3): a minus sign wraps around. */
function parseDecimal(word: string): number | undefined {
  if (!word.includes('.')) {
    const value = parseUnsigned64(word);
    return value === undefined ? undefined : Number(value);
  }
  const value = /^[\t-\r ]*[+-]?(\d+\.\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : -1;
  return value < 0 ? undefined : value;
}

/** The 32 bits that C makes of a number, plus one if that is less than the number. */
function roundUp(number: number): number {
  const cut = Math.abs(number) >= 2 ** 63 ? 0 : Number(BigInt.asUintN(32, BigInt(Math.trunc(number))));
  return cut < number ? cut + 1 : cut;
}
