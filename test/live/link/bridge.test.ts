/** Bridges and their ports on the real kernel: every parameter, one by one and at once. */
import { differential, line, until } from '../../support/twin.ts';

const bridge = 'link add br9 address 02:00:00:00:00:09 type bridge';
const shows = ['-d link show br9', '-d -j link show br9', '-d -o link show br9'];

/** Parameters of a bridge with values that the kernel takes while it is down. */
const parameters = [
  'forward_delay 1200',
  'hello_time 300',
  'max_age 1500',
  'ageing_time 12345',
  'stp_state 1',
  'priority 4096',
  'vlan_filtering 1',
  'vlan_protocol 802.1ad',
  'vlan_default_pvid 7',
  'vlan_stats_enabled 1',
  'vlan_stats_per_port 1',
  'group_fwd_mask 0x4008',
  'group_address 01:80:c2:00:00:0e',
  'no_linklocal_learn 1',
  'fdb_max_learned 100',
  'mcast_snooping 0',
  'mcast_vlan_snooping 1',
  'mcast_router 2',
  'mcast_query_use_ifaddr 1',
  'mcast_querier 1',
  'mcast_hash_elasticity 8',
  'mcast_hash_max 512',
  'mcast_last_member_count 3',
  'mcast_startup_query_count 4',
  'mcast_last_member_interval 90',
  'mcast_membership_interval 25000',
  'mcast_querier_interval 24000',
  'mcast_query_interval 12000',
  'mcast_query_response_interval 900',
  'mcast_startup_query_interval 3000',
  'mcast_stats_enabled 1',
  'mcast_igmp_version 3',
  'mcast_mld_version 2',
  'nf_call_iptables 1',
  'nf_call_ip6tables 1',
  'nf_call_arptables 1',
  'mst_enabled 1',
  'mdb_offload_fail_notification 1',
  'fdb_local_vlan_0 1',
  'stp_mode kernel',
  'fdb_flush',
];

const switches = [
  'guard',
  'hairpin',
  'fastleave',
  'root_block',
  'learning',
  'flood',
  'proxy_arp',
  'proxy_arp_wifi',
  'mcast_fast_leave',
  'mcast_flood',
  'bcast_flood',
  'mcast_to_unicast',
  'neigh_suppress',
  'neigh_vlan_suppress',
  'neigh_forward_grat',
  'vlan_tunnel',
  'isolated',
  'locked',
  'mab',
];

/** One call that runs many lines and goes on after those that the kernel refuses. */
const batchOf = (lines: readonly string[]) => line('-force -batch -', { stdin: `${lines.join('\n')}\n` });

const ports = [
  bridge,
  'link set br9 up',
  'link add p0 address 02:00:00:00:00:01 type veth peer name p1 address 02:00:00:00:00:02',
  'link add p2 address 02:00:00:00:00:03 type veth peer name p3 address 02:00:00:00:00:04',
  'link set p0 up',
  'link set p2 up',
  // A device whose state the kernel does not know yet is a port that forwards, for a moment: the bridge gets an address.
  until('link show p0', { stdout: /state LOWERLAYERDOWN/ }),
  until('link show p2', { stdout: /state LOWERLAYERDOWN/ }),
  'link set p0 master br9',
  'link set p2 master br9',
];

describe('bridges', () => {
  differential('a bridge is made as the kernel makes it', [
    bridge,
    ...shows,
    '-d -j -p link show br9',
    '-br link show type bridge',
  ]);

  differential('each parameter is changed', [
    bridge,
    batchOf(parameters.map(parameter => `link set br9 type bridge ${parameter}`)),
    ...shows,
    'link set br9 type bridge ageing_time 7',
    '-d link show br9',
  ]);

  differential('each parameter is given when it is made', [
    batchOf(parameters.flatMap(parameter => [`${bridge} ${parameter}`, 'link show br9', 'link del br9'])),
    `${bridge} ageing_time 7`,
    '-d link show br9',
  ]);

  differential('several parameters are given at once', [
    `${bridge} stp_state 1 forward_delay 500 hello_time 200 max_age 1000 priority 8192 vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 0`,
    ...shows,
    'link set br9 type bridge no_linklocal_learn 1 mcast_vlan_snooping 1 no_linklocal_learn 0',
    ...shows,
  ]);

  differential('what the kernel refuses', [
    bridge,
    'link set br9 type bridge vlan_protocol ipv4',
    'link set br9 type bridge forward_delay 100 stp_state 1',
    'link set br9 type bridge group_address 02:00:00:00:00:01',
    'link set br9 type bridge vlan_default_pvid 4095',
    'link set br9 type bridge mcast_igmp_version 7',
    'link set br9 type bridge mcast_hash_max 3',
    'link set br9 type bridge ageing_time',
    'link set br9 type bridge stp x',
    'link set lo type bridge stp_state 1',
    bridge,
    ...shows,
  ]);
});

describe('ports of a bridge', () => {
  differential('a port is shown as the kernel makes it', [
    ...ports,
    '-d link show p0',
    '-d -j link show p0',
    'link show type bridge_slave',
    'link show master br9',
  ]);

  for (const state of ['on', 'off']) {
    differential(`each switch is turned ${state}`, [
      ...ports,
      batchOf(switches.map(word => `link set p0 type bridge_slave ${word} ${state}`)),
      '-d -j link show p0',
      '-d link show p0',
    ]);
  }

  differential('each value is changed', [
    ...ports,
    ...[
      ['state 3', 'priority 5', 'cost 7', 'mcast_router 2', 'group_fwd_mask 0x4008', 'backup_port p2'],
      ['state 0', 'nobackup_port', 'backup_nhid 3', 'fdb_flush'],
      ['cost 9 priority 6 hairpin on learning off mcast_fast_leave on'],
    ].flatMap(changes => [
      batchOf(changes.map(words => `link set p0 type bridge_slave ${words}`)),
      '-d link show p0',
      '-d -j link show p0',
    ]),
  ]);

  differential('what is wrong of a port', [
    ...ports,
    'link set p1 type bridge_slave cost 5',
    'link set p0 type bridge_slave state 9',
    'link set p0 type bridge_slave priority 64',
    'link set p0 type bridge_slave group_fwd_mask 7',
    'link set p0 type bridge_slave backup_port p1',
    'link set p0 type bridge_slave flood maybe',
    'link set p0 type bridge_slave nonsense',
    line('-force -batch -', {
      stdin: 'link set p0 type bridge_slave flood maybe\nlink set p0 type bridge_slave cost 77\n',
    }),
    line('-force -batch -', {
      stdin: 'link set p0 type bridge_slave nonsense\nlink set p0 type bridge_slave cost 78\n',
    }),
    '-d link show p0',
  ]);
});
