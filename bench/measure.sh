# measure.sh ROUNDS CONTENDERS: runs the commands of the file CONTENDERS (lines `NAME COMMAND`) in turn, ROUNDS times,
# each round beginning with another one, and prints `NAME MICROSECONDS` for each run. A line `prepare COMMAND` is run
# before each command and not measured; what a line `check COMMAND` prints after each must always be the same.

rounds=$1
names=() commands=() prepare=: check=: checked=
while read -r name command; do
  case $name in
  prepare) prepare=$command ;;
  check) check=$command ;;
  *) names+=("$name") commands+=("$command") ;;
  esac
done <"$2"

for ((round = -1; round < rounds; round++)); do
  for ((turn = 0; turn < ${#names[@]}; turn++)); do
    at=$(((round + 1 + turn) % ${#names[@]}))
    eval "$prepare"
    begin=${EPOCHREALTIME/./}
    eval "${commands[at]}" >/dev/null || { echo "fails with $?: ${commands[at]}" >&2 && exit 1; }
    end=${EPOCHREALTIME/./}
    state=$(eval "$check" | sha256sum)
    [[ $state == "${checked:=$state}" ]] || { echo "${names[at]} leaves another state behind" >&2 && exit 1; }
    # The first round only warms the caches.
    ((round < 0)) || echo "${names[at]} $((end - begin))"
  done
done
