/** The metrics of a route on the command line: `mtu [lock] 1400`, `rtt 100ms`, `features ecn`. */
import { RTA_METRICS } from '../../linux/rtnetlink.ts';
import { type RouteMetrics, routeMetrics } from '../../rtnetlink/route.ts';
import { type Args, wrongArgument } from '../../schema/args.ts';
import { type Keyword, type Operand, reads } from '../../schema/keywords.ts';
import { parseUnsigned, parseUnsigned64 } from '../../schema/number.ts';
import { MessageWriter } from '../../wire/writer.ts';

const U32 = 0xffffffff;

type NumberMetric = Exclude<keyof RouteMetrics, 'cc_algo' | 'lock'>;

interface Metric {
  readonly word: string;
  /** Where the value goes, if not to the member of this name. */
  readonly name?: NumberMetric | 'cc_algo';
  /** RTAX_*: the bit of its lock. */
  readonly type: number;
  readonly isExact?: true;
  readonly kind: 'number' | 'time' | 'boolean' | 'features' | 'text';
  /** Parts of a millisecond that the kernel counts. */
  readonly fraction?: number;
  readonly max?: number;
  /** The name in complaints, where it differs. */
  readonly called?: string;
  /** `never`: `lock` is not a keyword here; `always`: it is locked without the word. */
  readonly lock?: 'never' | 'always';
}

/** In the order in which abbreviations are tried, among themselves. */
const METRICS: readonly Metric[] = [
  { word: 'mtu', type: 2, isExact: true, kind: 'number' },
  { word: 'hoplimit', type: 10, isExact: true, kind: 'number', max: 0xff },
  { word: 'advmss', type: 8, isExact: true, kind: 'number', called: 'mss' },
  { word: 'reordering', type: 9, kind: 'number' },
  { word: 'rtt', type: 4, isExact: true, kind: 'time', fraction: 8 },
  { word: 'rto_min', type: 13, isExact: true, kind: 'time', fraction: 1, lock: 'always' },
  { word: 'window', type: 3, kind: 'number' },
  { word: 'cwnd', type: 7, kind: 'number' },
  { word: 'initcwnd', type: 11, kind: 'number' },
  { word: 'initrwnd', type: 14, kind: 'number' },
  { word: 'features', type: 12, kind: 'features', lock: 'never' },
  { word: 'quickack', type: 15, kind: 'boolean', lock: 'never' },
  { word: 'congctl', name: 'cc_algo', type: 16, kind: 'text' },
  { word: 'rttvar', type: 5, kind: 'time', fraction: 4 },
  { word: 'ssthresh', type: 6, kind: 'number' },
  { word: 'fastopen_no_cookie', type: 17, kind: 'boolean', lock: 'never' },
];

const FEATURES: Readonly<Record<string, number>> = { ecn: 0x1, tcp_usec_ts: 0x10 };

/** What the values look like. */
const OPERANDS: Readonly<Record<Metric['kind'], Operand>> = {
  number: { synopsis: 'NUMBER', examples: ['0', '1400'] },
  time: { synopsis: 'TIME', examples: ['100', '100ms', '1s', '0.5s'] },
  boolean: { synopsis: 'BOOL', words: ['0', '1'] },
  features: { synopsis: 'FEATURES', words: Object.keys(FEATURES) },
  text: { synopsis: 'NAME', examples: ['cubic'] },
};

const LOCK: Operand = { synopsis: '', words: ['lock'], isOptional: true };

/** The part of a draft that the metrics go into. */
interface Draft {
  metrics: RouteMetrics | undefined;
  /** Says what does not keep the request from being made. */
  readonly complain: (text: string) => void;
}

/** The keywords of the metrics, for a grammar of routes. */
export const METRIC_KEYWORDS: readonly Keyword<Draft, unknown>[] = METRICS.map(metric => ({
  ...reads<Draft, unknown>(
    metric.word,
    metric.lock === undefined ? [LOCK, OPERANDS[metric.kind]] : [OPERANDS[metric.kind]],
    (draft, args) => {
      draft.metrics = readMetric(metric, args, draft);
    },
  ),
  abbreviable: metric.isExact !== true,
}));

/** Bytes of the longest RTA_METRICS that the original sends. */
const MAX_LENGTH = 256;

/** The metrics with one more, whose value stands after its word; one that does not fit is complained about. */
function readMetric(metric: Metric, args: Args, draft: Draft): RouteMetrics | undefined {
  const before = draft.metrics;
  const isLocked = metric.lock === 'always' || (metric.lock !== 'never' && lockIsNext(args));
  const metrics = { ...before };
  const name = metric.name ?? (metric.word as NumberMetric); // The table has a name where the word is not one.
  if (name === 'cc_algo') metrics.cc_algo = args.next();
  else metrics[name] = metric.kind === 'features' ? readFeatures(args) : parseNumber(metric, args.next());
  const isTooLong = metrics.cc_algo !== undefined && lengthOf(metrics) > MAX_LENGTH;
  const place = metric.kind === 'text' ? 'rta_addattr_l' : 'rta_addattr32';
  if (isTooLong) draft.complain(`${place}: Error! max allowed bound ${MAX_LENGTH} exceeded`);
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

function parseNumber(metric: Metric, word: string): number {
  const value =
    metric.kind === 'time' ? parseTime(word, metric.fraction ?? 1) : parseUnsigned(word, metric.max ?? U32);
  const called = metric.called ?? metric.word;
  if (value === undefined) throw wrongArgument(word, `"${called}" value is invalid\n`);
  if (metric.kind === 'boolean' && value > 1)
    throw wrongArgument(word, `"${called}" value should be 0 or 1\n`);
  return value;
}

/** One or more features, up to the first word that is not one. */
function readFeatures(args: Args): number {
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
 * a millisecond, or a bare number of such parts. Parts of a millisecond are rounded up; undefined if it is not a time.
 */
function parseTime(word: string, fraction: number): number | undefined {
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
