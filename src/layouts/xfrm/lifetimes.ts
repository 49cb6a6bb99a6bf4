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
  knownField('add', used.add_time, 0n, `add ${timeText(used.add_time)} `, out);
  knownField('use', used.use_time, 0n, `use ${timeText(used.use_time)}`, out);
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
  knownField(`soft_${unit}`, soft, XFRM_INF, `soft ${text(soft)}, `, out);
  knownField(`hard_${unit}`, hard, XFRM_INF, `hard ${text(hard)}`, out);
  out.newline();
}

function showExpiry(limits: LifetimeLimits, what: 'add' | 'use', prefix: string, out: Output): void {
  const [soft, hard] = [limits[`soft_${what}_expires_seconds`], limits[`hard_${what}_expires_seconds`]];
  out.text(`${prefix}\t  expire ${what}: `);
  out.field(`soft_${what}_seconds`, soft, `soft ${soft}(sec), `);
  out.field(`hard_${what}_seconds`, hard, `hard ${hard}(sec)`);
  out.newline();
}

/** A value that programs only see if it is not the one that says that there is none. */
function knownField(key: string, value: bigint, none: bigint, text: string, out: Output): void {
  if (value === none) out.text(text);
  else out.field(key, value, text);
}
