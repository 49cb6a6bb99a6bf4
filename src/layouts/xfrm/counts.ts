/** How the numbers of states and policies are laid out, and what happens to packets without a policy. */
import type { Output } from '../../schema/output.ts';
import type { ValuesOf } from '../../schema/row.ts';
import type { View } from '../../schema/view.ts';
import type { stateCounts } from '../../xfrm/attributes.ts';
import { DEFAULT_ACTIONS, wordOf } from '../../xfrm/names.ts';
import type { hashInfo, hashThreshold, policyCounts, policyDefaults } from '../../xfrm/structs.ts';

/** How many states there are. `isHashCut`: the attribute of the hash table is too short. */
export function showStateCounts(
  { cnt, hinfo }: ValuesOf<typeof stateCounts.rows>,
  isHashCut: boolean,
  out: Output,
  { statistics }: View,
): void {
  if (cnt === undefined) {
    out.text('BAD SAD info returned\n');
    return;
  }
  out.text('\t SAD');
  out.field('count', cnt, ` count ${cnt}`);
  if (statistics > 0 && isHashCut) out.text('BAD SAD length returned\n');
  else {
    if (statistics > 0 && hinfo !== undefined) {
      out.field('buckets', hinfo.count, ` (buckets count ${hinfo.count}`);
      out.field('max_buckets', hinfo.max, ` Max ${hinfo.max})`);
    }
    out.text('\n');
  }
}

/** How many policies there are, and of sockets. */
export function showPolicyCounts(
  { incnt, outcnt, fwdcnt, inscnt, outscnt, fwdscnt }: ReturnType<typeof policyCounts.zero>,
  out: Output,
  { statistics }: View,
): void {
  out.field('in', incnt, ` IN  ${incnt | 0}`);
  out.field('out', outcnt, ` OUT ${outcnt | 0}`);
  out.field('fwd', fwdcnt, ` FWD ${fwdcnt | 0}`);
  if (statistics > 0) {
    out.text(' (Sock:');
    out.field('socket_in', inscnt, ` IN ${inscnt | 0}`);
    out.field('socket_out', outscnt, ` OUT ${outscnt | 0}`);
    out.field('socket_fwd', fwdscnt, ` FWD ${fwdscnt | 0})`);
  }
  out.newline();
}

/** How they are hashed. */
export function showPolicyBuckets({ count, max }: ReturnType<typeof hashInfo.zero>, out: Output): void {
  out.text('\t SPD buckets:');
  out.field('buckets', count, ` count ${count | 0}`);
  out.field('max_buckets', max, ` Max ${max | 0}`);
  out.newline();
}

/** Prefixes of which length are hashed. */
export function showThresholds(
  name: 'IPv4' | 'IPv6',
  { lbits, rbits }: ReturnType<typeof hashThreshold.zero>,
  out: Output,
): void {
  out.open(`${name.toLowerCase()}_thresholds`);
  out.text(`\t SPD ${name} thresholds:`);
  out.field('local', lbits, ` local ${lbits}`);
  out.field('remote', rbits, ` remote ${rbits}`);
  out.newline();
  out.close();
}

/** What happens to packets without a policy. */
export function showDefaults(defaults: ReturnType<typeof policyDefaults.zero>, out: Output): void {
  out.text('Default policies:\n');
  for (const [name, label] of [
    ['in', 'in: '],
    ['fwd', 'fwd:'],
    ['out', 'out:'],
  ] as const) {
    const word = wordOf(DEFAULT_ACTIONS, defaults[name]) ?? 'unknown';
    out.field(name, word, ` ${label} ${word}\n`);
  }
}
