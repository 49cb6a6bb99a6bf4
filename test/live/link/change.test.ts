/** `ip link add`, `set`, `delete` and `property` on the real kernel: what they do, and how they refuse. */
import { differential, line } from '../../support/twin.ts';

const pair = 'link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02';
const world = [pair, 'link add br0 address 02:00:00:00:00:03 type bridge', 'netns add a', 'netns add b'];
const show = '-d link';
const long = (length: number) => 'a'.repeat(length);

/** One call that runs many lines and goes on after those that fail. */
const batchOf = (lines: readonly string[]) => line('-force -batch -', { stdin: `${lines.join('\n')}\n` });

describe('ip link add', () => {
  differential('makes pairs named by both, one or none', [
    'link add type veth',
    'link add type veth',
    'link add foo type veth',
    'link add v0 type veth peer name v1',
    'link add v2 type veth peer v3',
    'link add name v4 type veth peer name v5 mtu 1300 txqueuelen 7 alias other index 500 group 9 down',
    'link add v6 up mtu 1400 txqueuelen 8 alias one index 600 numtxqueues 3 numrxqueues 2 group 8 type veth peer',
    'link add v7 address 02:00:00:00:00:07 type veth peer address 02:00:00:00:00:08 name v8 numtxqueues 4',
    show,
    '-j link',
  ]);

  differential('refuses pairs that make no sense', [
    ...world,
    'link add v0 type veth peer name v9',
    'link add v9 type veth peer name v0',
    'link add v9 type veth peer name v9',
    'link add v9 type veth peer up',
    'link add v9 type veth peer name a/b',
    'link add v9 type veth peer index 1',
    'link add v9 type veth peer name v8 type veth',
    'link add v9 type veth pear',
    'link add v9 mtu 3 type veth',
    'link add v9 mtu 65536 type veth',
    'link add v9 address 01:00:00:00:00:00 type veth',
    'link add v9 address 02:00 type veth',
    'link add v9 index 1 type veth',
    'link add v9 index 2147483648 type veth',
    'link add v9 numtxqueues 0 type veth',
    'link add v9 numtxqueues 5000 type veth',
    'link add v9 type wombat',
    'link add a%d type bridge',
    'link add a/b type bridge',
    "link add 'a b' type bridge",
    'link add a:b type bridge',
    'link add .. type bridge',
    `link add ${long(15)} type bridge`,
    `link add ${long(16)} type bridge`,
    `link add ${long(127)} type bridge`,
    `link add ${long(128)} type bridge`,
    `link add name ${long(16)} type bridge`,
    'link add br type bridge',
    'link add l type bridge',
    'link add n type bridge',
    'link add m type bridge',
    show,
  ]);

  differential('puts pairs into namespaces', [
    ...world,
    'link add a0 netns a type veth peer name b0 netns b',
    'link add a1 netns a type veth peer name a2',
    'link add a3 type veth peer name a4 netns /run/netns/a',
    'link add a5 netns $$ type veth',
    'link add a6 netns nowhere type veth',
    'link add v0 netns b type bridge',
    'link add v0 netns b index 77 up mtu 1400 type veth peer name v77',
    '-n a -d link',
    '-n b -d link',
    show,
    'netns',
  ]);

  differential('puts devices above those of other namespaces', [
    ...world,
    '-n a link add low type veth peer name other',
    'link add m0 link low link-netns a type macvlan',
    'link add link low m1 link-netns /run/netns/a type macvlan mode bridge',
    'netns set b 7',
    'link add m2 link lo link-netns b type macvlan',
    'link add m3 link low link-netnsid 7 type macvlan',
    'link add m4 link low link-netnsid 99 type macvlan',
    'link add m5 link low link-netns a netns b type macvlan',
    'link add m6 link nowhere link-netns a type macvlan',
    'link add m7 link nowhere type macvlan',
    'link add m8 link v0 netns a type macvlan',
    'link add br9 link-netns a type bridge',
    show,
    '-j link',
    '-n a -d link',
    '-n b -d link',
    'netns list-id',
  ]);

  differential('replaces', [
    ...world,
    'link replace br0 mtu 1400 type bridge',
    'link replace br1 type bridge',
    'link replace br1 type bridge stp_state 1',
    'link replace v0 type veth',
    'link replace v0 mtu 1300',
    show,
  ]);
});

describe('ip link set', () => {
  differential('changes what a device has', [
    ...world,
    'link set v0 up',
    'link set v0 down',
    'link set v0 up down',
    'link set v0 down up',
    'link set dev v0 mtu 1400 txqueuelen 55 alias "several words" group 77',
    'link set v0 arp off multicast off allmulticast on promisc on dynamic on trailers off',
    'link set v0 address 2:0:0:0:0:f brd ff:ff:ff:ff:ff:fe',
    'link show v0',
    'link set v0 arp on multicast on allmulticast off promisc off dynamic off trailers on',
    'link set v0 mode dormant state dormant',
    'link set v1 addrgenmode none',
    'link set v1 addrgenmode random',
    'link set v1 addrgenmode eui64',
    'link set v1 inet forwarding on rp_filter 2 arp_ignore 3',
    '$ cat /proc/sys/net/ipv4/conf/v1/{forwarding,rp_filter,arp_ignore}',
    'link set v1 inet forwarding off inet proxy_arp on',
    '$ cat /proc/sys/net/ipv4/conf/v1/{forwarding,proxy_arp}',
    'link set v1 inet forwarding on addrgenmode none',
    '$ cat /proc/sys/net/ipv4/conf/v1/forwarding',
    'link set v0 gso_max_size 60000 gso_max_segs 50 gro_max_size 50000 gso_ipv4_max_size 40000 gro_ipv4_max_size 30000',
    'link set v0 master br0',
    'link set v0 nomaster master br0',
    'link set v0 master br0 nomaster',
    'link set v0 vrf br0',
    'link set v0 alias ""',
    `link set v0 alias ${long(255)}`,
    'link set v0 name w0 mtu 1200',
    'link set w0 down name w0',
    'link set name w0 up',
    'link set w0 xdp off',
    show,
    'link set group 77 down mtu 1111',
    'link set group default up',
    show,
  ]);

  differential('moves devices between namespaces', [
    ...world,
    'link set v0 netns a',
    '-n a link set v0 netns /run/netns/b name moved mtu 1400',
    '-n b link',
    'link set v1 netns a index 333',
    '-n a link',
    '-n b link set moved netns $$',
    '-n b link set moved netns a',
    'link add v0 type veth',
    '-n a link add v0 type veth',
    'link set v0 netns a',
    'link set v0 netns a name v5',
    'link set br0 netns a',
    'link set lo netns a',
    'link set v5 netns nowhere',
    'link set v5 netns ../a',
    'link set v5 netns 99999999',
    '-n a -d link',
    show,
  ]);

  differential('refuses what makes no sense', [
    ...world,
    ...[
      'v0 mtu 3',
      'v0 mtu 70000',
      'v0 carrier off',
      'v0 protodown on',
      'v0 protodown_reason 3 on',
      'v0 vf 0 mac 02:00:00:00:00:09',
      'v0 vf 0 mac 02:00',
      'v0 vf 0 trust on',
      'v0 address 02:00:00:00:00',
      'v0 address 01:00:00:00:00:00',
      'address 02:00 dev v0',
      'v0 name br0',
      'v0 name v0',
      'v0 index 5',
      'v0 link br0',
      'v0 master v0',
      'v0 master nowhere',
      'br0 master br0',
      'v0 type bridge stp_state 1',
      'v0 type bridge_slave cost 5',
      'v0 type veth peer name v1',
      'v0 type wombat',
      'v0 type wombat x',
      'v0 numtxqueues 4',
      'nowhere up',
      'if2 up',
      'if99 up',
      'v0 xdpoffload off',
      'group 12345 up',
      'v0 parentdev x',
      'v0 gso_max_size 4294967295',
      'v0 gso_max_segs 100000',
      'v0 txqueuelen -1',
      'v0 mtu -1',
    ].map(words => `link set ${words}`),
    show,
  ]);

  differential('finds devices by alternative names', [
    ...world,
    'link property add dev v0 altname second altname third',
    `link property add v0 altname ${long(127)}`,
    'link property add dev v0 altname second',
    'link property add dev v0 altname v1',
    'link property add dev second altname fourth',
    'link set second mtu 1400',
    `link set ${long(127)} up`,
    'link show fourth',
    'link set v1 name second',
    'link property del dev third altname second',
    'link property del dev v0 altname nowhere',
    'link property del dev v0',
    'link property add dev v0',
    'link property delete dev v0 altname third',
    'link property',
    'link property add',
    'link property add altname x',
    'link property add dev nowhere altname x',
    "link property add dev v0 altname ''",
    `link property add dev v0 altname ${long(128)}`,
    '-echo link property add dev v0 altname fifth',
    show,
    '-j link show v0',
    'link del fourth',
    show,
  ]);

  differential('says what the kernel reports', [
    ...world,
    '-echo link add e0 type bridge',
    '-echo -d link add e1 type bridge',
    '-echo -j link add e2 type bridge',
    '-echo -br link add e3 type bridge',
    '-echo -br -j link add e4 type bridge',
    '-echo -o link add e5 type veth',
    '-echo -s -c link add e6 type bridge',
    '-echo link set v0 up',
    '-echo -j link set v0 down',
    '-echo link del e0',
    '-echo -j link del v0',
    '-echo link set nowhere up',
  ]);

  differential(
    'attaches pinned programs and detaches them',
    [
      pair,
      '$ mkdir /run/bpf && mount -t bpf none /run/bpf',
      'link set v0 xdp pinned /run/bpf/nowhere',
      'link set v0 xdpgeneric pinned /nowhere',
      'link set v0 xdp off',
      'link set v0 xdp off up',
      'link set v0 xdp',
      'link set v0 xdp nonsense',
      '-force link set v0 xdpdrv off',
      show,
    ],
    { needs: ['root'] },
  );
});

describe('ip link delete', () => {
  differential('asks the family that was named', [
    'link add v0 type veth peer name v1',
    ...['-4', '-6', '-0', '-M', '-B', '-f bridge'].flatMap(family => [
      `${family} link add w0 type veth peer name w1`,
      `${family} link set w0 mtu 1400`,
      `${family} link property add dev w0 altname other`,
      `${family} link delete w0`,
      'link delete w0',
    ]),
  ]);

  differential('deletes one device or a group', [
    ...world,
    'link add d0 group 5 type bridge',
    'link add d1 group 5 type bridge',
    'link add d2 type bridge',
    'link del d2',
    'link del group 5',
    'link del group 5',
    'link delete dev v1 type veth',
    'link del br0 type wombat',
    'link del br0',
    'link del lo',
    'link del',
    'link del nowhere',
    'link del group nonsense',
    'link del br0 br1',
    show,
  ]);
});

describe('ip link in a batch', () => {
  differential('goes on after failures, and ends at nonsense', [
    batchOf([pair, 'link set v0 mtu 1400', 'link set nowhere up', 'link set v0 up', '-d link show v0']),
    batchOf(['link set v0 mtu 1300', 'link set v0 mtu x', 'link set v0 mtu 1200']),
    batchOf(['link set v0 name w0', 'link set w0 down', 'link show w0', 'link set v0 up', 'link show v1']),
    batchOf(['link show v1', 'link set w0 up', 'link set v1 up', 'link show v1', 'link show w0']),
    show,
  ]);
});
