/** What the calls of `network.tcpMetrics` take. */
import { TcpMetricsEntries, type TcpMetricsEntry, type TcpMetricsFilter } from '../generic/tcp-metrics.ts';
import { passed, type Shape, text } from '../values/shape.ts';
import { checkCalls, filter, optional, options, settings } from './call.ts';

const FILTER: Shape<TcpMetricsFilter> = { address: text, source: text };
/** An entry of a listing names itself. */
const ENTRY: Shape<TcpMetricsEntry> = {
  ...FILTER,
  age: passed,
  rtt: passed,
  rttvar: passed,
  ssthresh: passed,
  cwnd: passed,
  reordering: passed,
  fast_open: passed,
};

const entry = settings('entry', ENTRY, ['address']);

checkCalls(TcpMetricsEntries, 'tcpMetrics', {
  list: [optional(filter(FILTER)), options()],
  all: [optional(filter(FILTER)), options()],
  get: [entry, options()],
  delete: [entry, options()],
  flush: [optional(filter(FILTER)), options()],
});
