/** How it is laid out when a state or policy expires, and what has been used of it. */
import { XFRM_INF } from '../../linux/xfrm.ts';
import type { Output } from '../../schema/output.ts';
import type { LifetimeLimits, LifetimeUsed } from '../../xfrm/structs.ts';
import { timeText } from './spelling.ts';

/** Prints eight lines, which begin with `prefix`. */
export function showLifetimes(limits: LifetimeLimits, used: LifetimeUsed, prefix: string, out: Output): void {
  out.text(`${prefix}\tlifetime config:`);
  out.newline();
  out.open('limits');
  showLimit(limits, 'byte', 'bytes', prefix, out);
  showLimit(limits, 'packet', 'packets', prefix, out);
  showExpiry(limits, 'add', prefix, out);
  showExpiry(limits, 'use', prefix, out);
  out.close();
  out.text(`${prefix}\tlifetime current:`);
  out.newline();
  out.text(`${prefix}\t  `);
  out.open('used');
  out.field('bytes', used.bytes, `${used.bytes}(bytes), `);
  out.field('packets', used.packets, `${used.packets}(packets)`);
  out.newline();
  out.text(`${prefix}\t  `);
  out.field('add', timeDatum(used.add_time), `add ${timeText(used.add_time)} `);
  out.field('use', timeDatum(used.use_time), `use ${timeText(used.use_time)}`);
  out.newline();
  out.close();
}

function showLimit(
  limits: LifetimeLimits,
  what: 'byte' | 'packet',
  unit: string,
  prefix: string,
  out: Output,
): void {
  const [soft, hard] = [limits[`soft_${what}_limit`], limits[`hard_${what}_limit`]];
  const text = (limit: bigint) => `${limit === XFRM_INF ? '(INF)' : limit}(${unit})`;
  out.text(`${prefix}\t  limit: `);
  out.field(`soft_${unit}`, limitDatum(soft), `soft ${text(soft)}, `);
  out.field(`hard_${unit}`, limitDatum(hard), `hard ${text(hard)}`);
  out.newline();
}

function showExpiry(limits: LifetimeLimits, what: 'add' | 'use', prefix: string, out: Output): void {
  const [soft, hard] = [limits[`soft_${what}_expires_seconds`], limits[`hard_${what}_expires_seconds`]];
  out.text(`${prefix}\t  expire ${what}: `);
  out.field(`soft_${what}_seconds`, soft, `soft ${soft}(sec), `);
  out.field(`hard_${what}_seconds`, hard, `hard ${hard}(sec)`);
  out.newline();
}

/** For programs no limit is null. */
function limitDatum(limit: bigint): bigint | null {
  return limit === XFRM_INF ? null : limit;
}

function timeDatum(seconds: bigint): bigint | null {
  return seconds === 0n ? null : seconds;
}
