#!/usr/bin/env bash
# Prints a folder that holds a kernel of Debian with all its modules, for the tests that boot a guest: boot/vmlinuz-* and
# lib/modules/*. It is unpacked, never installed.
#
#   kernel.sh            the folder, on stdout; the reason of a failure (exit code 1) on stderr
#   kernel.sh --offline  the same, without downloading
#   TSIP_KERNEL=DIR      use DIR
set -euo pipefail
export LC_ALL=C

shared=/var/cache/tsip-kernel
cache=$shared
((EUID == 0)) || cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/tsip-kernel

fail() {
  echo "kernel: $*" >&2
  exit 1
}

is_complete() {
  compgen -G "$1/boot/vmlinuz-*" >/dev/null && compgen -G "$1/lib/modules/*/kernel" >/dev/null
}

for folder in ${TSIP_KERNEL:+"$TSIP_KERNEL"} "$cache" "$shared"; do
  is_complete "$folder" || continue
  echo "$folder"
  exit
done
[[ -z ${TSIP_KERNEL:-} ]] || fail "TSIP_KERNEL=$TSIP_KERNEL holds no boot/vmlinuz-* or no lib/modules"
[[ ${1:-} != --offline ]] || fail "not cached in $cache, and not to be downloaded"
for tool in apt-get apt-cache dpkg-deb; do
  command -v "$tool" >/dev/null || fail "no $tool here: set TSIP_KERNEL to a folder with a kernel and its modules"
done

# The package that always names the newest one.
package=$(apt-cache depends "linux-image-$(dpkg --print-architecture)" 2>/dev/null |
  sed -nE 's/^ *Depends: (linux-image-[0-9].*)$/\1/p' | head -n 1)
[[ -n $package ]] || fail "apt knows no kernel for this architecture: apt-get update may help"
mkdir -p "$(dirname "$cache")"
work=$(mktemp -d "$cache.XXXXXX")
trap 'rm -rf "$work"' EXIT
(cd "$work" && apt-get -qq -o APT::Sandbox::User="$(id -un)" download "$package" >&2) || fail "$package could not be downloaded"
dpkg-deb -x "$work"/*.deb "$work/root"
chmod -R a+rX "$work/root"
# Into place in one step: of two at the same time the second finds the folder there.
mv -T "$work/root" "$cache" 2>/dev/null || is_complete "$cache" || fail "$cache is in the way"
is_complete "$cache" || fail "$package holds no kernel or no modules"
echo "$cache"
