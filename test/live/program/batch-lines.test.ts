/**
 * Lines of a batch after other lines about the same object: some commands of the original keep what an earlier line has
 * selected in static variables, and some exit where others return.
 */
import { quote } from '../../support/sandbox.ts';
import { differential, line, type Mask } from '../../support/twin.ts';

const WORLD = [
  'link add br0 address 02:00:00:00:00:b0 type bridge',
  'link add d0 address 02:00:00:00:00:d0 type veth peer name d1 address 02:00:00:00:00:d1',
  'link set d0 master br0',
  'link set d1 group 5',
  ...['d0', 'd1', 'br0'].map(device => `link set ${device} up`),
  'addr add 10.0.0.1/24 dev d1',
  'route add 10.7.0.0/16 via 10.0.0.9 proto static metric 7',
  'route add table 7 unreachable 10.8.0.0/16',
  'neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev d1',
  'neigh add proxy 10.0.0.7 dev d1',
  'rule add pref 7 from 10.0.0.0/8 lookup 7',
  'nexthop add id 5 via 10.0.0.9 dev d1 proto static',
  'nexthop add id 6 group 5',
  'nexthop add id 7 group 5 type resilient buckets 4',
  'netns add x',
  'netns set x 5',
  'tuntap add t0 mode tap',
  'mptcp endpoint add 10.0.0.1 id 5',
  'xfrm policy add src 10.0.0.0/8 dst 10.0.0.0/8 dir in',
];

/** Lines that may leave something to each other. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  maddress: ['maddress', 'maddress show dev d0', 'maddress show nope'],
  'maddress changes': [
    'maddress',
    'maddress add 33:33:00:00:00:77 dev d0',
    'maddress del 33:33:00:00:00:77 dev d0',
    'maddress add 33:33:00:00:00:77 dev nope',
    'maddress add 33:33 dev d0',
    'maddress add nonsense dev d0',
    'maddress add 33:33:00:00:00:77',
  ],
  xstats: [
    'link xstats type bridge',
    'link xstats type bridge igmp',
    'link xstats type bridge stp',
    'link xstats type bridge dev br0',
    'link xstats type bridge_slave',
    'link xstats type bridge_slave dev d0',
    'link xstats type bond lacp',
    'link xstats type bond dev br0',
    'link afstats dev d0',
    'link afstats',
  ],
  link: [
    'link show dev d0',
    'link show up',
    'link show type veth',
    'link show master br0',
    'link show group 5',
    'link',
  ],
  address: ['addr show dev d1', 'addr show up', 'addr show to 10.0.0.0/8', 'addr show scope link', 'addr'],
  'links and addresses': [
    'link show dev d1',
    'addr',
    'addr show dev d1',
    'addr show up',
    'addr show dev d1 to 10.0.0.0/8',
    'addr show dev d1 label d1',
    'addr show dev d1 group 5',
    'addr show dev d1 type bridge',
    'addr show scope link',
    'addr show master br0',
  ],
  neighbour: [
    'neigh show dev d1',
    'neigh show nud permanent',
    'neigh show proxy',
    'neigh show to 10.0.0.9',
    'neigh',
  ],
  route: [
    'route show table all',
    'route show dev d1',
    'route show proto static',
    'route show to root 10.0.0.0/8',
    'route show table 7',
    'route show type unreachable',
    'route get 10.0.0.9',
    'route',
  ],
  rule: ['rule show pref 7', 'rule show lookup 7', 'rule show from 10.0.0.0/8', 'rule'],
  'next hop': [
    'nexthop show id 5',
    'nexthop show dev d0',
    'nexthop show groups',
    'nexthop show fdb',
    'nexthop show proto kernel',
    'nexthop bucket',
    'nexthop bucket show id 5',
    'nexthop bucket show nhid 5',
    'nexthop bucket show dev d1',
    'nexthop get id 5',
    'nexthop',
  ],
  counters: ['stats show dev lo group link', 'stats show group offload', 'stats show dev lo'],
  others: [
    'ntable show dev d0',
    'netconf show dev d0',
    'tunnel show d0',
    'tuntap show',
    'mroute show iif d0',
    'mrule show pref 32767',
    'netns list-id nsid 5',
    'vrf show',
    'mptcp endpoint show id 7',
    'xfrm policy list dir out',
    'token list',
  ],
};

const UNLIKE: readonly Mask[] = [
  { pattern: /\breachable"?[: ]\d+/, because: 'the kernel draws how long' },
  { pattern: /\bidle_time"?[: ][\d.]+/, because: 'it is counted from the first run on' },
  { pattern: /\bindex \d+/, because: 'the kernel counts the policies of all namespaces together' },
  { pattern: /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, because: 'the second in which it was made' },
];

/** Each line of some object before the others, and of others each twice and before its object alone. */
function batches(name: string, lines: readonly string[]): (readonly string[])[] {
  if (name === 'others') return lines.map(one => [one, one, one.split(' ')[0]!]);
  return lines.map((one, at) => [one, ...lines.slice(at), ...lines.slice(0, at)]);
}

const RUN = `run() {
  printf '%s\n' "$@" >/run/lines
  echo "$1"
  for option in '' -o -j -br; do ip $option -force -batch /run/lines 2>&1; echo "[$?]"; done
}`;

describe('lines of a batch after others', () => {
  for (const [name, lines] of Object.entries(LINES)) {
    const runs = batches(name, lines).map(batch => `run ${batch.map(quote).join(' ')}`);
    const script = `$ ${[RUN, ...runs].join('\n')}`;
    differential(`about ${name}`, [...WORLD, line(script, { mask: UNLIKE, timeoutMs: 120_000 })]);
  }
});
