/** Mount and unmount flags. Sources: linux/mount.h MS_*, mount(2). */

export const MNT_DETACH = 2;

export const MS_RDONLY = 1;

/** mount(2) flags. */
export const MS_NOSUID = 2;
export const MS_NODEV = 4;
export const MS_NOEXEC = 8;
export const MS_BIND = 0x1000;
export const MS_REC = 0x4000;
export const MS_PRIVATE = 0x40000;
export const MS_SLAVE = 0x80000;
export const MS_SHARED = 0x100000;
