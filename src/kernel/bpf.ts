/** BPF programs: opening pinned ones and looking at loaded ones. Source: linux/bpf.h struct bpf_prog_info. */
import { closeSync } from 'node:fs';
import { decodeText, encodeText } from '../wire/text.ts';
import { check } from './errors.ts';
import { native } from './native.ts';

/** What a loaded program tells of itself. */
export interface BpfProgram {
  /** Empty when it was loaded without a name. */
  readonly name: string;
  /** Hash of its instructions, in hex digits. */
  readonly tag: string;
  readonly isJited: boolean;
  /** Nanoseconds since boot. */
  readonly loadTime: bigint;
  readonly createdByUid: number;
  /** 0 when there is none. */
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

/** What the program `id` tells of itself; undefined when it is gone or this user may not ask. */
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
