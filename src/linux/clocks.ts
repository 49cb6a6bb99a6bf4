/** Clocks and their units. Sources: linux/time.h CLOCK_*, asm-generic/param.h USER_HZ. */

export const CLOCK_MONOTONIC = 1;

/** Clock numbers of timens_offsets, in the order in which they are written. */
export const CLOCK_BOOTTIME = 7;

export const USER_HZ = 100;
