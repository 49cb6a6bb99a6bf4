/** `-resolve`: hosts by name, where the original looks for one. */
import { differential } from '../../support/twin.ts';

/** Names for addresses of hosts and, to no effect, of a network; an IPv4 address stands for its IPv6 form, too. */
const hosts = `\
127.0.0.1 localhost
10.0.0.1 one
10.0.0.2 two
10.0.0.255 everybody
10.0.0.9 peer
10.9.0.0 network
10.9.0.1 far
fd00::1 sixth
fd00::2 seventh
239.1.1.1 group
0.0.0.0 nobody
`;

const world = [
  'link add v0 type veth peer name v1',
  'link set v0 up',
  'link set v1 up',
  'link set lo up',
  'address add 10.0.0.1/24 brd + dev v0',
  'address add 10.0.0.2 peer 10.0.0.9 dev v1',
  'address add fd00::1/64 dev v0 nodad',
  'route add 10.9.0.1 dev v0',
  'route add 10.9.0.0/24 via 10.0.0.9 dev v1',
  'route add 10.9.1.0/24 via 10.0.0.2 src 10.0.0.1 dev v0',
  'route add 10.8.0.0/24 via inet6 fd00::2 dev v0',
  'route add 10.7.0.0/24 nexthop via 10.0.0.9 dev v1 nexthop via 10.0.0.2 dev v0',
  'route add fd00:8::/64 via fd00::2',
  'neighbour add 10.0.0.2 lladdr 02:00:00:00:00:05 dev v0',
  'neighbour add fd00::2 lladdr 02:00:00:00:00:05 dev v0',
  'neighbour add proxy 10.0.0.9 dev v0',
  'rule add from 10.0.0.1 to 10.0.0.2 table 5',
  'nexthop add id 1 via 10.0.0.9 dev v1',
  'nexthop add id 2 via fd00::2 dev v0',
  'link add x0 type vxlan id 3 local 10.0.0.1 remote 10.0.0.2 dstport 4789',
  'link add x1 type vxlan id 4 group 239.1.1.1 dev v0 dstport 4790',
  'link add x2 type vxlan id 5 local fd00::1 remote fd00::2 dstport 4791',
  'addrlabel add prefix fd00::1 label 5',
];

describe('ip -resolve', () => {
  differential(
    'names hosts',
    [
      ...world,
      ...[
        'address',
        '-br address',
        '-j address',
        'address show to 10.0.0.1',
        'route',
        '-j route',
        '-d route show table all',
        '-6 route',
        'route get 10.9.0.1',
        'route get 10.7.0.1',
        'neighbour',
        '-br neighbour',
        '-j neighbour show proxy dev v0',
        'rule',
        'nexthop',
        '-d link show type vxlan',
        '-j -d link show type vxlan',
        'addrlabel',
        'maddress show dev v0',
      ].map(words => `-r ${words}`),
    ],
    { files: { '/etc/hosts': hosts } },
  );
});
