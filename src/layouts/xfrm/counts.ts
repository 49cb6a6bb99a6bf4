/** How the numbers of states and policies are laid out, and what happens to packets without a policy. */
import type { Output } from '../../schema/output.ts';
import type { ValuesOf } from '../../schema/row.ts';
import type { View } from '../../schema/view.ts';
import type { policyCounts, stateCounts } from '../../xfrm/attributes.ts';
import { DEFAULT_ACTIONS, wordOf } from '../../xfrm/names.ts';
import type { policyDefaults } from '../../xfrm/structs.ts';

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

/** How many policies there are. */
export function showPolicyCounts(
  { info, hinfo, ipv4_hthresh: ipv4, ipv6_hthresh: ipv6 }: ValuesOf<typeof policyCounts.rows>,
  out: Output,
  { statistics }: View,
): void {
  if (info === undefined) return;
  const { incnt, outcnt, fwdcnt, inscnt, outscnt, fwdscnt } = info;
  out.field('in', incnt, ` IN  ${incnt | 0}`);
  out.field('out', outcnt, ` OUT ${outcnt | 0}`);
  out.field('fwd', fwdcnt, ` FWD ${fwdcnt | 0}`);
  if (statistics > 0) {
    out.text(' (Sock:');
    out.field('socket_in', inscnt, ` IN ${inscnt | 0}`);
    out.field('socket_out', outscnt, ` OUT ${outscnt | 0}`);
    out.field('socket_fwd', fwdscnt, ` FWD ${fwdscnt | 0})`);
  }
  out.text('\n');
  if (statistics < 2) return;
  if (hinfo !== undefined) {
    out.text('\t SPD buckets:');
    out.field('buckets', hinfo.count, ` count ${hinfo.count | 0}`);
    out.field('max_buckets', hinfo.max, ` Max ${hinfo.max | 0}\n`);
  }
  for (const [key, name, found] of [
    ['ipv4_thresholds', 'IPv4', ipv4],
    ['ipv6_thresholds', 'IPv6', ipv6],
  ] as const) {
    if (found === undefined) continue;
    out.open(key);
    out.text(`\t SPD ${name} thresholds:`);
    out.field('local', found.lbits, ` local ${found.lbits}`);
    out.field('remote', found.rbits, ` remote ${found.rbits}\n`);
    out.close();
  }
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
