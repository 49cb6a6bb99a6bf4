/** Kinds without attributes. Each has a line of help and takes no arguments. */
import { linkKind } from '../kind.ts';

function plainKind<const N extends string>(name: N) {
  const usage = `Usage: ip link add [NAME] [SETTINGS] type ${name}`;
  return linkKind(name, usage, {});
}

/** A device that drops what it is given. */
export const dummy = plainKind('dummy');
/** A device that other devices redirect their traffic to, for queueing disciplines. */
export const ifb = plainKind('ifb');
/** A device on which the netlink traffic of the namespace can be captured. */
export const nlmon = plainKind('nlmon');
/** A virtual CAN bus. */
export const vcan = plainKind('vcan');
/** A device of the driver that tests the kernel. */
export const netdevsim = plainKind('netdevsim');
/** A wireless device simulated on top of another one. */
export const virtWifi = plainKind('virt_wifi');
