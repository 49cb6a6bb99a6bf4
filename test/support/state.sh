# Prints what the originals in folder $1 say of the kernel's state in this and in all named network namespaces,
# between marks that kernelState() in state.ts understands.

questions() {
  ask 'addr' 'link' 'nexthop' 'maddr' 'netconf' 'token' 'addrlabel' 'netns list-id' -- "$1/ip" -d
  ask 'route show table all' 'rule' 'neigh' 'neigh show proxy' -- "$1/ip" -4 -d
  ask 'route show table all' 'rule' 'neigh' 'neigh show proxy' -- "$1/ip" -6 -d
  ask 'fdb' 'vlan' 'mdb' -- "$1/bridge" -d
}

# ask OBJECT... -- PROGRAM OPTION...: one process answers all objects, a line of JSON each.
ask() {
  local objects=()
  while [[ $1 != -- ]]; do objects+=("$1") && shift; done
  shift
  echo "#question ${1##*/} ${*:2}"
  printf '#object %s\n' "${objects[@]}"
  printf '%s\n' "${objects[@]}" | "$@" -j -force -batch - 2>&1
  echo
}

echo '#namespace'
questions "$1"
for entry in /run/netns/*; do
  [[ -e $entry ]] || continue
  echo "#namespace ${entry##*/}"
  "$1/ip" netns exec "${entry##*/}" bash -c "$(declare -f questions ask); questions \"\$1\"" - "$1" 2>&1
done
echo '#files'
find /run -printf '%P %y %m\n' | sort
echo '#mounts'
cat /proc/self/mountinfo
