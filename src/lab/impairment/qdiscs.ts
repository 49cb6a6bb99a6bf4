/** Impairment of what a device sends: as a discipline of the kernel, in words, and what of it is otherwise. */

import { type Netem, type Qdisc, qdiscDeletion, qdiscRequest, type Tbf } from '../../rtnetlink/qdisc.ts';
import type { Change, Step } from '../change.ts';
import { ETHERNET_MTU, LOOPBACK_MTU, type WantedLink } from '../desired.ts';
import type { Impairment } from '../format/shape.ts';
import type { ImpairmentModel } from '../model.ts';

const U32 = 0xffffffff;
const MILLION = 1_000_000;
/** Packets that may wait, as `tc` sets it where nothing is said. */
const DEFAULT_LIMIT = 1000;
const ETHERNET_HEADER = 14;
/** A bucket must last until the slowest kernel's clock ticks again. */
const TICKS_PER_SECOND = 100;
const MARGIN = 1.5;

/** The discipline for an impairment: tbf for a rate alone, netem otherwise. */
export function qdiscOf(impair: ImpairmentModel, mtu = ETHERNET_MTU): Qdisc {
  const { delay, jitter, loss, duplicate, corrupt, reorder } = impair;
  const isRateAlone = [delay, jitter, loss, duplicate, corrupt, reorder].every(value => value === undefined);
  return isRateAlone && impair.rate !== undefined ? tbfOf(impair, impair.rate, mtu) : netemOf(impair, mtu);
}

function tbfOf({ limit = DEFAULT_LIMIT }: ImpairmentModel, bits: number, mtu: number): Tbf {
  const rate = Math.floor(bits / 8);
  const frame = mtu + ETHERNET_HEADER;
  const burst = Math.min(U32, Math.max(Math.ceil(rate / TICKS_PER_SECOND), 2 * frame));
  return { kind: 'tbf', rate, burst, limit: Math.min(U32, limit * frame) };
}

function netemOf(impair: ImpairmentModel, mtu: number): Netem {
  const { delay, jitter, loss, duplicate, reorder, corrupt } = impair;
  const rate = impair.rate === undefined ? undefined : Math.floor(impair.rate / 8);
  const nanoseconds = (time: number | undefined) => (time === undefined ? undefined : time * 1000);
  const chance = (share: number | undefined) =>
    share === undefined ? undefined : Math.round((share / MILLION) * U32);
  const inFlight =
    ((rate ?? 0) * ((delay ?? 0) + (jitter ?? 0)) * MARGIN) / MILLION / (mtu + ETHERNET_HEADER);
  return {
    kind: 'netem',
    delay: nanoseconds(delay),
    jitter: nanoseconds(jitter),
    // A queue that is too short would drop what is only on its way.
    limit: impair.limit ?? Math.min(U32, Math.max(DEFAULT_LIMIT, Math.ceil(inFlight))),
    loss: chance(loss) ?? 0,
    duplicate: chance(duplicate) ?? 0,
    reorder: chance(reorder),
    corrupt: chance(corrupt),
    rate,
  };
}

/** An impairment in the words of the file: `delay 100ms loss 0.5%`. */
export function impairmentText(impair: ImpairmentModel): string {
  const words: string[] = [];
  for (const name of ['delay', 'jitter'] as const)
    if (impair[name] !== undefined) words.push(name, `${impair[name] / 1000}ms`);
  for (const name of ['loss', 'duplicate', 'corrupt', 'reorder'] as const)
    if (impair[name] !== undefined) words.push(name, `${impair[name] / 10_000}%`);
  if (impair.rate !== undefined) words.push('rate', rateText(impair.rate));
  if (impair.limit !== undefined) words.push('limit', String(impair.limit));
  return words.join(' ');
}

function rateText(bits: number): string {
  for (const [unit, size] of [
    ['gbit', 1e9],
    ['mbit', 1e6],
    ['kbit', 1e3],
  ] as const)
    if (bits >= size) return `${bits / size}${unit}`;
  return `${bits}bit`;
}

/** What is compared: the kernel does not report the size of a bucket, only a time that is rounded. */
export const IMPAIRMENT_VALUES = [
  'delay',
  'jitter',
  'loss',
  'duplicate',
  'corrupt',
  'reorder',
  'rate',
  'limit',
] as const;
type Value = (typeof IMPAIRMENT_VALUES)[number];

function amountOf(qdisc: { readonly [name in Value]?: number | undefined }, name: Value): number {
  return qdisc[name] ?? 0;
}

/** Names of the values that are otherwise. */
export function qdiscDifferences(wanted: Qdisc, live: Qdisc): string[] {
  if (wanted.kind !== live.kind) return [`${live.kind} -> ${wanted.kind}`];
  return IMPAIRMENT_VALUES.filter(name => amountOf(wanted, name) !== amountOf(live, name));
}

/** The kernel keeps what a request does not name, so what is to go is named as 0. */
function completed(wanted: Qdisc, live: Qdisc | undefined): Qdisc {
  if (wanted.kind !== 'netem' || live?.kind !== 'netem') return wanted;
  const zero = (name: 'corrupt' | 'reorder' | 'rate') =>
    wanted[name] ?? (amountOf(live, name) === 0 ? undefined : 0);
  return { ...wanted, corrupt: zero('corrupt'), reorder: zero('reorder'), rate: zero('rate') };
}

/** The change that the impairment of a device needs; undefined if it is as it is to be. */
export function impairmentChange(
  { node, name, index, kind, mtu, impair, place, path }: WantedLink,
  former: WantedLink | undefined,
  live: { readonly index: number; readonly qdisc: Qdisc | undefined } | undefined,
): Change | undefined {
  const ifindex = live?.index ?? index;
  const change = { node, kind: 'impairment', place, path: `${path}.impair` } as const;
  if (impair === undefined) {
    if (former?.impair === undefined || live?.qdisc === undefined) return undefined;
    const steps: Step[] = [{ phase: 'delete objects', node, request: () => qdiscDeletion(ifindex) }];
    const text = `${impairmentText(former.impair)} dev ${name}`.trimStart();
    return { ...change, action: 'destroy', name: text, reasons: [], place: undefined, steps };
  }
  const wanted = qdiscOf(impair, mtu ?? (kind === undefined ? LOOPBACK_MTU : ETHERNET_MTU));
  const reasons = live?.qdisc === undefined ? [] : qdiscDifferences(wanted, live.qdisc);
  if (live?.qdisc !== undefined && reasons.length === 0) return undefined;
  const request = () => qdiscRequest(ifindex, completed(wanted, live?.qdisc));
  return {
    ...change,
    action: live?.qdisc === undefined ? 'create' : 'change',
    name: `${impairmentText(impair)} dev ${name}`,
    reasons,
    steps: [{ phase: 'impairment', node, request }],
  };
}

/** An impairment as a file says it. */
export function impairmentWords(model: ImpairmentModel): Impairment {
  const time = (value: number | undefined) =>
    value === undefined ? undefined : value % 1000 === 0 ? `${value / 1000}ms` : `${value}us`;
  const share = (value: number | undefined) => (value === undefined ? undefined : `${value / 10_000}%`);
  const texts: Record<string, string | number | undefined> = {
    delay: time(model.delay),
    jitter: time(model.jitter),
    loss: share(model.loss),
    duplicate: share(model.duplicate),
    corrupt: share(model.corrupt),
    reorder: share(model.reorder),
    rate: model.rate === undefined ? undefined : exactRate(model.rate),
    limit: model.limit,
  };
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined));
}

function exactRate(bits: number): string {
  for (const [unit, size] of [
    ['gbit', 1e9],
    ['mbit', 1e6],
    ['kbit', 1e3],
  ] as const)
    if (bits >= size && bits % (size / 1000) === 0) return `${bits / size}${unit}`;
  return `${bits}bit`;
}
