/** Words of addresses, neighbours, routes, rules and nexthops with values of every type, as in the original. */
import { linkMessages } from '../support/capture/capture.ts';
import { needs } from '../support/requirements.ts';
import { assertSame, linesWith, sweepTimeout } from '../support/sweep.ts';

const ADDRESS = [
  ...[
    'local',
    'peer',
    'remote',
    'broadcast',
    'brd',
    'anycast',
    'scope',
    'dev',
    'label',
    'metric',
    'priority',
  ],
  ...['preference', 'valid_lft', 'preferred_lft', 'proto', 'home', 'nodad', 'optimistic', 'mngtmpaddr'],
  ...['noprefixroute', 'autojoin', 'secondary', 'temporary', 'dadfailed', 'deprecated', 'tentative'],
  ...['permanent', 'stable-privacy', 'nonsense'],
];
const ADDRESS_FILTER = [
  ...['dev', 'to', 'scope', 'label', 'proto', 'up', 'down', 'group', 'master', 'vrf', 'nomaster', 'type'],
  ...['primary', 'dynamic', 'novf', '-secondary', ...ADDRESS],
];
const NEIGHBOUR = [
  ...['to', 'dev', 'lladdr', 'nud', 'proxy', 'router', 'use', 'managed', 'extern_learn', 'extern_valid'],
  ...['protocol', 'nonsense'],
];
const NEIGHBOUR_FILTER = [
  'to',
  'dev',
  'nud',
  'unused',
  'proxy',
  'protocol',
  'master',
  'vrf',
  'nomaster',
  'x',
];
const ROUTE = [
  ...['to', 'src', 'as', 'via', 'from', 'tos', 'dsfield', 'expires', 'metric', 'priority', 'preference'],
  ...['scope', 'mtu', 'hoplimit', 'advmss', 'reordering', 'rtt', 'rttvar', 'window', 'features', 'quickack'],
  ...['congctl', 'rto_min', 'fastopen_no_cookie', 'cwnd', 'initcwnd', 'initrwnd', 'ssthresh', 'realms'],
  ...[
    'onlink',
    'nexthop',
    'nhid',
    'protocol',
    'table',
    'vrf',
    'dev',
    'oif',
    'pref',
    'encap',
    'ttl-propagate',
  ],
  ...['unicast', 'blackhole', 'local', 'lock', 'pervasive', 'nonsense'],
];
const ROUTE_FILTER = [
  ...['table', 'vrf', 'cached', 'cloned', 'tos', 'dsfield', 'metric', 'protocol', 'scope', 'type', 'dev'],
  ...['oif', 'iif', 'mark', 'via', 'src', 'realms', 'from', 'root', 'match', 'exact', 'nonsense'],
];
const ROUTE_GET = [
  ...['tos', 'dsfield', 'iif', 'mark', 'oif', 'dev', 'notify', 'connected', 'vrf', 'uid', 'fibmatch', 'as'],
  ...['from', 'to', 'ipproto', 'sport', 'dport', 'flowlabel', 'nonsense'],
];
const RULE = [
  ...['not', 'from', 'to', 'preference', 'order', 'priority', 'tos', 'dsfield', 'dscp', 'fwmark', 'realms'],
  ...[
    'protocol',
    'tun_id',
    'table',
    'lookup',
    'suppress_prefixlength',
    'suppress_ifgroup',
    'dev',
    'iif',
    'oif',
  ],
  ...['l3mdev', 'uidrange', 'nat', 'map-to', 'ipproto', 'sport', 'dport', 'flowlabel', 'type', 'goto', 'nop'],
  ...['unreachable', 'help', 'nonsense'],
];
const NEXTHOP = [
  ...['id', 'dev', 'via', 'encap', 'blackhole', 'fdb', 'onlink', 'group', 'hw_stats', 'type', 'buckets'],
  ...['idle_timer', 'unbalanced_timer', 'protocol', 'nonsense'],
];

const SWEEPS = {
  'address add': [ADDRESS, 'addr add 10.0.0.1/24 dev eth0', ''],
  'address add of IPv6': [ADDRESS, 'addr add fd00::1/64', 'dev eth0'],
  'address del': [ADDRESS, 'addr del', 'dev eth0'],
  'address show': [ADDRESS_FILTER, 'addr show', ''],
  'address flush': [ADDRESS_FILTER, 'addr flush', ''],
  'neighbour add': [NEIGHBOUR, 'neigh add 10.0.0.1 dev eth0', ''],
  'neighbour replace': [NEIGHBOUR, '-6 neigh replace', 'dev eth0'],
  'neighbour del': [NEIGHBOUR, 'neigh del', 'dev eth0'],
  'neighbour get': [NEIGHBOUR, 'neigh get', 'dev eth0'],
  'neighbour show': [NEIGHBOUR_FILTER, 'neigh show', ''],
  'neighbour flush': [NEIGHBOUR_FILTER, 'neigh flush', ''],
  'route add': [ROUTE, 'route add 10.0.0.0/8 dev eth0', ''],
  'route add of IPv6': [ROUTE, '-6 route add', 'dev eth0'],
  'route del': [ROUTE, 'route del', ''],
  'a hop of route': [ROUTE, 'route add default nexthop', ''],
  'route show': [ROUTE_FILTER, 'route show', ''],
  'route flush': [ROUTE_FILTER, 'route flush', ''],
  'route get': [ROUTE_GET, 'route get 10.0.0.1', ''],
  'rule add': [RULE, 'rule add', ''],
  'rule add of IPv6': [RULE, '-6 rule add from fd00::/8', ''],
  'rule del': [RULE, 'rule del', ''],
  'rule show': [RULE, 'rule show', ''],
  'rule flush': [RULE, 'rule flush', ''],
  'nexthop add': [NEXTHOP, 'nexthop add', 'dev eth0'],
  'nexthop replace': [NEXTHOP, 'nexthop replace id 5', ''],
  'nexthop del': [NEXTHOP, 'nexthop del', ''],
  'nexthop get': [NEXTHOP, 'nexthop get', ''],
  'nexthop show': [[...NEXTHOP, 'groups', 'master', 'vrf'], 'nexthop show', ''],
  'nexthop flush': [[...NEXTHOP, 'groups', 'master', 'vrf'], 'nexthop flush', ''],
  'nexthop bucket': [[...NEXTHOP, 'index', 'nhid', 'master'], 'nexthop bucket show', ''],
  'nexthop bucket get': [[...NEXTHOP, 'index', 'nhid'], 'nexthop bucket get', ''],
} as const;

const LONG = 'x'.repeat(249);

/** Lines that differed once, which the samples of the sweeps may not contain. */
const FOUND = [
  '-6 neigh add any dev eth0',
  '-4 neigh get default dev eth0',
  'neigh add any dev eth0',
  'neigh add 10.0.0.1 dev eth0 nud 17',
  'neigh show nud 255',
  'neigh show nud 64',
  'neigh add proxy help',
  'neigh get to help dev eth0',
  'neigh flush to help',
  'rule add t 5',
  'rule add dscp 08',
  'rule add dscp 3f/07',
  'rule show dscp ef',
  'rule add dscp 1ff',
  `route add 10.0.0.0/8 dev eth0 congctl ${LONG}`,
  `route add 10.0.0.0/8 dev eth0 mtu 5 congctl lock ${LONG} mtu 6`,
  `route add 10.0.0.0/8 dev eth0 congctl ${LONG.slice(1)} mtu 6`,
  `addr add 10.0.0.1/24 dev eth0 label ${LONG} brd +`,
];

describe('values of every type have the same effect as in the original', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  for (const [title, [keywords, before, after]] of Object.entries(SWEEPS)) {
    const lines = linesWith(keywords, before, after);
    it(`after ${title}`, async function () {
      this.timeout(sweepTimeout);
      await assertSame(lines, { replies: linkMessages() });
    });
  }

  it('in lines that differed once', async function () {
    this.timeout(sweepTimeout);
    await assertSame(
      FOUND.map(line => line.split(' ')),
      { replies: linkMessages() },
    );
  });

  it('where a route uses a next hop object that the kernel refuses to report', async () => {
    // 10.0.0.0/8 nhid 77
    const route = Buffer.from(
      `34000000180000000000000000000000 02080000fe030001 00000000 080001000a000000 08001e004d000000 08000f00fe000000`.replaceAll(
        ' ',
        '',
      ),
      'hex',
    );
    const lines = ['-d route', '-o -d route', '-j -d route', 'route'].map(line => line.split(' '));
    await assertSame(lines, { replies: Buffer.concat([linkMessages(), route, route]) });
  });
});
