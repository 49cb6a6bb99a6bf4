#!/bin/sh
# A lab made by hand, as many scripts do, and then taken over: its file comes from what runs.
#
#     sh by-hand.sh
#     tsip lab export hand-a hand-router hand-b --name by-hand >by-hand.yaml
#
# Elsewhere "tsip lab apply by-hand.yaml" makes it again; "tsip lab destroy by-hand" ends it.
set -e
for node in hand-a hand-router hand-b; do
  ip netns add "$node"
  ip -n "$node" link set lo up
done
ip link add eth0 netns hand-a type veth peer name eth0 netns hand-router
ip link add eth0 netns hand-b type veth peer name eth1 netns hand-router
ip -n hand-a address add 10.0.1.2/24 dev eth0
ip -n hand-router address add 10.0.1.1/24 dev eth0
ip -n hand-router address add 10.0.2.1/24 dev eth1
ip -n hand-b address add 10.0.2.2/24 dev eth0
for end in hand-a/eth0 hand-router/eth0 hand-router/eth1 hand-b/eth0; do
  ip -n "${end%/*}" link set "${end#*/}" up
done
ip -n hand-a route add default via 10.0.1.1
ip -n hand-b route add default via 10.0.2.1
ip netns exec hand-router sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
