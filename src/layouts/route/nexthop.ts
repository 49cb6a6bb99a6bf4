/** How a next hop object and a bucket of a resilient group are laid out. */
import { USER_HZ } from '../../linux/clocks.ts';
import { RT_SCOPE_UNIVERSE } from '../../linux/rtnetlink.ts';
import { addressOfFamily } from '../../rtnetlink/family-address.ts';
import {
  GROUP_HAS_HIGH_WEIGHTS,
  GROUP_MULTIPATH,
  GROUP_TYPES,
  type MemberStatistics,
  type NextHopObject,
  type NextHopValues,
} from '../../rtnetlink/nexthop.ts';
import { formatGeneral } from '../../schema/number.ts';
import { type Output, RawNumber } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import { showEncap } from '../encap.ts';
import { addressColour, showFlags } from './way.ts';

/** Shows one next hop object, in a separate object for programs. */
export function showNextHop(hop: NextHopObject, isDeleted: boolean, out: Output, view: View): void {
  out.open();
  if (isDeleted) out.field('deleted', true, 'Deleted ');
  const { id = 0, group } = hop.attributes;
  if (group?.length === 0) {
    out.text(`<nexthop id ${id} invalid nexthop group>`);
  } else {
    showNextHopFields(hop, out, view);
    out.text('\n');
  }
  out.close();
}

/** Shows the next hop object that a route uses, inside the route, on a separate line even with -oneline. */
export function showNextHopInfo(hop: NextHopObject, out: Output, view: View): void {
  out.open('nh_info');
  out.text('\n\tnh_info ');
  showNextHopFields(hop, out, view);
  out.close();
}

function showNextHopFields(hop: NextHopObject, out: Output, view: View): void {
  const { attributes, scope, protocol } = hop;
  const { details, names } = view;
  const { id = 0, encap_type, encap, gateway, oif } = attributes;
  out.field('id', id, `id ${id} `);
  showGroup(attributes, out);
  if (encap_type !== undefined && encap !== undefined)
    showEncap(encap_type, encap, 0, encap.length, out, view);
  if (gateway) {
    const colour = addressColour(hop.family);
    const text = colour === undefined ? '???' : view.names.host(addressOfFamily(gateway, hop.family));
    out.text('via ');
    out.field('gateway', text, `${text} `, colour);
  }
  if (oif) {
    const device = names.device(oif);
    out.text('dev ');
    out.field('dev', device, `${device} `, 'ifname');
  }
  if (scope !== RT_SCOPE_UNIVERSE || details > 0) {
    const name = names.name('scopes', scope);
    out.field('scope', name, `scope ${name} `);
  }
  if (attributes.blackhole) out.field('blackhole', null, 'blackhole ');
  if (protocol !== 0 || details > 0) {
    const name = names.name('protocols', protocol);
    out.field('protocol', name, `proto ${name} `);
  }
  showFlags(hop.flags, out);
  if (attributes.fdb) out.field('fdb', null, 'fdb ');
  if (attributes.dst_port) out.field('dst_port', attributes.dst_port, `dst_port ${attributes.dst_port} `);
  showStatistics(attributes, out, view);
}

function showGroup({ group, group_type, op_flags = 0, res_group }: NextHopValues, out: Output): void {
  if (group !== undefined) {
    const mask = op_flags & GROUP_HAS_HIGH_WEIGHTS ? 0xffff : 0xff;
    out.list('group', 'group ');
    for (const [index, member] of group.entries()) {
      const weight = ((member.weight - 1) & mask) + 1;
      out.open();
      out.field('id', member.id, `${index === 0 ? '' : '/'}${member.id}`);
      if (weight > 1) out.field('weight', weight, `,${weight}`);
      out.close();
    }
    out.end(' ');
  }
  if (group_type !== undefined && group_type !== GROUP_MULTIPATH) {
    const type = GROUP_TYPES[group_type] ?? '<unknown type>';
    out.field('type', type, `type ${type} `);
  }
  if (res_group === undefined) return;
  const { buckets = 0, idle_timer = 0, unbalanced_timer = 0, unbalanced_time = 0n } = res_group;
  out.open('resilient_args');
  out.field('buckets', buckets, `buckets ${buckets} `);
  showTime('idle_timer', idle_timer, out);
  showTime('unbalanced_timer', unbalanced_timer, out);
  showTime('unbalanced_time', Number(unbalanced_time), out);
  out.close();
}

/** Ticks, shown in seconds. */
function showTime(key: string, ticks: number, out: Output): void {
  const seconds = formatGeneral(ticks / USER_HZ, 6);
  out.field(key, new RawNumber(seconds), `${key} ${seconds} `);
}

function showStatistics(attributes: NextHopValues, out: Output, { details, statistics }: View): void {
  const { hw_stats_enable, hw_stats_used, group_stats } = attributes;
  if (hw_stats_enable !== undefined && (statistics > 0 || details > 0)) {
    out.open('hw_stats');
    showSwitch('enabled', 'hw_stats', hw_stats_enable, out);
    showSwitch('used', 'used', hw_stats_used ?? 0, out);
    out.close();
  }
  if (group_stats === undefined || statistics === 0) return;
  out.list('group_stats');
  out.newline();
  out.text('  stats:');
  for (const member of group_stats) showMemberStatistics(member, out, statistics > 1);
  out.end();
}

function showSwitch(key: string, label: string, value: number, out: Output): void {
  out.field(key, value !== 0, `${label} ${value === 0 ? 'off' : 'on'} `);
}

function showMemberStatistics(member: MemberStatistics, out: Output, hasHardware: boolean): void {
  const { id = 0, packets = 0n, packets_hw = 0n } = member;
  out.open();
  out.newline();
  out.field('id', id, `    id ${id}`);
  out.field('packets', packets, ` packets ${packets}`);
  if (hasHardware) out.field('packets_hw', packets_hw, ` packets_hw ${packets_hw}`);
  out.close();
}

/** Shows one bucket of a resilient group, in a separate object for programs. */
export function showBucket(bucket: NextHopObject, isDeleted: boolean, out: Output): void {
  const { id, res_bucket } = bucket.attributes;
  out.open();
  if (isDeleted) out.field('deleted', true, 'Deleted ');
  if (id !== undefined) out.field('id', id, `id ${id} `);
  if (res_bucket !== undefined) {
    const { index, idle_time, nh_id } = res_bucket;
    out.open('bucket');
    if (index !== undefined) out.field('index', index, `index ${index} `);
    if (idle_time !== undefined) showTime('idle_time', Number(idle_time), out);
    if (nh_id !== undefined) out.field('nhid', nh_id, `nhid ${nh_id} `);
    out.close();
  }
  showFlags(bucket.flags & 0xff, out);
  out.text('\n');
  out.close();
}
