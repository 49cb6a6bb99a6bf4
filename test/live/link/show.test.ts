/** `ip link show` on the real kernel: every form of output, every filter, every way to name a device. */
import { differential, line } from '../../support/twin.ts';

/** Devices of several kinds and states, some with names, aliases, masters and peers in other namespaces. */
const world = [
  // Counters are equal on both sides if nothing is sent unasked: no IPv6, no reports of the bridge's groups.
  '$ echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6',
  '$ echo 0 >/proc/sys/net/ipv4/igmp_link_local_mcast_reports',
  'netns add a',
  'link add br0 type bridge',
  'link add v0 type veth peer name v1',
  'link add w0 type veth peer name w1 netns a',
  'link add x0 type vxlan id 5 dstport 4789',
  'link add link v1 m0 type macvlan',
  'link add i0 type ifb',
  'link set v0 master br0 group 5 alias "an alias" up',
  'link set v1 up',
  'link set br0 up',
  'link property add dev v0 altname second altname a-name-longer-than-fifteen-bytes',
  'link set m0 addrgenmode none txqueuelen 77 mtu 1400',
];

const forms = [
  '',
  '-d',
  '-s',
  '-s -s',
  '-d -s',
  '-s -h',
  '-s -h -iec',
  '-o',
  '-o -d -s',
  '-br',
  '-br -d -s',
  '-br -o',
  '-N',
  '-c',
  '-c -br',
  '-c -d',
  '-j',
  '-j -p',
  '-j -d -s',
  '-j -p -d -s -s',
  '-j -br',
  '-j -c',
  '-4',
  '-6 -d',
  '-0',
];

const filters = [
  'up',
  'down',
  'up down',
  'group 5',
  'group default',
  'group 5 up',
  'master br0',
  'nomaster',
  'type veth',
  'type bridge_slave',
  'type nonsense',
  'type veth type bridge',
  'novf',
  'master br0 type veth up',
  'v0',
  'dev v0',
  'v0 up',
  'v0 down',
  'v0 type vxlan',
  'v0 group 5',
  'v0 group 6',
  'v0 master br0',
  'v0 nomaster',
  'second',
  'a-name-longer-than-fifteen-bytes',
  'dev second up',
  'scope link',
  'scope all',
  'dynamic',
  '-tentative',
  'proto 3',
  'label v0',
  'w0',
];

const refusals = [
  'nowhere',
  "''",
  'if4',
  'v0 v1',
  'dev v0 dev v1',
  'dev',
  'group',
  'group nonsense',
  'group -1',
  'master',
  'master nowhere',
  'vrf br0',
  'vrf nowhere',
  'type',
  'scope nonsense',
  'to 1.2.3.4',
  'to',
  'proto nonsense',
  'proto kernel_lo',
  'label',
  'up nowhere',
  'help',
  'he',
];

const links = forms.map(options => `${options} link`.trim());
/** Nothing here changes the kernel; without IPv6 no device counts packets by itself. */
const reading = {
  state: false,
  sysctl: { 'net.ipv6.conf.all.disable_ipv6': '1', 'net.ipv6.conf.default.disable_ipv6': '1' },
};

describe('ip link show', () => {
  differential('shows all devices in every form', [...world, ...links], reading);

  differential(
    'shows one device in every form',
    [...world, ...forms.map(options => `${options} link show v0`.trim())],
    reading,
  );

  differential('filters', [...world, ...filters.map(words => `link show ${words}`)], reading);

  differential('filters for programs', [...world, ...filters.map(words => `-j link show ${words}`)], reading);

  differential(
    'leaves no trace of devices of other groups alone',
    [
      ...world,
      ...['group 0 up', 'group 5 up', 'group 5 down', 'group 0 type veth', 'group 7', 'dev v0 group 0'].map(
        words => `-j link show ${words}`,
      ),
    ],
    reading,
  );

  differential(
    'refuses what makes no sense',
    [...world, ...refusals.flatMap(words => [`link show ${words}`, `-j link show ${words}`])],
    reading,
  );

  differential(
    'is called by many names',
    [
      ...world,
      'link sh v0',
      'link lst v0',
      'link list v0',
      'link ls v0',
      'link l v0',
      'l',
      'l l',
      'li sh v0',
      'link s v0',
      'link nonsense',
      ['link', ''],
    ],
    reading,
  );

  differential(
    'shows names of peers, lower devices and namespaces as they are known',
    [
      ...world,
      'link show m0',
      '-j link show m0',
      '-n a link',
      '-n a -j link',
      'netns set a 17',
      'link show w0',
      '-d -j link show w0',
      '$ mv /run/netns/a /run/netns/b && ip link show w0',
      '$ umount -l /run/netns/b && rm /run/netns/b && ip link show w0 && ip -d link show w0',
    ],
    reading,
  );

  differential(
    'shows names of any bytes',
    [
      ['link', 'add', 'n\udcff\udc80', 'type', 'bridge'],
      ['link', 'add', 'näme', 'type', 'bridge'],
      ['link', 'add', 'a"b\\c', 'type', 'bridge'],
      ['link', 'set', 'näme', 'alias', 'q"uo\\te\udcff'],
      'link',
      '-j link',
      '-br link',
      ['link', 'show', 'n\udcff\udc80'],
      ['-j', 'link', 'show', 'n\udcff\udc80'],
    ],
    reading,
  );

  differential('shows many devices in order', [
    line('-batch -', {
      stdin: Array.from({ length: 300 }, (_, at) => `link add a${at} type veth peer name b${at}\n`).join(''),
    }),
    'link',
    '-br link show type veth',
    '-j -d -s link',
  ]);

  differential(
    'counts what crosses a pair',
    [
      'netns add a',
      'link add v0 type veth peer name v1 netns a',
      '$ ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1',
      'link set v0 up',
      '-n a link set v1 up',
      'addr add 10.0.0.1/24 dev v0',
      '-n a addr add 10.0.0.2/24 dev v1',
      '$ ping -c 3 -i 0.2 -q 10.0.0.2 >/dev/null',
      '-s link show v0',
      '-s -s link show v0',
      '-j -s -s link show v0',
    ],
    { ...reading, needs: ['ping'] },
  );
});
