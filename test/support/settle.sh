# Functions of the bash in a sandbox that wait, bounded, for what the kernel does after a command has returned.

shopt -s extglob nullglob
declare -A prepared=() given_up=()

# Nothing is ever to be read from descriptor 3, by which the sandbox reports.
pause() {
  read -t 0.005 -u 3
  true
}

# Sockets that have subscribed to messages of the kernel.
count_listeners() {
  local count=0 groups
  while read -r _ _ _ groups _; do
    [[ $groups == +([0-9a-f]) && $groups != 00000000 ]] && ((count++))
  done </proc/net/netlink
  echo "$count"
}

# Waits until there are more listeners than $1.
await_listener() {
  local turn
  for ((turn = 0; turn < 2000; turn++)); do
    (($(count_listeners) > $1)) && return
    pause
  done
  return 1
}

# Whether the main thread of process $1 runs, is about to, or waits for a disk.
is_running() {
  local stat
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null && [[ ${stat##*) } == [RD]* ]]
}

# Waits until every listener has read what the kernel has sent, and sleeps because nothing is left to print.
await_quiet() {
  local turn busy listening pid groups queued times=0
  for ((turn = 0; turn < 400; turn++)); do
    busy= listening=
    while read -r _ _ pid groups queued _; do
      [[ $groups == +([0-9a-f]) && $groups != 00000000 ]] || continue
      listening=1
      [[ $queued == 0 ]] && ! is_running "$pid" || busy=1
    done </proc/net/netlink
    [[ -n $listening ]] || return 0
    [[ -n $busy ]] && times=0 || ((++times < 2)) || return 0
    pause
  done
}

# Makes named namespaces that have appeared as quiet as the sandbox itself, and their /sys visible.
prepare() {
  local entry name
  for name in "${!prepared[@]}"; do [[ -e /run/netns/$name ]] || unset "prepared[$name]"; done
  for entry in /run/netns/*; do
    name=${entry##*/}
    [[ -z ${prepared[$name]-} ]] || continue
    prepared[$name]=1
    /usr/bin/nsenter --net="$entry" /bin/sh -c '
      for conf in all default; do echo 0 >/proc/sys/net/ipv6/conf/$conf/accept_dad; done
      exec mount -t sysfs -o X-mount.mkdir none "$1"' - "/mnt/sys/$name" 2>/dev/null
  done
}

# Succeeds while an address is tentative, a link that has a carrier is not yet called up, or one that is up lacks its
# link-local address; those links are in `waiting`.
# All link-local addresses of the namespace are then in `locals`.
is_unsettled() {
  local device state carrier line lines address index flags scope name with_address=' ' found=1
  local devices=("$1"/class/net/*)
  # A single device is lo. Many devices are a test of scale, which is not to be slowed down.
  ((${#devices[@]} > 1 && ${#devices[@]} < 100)) || return 1
  locals=()
  if [[ $1 == /sys ]]; then
    mapfile -t lines </proc/net/if_inet6
  else
    mapfile -t lines < <(exec /usr/bin/nsenter --net="/run/netns/${1#/mnt/sys/}" cat /proc/net/if_inet6 2>/dev/null)
  fi
  for line in "${lines[@]}"; do
    read -r address index _ scope flags name <<<"$line"
    ((0x$flags & 0x40 && !(0x$flags & 0x08))) && found=0
    [[ $scope == 20 ]] && with_address+="$name " && locals+=("$1 $index $address")
  done
  for device in "${devices[@]}"; do
    read -r state 2>/dev/null <"$device/operstate" || continue
    read -r carrier 2>/dev/null <"$device/carrier" || carrier=0
    if [[ $carrier == 0 || ${device##*/} == lo ]]; then
      unset "given_up[$device]"
    elif [[ ($state != up || $with_address != *" ${device##*/} "*) && -z ${given_up[$device]-} ]]; then
      found=0 waiting+=("$device")
    fi
  done
  return $found
}

# Writes the link-local addresses into file $1, a line each: namespace, index of the device, address.
# Monitors have then printed what came before: they look at names when they print, which the next line may remove.
settle() {
  local deadline root device waiting locals=()
  await_quiet
  prepare
  : >"$1"
  for root in /sys /mnt/sys/*; do
    [[ $root == /sys || -e /run/netns/${root##*/} ]] || continue
    deadline=$((${EPOCHREALTIME/./} + 300000))
    while waiting=() && is_unsettled "$root" && ((${EPOCHREALTIME/./} < deadline)); do pause; done
    # Such a link has no operational state or no IPv6, or a test has taken its address: do not wait for it again.
    for device in "${waiting[@]}"; do given_up[$device]=1; done
    ((${#locals[@]} == 0)) || printf '%s\n' "${locals[@]}" >>"$1"
    locals=()
  done
}
