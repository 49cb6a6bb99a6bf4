#!/bin/sh
# An IPsec tunnel between two namespaces that pings: what goes between 10.1.0.1 and 10.2.0.1 is encrypted on its way.
# Run as root:  sh tunnel.sh, or tsip run sh tunnel.sh; IP=PROGRAM names another ip.
# Ends with 0 when the ping came back by the tunnel, with 77 where the kernel has no ESP.
set -eu
ip=${IP:-tsip}
left=ipsec-left-$$ right=ipsec-right-$$
trap 'for name in $left $right; do $ip netns delete $name 2>/dev/null; done || true' EXIT

secret() { printf '0x%s' "$(od -An -tx1 -N "$1" /dev/urandom | tr -d ' \n')"; }

# Two hosts on one link, each with a network behind it.
$ip netns add $left
$ip netns add $right
$ip -n $left link add l0 type veth peer name r0 netns $right
$ip -n $left -batch - <<LEFT
address add 192.0.2.1/24 dev l0
address add 10.1.0.1/32 dev lo
link set lo up
link set l0 up
route add 10.2.0.0/16 via 192.0.2.2 src 10.1.0.1
LEFT
$ip -n $right -batch - <<RIGHT
address add 192.0.2.2/24 dev r0
address add 10.2.0.1/32 dev lo
link set lo up
link set r0 up
route add 10.1.0.0/16 via 192.0.2.1 src 10.2.0.1
RIGHT

# Policies: packets between the networks must come through a tunnel.
policies() {
  $ip -n "$1" xfrm policy add src "$4" dst "$5" dir out tmpl src "$2" dst "$3" proto esp mode tunnel reqid 1
  for direction in in fwd; do
    $ip -n "$1" xfrm policy add src "$5" dst "$4" dir $direction tmpl src "$3" dst "$2" proto esp mode tunnel reqid 1
  done
}
policies $left 192.0.2.1 192.0.2.2 10.1.0.0/16 10.2.0.0/16
policies $right 192.0.2.2 192.0.2.1 10.2.0.0/16 10.1.0.0/16
$ip -n $left xfrm policy

# Without states nothing passes.
if $ip netns exec $left ping -c 1 -W 1 10.2.0.1 >/dev/null 2>&1; then
  echo 'a packet passed without the tunnel' >&2
  exit 1
fi

# States: a direction each, with the same keys on both hosts. Words of a command can be seen by ps, a batch cannot.
state() {
  encryption=$(secret 16) authentication=$(secret 32)
  for name in $left $right; do
    $ip -n $name -batch - <<STATE || return
xfrm state add src $1 dst $2 proto esp spi $3 reqid 1 mode tunnel \
  auth-trunc hmac(sha256) $authentication 128 enc cbc(aes) $encryption
STATE
  done
}
if ! refusal=$(state 192.0.2.1 192.0.2.2 0x1001 2>&1); then
  printf '%s\n' "$refusal" >&2
  case $refusal in
    *'Requested type not found'* | *'Protocol not supported'*)
      echo 'This kernel has no ESP: the policies are there, and no packet passes.' >&2
      exit 77 ;;
  esac
  exit 1
fi
state 192.0.2.2 192.0.2.1 0x1002

$ip netns exec $left ping -c 3 -i 0.2 -W 5 10.2.0.1
$ip -n $left -s xfrm state list nokeys | grep -A 1 'lifetime current'
