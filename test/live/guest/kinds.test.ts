/**
 * Kinds of devices that this machine's kernel lacks, in one that has them (support/guest): made, changed, refused and
 * shown, compared with the original. With TSIP_GUEST=1 only: it takes minutes.
 */
import { Worlds } from '../../support/guest/worlds.ts';

/** Lines of a batch by kind, none of which ends it. `d0` and `d1` are dummies, `v0` and `v1` a pair. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  dummy: ['link add x type dummy', 'link set x up mtu 1400', 'link show type dummy'],
  vlan: [
    'link add link v0 name x type vlan id 7 gvrp on egress-qos-map 1:2 3:4 ingress-qos-map 5:6',
    'link add link v0 name y type vlan id 8 protocol 802.1ad reorder_hdr off',
    'link set x type vlan loose_binding on egress-qos-map 1:0',
    'link set v0 down',
    'link add link v0 name z type vlan id 7',
    'link add link v0 name z type vlan',
    'link add link v0 name z type vlan id 4095',
    'link add name z type vlan id 9',
  ],
  bond: [
    'link add x type bond mode active-backup miimon 100 primary_reselect better fail_over_mac active',
    'link set d0 master x',
    'link set d1 master x type bond_slave prio 5',
    'link set x up',
    'link set x type bond active_slave d1',
    'link set x type bond primary d0',
    'link set d0 type bond_slave queue_id 3',
    'link show master x',
    'link show type bond_slave',
    'link set x type bond mode 802.3ad',
    'link set d0 nomaster',
    'link set d1 nomaster down',
    'link set x down type bond mode 802.3ad lacp_rate fast ad_select bandwidth ad_actor_system 02:00:00:00:00:07',
    'link show x',
    'link set d0 down',
    'link set d0 master x',
    'link xstats type bond',
    'link xstats type bond dev x',
    'link xstats type bond_slave dev d0',
    'link set d0 nomaster',
    'link set x type bond arp_ip_target 10.0.0.1,10.0.0.2 arp_interval 100',
    'link add y type bond arp_ip_target 10.0.0.1,10.0.0.2 arp_interval 100 arp_validate all',
    'link show y',
    'link set y type bond arp_ip_target',
    'link show y',
    'link add z type bond xmit_hash_policy encap3+4 tlb_dynamic_lb 0 mode balance-tlb',
    'link show z',
  ],
  team: ['link add x type team', 'link set d0 master x', 'link show d0'],
  vrf: [
    'link add x type vrf table 10',
    'link add y type vrf',
    'link set d0 master x',
    'link set d1 vrf x',
    'link show vrf x',
    'link show type vrf_slave',
    'link set x type vrf table 11',
  ],
  ipvlan: [
    'link add link d0 name x type ipvlan mode l2 private',
    'link add link d0 name y type ipvlan mode l3s',
    'link set x type ipvlan mode l3 bridge',
    'link show type ipvlan',
  ],
  ipvtap: ['link add link d0 name x type ipvtap mode l2 vepa'],
  macsec: [
    'link add link d0 name x type macsec port 7 encrypt on cipher gcm-aes-256 icvlen 16',
    'link set x type macsec replay on window 5 validate check',
    'link set x type macsec send_sci off end_station on',
    'link show x',
    'link add link d0 name x2 type macsec sci 0102030405060708',
    'link show x2',
  ],
  geneve: [
    'link add x type geneve id 7 remote 10.0.0.2 ttl 5 tos 8 df set',
    'link add y type geneve id 8 remote 2001:db8::2 udp6zerocsumrx flowlabel 5',
    'link add z type geneve external dstport 6082',
    'link show z',
    'link set x type geneve ttl inherit tos inherit',
    'link show x',
    'link add w type geneve id 7 remote 10.0.0.2',
    'link set x type geneve external',
  ],
  gtp: ['link add x type gtp role sgsn hsize 7'],
  gre: [
    'link add x type gre remote 10.0.0.2 local 10.0.0.1 ttl 9 tos inherit key 7',
    'link add y type gre remote 10.0.0.3 ikey 1.2.3.4 okey 5 icsum oseq dev v0 nopmtudisc ignore-df',
    'link set x type gre key 8 ttl inherit',
    'link show x',
    'link set y type gre remote 10.0.0.4 nokey noseq nocsum',
    'link show y',
    'link add z type gre remote 10.0.0.2 local 10.0.0.1 key 8',
    'link add z type gre external',
    'link show z',
    'link show type gre',
  ],
  gretap: [
    'link add x type gretap remote 10.0.0.2 encap gue encap-sport auto encap-dport 5555 encap-csum',
    'link set x type gretap noencap ttl 7',
    'link show x',
  ],
  erspan: [
    'link add x type erspan seq key 7 local 10.0.0.1 remote 10.0.0.2 erspan_ver 1 erspan 123',
    'link add y type erspan seq key 8 local 10.0.0.1 remote 10.0.0.2 erspan_ver 2 erspan_dir egress erspan_hwid 17',
    'link set x type erspan erspan 5',
    'link show x',
  ],
  ip6gre: [
    'link add x type ip6gre remote 2001:db8::2 local 2001:db8::1 hoplimit 9 tclass inherit key 7',
    'link set x type ip6gre encaplimit none flowlabel 0x12 seq',
    'link show x',
  ],
  ip6gretap: ['link add x type ip6gretap remote 2001:db8::2 dscp inherit'],
  ip6erspan: ['link add x type ip6erspan remote 2001:db8::2 seq key 5 erspan_ver 1 erspan 7'],
  ipip: [
    'link add x type ipip remote 10.0.0.2 local 10.0.0.1 mode any fwmark 7',
    'link set x type ipip ttl 7 mode ipip',
    'link show x',
    'link add y type ipip external',
    'link show y',
  ],
  sit: [
    'link add x type sit remote 10.0.0.2 local 10.0.0.1 isatap',
    'link add y type sit local 10.0.0.9 6rd-prefix 2001:db8::/32 6rd-relay_prefix 10.0.0.0/8',
    'link show y',
    'link show y',
    'link set x type sit ttl 64 tos 4 mode any',
    'link show x',
  ],
  ip6tnl: [
    'link add x type ip6tnl remote 2001:db8::2 local 2001:db8::1 mode any allow-localremote',
    'link set x type ip6tnl mode ipip6 hoplimit 5 encaplimit 3 flowlabel inherit',
    'link show x',
  ],
  vti: [
    'link add x type vti remote 10.0.0.2 local 10.0.0.1 key 7',
    'link set x type vti ikey 3 okey 4 fwmark 5',
    'link show x',
  ],
  vti6: ['link add x type vti6 remote 2001:db8::2 local 2001:db8::1 ikey 7 okey 8'],
  vcan: ['link add x type vcan', 'link set x up mtu 72'],
  vxcan: ['link add x type vxcan peer name y mtu 72'],
  wireguard: ['link add x type wireguard', 'link set x up mtu 1380', 'link show x'],
  xfrm: [
    'link add x type xfrm dev d0 if_id 5',
    'link add y type xfrm if_id 0x10',
    'link add z type xfrm external',
    'link set x type xfrm if_id 6',
    'link show x',
  ],
  macvlan: [
    'link add link d0 name x type macvlan mode source macaddr set 02:00:00:00:00:01',
    'link set x type macvlan macaddr add 02:00:00:00:00:02',
    'link add link d0 name y type macvlan mode passthru nopromisc',
    'link add link d1 name y type macvlan mode vepa bcqueuelen 50',
    'link set y type macvlan mode bridge',
  ],
  nlmon: ['link add x type nlmon'],
  batadv: [
    'link add x type batadv ra BATMAN_IV',
    'link set v0 master x',
    'link add y type batadv ra nonsense',
  ],
};

/** Runs in each world. */
const RUNS = ['-d -j link', '-d -o link'];

describe('kinds of devices in a kernel that has them', () => {
  const worlds = new Worlds(
    Object.fromEntries(Object.entries(LINES).map(([kind, lines]) => [kind, { lines }])),
    RUNS,
  );

  before(function () {
    worlds.run(this);
  });

  after(() => worlds.remove());

  for (const kind of Object.keys(LINES)) {
    it(`${kind} is made, changed, refused and shown as by the original`, () => {
      worlds.assertSame(kind, new RegExp(`\\\\    (${kind}|bond_slave) `));
    });
  }
});
