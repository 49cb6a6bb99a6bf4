/** Persistent TUN and TAP devices through /dev/net/tun. Source: linux/if_tun.h, struct ifreq of linux/if.h. */

import { closeSync, openSync } from 'node:fs';
import { IFF_TUN_EXCL } from '../../linux/interfaces.ts';
import { encodeText } from '../../wire/text.ts';
import { check, errnoOf, SystemError } from './errors.ts';
import type { Native } from './native.ts';

const TUNSETIFF = 0x400454ca;
const TUNSETPERSIST = 0x400454cb;
const TUNSETOWNER = 0x400454cc;
const TUNSETGROUP = 0x400454ce;
const IFREQ_LENGTH = 40;
const FLAGS_OFFSET = 16;

type TunCalls = Pick<Native, 'ioctl' | 'ioctlBytes'>;

/** A device to make or delete. */
export interface TunDevice {
  /** Empty: the kernel chooses one. */
  readonly name: string;
  /** IFF_* of linux/if_tun.h. */
  readonly flags: number;
}

/** Who may attach to a device. */
export interface TunOwner {
  /** User and group that may attach to the device; -1 or undefined for anybody. */
  readonly user?: number;
  readonly group?: number;
}

/** Makes a device that stays when this process ends. Throws {@link SystemError}. */
export function addTunDevice(calls: TunCalls, device: TunDevice, owner: TunOwner): void {
  withTunDevice(calls, { ...device, flags: device.flags | IFF_TUN_EXCL }, fd => {
    if (isId(owner.user)) check(calls.ioctl(fd, TUNSETOWNER, owner.user), 'ioctl(TUNSETOWNER)');
    if (isId(owner.group)) check(calls.ioctl(fd, TUNSETGROUP, owner.group), 'ioctl(TUNSETGROUP)');
    check(calls.ioctl(fd, TUNSETPERSIST, 1), 'ioctl(TUNSETPERSIST)');
  });
}

/** Lets a device end when nothing is attached to it any more. Throws {@link SystemError}. */
export function deleteTunDevice(calls: TunCalls, device: TunDevice): void {
  withTunDevice(calls, device, fd => check(calls.ioctl(fd, TUNSETPERSIST, 0), 'ioctl(TUNSETPERSIST)'));
}

function isId(id: number | undefined): id is number {
  return id !== undefined && id !== -1;
}

function withTunDevice(calls: TunCalls, device: TunDevice, act: (fd: number) => void): void {
  let fd: number;
  try {
    fd = openSync('/dev/net/tun', 'r+');
  } catch (error) {
    throw new SystemError('open', errnoOf(error));
  }
  try {
    const request = Buffer.alloc(IFREQ_LENGTH);
    encodeText(device.name).copy(request, 0, 0, FLAGS_OFFSET - 1);
    request.writeUInt16LE(device.flags, FLAGS_OFFSET);
    check(calls.ioctlBytes(fd, TUNSETIFF, request), 'ioctl(TUNSETIFF)');
    act(fd);
  } finally {
    closeSync(fd);
  }
}
