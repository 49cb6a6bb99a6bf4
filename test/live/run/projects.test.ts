/**
 * Scripts as public projects have them, in small: inside `tsip run` they print and leave behind what they do with the
 * originals. They are written again after these: the kernel's tools/testing/selftests/net/lib.sh and fib_tests.sh
 * (namespaces that are set up and counted), WireGuard's tools/testing netns.sh (functions that wrap `ip netns exec`, a trap
 * that cleans up), containernetworking's and Docker's way of making a bridge by hand (a veth pair for each container).
 */
import { line, servedDifferential, until } from '../../support/twin.ts';

const SELFTEST = `#!/bin/bash
# After the kernel's selftests: namespaces with random names, checks that count.
ret=0 nsuccess=0
log_test() { if [ $1 -eq $2 ]; then nsuccess=$((nsuccess + 1)); printf 'TEST: %-40s [ OK ]\\n' "$3"; else ret=1; printf 'TEST: %-40s [FAIL]\\n' "$3"; fi; }
setup_ns() { for ns_name in "$@"; do ns=$(mktemp -u "$ns_name-XXXXXX"); eval "$ns_name=$ns"; ip netns add "$ns" || return 4; ip -n "$ns" link set lo up; ns_list+=("$ns"); done; }
cleanup_all_ns() { for ns in "\${ns_list[@]}"; do ip netns delete "$ns" 2>/dev/null; ip netns list | grep -q "^$ns " && echo "left: $ns"; done; }
trap cleanup_all_ns EXIT
ns_list=()
setup_ns ns1 ns2
ip -n $ns1 link add dummy0 type ifb
ip -n $ns1 link set dev dummy0 up
ip -n $ns1 address add 198.51.100.1/24 dev dummy0
ip -n $ns1 -6 address add 2001:db8:1::1/64 dev dummy0 nodad
ip -n $ns1 route get fibmatch 198.51.100.2 >/dev/null; log_test $? 0 'IPv4 fibmatch'
ip -n $ns1 route add 203.0.113.0/24 dev dummy0 metric 10; log_test $? 0 'add'
ip -n $ns1 route add 203.0.113.0/24 dev dummy0 metric 10 2>/dev/null; log_test $? 2 'add it again'
ip -n $ns1 route append 203.0.113.0/24 dev dummy0 metric 10 2>&1; log_test $? 0 'append'
ip -n $ns2 route get fibmatch 198.51.100.2 >/dev/null 2>&1; log_test $? 2 'no route in the other'
ip -n $ns1 link set dev dummy0 down
ip -n $ns1 route get fibmatch 198.51.100.2 >/dev/null 2>&1; log_test $? 2 'no route when the device is down'
[ "$(ip -n $ns1 -6 route show | wc -l)" -eq 0 ]; log_test $? 0 'IPv6 routes are gone'
printf 'Tests passed: %3d\\n' $nsuccess
exit $ret
`;

const WRAPPED = `#!/bin/bash
# After WireGuard's netns.sh: a function for each namespace, a trap, and set -e.
set -e
netns0=wg-test-$$-0 netns1=wg-test-$$-1
pretty() { echo "[+] \${1:+NS$1: }\${*:2}"; }
maybe_exec() { if [[ $BASHPID -eq $$ ]]; then "$@"; else exec "$@"; fi; }
n0() { pretty 0 "$*"; maybe_exec ip netns exec $netns0 "$@"; }
n1() { pretty 1 "$*"; maybe_exec ip netns exec $netns1 "$@"; }
ip0() { pretty 0 "ip $*"; ip -n $netns0 "$@"; }
ip1() { pretty 1 "ip $*"; ip -n $netns1 "$@"; }
cleanup() { set +e; ip0 link del dev wg0 2>/dev/null; ip netns del $netns1 2>/dev/null; ip netns del $netns0 2>/dev/null; exit; } >/dev/null 2>&1
trap cleanup EXIT
ip netns add $netns0
ip netns add $netns1
ip0 link set up dev lo
ip0 link add dev wg0 address 02:00:00:00:00:01 type veth peer name wg1 address 02:00:00:00:00:02
ip0 link set wg1 netns $netns1
ip0 addr add 192.168.241.1/24 dev wg0
ip1 addr add 192.168.241.2/24 dev wg1
n0 ip -br -4 addr show dev wg0 | sed 's/@[^ ]*//'
n1 bash -c 'ip -br -4 addr show dev wg1 | sed "s/@[^ ]*//"; [[ $(ip -br link | wc -l) -eq 2 ]] && echo two'
n0 cat /sys/class/net/wg0/address
[[ $(n1 ip -o link show wg1) == *02:00:00:00:00:02* ]]
ip0 link show nope || echo "status $?"
`;

const BRIDGE = `#!/bin/sh
# A bridge by hand, as people make it for containers.
set -eu
BR=br0 PREFIX=172.20
up() {
  ip link add name "$BR" address 02:00:00:00:01:00 type bridge
  ip addr add "$PREFIX.0.1/16" dev "$BR"
  for n in 1 2 3; do
    unshare -n sleep 1000 & pid=$!
    while [ "$(readlink /proc/$pid/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do :; done
    ip link add "veth$n" address 02:00:00:00:02:0$n type veth peer name "ceth$n" address 02:00:00:00:03:0$n
    ip link set "veth$n" master "$BR"
    ip link set "ceth$n" netns "$pid" name eth0
    nsenter -t "$pid" -n ip addr add "$PREFIX.0.1$n/16" dev eth0
    nsenter -t "$pid" -n sh -c 'ip link set lo up; ip -br -4 addr show eth0 | sed "s/@[^ ]*//"'
    pids="\${pids-} $pid"
  done
}
up
ip -o link show master "$BR" | sed 's/^[0-9]*: //; s/@[^:]*//' | cut -d ' ' -f 1
ip route show dev "$BR"
exec 2>/dev/null
kill $pids; wait $pids || true
`;

describe('a script of a public project inside tsip run', () => {
  servedDifferential(
    'tests like the selftests of the kernel',
    ['$ bash selftest', 'netns list'],
    { served: 21, startedByThemselves: 0 },
    { files: { selftest: SELFTEST } },
  );

  servedDifferential(
    'wraps netns exec like netns.sh of WireGuard',
    [line('$ bash wrapped | sed "s/wg-test-[0-9]*/wg-test/g"', {}), 'netns list'],
    { served: 20, startedByThemselves: 0 },
    { files: { wrapped: WRAPPED } },
  );

  servedDifferential(
    'makes a bridge and its containers by hand',
    ['$ sh bridge', until('$ ! ip -br link | grep veth'), 'link del br0'],
    { served: 32, startedByThemselves: 0 },
    { files: { bridge: BRIDGE } },
  );
});
