#!/usr/bin/env bash
# Runs a command in a separate kernel that has nearly every kind of device: user-mode-linux (Debian's package
# user-mode-linux), an ordinary program, booted in seconds over this machine's files.
#
#     test/support/in-uml.sh npx mocha test/live/link/kinds.test.ts
#
# The command sees the working directory and the files of this machine, but no device and no process of it. Its
# exit code becomes this one's; 125 if the kernel did not get so far. UML_MODULES names the folder of its modules.
set -u

kernel=$(type -P linux) || { echo 'in-uml.sh: no user-mode-linux here' >&2; exit 125; }
modules=$(echo "${UML_MODULES:-/usr/lib/uml/modules}"/*)
[ -e "$modules/modules.dep" ] || { echo 'in-uml.sh: user-mode-linux has no modules' >&2; exit 125; }
python=$(python3 -c 'import sys; print(sys.executable)') || exit 125
folder=$(mktemp -d) || exit 125
trap 'rm -rf "$folder"' EXIT

# Loads modules with those they need, as modprobe would; that program is not everywhere.
cat >"$folder/load.py" <<'PYTHON'
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
root, known, loaded = sys.argv[1], {}, set()
for line in open(root + '/modules.dep'):
    path, needed = line.strip().split(':')
    known[os.path.basename(path)[:-3].replace('-', '_')] = [path] + needed.split()
for name in sys.argv[2:]:
    for path in reversed(known.get(name.replace('-', '_'), [])):
        if path not in loaded:
            file = os.open(os.path.join(root, path), os.O_RDONLY)
            if libc.syscall(313, file, b'', 0) != 0 and ctypes.get_errno() != 17:
                sys.stderr.write('in-uml.sh: %s: %s\n' % (path, os.strerror(ctypes.get_errno())))
            os.close(file)
            loaded.add(path)
PYTHON

quoted=$(printf '%q ' "$@")
cat >"$folder/init" <<SHELL
#!/bin/bash
$(export -p)
export HOME=/root LC_ALL=C TERM=dumb
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
mkdir -p /dev/pts /dev/shm && mount -t devpts devpts /dev/pts && mount -t tmpfs tmpfs /dev/shm
ln -sf /proc/self/fd /dev/fd
$python $folder/load.py $modules ipv6 dummy veth bridge 8021q bonding team vrf macvlan macvtap ipvlan ipvtap vxlan \
  geneve ifb nlmon hsr macsec gtp batman-adv vcan vxcan tun ip_gre ipip sit ip_vti ip6_gre \
  ip6_tunnel ip6_vti xfrm4_tunnel xfrm6_tunnel fou fou6 mpls_router sch_netem sch_tbf \
  xfrm_user esp4 esp6 ah4 ah6 ipcomp ipcomp6 authenc authencesn echainiv seqiv cbc ctr gcm ghash_generic \
  hmac sha512_generic deflate drbg ansi_cprng \
  2>$folder/stderr
cd $(printf %q "$PWD")
$quoted </dev/null >$folder/stdout 2>>$folder/stderr
echo \$? >$folder/status
poweroff -f
SHELL
chmod 755 "$folder" "$folder/init"

# A process of it that something else stops is its end, which it may not notice: hence the time limit.
TMPDIR=/dev/shm timeout -k 5 "${UML_SECONDS:-1500}" "$kernel" mem=1536M root=/dev/root rootfstype=hostfs rootflags=/ rw \
  init="$folder/init" con=null con0=null,fd:1 </dev/null >"$folder/console" 2>&1
cat "$folder/stdout" 2>/dev/null
cat "$folder/stderr" >&2 2>/dev/null
[ -s "$folder/status" ] || { tail -30 "$folder/console" >&2; exit 125; }
exit "$(cat "$folder/status")"
