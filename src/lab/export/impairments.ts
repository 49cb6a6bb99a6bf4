/** Impairments of the kernel in the words of lab files. */

import type { Qdisc } from '../../rtnetlink/qdisc.ts';
import type { Impairment } from '../format/shape.ts';
import { impairmentWords, qdiscDifferences, qdiscOf } from '../impairment/qdiscs.ts';
import type { ImpairmentModel } from '../model.ts';

const U32 = 0xffffffff;
const MILLION = 1_000_000;

/** How a file says what a discipline does; undefined where it cannot. */
export function impairmentOf(qdisc: Qdisc, mtu: number): Impairment | undefined {
  const { isExact, model } = closest(qdisc, mtu);
  return isExact ? impairmentWords(model) : undefined;
}

/** What a discipline does, as nearly as the values of a lab can say it. */
export function impairmentModelOf(qdisc: Qdisc, mtu: number): ImpairmentModel {
  return closest(qdisc, mtu).model;
}

function closest(qdisc: Qdisc, mtu: number): { readonly isExact: boolean; readonly model: ImpairmentModel } {
  const model = modelOf(qdisc);
  const isLike = (one: ImpairmentModel) => qdiscDifferences(qdiscOf(one, mtu), qdisc).length === 0;
  const { limit: _limit, ...usual } = model;
  const frame = mtu + 14;
  const limits = qdisc.kind === 'tbf' ? [Math.round(qdisc.limit / frame)] : [qdisc.limit ?? 0];
  const found = [usual, ...limits.map(limit => ({ ...usual, limit }))].find(isLike);
  return { isExact: found !== undefined, model: found ?? usual };
}

function modelOf(qdisc: Qdisc): ImpairmentModel {
  if (qdisc.kind === 'tbf') return { rate: qdisc.rate * 8 };
  const { delay, jitter, loss, duplicate, corrupt, reorder, rate } = qdisc;
  const time = (name: string, value: number | undefined) =>
    value ? { [name]: Math.round(value / 1000) } : {};
  const share = (name: string, value: number | undefined) =>
    value ? { [name]: Math.round((value / U32) * MILLION) } : {};
  return {
    ...time('delay', delay),
    ...time('jitter', jitter),
    ...share('loss', loss),
    ...share('duplicate', duplicate),
    ...share('corrupt', corrupt),
    ...share('reorder', reorder),
    ...(rate ? { rate: rate * 8 } : {}),
  };
}
