#!/usr/bin/env bash
# Makes a fixed lab of network namespaces and draws it with `tsip map`: that is how man/map.svg is made, and what the
# tests compare. All of it happens in its own namespaces, which end with this script.
#
#   lab.sh small|large [WORD...]      the words go to `tsip map`; without any, the lab is only made
#   lab.sh small --format svg >man/map.svg
#
# With --inside as the first word it works in the namespaces that it is started in.
set -euo pipefail

if [[ $1 != --inside ]]; then
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
  PATH=$root/bin:$PATH
  exec tsunshare --net --mount --pid --fork --mount-proc bash "${BASH_SOURCE[0]}" --inside "$@"
fi
size=$2
shift 2
[[ -d /run/netns ]] || mount -t tmpfs -o mode=755 none /run

outside=()
declare -A inside=()
count=0

# Link-layer addresses would be random.
next_mac() {
  count=$((count + 1))
  printf -v mac '02:00:00:00:00:%02x' "$count"
}

# A bridge outside: NAME ADDRESS
bridge() {
  next_mac
  outside+=("link add $1 address $mac type bridge" "address add $2 dev $1" "link set $1 up")
}

# A namespace on a bridge: NAME BRIDGE ADDRESS
host() {
  next_mac
  local outer=$mac
  next_mac
  outside+=(
    "netns add $1"
    "link add name to-$1 address $outer type veth peer name eth0 address $mac netns $1"
    "link set to-$1 master $2 up"
  )
  inside[$1]+="link set lo up"$'\n'"link set eth0 up"$'\n'"address add $3 dev eth0"$'\n'
}

small() {
  bridge br-lan 10.1.0.254/24
  host anna br-lan 10.1.0.11/24
  host ben br-lan 10.1.0.12/24
  host cleo br-lan 10.1.0.13/24
  bridge br-dmz 2001:db8:2::fe/64
  host web br-dmz 2001:db8:2::80/64
  host mail br-dmz 2001:db8:2::25/64
  # Behind another namespace, on a bridge's back, not up, and alone.
  outside+=(
    'netns add database'
    'netns add probe'
    'netns add spare'
    'netns add empty'
    'link add name db0 address 02:00:00:00:01:01 netns web type veth peer name web0 address 02:00:00:00:01:02 netns database'
    'link add name tap0 link br-dmz address 02:00:00:00:01:03 netns probe type macvlan mode bridge'
    'link add name to-spare address 02:00:00:00:01:04 type veth peer name eth0 address 02:00:00:00:01:05 netns spare'
    'link set to-spare master br-lan'
  )
  inside[web]+=$'link set db0 up\naddress add 192.168.7.1/30 dev db0\n'
  inside[database]+=$'link set web0 up\naddress add 192.168.7.2/30 dev web0\n'
  inside[probe]+=$'link set tap0 up\naddress add 2001:db8:2::99/64 dev tap0\n'
  inside[spare]+=$'link set eth0 up\n'
}

large() {
  local n
  bridge br0 10.0.0.254/24
  bridge br1 10.0.1.254/24
  for ((n = 1; n <= 10; n++)); do
    host "red$n" br0 "10.0.0.$n/24"
    host "blue$n" br1 "10.0.1.$n/24"
  done
}

"$size"
tsip -batch - <<<"$(printf '%s\n' "${outside[@]}")"
for name in "${!inside[@]}"; do tsip -n "$name" -batch - <<<"${inside[$name]}"; done

expected=$([[ $size == small ]] && echo 1 || echo 0)
# The kernel reports a moment later that a device has become ready. In the small lab one never does.
for ((tries = 0; tries < 50; tries++)); do
  waiting=$(tsip map --no-addresses | grep -c 'no carrier' || true)
  [[ $waiting == "$expected" ]] && break
  read -r -t 0.1 <> <(:) || true
done

(($# == 0)) || exec tsip map "$@"
