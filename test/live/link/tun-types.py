"""Makes persistent TUN devices that look like tunnels of other kinds: tun-types.py NAME ARPHRD ..."""

import fcntl
import struct
import sys

TUNSETIFF = 0x400454CA
TUNSETPERSIST = 0x400454CB
TUNSETLINK = 0x400454CD
IFF_TUN_NO_PI = 0x1001

for name, kind in zip(sys.argv[1::2], sys.argv[2::2]):
    with open("/dev/net/tun", "r+b", buffering=0) as device:
        fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN_NO_PI))
        fcntl.ioctl(device, TUNSETPERSIST, 1)
        fcntl.ioctl(device, TUNSETLINK, int(kind))
