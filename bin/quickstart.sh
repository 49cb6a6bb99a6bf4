#!/usr/bin/env bash
# `npm run quickstart`: two network namespaces reach each other through a veth pair that tsip makes. All of it happens
# in its own namespaces, which end with this script: nothing is left behind.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ ${1:-} != --inside ]]; then
  own=()
  if ((EUID != 0)); then
    # An ordinary user is root of a user namespace, where the system permits that.
    own=(--map-root-user)
    if ! bin/tsunshare "${own[@]}" --net --mount true 2>/dev/null; then
      echo 'quickstart: here only root can make network namespaces: try  sudo npm run quickstart' >&2
      exit 1
    fi
  fi
  exec bin/tsunshare "${own[@]}" --net --mount bash "$0" --inside
fi

PATH=$PWD/bin:$PATH
mount -t tmpfs -o mode=755 none /run

fail() {
  echo "quickstart: failed: $*" >&2
  exit 1
}

say() {
  printf '\n# %s\n' "$*"
}

run() {
  echo "\$ $*"
  "$@" || fail "$*"
}

say 'Two named network namespaces. Each has its own devices, addresses and routes.'
run tsip netns add red
run tsip netns add blue
run tsip netns list

say 'A pair of virtual devices: what enters one end leaves the other. Each end goes into a namespace.'
run tsip link add left type veth peer name right
run tsip link set left netns red
run tsip link set right netns blue

say 'An address for each end, and both ends up.'
run tsip -n red addr add 10.0.0.1/24 dev left
run tsip -n red link set left up
run tsip -n blue addr add 10.0.0.2/24 dev right
run tsip -n blue link set right up

for name in red blue; do
  say "What $name has now."
  run tsip -n "$name" addr
  run tsip -n "$name" route
done

if command -v ping >/dev/null; then
  say 'From red to blue.'
  run tsip netns exec red ping -c 1 -W 5 10.0.0.2
else
  say 'From red to blue: there is no ping here, so a TCP connection.'
  server='require("net").createServer(peer => peer.end("hello from blue\n")).listen(7, "10.0.0.2", () => console.log("ready"))'
  client='require("net").connect(7, "10.0.0.2").setTimeout(10000, () => process.exit(1)).pipe(process.stdout)'
  exec {answer}< <(exec tsip netns exec blue node -e "$server")
  trap 'kill $!' EXIT
  read -r -t 10 -u "$answer" || fail 'the server does not start'
  run tsip netns exec red node -e "$client" | tee /run/heard
  grep -q 'hello from blue' /run/heard || fail 'no answer from blue'
fi

say 'That was all. The namespaces of this demonstration end here.'
