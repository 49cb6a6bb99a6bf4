# measure.sh ROUNDS CONTENDERS: runs the commands of the file CONTENDERS (lines `NAME COMMAND`) in turn, ROUNDS times,
# each round beginning with another one, and prints `NAME MICROSECONDS` for each run. A line `prepare COMMAND` is run
# before each command and not measured; what a line `check COMMAND` prints after each must always be the same. In a
# first round, which only warms the caches, what the commands themselves print must be the same, but for `node`.

rounds=$1
names=() commands=() prepare=: check=:
while read -r name command; do
  case $name in
  prepare) prepare=$command ;;
  check) check=$command ;;
  *) names+=("$name") commands+=("$command") ;;
  esac
done <"$2"

# differs NAME WHAT FIRST NOW: complains unless both files are the same; keeps NOW as FIRST if there is none yet.
differs() {
  [[ -e $3 ]] || { mv "$4" "$3" && return 1; }
  cmp -s "$3" "$4" && return 1
  { echo "$1 $2:" && diff "$3" "$4" | head -n 10; } >&2
}

for ((round = -1; round < rounds; round++)); do
  ((round < 0)) && output=printed.now || output=/dev/null
  for ((turn = 0; turn < ${#names[@]}; turn++)); do
    at=$(((round + 1 + turn) % ${#names[@]}))
    eval "$prepare"
    begin=${EPOCHREALTIME/./}
    eval "${commands[at]}" >$output || { echo "fails with $?: ${commands[at]}" >&2 && exit 1; }
    end=${EPOCHREALTIME/./}
    eval "$check" >state.now
    differs "${names[at]}" 'leaves another state behind' state state.now && exit 1
    ((round < 0)) && [[ ${names[at]} != node ]] &&
      differs "${names[at]}" 'prints something else' printed printed.now && exit 1
    ((round < 0)) || echo "${names[at]} $((end - begin))"
  done
done
