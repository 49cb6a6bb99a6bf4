/** How what TCP remembers of a host is laid out: one line for people, one object for programs. */
import type { TcpMetrics } from '../../genetlink/tcp-metrics.ts';
import { formatGeneral } from '../../schema/number.ts';
import { type Colour, type Output, RawNumber } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';

/** Digits of times for programs. */
const DIGITS = 6;

/** Prints one entry, in a separate object for programs. */
export function showTcpMetrics({ address, source, ...entry }: TcpMetrics, out: Output, view: View): void {
  const { attributes, rtt, rttvar } = entry;
  const { age, vals = {}, tw_ts_stamp, tw_tsval = 0 } = attributes;
  const { host } = view.names;
  out.open();
  out.field('dst', host(address), host(address), colourOf(address));
  if (age !== undefined) out.field('age', seconds(Number(age), 1000), ` age ${fixed(Number(age), 1000)}sec`);
  if (tw_ts_stamp !== undefined) {
    const stamp = `${tw_tsval}/${tw_ts_stamp}`;
    out.field('tw_ts_stamp', stamp, ` tw_ts ${stamp} ago`);
  }
  for (const name of ['ssthresh', 'cwnd', 'reordering'] as const) {
    const value = vals[name];
    if (value !== undefined) out.field(name, value, ` ${name} ${value}`);
  }
  if (rtt !== undefined) out.field('rtt', seconds(rtt, 1e6), ` rtt ${rtt}us`);
  if (rttvar !== undefined) out.field('rttvar', seconds(rttvar, 1e6), ` rttvar ${rttvar}us`);
  showFastOpen(entry, out);
  if (source !== undefined) out.field('source', host(source), ` source ${host(source)}`);
  out.text('\n');
  out.close();
}

/** The original calls milliseconds microseconds here, and divides them by a million. */
function showFastOpen({ attributes }: Pick<TcpMetrics, 'attributes'>, out: Output): void {
  const { fopen_mss: size, fopen_syn_drops: drops, fopen_cookie: cookie } = attributes;
  const since = attributes.fopen_syn_drop_ts;
  if (size !== undefined) out.field('fopen_miss', size, ` fo_mss ${size}`);
  if (drops !== undefined) {
    const time = Number(since ?? 0n);
    out.field('fopen_syn_drops', drops, ` fo_syn_drops ${drops}`);
    out.field('fopen_syn_drop_ts', seconds(time, 1e6), `/${fixed(time, 1e6)}usec ago`);
  }
  if (cookie !== undefined) {
    const text = cookie.toString('hex');
    out.field('fo_cookie', text, ` fo_cookie ${text}`);
  }
}

function seconds(time: number, unit: number): RawNumber {
  return new RawNumber(formatGeneral(time / unit, DIGITS));
}

function fixed(time: number, unit: number): string {
  return (time / unit).toFixed(3);
}

function colourOf(address: string): Colour {
  return address.includes(':') ? 'inet6' : 'inet';
}
