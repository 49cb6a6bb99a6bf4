# Prints what the originals in folder $1 say of the kernel's state in this and in all named network namespaces,
# between marks that kernelState() in state.ts understands. Starts few programs: it runs at the end of every test.

# questions OPTION...: of one namespace, which the options select.
questions() {
  ask 'ip -d' addr link nexthop maddr netconf token addrlabel 'netns list-id' neigh 'neigh show proxy' \
    'route show table all' rule -- "$originals/ip" -d "$@"
  ask 'ip -6 -d' rule -- "$originals/ip" -6 -d "$@"
  ask 'bridge -d' fdb vlan mdb -- "$originals/bridge" -d "$@"
}

# ask NAME OBJECT... -- PROGRAM OPTION...: one process answers all objects, a line of JSON each.
ask() {
  local objects=() lines
  echo "#question $1"
  shift
  while [[ $1 != -- ]]; do objects+=("$1") && shift; done
  shift
  printf '#object %s\n' "${objects[@]}"
  printf -v lines '%s\n' "${objects[@]}"
  "$@" -j -force -batch - <<<"$lines" 2>&1
  echo
}

originals=$1
echo '#namespace'
questions
for entry in /run/netns/*; do
  [[ -e $entry ]] || continue
  echo "#namespace ${entry##*/}"
  questions -n "${entry##*/}"
done
echo '#files'
find /run -printf '%P %y %m\n'
echo '#mounts'
echo "$(</proc/self/mountinfo)"
