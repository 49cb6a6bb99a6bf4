#!/bin/sh
# Puts the musl C library for CPUs (all supported ones unless some are named) into build/musl-CPU, for programs that are
# linked with it. Debian's packages, fetched by apt with a separate state: nothing is installed.
set -eu
cd "$(dirname "$0")/../.."

for cpu in ${*:-x64 arm64}; do
  case $cpu in
  x64) architecture=amd64 ;;
  arm64) architecture=arm64 ;;
  *) echo "fetch-musl: no such CPU: $cpu" >&2 && exit 1 ;;
  esac
  state=$PWD/build/apt-$architecture
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "build/musl-$cpu"
  : >"$state/status"
  set -- -qq -o "APT::Architecture=$architecture" -o "APT::Architectures::=$architecture" \
    -o "Dir::State=$state" -o "Dir::State::status=$state/status" -o "Dir::Cache=$state/cache" -o APT::Sandbox::User=root
  apt-get "$@" update
  (cd "$state" && apt-get "$@" download musl-dev)
  dpkg-deb -x "$state"/musl-dev_*.deb "build/musl-$cpu"
  rm -rf "$state"
done
