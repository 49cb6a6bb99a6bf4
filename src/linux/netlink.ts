/** Netlink messages and socket options. Source: linux/netlink.h. */

export const NLA_HDRLEN = 4;

/** Types below NLMSG_MIN_TYPE control the conversation itself. */
export const NLMSG_MIN_TYPE = 16;

/** nlmsg_flags. */
export const NLM_F_REQUEST = 0x1;
export const NLM_F_MULTI = 0x2;
export const NLM_F_ACK = 0x4;

/** NLM_F_ECHO: the notification of a change is answered to who asked for it. */
export const NLM_F_ECHO = 0x8;
export const NLM_F_DUMP_INTR = 0x10;
export const NLM_F_DUMP_FILTERED = 0x20;
export const NLM_F_ROOT = 0x100;

/** NLM_F_REPLACE: what exists is changed. */
export const NLM_F_REPLACE = 0x100;
export const NLM_F_CAPPED = 0x100;
export const NLM_F_MATCH = 0x200;

/** NLM_F_EXCL: what exists is left alone, and reported as EEXIST. */
export const NLM_F_EXCL = 0x200;
export const NLM_F_ACK_TLVS = 0x200;

/** NLM_F_CREATE: what does not exist is made. */
export const NLM_F_CREATE = 0x400;

/** NLM_F_APPEND: what is made goes after what there is. */
export const NLM_F_APPEND = 0x800;

/** NLA_F_NESTED, and the mask of the type bits of an attribute. */
export const NLA_F_NESTED = 0x8000;

export const NETLINK_ROUTE = 0;
export const NETLINK_XFRM = 6;
export const NETLINK_NETFILTER = 12;
export const NETLINK_GENERIC = 16;

/** Options of sockets, at level SOL_NETLINK. */
export const NETLINK_ADD_MEMBERSHIP = 1;
export const NETLINK_NO_ENOBUFS = 5;
export const NETLINK_LISTEN_ALL_NSID = 8;
export const NETLINK_EXT_ACK = 11;
export const NETLINK_GET_STRICT_CHK = 12;

/** nlmsg_type below NLMSG_MIN_TYPE. */
export const NLMSG_NOOP = 1;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
export const NLMSG_OVERRUN = 4;

export const NLM_F_DUMP = NLM_F_ROOT | NLM_F_MATCH;
