/** The walk through namespaces, veth pairs, bridges, addresses, routes and nsenter that every user makes. */
import { differential, line, type Mask, type Step, start, stop, until } from '../../support/twin.ts';

const pingTimes: readonly Mask[] = [
  { pattern: /time=[\d.]+ ms/, because: 'it measures' },
  { pattern: /time \d+ms|= [\d./]+ ms/, because: 'it measures' },
];

const ping = (words: string) => line(`$ ${words}`, { mask: pingTimes });

/** Two named namespaces joined by a pair of devices with addresses. */
const joined: readonly Step[] = [
  'netns add ns_0',
  'netns add ns_1',
  'link add veth_0 type veth peer name veth_1',
  'link set veth_0 netns ns_0',
  'link set veth_1 netns ns_1',
  'netns exec ns_0 ip link set veth_0 up',
  'netns exec ns_0 ip addr add 10.1.1.1/24 dev veth_0',
  '-n ns_1 link set veth_1 up',
  '-n ns_1 addr add 10.1.1.2/24 dev veth_1',
];

/** A process in its own namespaces, made by this machine's unshare: `target.pid`, and its child `inner.pid`. */
const target: readonly Step[] = [
  start(
    'target',
    "$ exec /usr/bin/unshare -n -u -i -m -C -T -p --fork --mount-proc bash -c 'hostname inside; sleep 1000'",
  ),
  until(
    '$ for p in /proc/[0-9]*; do read -r pid _ _ up _ <$p/stat; [ $up = $(<target.pid) ] && echo $pid; done >inner.pid; [ $(/usr/bin/nsenter -t $(<inner.pid) -u hostname) = inside ]',
  ),
];

describe('the walk-through', () => {
  differential('named namespaces are made, listed and found', [
    'netns',
    'netns ls',
    '-j netns list',
    'netns add ns_0',
    'netns add ns_1',
    'netns list',
    'netns',
    'net ls',
    '-j netns',
    '-j -p netns',
    'netns add ns_0',
    '$ ls -l /run/netns | wc -l',
    'netns identify',
    'netns pids ns_0',
    'netns del ns_0',
    'netns del ns_0',
    'netns list',
    '-all netns delete',
    'netns',
  ]);

  differential(
    'commands run in a namespace',
    [
      'netns add ns_0',
      'netns exec ns_0 ip addr',
      'netns exec ns_0 ls /sys/class/net',
      "netns exec ns_0 bash -c 'ls /sys/class/net; echo $0 $#' one two",
      ping('ip netns exec ns_0 ping -c1 127.0.0.1'),
      'netns exec ns_0 ip link set lo up',
      ping('ip netns exec ns_0 ping -c1 127.0.0.1'),
      'netns exec ns_0 ip addr',
      'netns exec ns_0 cat /etc/hosts',
      'netns exec ns_0 ip netns identify',
      "netns exec ns_0 bash -c 'exit 7'",
      "netns exec ns_0 bash -c 'kill -TERM $$'",
      'netns exec ns_0 /nonexistent',
      'netns exec ns_0 /etc/passwd',
      'netns exec ns_0',
      'netns exec',
      'netns exec ns_9 true',
      line('netns exec ns_0 cat', { stdin: 'through\n' }),
      line('$ ip netns exec ns_0 env -u TSIP_RUN | sort', { env: { EXTRA: 'kept' } }),
      '$ ip netns exec ns_0 pwd',
      '$ ip netns exec ns_0 cat /proc/self/mountinfo | grep -c " /sys "',
    ],
    { needs: ['ping'], files: { '/etc/netns/ns_0/hosts': '192.0.2.1 only-there\n' } },
  );

  differential(
    'two namespaces reach each other through a pair',
    [
      ...joined,
      'link ls type veth',
      'netns',
      'netns exec ns_0 ip addr',
      'netns exec ns_0 ip route',
      '-n ns_0 -d addr',
      '-n ns_1 -j -p addr',
      '-n ns_1 route',
      '-n ns_1 -6 route',
      ping('ip netns exec ns_0 ping -c1 10.1.1.2'),
      'netns exec ns_0 ip -n ns_1 addr',
      "netns exec ns_0 bash -c 'ip -br a; ip netns exec ns_1 ip -br a'",
      'netns exec ns_0 ip netns exec ns_1 ip link del veth_1',
      '-n ns_0 link',
      '-all netns delete',
      'netns',
    ],
    { needs: ['ping'] },
  );

  differential('pairs are made, shown, moved and deleted', [
    'link add veth_0 type veth peer name veth_1',
    'link ls type veth',
    'link add type veth',
    'link add type veth',
    'link add type veth',
    'link',
    '-br l',
    'netns add net0',
    'link set dev veth1 netns net0',
    'netns exec net0 ip link set dev veth1 name eth0',
    'link del veth_0',
    'link del veth_0',
    'link',
    '-n net0 link del eth0',
    'link',
    'netns del net0',
  ]);

  differential('a bridge joins a namespace to this one', [
    'link add br0 type bridge',
    'link set dev br0 up',
    'link add type veth',
    'netns add net0',
    'link set dev veth1 netns net0',
    'netns exec net0 ip link set dev veth1 name eth0',
    'link set dev veth0 master br0',
    'link set dev veth0 up',
    'addr add 10.0.1.1/24 dev eth0',
    '-n net0 addr add 10.0.1.1/24 dev eth0',
    '-n net0 link set eth0 up',
    'addr add 10.0.1.254/24 dev br0',
    'link list',
    '-d link list',
    'addr list br0',
    'route list',
    '-n net0 route add default via 10.0.1.254',
    '-n net0 route',
    'route add default via 10.0.1.1',
    'r',
    '-j r',
    'addr del 10.0.1.254/24 dev br0',
    'addr del 10.0.1.254/24 dev br0',
    'route list',
    'link set veth0 nomaster',
    'link del br0',
    'netns exec net0 ip link del eth0',
    'link',
  ]);

  const shows = [
    'link',
    'addr',
    'route',
    '-6 route',
    'route show table all',
    'link show veth_0',
    'addr show dev veth_0',
  ];
  const views = [
    '',
    '-o',
    '-d',
    '-br',
    '-j',
    '-j -p',
    '-j -d',
    '-N',
    '-c=always',
    '-4',
    '-6',
    '-o -d',
    '-br -j',
    '-d -o -c=always',
  ];
  differential('everything is shown in every form', [
    ...joined,
    'link add veth_0 type veth peer name veth_2',
    'link set veth_0 up',
    // What the link watcher has not yet looked at then makes the order of the routes that the kernel adds below.
    until('$ cat /sys/class/net/veth_0/operstate', { stdout: /^lowerlayerdown$/m }),
    'link set veth_2 up alias "the other end"',
    'addr add 192.0.2.1/32 peer 192.0.2.2 dev veth_0',
    'addr add 2001:db8::1/64 dev veth_0',
    'link add br0 type bridge',
    'link set veth_2 master br0',
    ...views.flatMap(view => shows.map(show => `${view} ${show}`)),
    ...views.map(view => `${view} -n ns_0 addr`),
    '-s link show lo',
    '-s -s link show lo',
    '-s -j -p link show lo',
    '-h -s link show lo',
    '-iec -s -s addr show lo',
  ]);

  differential('objects and commands are abbreviated', [
    'link add v0 type veth peer name v1',
    'a',
    'l',
    'r',
    'net ls',
    'net',
    '-br a',
    'l sh v0',
    'l l v0',
    'l s v0',
    'l s v0 up',
    'l se v0 down',
    'a a 10.0.0.1/8 dev v0',
    'a s v0',
    'a sh v0',
    'a d 10.0.0.1/8 dev v0',
    'l set v0 up',
    'ro a 10.1.0.0/16 dev v0',
    'ro',
    'rou l',
    'route d 10.1.0.0/16',
    'l d v0',
    'l',
    'li',
    'linkx',
    'l xx',
    'a xx',
    'r xx',
    'net xx',
  ]);

  differential('nsenter enters the namespaces of a process', [
    ...target,
    '$ nsenter -t $(<target.pid) -n ls /proc/net',
    line('$ nsenter -t $(<target.pid) -n /bin/bash', { stdin: 'ip link; hostname; exit 3\n' }),
    line('$ nsenter --target $(<inner.pid) --mount --uts --ipc --net --pid /bin/bash', {
      stdin: 'hostname; echo $$; ls /proc/net | head -n 3; ip link; kill -TERM $$\n',
    }),
    line('$ nsenter -t $(<target.pid) -n', { stdin: 'echo $0 $-; ip link\n' }),
    line('$ nsenter -t $(<target.pid) -n', { stdin: 'echo $0', env: { SHELL: '/bin/bash' } }),
    '$ nsenter -a -t $(<inner.pid) hostname',
    "$ nsenter -a -t $(<inner.pid) bash -c 'hostname; readlink /proc/self/ns/pid | sed s/[0-9].*//'",
    '$ nsenter -t $(<inner.pid) -C -U -T true',
    '$ nsenter -t $(<inner.pid) -C readlink /proc/self/ns/cgroup',
    '$ nsenter -t $(<inner.pid) -T readlink /proc/self/ns/time',
    '$ nsenter -t $(<inner.pid) -u hostname',
    '$ nsenter -t $(<target.pid) -n /nonexistent',
    '$ nsenter -t $(<target.pid) -n /etc/passwd',
    '$ nsenter -t $(<target.pid) true',
    '$ nsenter -t 999999 -n true',
    '$ nsenter -t 0 -n true',
    '$ nsenter -n true',
    '$ nsenter -t x -n true',
    '$ nsenter',
    stop('target', 'KILL'),
  ]);

  differential('nsenter enters a namespace by its file', [
    ...joined,
    '$ nsenter --net=/run/netns/ns_0 ip addr',
    '$ nsenter -n/run/netns/ns_1 ip -br a',
    '$ nsenter --net=/run/netns/ns_0 nsenter --net=/run/netns/ns_1 ip route',
    "$ nsenter --net=/run/netns/ns_0 bash -c 'ip route; exit 5'",
    '$ nsenter --net=/run/netns/ns_9 true',
    '$ nsenter --net=/etc/passwd true',
    '$ nsenter --net=/run/netns/ns_0 ls /sys/class/net',
  ]);
});
