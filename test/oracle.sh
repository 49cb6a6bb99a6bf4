#!/usr/bin/env bash
# Prints a folder that holds the originals which the tests compare against: ip and bridge of iproute2, nsenter and
# unshare of util-linux, in exactly the versions below. They run next to this machine's own programs, with their own
# C library, and are never installed.
#
#   oracle.sh            the folder, on stdout; progress and the reason of a failure (exit code 1) on stderr
#   oracle.sh --offline  the same, without downloading
#   TSIP_ORACLE=DIR      use DIR, which must hold those versions
#
# Looks in TSIP_ORACLE, in the cache, among this machine's own programs, then asks the Debian mirror that apt uses.
set -euo pipefail
export LC_ALL=C

iproute2=7.3.0
util_linux=2.42.4
programs=(ip bridge nsenter unshare)
suites=(sid testing)
# Root's copy is where ordinary users can run it too.
shared=/var/cache/tsip-oracle/$iproute2-$util_linux
cache=$shared
((EUID == 0)) || cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/tsip-oracle/$iproute2-$util_linux

fail() {
  echo "oracle: $*" >&2
  exit 1
}

# What the programs in folder $1 say they are: "IPROUTE2 UTIL_LINUX".
versions() {
  local ip nsenter unshare
  ip=$("$1/ip" -V 2>&1) nsenter=$("$1/nsenter" -V 2>&1) unshare=$("$1/unshare" -V 2>&1) || return 1
  [[ $ip =~ iproute2-([0-9.]+) ]] && ip=${BASH_REMATCH[1]}
  [[ $unshare == "${nsenter/nsenter/unshare}" ]] || return 1
  echo "$ip ${unshare##* }"
}

is_right() {
  [[ $(versions "$1" 2>/dev/null) == "$iproute2 $util_linux" ]]
}

# Writes wrappers into folder $2 that run the programs unpacked under $1 with the C library found there.
# Each passes on the name that it was called by, so a link `ipaddr` to `ip` works as with the real program.
wrap() {
  local root=$1 bin=$2 loader libraries program file
  loader=$(find "$root/usr/lib" -name 'ld-linux*.so.*' | head -n 1)
  [[ -n $loader ]] || return 1
  libraries=$(dirname "$loader")
  mkdir -p "$bin"
  for program in "${programs[@]}"; do
    file=$(find "$root/usr/bin" "$root/usr/sbin" -name "$program" -type f | head -n 1)
    [[ -n $file ]] || return 1
    printf '#!/bin/sh\nexec %q --argv0 "${0##*/}" --library-path %q %q "$@"\n' "$loader" "$libraries" "$file" >"$bin/$program"
    chmod 755 "$bin/$program"
  done
}

# apt-get on a separate world: suite $1, nothing installed, everything under folder $2.
in_suite() {
  local suite=$1 folder=$2
  shift 2
  mkdir -p "$folder"/{sources,state/lists/partial,cache/archives/partial}
  : >"$folder/status"
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
    "$mirror" "$suite" >"$folder/sources/debian.sources"
  "$1" -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$folder/sources" -o Dir::State="$folder/state" \
    -o Dir::State::status="$folder/status" -o Dir::Cache="$folder/cache" -o Acquire::Languages=none \
    -o APT::Sandbox::User="$(id -un)" -o APT::Install-Recommends=false "${@:2}"
}

# The upstream version of package $1 in the suite that in_suite was called with before ($2, $3).
offered() {
  in_suite "$2" "$3" apt-cache show --no-all-versions "$1" 2>/dev/null |
    sed -nE 's/^Version: ([0-9]+:)?([^-]*).*/\2/p' | head -n 1
}

# Unpacks both packages and the libraries they need under folder $1; $2 is for apt.
download() {
  local root=$1 folder=$2 suite found seen='' package file
  local packages=()
  for suite in "${suites[@]}"; do
    in_suite "$suite" "$folder/$suite" apt-get -qq update >&2 || continue
    found="$(offered iproute2 "$suite" "$folder/$suite") $(offered util-linux "$suite" "$folder/$suite")"
    [[ $found == "$iproute2 $util_linux" ]] && break
    seen+=" $suite has ${found/ /, };"
    found=''
  done
  [[ -n ${found:-} ]] || fail "needs iproute2 $iproute2 and util-linux $util_linux, but$seen set TSIP_ORACLE"
  # Of what would be installed, only the programs and shared libraries: no debconf, no PAM profiles.
  mapfile -t packages < <(in_suite "$suite" "$folder/$suite" apt-get -qq --print-uris install iproute2 util-linux |
    awk '{ sub(/_.*/, "", $2); print $2 }' | grep -xE 'iproute2|util-linux|zlib1g|lib.*')
  mkdir -p "$folder/packages" "$root"
  (cd "$folder/packages" && in_suite "$suite" "$folder/$suite" apt-get -qq download "${packages[@]}" >&2) ||
    fail "the packages could not be downloaded from $mirror"
  for file in "$folder/packages"/*.deb; do dpkg-deb -x "$file" "$root"; done
  for package in bin sbin lib; do [[ -e $root/$package ]] || ln -s "usr/$package" "$root/$package"; done
}

if [[ -n ${TSIP_ORACLE:-} ]]; then
  is_right "$TSIP_ORACLE" || fail "TSIP_ORACLE=$TSIP_ORACLE is not iproute2 $iproute2 and util-linux $util_linux"
  echo "$TSIP_ORACLE"
  exit
fi

for folder in "$cache" "$shared"; do
  is_right "$folder/bin" || continue
  echo "$folder/bin"
  exit
done

own=$(dirname "$(PATH=$PATH:/usr/sbin:/sbin type -P ip || echo /none/ip)")
if is_right "$own" && [[ -x $own/bridge ]]; then
  echo "$own"
  exit
fi

[[ ${1:-} != --offline ]] || fail "not cached in $cache, and not to be downloaded"
for tool in apt-get apt-cache dpkg-deb; do
  command -v "$tool" >/dev/null ||
    fail "no $tool here: set TSIP_ORACLE to a folder with iproute2 $iproute2 and util-linux $util_linux"
done
mirror=$(apt-get indextargets --format '$(SITE) $(ORIGIN) $(LABEL)' 2>/dev/null |
  awk '$2 == "Debian" && $3 == "Debian" { print $1; exit }')
mirror=${mirror:-$(sed -nE 's/^(URIs:|deb( \[[^]]*\])?) +([a-z+]+:[^ ]*debian\/?)( .*)?$/\3/p' \
  /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2>/dev/null | head -n 1)}
[[ -n $mirror ]] || fail "apt's sources name no Debian mirror: set TSIP_ORACLE"

mkdir -p "$cache/copies"
work=$(mktemp -d "$cache/new.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
download "$work/root" "$work/apt"

# Into place in one step, so that runs at the same time neither see half a copy nor disturb each other.
wrap "$work/root" "$work/bin" || fail "the packages hold no complete set of programs"
copy=$(mktemp -d "$cache/copies/XXXXXX")
chmod 755 "$copy"
mv "$work/root" "$copy/root"
wrap "$copy/root" "$copy/bin"
is_right "$copy/bin" || fail "the unpacked programs do not run here: $("$copy/bin/ip" -V 2>&1 | head -n 1)"
ln -sfn "$copy/bin" "$cache/bin.$$"
mv -T "$cache/bin.$$" "$cache/bin"
echo "$cache/bin"
