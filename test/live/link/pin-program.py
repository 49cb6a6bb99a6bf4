"""Loads a BPF program that lets every packet pass and pins it: pin-program.py PATH NAME [PROGRAM_TYPE]."""

import ctypes
import os
import struct
import sys

BPF_PROG_LOAD = 5
BPF_OBJ_PIN = 6
BPF_PROG_TYPE_XDP = 6
SYS_BPF = {"x86_64": 321, "aarch64": 280}[os.uname().machine]

libc = ctypes.CDLL(None, use_errno=True)


def bpf(command, attributes):
    """bpf(2) with `attributes`, padded to the size that the kernel knows; ends the program if it fails."""
    padded = ctypes.create_string_buffer(attributes.ljust(128, b"\0"))
    result = libc.syscall(SYS_BPF, command, padded, 128)
    if result < 0:
        sys.exit(f"bpf {command}: {os.strerror(ctypes.get_errno())}")
    return result


def address(buffer):
    return ctypes.addressof(buffer)


path, name = sys.argv[1:3]
program_type = int(sys.argv[3]) if len(sys.argv) > 3 else BPF_PROG_TYPE_XDP
# r0 = 2 (XDP_PASS); exit
instructions = ctypes.create_string_buffer(struct.pack("<BBhiBBhi", 0xB7, 0, 0, 2, 0x95, 0, 0, 0))
license = ctypes.create_string_buffer(b"GPL")
load = struct.pack("<IIQQ", program_type, 2, address(instructions), address(license))
load += struct.pack("<IIQII16s", 0, 0, 0, 0, 0, name.encode())
descriptor = bpf(BPF_PROG_LOAD, load)
pin = ctypes.create_string_buffer(path.encode())
bpf(BPF_OBJ_PIN, struct.pack("<QII", address(pin), descriptor, 0))
