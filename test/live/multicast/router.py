"""A multicast router: routes of both families between two devices, by index, until a signal ends it.

    router.py INDEX INDEX

Source: linux/mroute.h, linux/mroute6.h."""
import signal
import socket
import struct
import sys

INIT, ADD_VIF, ADD_MFC = 200, 202, 204
WITH_INDEX = 8
MAX_VIFS = 32
IPPROTO_IGMP = 2

devices = [int(word) for word in sys.argv[1:3]]


def ipv4():
    router = socket.socket(socket.AF_INET, socket.SOCK_RAW, IPPROTO_IGMP)
    router.setsockopt(socket.IPPROTO_IP, INIT, 1)
    for vif, index in enumerate(devices):
        vifctl = struct.pack("@HBBIi4s", vif, WITH_INDEX, 1, 0, index, bytes(4))
        router.setsockopt(socket.IPPROTO_IP, ADD_VIF, vifctl)

    def add(source, group, parent, ttls):
        out = bytes(ttls.get(vif, 0) for vif in range(MAX_VIFS))
        addresses = socket.inet_aton(source) + socket.inet_aton(group)
        mfcctl = addresses + struct.pack("@H", parent) + out + bytes(2 + 16)
        router.setsockopt(socket.IPPROTO_IP, ADD_MFC, mfcctl)

    add("10.0.0.1", "224.1.1.1", 0, {1: 1})
    add("10.0.0.2", "224.1.1.2", 1, {0: 5})
    add("10.0.1.2", "224.2.1.2", 1, {0: 1, 1: 9})
    add("10.0.1.3", "224.2.1.3", 1, {})
    return router


def ipv6():
    router = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
    router.setsockopt(socket.IPPROTO_IPV6, INIT, 1)
    for vif, index in enumerate(devices):
        router.setsockopt(socket.IPPROTO_IPV6, ADD_VIF, struct.pack("@HBBHI", vif, 0, 1, index, 0))

    def address(text):
        return struct.pack("@HHI", socket.AF_INET6, 0, 0) + socket.inet_pton(socket.AF_INET6, text) + bytes(4)

    def add(source, group, parent, out):
        bits = sum(1 << vif for vif in out)
        mf6cctl = address(source) + address(group) + struct.pack("@HxxI", parent, bits) + bytes(28)
        router.setsockopt(socket.IPPROTO_IPV6, ADD_MFC, mf6cctl)

    add("fd00::1", "ff05::1", 0, [1])
    add("fd00::2", "ff05::2", 1, [0])
    return router


routers = [ipv4(), ipv6()]
signal.pause()
