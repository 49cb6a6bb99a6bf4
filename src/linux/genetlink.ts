/** Generic netlink and its controller. Source: linux/genetlink.h. */

/** The family that finds the others: its id is the only one that is fixed. */
export const GENL_ID_CTRL = 0x10;

/** Bytes of a family's or a group's name, the final NUL included. */
export const GENL_NAMSIZ = 16;

export const CTRL_CMD_NEWFAMILY = 1;
export const CTRL_CMD_GETFAMILY = 3;
