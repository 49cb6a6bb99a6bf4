/**
 * BPF programs: opening pinned ones, looking at loaded ones, and the one that keeps a cgroup's sockets to a device.
 * Source: linux/bpf.h.
 */
import { closeSync } from 'node:fs';
import { decodeText, encodeText } from '../../wire/text.ts';
import { check } from './errors.ts';
import { native } from './native.ts';

/** What the kernel reports of a loaded program. */
export interface BpfProgram {
  /** Empty when it was loaded without a name. */
  readonly name: string;
  /** Hash of its instructions, in hex digits. */
  readonly tag: string;
  readonly isJited: boolean;
  /** Nanoseconds since boot. */
  readonly loadTime: bigint;
  readonly createdByUid: number;
  /** 0 if the program has no BTF. */
  readonly btfId: number;
}

const INFO_LENGTH = 256;
const TAG = 8;
const TAG_LENGTH = 8;
const JITED_LENGTH = 16;
const LOAD_TIME = 40;
const CREATED_BY_UID = 48;
const NAME = 64;
const NAME_LENGTH = 16;
const BTF_ID = 128;

/** Opens the program pinned at `path`. Throws {@link SystemError} with `phrase`. */
export function openPinnedProgram(path: string, phrase: string): number {
  return check(native.bpfOpenPinned(encodeText(path)), phrase);
}

/** Reads about the program `id`; undefined if it is gone or this user may not ask. */
export function inspectProgram(id: number): BpfProgram | undefined {
  const descriptor = native.bpfOpenProgram(id);
  if (descriptor < 0) return undefined;
  const info = Buffer.alloc(INFO_LENGTH);
  const result = native.bpfObjectInfo(descriptor, info);
  closeSync(descriptor);
  if (result < 0) return undefined;
  const nameEnd = info.subarray(NAME, NAME + NAME_LENGTH).indexOf(0);
  return {
    name: decodeText(info, NAME, NAME + (nameEnd < 0 ? NAME_LENGTH : nameEnd)),
    tag: info.toString('hex', TAG, TAG + TAG_LENGTH),
    isJited: info.readUInt32LE(JITED_LENGTH) !== 0,
    loadTime: info.readBigUInt64LE(LOAD_TIME),
    createdByUid: info.readUInt32LE(CREATED_BY_UID),
    btfId: info.readUInt32LE(BTF_ID),
  };
}

const BPF_PROG_TYPE_CGROUP_SOCK = 9;
const BPF_CGROUP_INET_SOCK_CREATE = 2;
const INSTRUCTION_LENGTH = 8;

/** Opcodes, registers (destination in the lower half), and constants of the program below. */
const STORE_DEVICE: readonly (readonly [opcode: number, registers: number, constant: number])[] = [
  [0xbf, 0x16, 0], // r6 = r1, the context: struct bpf_sock, whose first member is the device it is bound to
  [0xb7, 0x03, 0], // r3 = the device
  [0xb7, 0x02, 0], // r2 = 0
  [0x63, 0x31, 0], // *(u32 *)r1 = r3
  [0xb7, 0x00, 1], // r0 = 1: allow
  [0x95, 0x00, 0], // exit
];
const DEVICE_INSTRUCTION = 1;

/**
 * Loads a program that binds each new socket of a cgroup to device `index`. Returns its descriptor, or a negative
 * error number.
 */
export function loadDeviceBinding(index: number): number {
  const bytes = Buffer.alloc(STORE_DEVICE.length * INSTRUCTION_LENGTH);
  for (const [at, [opcode, registers, constant]] of STORE_DEVICE.entries()) {
    bytes[at * INSTRUCTION_LENGTH] = opcode;
    bytes[at * INSTRUCTION_LENGTH + 1] = registers;
    bytes.writeInt32LE(constant, at * INSTRUCTION_LENGTH + 4);
  }
  bytes.writeInt32LE(index, DEVICE_INSTRUCTION * INSTRUCTION_LENGTH + 4);
  return native.bpfLoad(BPF_PROG_TYPE_CGROUP_SOCK, bytes, encodeText('GPL'));
}

/** Attaches such a program to an open cgroup, replacing the one that is there. Returns 0 or a negative error number. */
export function attachToCgroup(cgroup: number, program: number): number {
  return native.bpfAttach(cgroup, program, BPF_CGROUP_INET_SOCK_CREATE);
}
