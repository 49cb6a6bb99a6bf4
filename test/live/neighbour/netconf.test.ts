/** `ip netconf` compared with the original. */
import { differential, start, stop } from '../../support/twin.ts';

describe('ip netconf', () => {
  differential(
    'shows settings of devices',
    [
      'link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02',
      'netconf',
      'netconf xyz',
      'netconf show',
      'netconf show v0',
      'netconf show dev v0',
      '-4 netconf show dev v0',
      '-6 netconf show dev v0',
      '-j netconf show dev v0',
      '-j -p netconf show dev v0',
      '-d netconf show dev v0',
      '-c netconf show dev v0',
      '-o netconf show dev v0',
      '-N netconf show dev v0',
      '-j -4 netconf',
      '-j -4 netconf show dev v0',
      '-j -p -6 netconf show dev v0',
      '-j -4 netconf show dev nosuch',
      '-j -B netconf show dev v0',
      '-4 netconf',
      '-6 netconf',
      'netconf show dev nosuch',
      'netconf show nosuch',
      'netconf show dev',
      'netconf show dev v0 dev v1',
      'netconf show dev v0 foo',
      'netconf sh',
      'netconf lst',
      'netconf l',
      '-0 netconf',
      'netconf show all',
      'netconf show default',
      'netconf show dev all',
      '-B netconf show dev v0',
      '$ echo 1 >/proc/sys/net/ipv4/conf/v0/forwarding; echo 2 >/proc/sys/net/ipv4/conf/v0/rp_filter; echo 1 >/proc/sys/net/ipv4/conf/v0/proxy_arp; echo 1 >/proc/sys/net/ipv4/conf/v0/ignore_routes_with_linkdown;echo 1 >/proc/sys/net/ipv6/conf/v0/forwarding;echo 1 >/proc/sys/net/ipv6/conf/v0/proxy_ndp;echo 1 >/proc/sys/net/ipv6/conf/v0/force_forwarding; true',
      'netconf show dev v0',
      '-j netconf show dev v0',
      '$ echo 1 >/proc/sys/net/ipv4/conf/v1/rp_filter; true',
      'netconf show dev v1',
    ],
    { state: false },
  );

  differential(
    'are reported by a monitor',
    [
      'link add v0 type ifb',
      start('watch', 'monitor netconf label'),
      '$ echo 1 >/proc/sys/net/ipv4/conf/v0/forwarding',
      '$ echo 2 >/proc/sys/net/ipv4/conf/v0/rp_filter',
      '$ echo 1 >/proc/sys/net/ipv6/conf/v0/forwarding',
      'link del v0',
      stop('watch', 'TERM'),
    ],
    { state: false },
  );
});
