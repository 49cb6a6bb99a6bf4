/**
 * Queueing disciplines: RTM_NEWQDISC, RTM_DELQDISC and RTM_GETQDISC of netem and tbf at the root of a device. Source:
 * linux/rtnetlink.h struct tcmsg, linux/pkt_sched.h struct tc_netem_qopt and struct tc_tbf_qopt.
 */
import { NLM_F_CREATE, NLM_F_REPLACE } from '../linux/netlink.ts';
import {
  RTM_DELQDISC,
  RTM_GETQDISC,
  RTM_NEWQDISC,
  TC_H_ROOT,
  TC_LINKLAYER_ETHERNET,
  TCA_KIND,
  TCA_NETEM_CORRUPT,
  TCA_NETEM_JITTER64,
  TCA_NETEM_LATENCY64,
  TCA_NETEM_RATE,
  TCA_NETEM_RATE64,
  TCA_NETEM_REORDER,
  TCA_OPTIONS,
  TCA_TBF_BURST,
  TCA_TBF_PARMS,
  TCA_TBF_RATE64,
  TCA_TBF_RTAB,
} from '../linux/traffic-control.ts';
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import * as codec from '../wire/codec.ts';
import { type Message, walkAttributes } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';

/** struct tcmsg. */
export const qdiscHeader = codec.struct({
  family: codec.u8,
  _padding: codec.padding(3),
  ifindex: codec.s32,
  handle: codec.u32,
  parent: codec.u32,
  info: codec.u32,
});

/** TCA_*. What `options` holds depends on the kind. */
export const qdiscAttributes = table({ kind: row.text(TCA_KIND), options: row.raw(TCA_OPTIONS) });

/** struct tc_ratespec. `rate` is in bytes a second. */
const RATE_SPEC = {
  cellLog: codec.u8,
  linklayer: codec.u8,
  overhead: codec.u16,
  cellAlign: codec.u16,
  mpu: codec.u16,
  rate: codec.u32,
} as const;

/** struct tc_tbf_qopt without its peak rate. */
const tbfOptions = codec.struct({
  ...RATE_SPEC,
  _peakRate: codec.padding(12),
  limit: codec.u32,
  buffer: codec.u32,
  mtu: codec.u32,
});

/** struct tc_netem_qopt. Of latency and jitter the ticks stay 0: the attributes have nanoseconds. */
const netemOptions = codec.struct({
  latency: codec.u32,
  limit: codec.u32,
  loss: codec.u32,
  gap: codec.u32,
  duplicate: codec.u32,
  jitter: codec.u32,
});

/** struct tc_netem_reorder and struct tc_netem_corrupt. */
const chance = codec.struct({ probability: codec.u32, correlation: codec.u32 });

/** struct tc_netem_rate. */
const netemRate = codec.struct({
  rate: codec.u32,
  packetOverhead: codec.s32,
  cellSize: codec.u32,
  cellOverhead: codec.s32,
});

/** Token bucket filter: what is sent is slowed down to a rate. */
export interface Tbf {
  readonly kind: 'tbf';
  /** Bytes a second. */
  readonly rate: number;
  /** Bytes that may be sent at once, and that may wait. */
  readonly burst: number;
  readonly limit: number;
}

/** Network emulator. Chances are of 0xffffffff; undefined leaves what there is. */
export interface Netem {
  readonly kind: 'netem';
  /** Nanoseconds. */
  readonly delay?: number | undefined;
  readonly jitter?: number | undefined;
  /** Packets that may wait. */
  readonly limit: number;
  readonly loss: number;
  readonly duplicate: number;
  readonly reorder?: number | undefined;
  readonly corrupt?: number | undefined;
  /** Bytes a second; 0 for no bound. */
  readonly rate?: number | undefined;
}

export type Qdisc = Tbf | Netem;

const U32 = 0xffffffff;

/** A tick of the scheduler's clock is 64 ns on every kernel since 2.6.31: /proc/net/psched. */
const TICKS_PER_MICROSECOND = 15.625;
const MICROSECONDS = 1_000_000;
/** The table of times has 256 cells of 8 bytes. */
const CELL_LOG = 3;
const CELLS = 256;

/** The request that `tc qdisc replace dev DEVICE root ...` sends: a discipline of the same kind keeps its queue. */
export function qdiscRequest(ifindex: number, qdisc: Qdisc): MessageWriter {
  const request = new MessageWriter(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE);
  qdiscHeader.write(request, { ...qdiscHeader.zero(), ifindex, parent: TC_H_ROOT });
  request.attribute(TCA_KIND, codec.text, qdisc.kind);
  const mark = request.open(TCA_OPTIONS, 0);
  if (qdisc.kind === 'tbf') writeTbf(request, qdisc);
  else writeNetem(request, qdisc);
  request.close(mark);
  return request;
}

/** The request that takes the discipline at the root away: the device gets its default again. */
export function qdiscDeletion(ifindex: number): MessageWriter {
  const request = new MessageWriter(RTM_DELQDISC, 0);
  qdiscHeader.write(request, { ...qdiscHeader.zero(), ifindex, parent: TC_H_ROOT });
  return request;
}

/** The request whose dump lists the disciplines of all devices. */
export function qdiscDump(): MessageWriter {
  const request = new MessageWriter(RTM_GETQDISC, 0);
  qdiscHeader.write(request, qdiscHeader.zero());
  return request;
}

/** Ticks for `size` bytes, rounded up as `tc` does. */
function ticksOf(size: number, rate: number): number {
  return Math.min(U32, Math.ceil(MICROSECONDS * (size / rate) * TICKS_PER_MICROSECOND));
}

function writeTbf(request: MessageWriter, { rate, burst, limit }: Tbf): void {
  // `tc` takes times from this member also where it is not the whole rate.
  const narrow = Math.min(rate, U32);
  request.attribute(TCA_TBF_PARMS, tbfOptions, {
    ...tbfOptions.zero(),
    cellLog: CELL_LOG,
    linklayer: TC_LINKLAYER_ETHERNET,
    cellAlign: 0xffff,
    rate: narrow,
    limit,
    buffer: ticksOf(burst, narrow),
  });
  request.attribute(TCA_TBF_BURST, codec.u32, burst);
  if (rate > U32) request.attribute(TCA_TBF_RATE64, codec.u64, BigInt(rate));
  const mark = request.open(TCA_TBF_RTAB, 0);
  for (let cell = 1; cell <= CELLS; cell++) request.u32(ticksOf(cell << CELL_LOG, narrow));
  request.close(mark);
}

function writeNetem(request: MessageWriter, netem: Netem): void {
  const { delay, jitter, limit, loss, duplicate, reorder, corrupt, rate } = netem;
  const gap = reorder === undefined || reorder === 0 ? 0 : 1;
  netemOptions.write(request, { ...netemOptions.zero(), limit, loss, gap, duplicate });
  if (delay !== undefined) request.attribute(TCA_NETEM_LATENCY64, codec.u64, BigInt(delay));
  if (jitter !== undefined) request.attribute(TCA_NETEM_JITTER64, codec.u64, BigInt(jitter));
  if (reorder !== undefined)
    request.attribute(TCA_NETEM_REORDER, chance, { probability: reorder, correlation: 0 });
  if (corrupt !== undefined)
    request.attribute(TCA_NETEM_CORRUPT, chance, { probability: corrupt, correlation: 0 });
  if (rate === undefined) return;
  if (rate > U32) request.attribute(TCA_NETEM_RATE64, codec.u64, BigInt(rate));
  request.attribute(TCA_NETEM_RATE, netemRate, { ...netemRate.zero(), rate: Math.min(rate, U32) });
}

/** A discipline of the two kinds at the root of a device, as the kernel reports it; undefined for any other. */
export function decodeQdisc({
  bytes,
  payload,
  end,
}: Pick<Message, 'bytes' | 'payload' | 'end'>):
  | { readonly ifindex: number; readonly qdisc: Qdisc }
  | undefined {
  if (end - payload < qdiscHeader.size) return undefined;
  const header = qdiscHeader.read(bytes, payload, qdiscHeader.size);
  if (header?.parent !== TC_H_ROOT) return undefined;
  let kind: string | undefined;
  let options: Buffer | undefined;
  walkAttributes(bytes, payload + qdiscHeader.size, end, (type, at, length) => {
    if (type === TCA_KIND) kind = codec.text.read(bytes, at, length);
    else if (type === TCA_OPTIONS) options = bytes.subarray(at, at + length);
  });
  if (options === undefined) return undefined;
  const qdisc = kind === 'tbf' ? readTbf(options) : kind === 'netem' ? readNetem(options) : undefined;
  return qdisc && { ifindex: header.ifindex, qdisc };
}

function readTbf(options: Buffer): Tbf | undefined {
  let found: codec.ValueOf<typeof tbfOptions> | undefined;
  let rate: number | undefined;
  walkAttributes(options, 0, options.length, (type, at, length) => {
    if (type === TCA_TBF_PARMS && length >= tbfOptions.size) found = tbfOptions.read(options, at, length);
    else if (type === TCA_TBF_RATE64 && length === 8) rate = Number(codec.u64.read(options, at, length));
  });
  if (found === undefined) return undefined;
  rate ??= found.rate;
  const burst = Math.floor((found.buffer / TICKS_PER_MICROSECOND / MICROSECONDS) * found.rate);
  return { kind: 'tbf', rate, burst, limit: found.limit };
}

function readNetem(options: Buffer): Netem | undefined {
  if (options.length < netemOptions.size) return undefined;
  const { limit, loss, duplicate } = netemOptions.read(options, 0, netemOptions.size)!;
  const found: Record<string, number> = {};
  walkAttributes(options, netemOptions.size, options.length, (type, at, length) => {
    if (length < 4) return;
    const first = options.readUInt32LE(at);
    const wide = () => (length < 8 ? first : Number(options.readBigUInt64LE(at)));
    if (type === TCA_NETEM_LATENCY64) found['delay'] = wide();
    else if (type === TCA_NETEM_JITTER64) found['jitter'] = wide();
    else if (type === TCA_NETEM_REORDER) found['reorder'] = first;
    else if (type === TCA_NETEM_CORRUPT) found['corrupt'] = first;
    else if (type === TCA_NETEM_RATE64) found['rate'] = wide();
    else if (type === TCA_NETEM_RATE && first !== U32) found['rate'] = first;
  });
  return { kind: 'netem', limit, loss, duplicate, ...found };
}
