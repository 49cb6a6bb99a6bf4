/** Persistent TUN and TAP devices through /dev/net/tun. Source: linux/if_tun.h, struct ifreq of linux/if.h. */

import { closeSync, openSync } from 'node:fs';
import { IFF_TUN_EXCL } from '../../linux/interfaces.ts';
import { encodeText } from '../../wire/text.ts';
import { check, errnoOf, SystemError } from './errors.ts';
import { native } from './native.ts';

const TUNSETIFF = 0x400454ca;
const TUNSETPERSIST = 0x400454cb;
const TUNSETOWNER = 0x400454cc;
const TUNSETGROUP = 0x400454ce;
const IFREQ_LENGTH = 40;
const FLAGS_OFFSET = 16;

export interface TunDevice {
  /** Empty: the kernel chooses one. */
  readonly name: string;
  /** IFF_* of linux/if_tun.h. */
  readonly flags: number;
}

export interface TunOwner {
  /** User and group that may attach to the device; -1 or undefined for anybody. */
  readonly user?: number;
  readonly group?: number;
}

/** Makes a device that stays when this process ends. Throws {@link SystemError}. */
export function addTunDevice(device: TunDevice, owner: TunOwner): void {
  withTunDevice({ ...device, flags: device.flags | IFF_TUN_EXCL }, fd => {
    if (isId(owner.user)) check(native.ioctl(fd, TUNSETOWNER, owner.user), 'ioctl(TUNSETOWNER)');
    if (isId(owner.group)) check(native.ioctl(fd, TUNSETGROUP, owner.group), 'ioctl(TUNSETGROUP)');
    check(native.ioctl(fd, TUNSETPERSIST, 1), 'ioctl(TUNSETPERSIST)');
  });
}

/** Lets a device end when nothing is attached to it any more. Throws {@link SystemError}. */
export function deleteTunDevice(device: TunDevice): void {
  withTunDevice(device, fd => check(native.ioctl(fd, TUNSETPERSIST, 0), 'ioctl(TUNSETPERSIST)'));
}

function isId(id: number | undefined): id is number {
  return id !== undefined && id !== -1;
}

function withTunDevice(device: TunDevice, act: (fd: number) => void): void {
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
    check(native.ioctlBytes(fd, TUNSETIFF, request), 'ioctl(TUNSETIFF)');
    act(fd);
  } finally {
    closeSync(fd);
  }
}
