#!/bin/sh
# `npm run setup`: installs what a build needs, as root on Debian and its like; elsewhere says what that is.
set -eu
packages='gcc g++ libc6-dev'

if ! command -v apt-get >/dev/null; then
  echo "setup: this system has no apt; install a C and a C++ compiler with the headers of the C library ($packages)" >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo "setup: run it as root, or install these: $packages" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
# Without quotes: several words.
# shellcheck disable=SC2086
apt-get -qq install -y --no-install-recommends $packages >/dev/null
echo "setup: $packages are installed; go on with npm install"
