/** Ports of a bridge. Source: linux/if_link.h IFLA_BRPORT_*, linux/if_bridge.h BR_STATE_*. */
import { mustBeOneOf } from '../../schema/args.ts';
import { formatHex } from '../../schema/number.ts';
import type { Output } from '../../schema/output.ts';
import * as row from '../../schema/row.ts';
import { alternateHex, onOff, shownSigned } from '../../schema/spelling.ts';
import * as codec from '../../wire/codec.ts';
import { linkKind, unknownOption } from '../kind.ts';
import { bridgeId, timer } from './bridge.ts';

const usage = `Usage: ... bridge_slave [ fdb_flush ] [ state 0..4 ] [ priority PRIORITY ] [ cost COST ]
			[ guard on|off ] [ hairpin on|off ] [ fastleave on|off ] [ root_block on|off ]
			[ learning on|off ] [ flood on|off ] [ proxy_arp on|off ] [ proxy_arp_wifi on|off ]
			[ mcast_router 0..3 ] [ mcast_fast_leave on|off ] [ mcast_flood on|off ]
			[ bcast_flood on|off ] [ mcast_to_unicast on|off ] [ group_fwd_mask MASK ]
			[ neigh_suppress on|off ] [ neigh_vlan_suppress on|off ] [ neigh_forward_grat on|off ]
			[ vlan_tunnel on|off ] [ isolated on|off ] [ locked on|off ] [ mab on|off ]
			[ backup_port DEVICE | nobackup_port ] [ backup_nhid NHID ]`;

const STATES = ['disabled', 'listening', 'learning', 'forwarding', 'blocking'];

/** Groups 01:80:c2:00:00:0X that have a name, by X. */
const GROUPS: Readonly<Record<number, string>> = { 0: 'stp', 2: 'lacp', 14: 'lldp' };

function showState(state: number, out: Output): void {
  const name = STATES[state];
  if (name === undefined) out.field('state_index', state, `state (${state}) `);
  else out.field('state', name, `state ${name} `);
}

function showGroups(mask: number, out: Output): void {
  const hex = formatHex(mask);
  out.field('group_fwd_mask', hex, `group_fwd_mask ${hex} `);
  const groups = Array.from({ length: 16 }, (_, bit) => bit)
    .filter(bit => (mask >> bit) & 1)
    .map(bit => GROUPS[bit] ?? `0x${(1 << bit).toString(16)}`);
  const names = groups.join(',') || '0x0';
  out.field('group_fwd_mask_str', names, `group_fwd_mask_str ${names} `);
}

/** The facets of a read-only number in hexadecimal. */
const portNumber = { spelling: alternateHex(0xffff), keyword: false } as const;

/** A byte that is on or off. The original exits at once when it is neither. */
const portFlag = row.rowOf(codec.u8, onOff, {
  complaint: (word, keyword) => mustBeOneOf(keyword, ['off', 'on'], word, true),
});

export const bridgeSlave = linkKind(
  'bridge_slave',
  usage,
  row.abbreviable({
    flush: row.flag(24, { keyword: 'fdb_flush', show: false }),
    state: row.u8(1, { complaint: 'state is invalid', show: showState }),
    priority: row.u16(2, { complaint: 'priority is invalid' }),
    cost: row.u32(3, { spelling: shownSigned, complaint: 'cost is invalid' }),
    mode: portFlag(4, { word: 'hairpin', key: 'hairpin' }),
    guard: portFlag(5),
    protect: portFlag(6, { word: 'root_block', key: 'root_block' }),
    fast_leave: portFlag(7, {
      label: 'fastleave',
      key: 'fastleave',
      keyword: ['fastleave', 'mcast_fast_leave'],
      abbreviable: ['fa', 'mcast_fa'],
    }),
    learning: portFlag(8),
    unicast_flood: portFlag(9, { word: 'flood', key: 'flood' }),
    id: row.u16(17, { ...portNumber, label: 'port_id' }),
    no: row.u16(18, { ...portNumber, label: 'port_no' }),
    designated_port: row.u16(15, { keyword: false }),
    designated_cost: row.u16(16, { keyword: false }),
    bridge_id: bridgeId(14, { label: 'designated_bridge' }),
    root_id: bridgeId(13, { label: 'designated_root' }),
    hold_timer: timer(23),
    message_age_timer: timer(21),
    forward_delay_timer: timer(22),
    topology_change_ack: row.u8(19, { keyword: false }),
    config_pending: row.u8(20, { keyword: false }),
    proxyarp: portFlag(10, { word: 'proxy_arp', key: 'proxy_arp' }),
    proxyarp_wifi: portFlag(12, {
      word: 'proxy_arp_wifi',
      key: 'proxy_arp_wifi',
    }),
    multicast_router: row.u8(25, { word: 'mcast_router', abbreviable: 'mcast_r' }),
    // People see fast_leave twice.
    mcast_fast_leave: portFlag(7, {
      keyword: false,
      whenAbsent(out, { fast_leave }: { fast_leave?: number }, view) {
        if (fast_leave !== undefined) out.text(`mcast_fast_leave ${onOff.show(fast_leave, view)} `);
      },
    }),
    mcast_flood: portFlag(27),
    bcast_flood: portFlag(30),
    mcast_to_ucast: portFlag(28, {
      word: 'mcast_to_unicast',
      key: 'mcast_to_unicast',
    }),
    neigh_suppress: portFlag(32),
    neigh_vlan_suppress: portFlag(43, { abbreviable: false }),
    neigh_forward_grat: portFlag(45, { abbreviable: false }),
    group_fwd_mask: row.u16(31, { show: showGroups }),
    vlan_tunnel: portFlag(29),
    isolated: portFlag(33),
    locked: portFlag(39),
    mab: portFlag(40, { abbreviable: false }),
    backup_port: row.device(34, {
      keyword: 'backup_port',
      standalone: { nobackup_port: 0 },
      complaint: 'Device does not exist\n',
    }),
    backup_nhid: row.u32(44, { complaint: 'backup_nhid is invalid', abbreviable: false }),
  }),
  { unknownWord: unknownOption },
);
