/** Counters of a CAN device. Source: linux/can/netlink.h struct can_device_stats, as IFLA_INFO_XSTATS. */
import * as codec from '../../../wire/codec.ts';

/** struct can_device_stats. */
export const deviceStatistics = codec.struct({
  bus_error: codec.u32,
  error_warning: codec.u32,
  error_passive: codec.u32,
  bus_off: codec.u32,
  arbitration_lost: codec.u32,
  restarts: codec.u32,
});
