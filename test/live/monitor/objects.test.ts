/** Every object that `ip monitor` knows and this kernel reports: added, changed, deleted, with each filter, as text and with -j. */
import { differential, type Step, start, stop, until } from '../../support/twin.ts';

/** Words before and after `monitor`; `OBJECT` stands for the object. */
const FILTERS: readonly (readonly [options: string, words: string])[] = [
  ['', 'label OBJECT'],
  ['', 'dev v0 OBJECT'],
  ['', 'all-nsid OBJECT'],
  ['-4', 'OBJECT'],
  ['-6', 'OBJECT'],
];

/**
 * Adds an address without DAD. The kernel reports it some time later, and then adds the route that is waited for: what
 * comes next is reported after it.
 */
const addWithoutDad = (address: string): readonly Step[] => [
  `addr add ${address}/64 dev v0 nodad`,
  until(`$ ip -6 route show table local | grep -c "^local ${address} "`, { stdout: /^1$/m }),
];

/** Lines that add, change and delete each object, in this order. */
const CHANGES: Readonly<Record<string, readonly Step[]>> = {
  link: [
    'link add n0 type ifb',
    'link set n0 up',
    'link set v0 mtu 1400',
    'link set n0 down',
    'link set n0 name m0',
    'link set m0 alias "another name"',
    'link del m0',
  ],
  address: [
    'addr add 10.0.0.2/24 dev v0 valid_lft 1000 preferred_lft 500',
    'addr change 10.0.0.2/24 dev v0 valid_lft forever preferred_lft forever',
    'addr add 10.9.0.2/24 dev w0',
    ...addWithoutDad('fd00::2'),
    'addr change fd00::2/64 dev v0 valid_lft forever preferred_lft 0',
    'addr del 10.0.0.2/24 dev v0',
    'addr del fd00::2/64 dev v0',
  ],
  // The tests wait for listeners by the lowest 32 groups: rules, which nothing here changes, are in one of them.
  'maddress rule': ['link set w0 down', 'link set w0 up', 'addr add 224.1.2.3/32 dev w0 autojoin'],
  route: [
    'route add 10.5.0.0/16 via 10.0.0.9',
    'route change 10.5.0.0/16 via 10.0.0.8',
    'route replace 10.5.0.0/16 via 10.9.0.8',
    'route add 10.6.0.0/16 nexthop via 10.0.0.9 nexthop via 10.9.0.9',
    'route add blackhole 10.7.0.0/16 table 77',
    'route add fd01::/64 via fd00::9',
    'route append fd01::/64 via fd00::8',
    'route add 10.8.0.0/16 nhid 1',
    'route del 10.6.0.0/16',
    'route del fd01::/64 via fd00::8',
  ],
  neigh: [
    'neigh add 10.0.0.9 lladdr 02:00:00:00:00:01 dev v0',
    'neigh change 10.0.0.9 lladdr 02:00:00:00:00:02 dev v0 nud stale',
    'neigh add 10.9.0.9 lladdr 02:00:00:00:00:03 dev w0',
    'neigh add fd00::9 lladdr 02:00:00:00:00:01 dev v0',
    'neigh add proxy 10.0.0.7 dev v0',
    'neigh del 10.0.0.9 dev v0',
    'neigh del fd00::9 dev v0',
  ],
  netconf: [
    '$ echo 1 >/proc/sys/net/ipv4/conf/v0/rp_filter',
    '$ echo 1 >/proc/sys/net/ipv4/conf/w0/forwarding',
    '$ echo 1 >/proc/sys/net/ipv6/conf/v0/proxy_ndp',
    'link add n0 type ifb',
    'link del n0',
  ],
  rule: [
    'rule add from 1.2.3.4 table 77',
    'rule add iif v0 table 77',
    'rule add from fd00::/8 table 77',
    'rule del from 1.2.3.4 table 77',
    'rule del from fd00::/8 table 77',
  ],
  nsid: [
    'netns add q',
    'netns set q 7',
    'netns del q',
    // The kernel takes down namespaces that end at about the same time in any order.
    until('$ ip netns list-id | grep -c "nsid 7 "', { stdout: /^0$/m }),
    'netns del known',
  ],
  nexthop: [
    'nexthop add id 5 via 10.0.0.3 dev v0',
    'nexthop add id 6 via fd00::3 dev v0',
    'nexthop replace id 5 via 10.9.0.4 dev w0',
    'nexthop add id 7 group 1/5',
    'nexthop add id 8 group 1/5 type resilient buckets 2',
    'nexthop del id 5',
    'nexthop del id 7',
  ],
  'stats rule': ['link set v0 mtu 1300'],
  'acaddress rule': [
    '$ echo 1 >/proc/sys/net/ipv6/conf/v0/forwarding',
    ...addWithoutDad('fd02::1'),
    'addr del fd02::1/64 dev v0',
    '$ echo 0 >/proc/sys/net/ipv6/conf/v0/forwarding',
  ],
  'prefix rule': addWithoutDad('fd00::5'),
};

/** What happens to devices that the others refer to. */
const REMOVALS: readonly string[] = [
  'link set v0 down',
  'link set v0 name u0',
  'link set u0 up',
  'addr add 10.0.0.3/32 dev u0',
  'link del u0',
  'link del w0',
];

const world: readonly Step[] = [
  '$ echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6',
  'link add v0 address 02:00:00:00:aa:01 type ifb',
  'link add w0 address 02:00:00:00:aa:02 type ifb',
  'link set v0 up',
  'link set w0 up',
  '$ echo 1 >/proc/sys/net/ipv6/conf/v0/addr_gen_mode; echo 0 >/proc/sys/net/ipv6/conf/v0/disable_ipv6',
  'addr add 10.0.0.1/24 dev v0',
  'addr add 10.9.0.1/24 dev w0',
  ...addWithoutDad('fd00::1'),
  'nexthop add id 1 via 10.0.0.9 dev v0',
  'netns add known',
  'netns set known 9',
];

function watched(object: string): readonly Step[] {
  const lines = FILTERS.flatMap(([options, words]) =>
    ['', '-j'].map(json => `${json} ${options} monitor ${words.replace('OBJECT', object)}`),
  );
  return [
    ...world,
    ...lines.map((words, at) => start(`watch${at}`, words)),
    ...CHANGES[object]!,
    ...REMOVALS,
    ...lines.map((_, at) => stop(`watch${at}`, 'TERM')),
  ];
}

describe('what ip monitor shows', () => {
  for (const object of Object.keys(CHANGES))
    differential(`of ${object}, with each filter, as text and with -j`, watched(object));

  differential('of next hops that routes use, with details', [
    ...world,
    start('details', '-d -s monitor nexthop route'),
    start('routes', '-d -s monitor route'),
    ...CHANGES['nexthop']!.slice(0, 4),
    'route add 10.20.0.0/16 nhid 7',
    'route add 10.21.0.0/16 nhid 1',
    'nexthop replace id 5 via 10.0.0.4 dev v0',
    'nexthop del id 1',
    stop('details', 'TERM'),
    stop('routes', 'TERM'),
  ]);

  differential('of devices that move to another namespace', [
    '$ echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6',
    start('links', 'monitor link'),
    start('all', 'monitor label link nsid'),
    start('everywhere', 'monitor all-nsid label link nsid'),
    'link add p0 type veth peer name p1',
    'netns add q',
    'link set p1 netns q',
    '-n q link set p1 mtu 1300',
    'netns set q 7',
    'link del p0',
    'netns del q',
    until('$ ip netns list-id | grep -c nsid', { stdout: /^0$/m }),
    ...['links', 'all', 'everywhere'].map(name => stop(name, 'TERM')),
  ]);

  differential('of a namespace without a name next to a file that is none', [
    '$ mkdir -p /run/netns && touch /run/netns/plain',
    'link add p0 type veth peer name p1',
    start('holder', '$ exec /usr/bin/unshare -n sleep 100'),
    until('$ test "$(readlink /proc/$(cat holder.pid)/ns/net)" != "$(readlink /proc/self/ns/net)"'),
    start('all', 'monitor label nsid'),
    start('everywhere', 'monitor all-nsid nsid'),
    // The file is looked at for an id that is new, but not for one that ends.
    '$ ip link set p1 netns $(cat holder.pid)',
    stop('holder', 'KILL'),
    until('$ ip netns list-id | grep -c nsid', { stdout: /^0$/m }),
    ...['all', 'everywhere'].map(name => stop(name, 'TERM')),
  ]);
});
