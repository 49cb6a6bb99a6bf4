/** IPsec's netlink messages and what they consist of. Source: linux/xfrm.h. */

export const XFRM_MSG_NEWSA = 0x10;
export const XFRM_MSG_DELSA = 0x11;
export const XFRM_MSG_GETSA = 0x12;
export const XFRM_MSG_NEWPOLICY = 0x13;
export const XFRM_MSG_DELPOLICY = 0x14;
export const XFRM_MSG_GETPOLICY = 0x15;
export const XFRM_MSG_ALLOCSPI = 0x16;
export const XFRM_MSG_ACQUIRE = 0x17;
export const XFRM_MSG_EXPIRE = 0x18;
export const XFRM_MSG_UPDPOLICY = 0x19;
export const XFRM_MSG_UPDSA = 0x1a;
export const XFRM_MSG_POLEXPIRE = 0x1b;
export const XFRM_MSG_FLUSHSA = 0x1c;
export const XFRM_MSG_FLUSHPOLICY = 0x1d;
export const XFRM_MSG_NEWAE = 0x1e;
export const XFRM_MSG_GETAE = 0x1f;
export const XFRM_MSG_REPORT = 0x20;
export const XFRM_MSG_MIGRATE = 0x21;
export const XFRM_MSG_NEWSADINFO = 0x22;
export const XFRM_MSG_GETSADINFO = 0x23;
export const XFRM_MSG_NEWSPDINFO = 0x24;
export const XFRM_MSG_GETSPDINFO = 0x25;
export const XFRM_MSG_MAPPING = 0x26;
export const XFRM_MSG_SETDEFAULT = 0x27;
export const XFRM_MSG_GETDEFAULT = 0x28;

/** Multicast groups. */
export const XFRMNLGRP_ACQUIRE = 1;
export const XFRMNLGRP_EXPIRE = 2;
export const XFRMNLGRP_SA = 3;
export const XFRMNLGRP_POLICY = 4;
export const XFRMNLGRP_AEVENTS = 5;
export const XFRMNLGRP_REPORT = 6;
export const XFRMNLGRP_MIGRATE = 7;
export const XFRMNLGRP_MAPPING = 8;

/** No limit. */
export const XFRM_INF = 0xffff_ffff_ffff_ffffn;

/** The longest window against replays, in packets. */
export const XFRMA_REPLAY_ESN_MAX = 4096;

/** Templates of a policy at most. */
export const XFRM_MAX_DEPTH = 6;

export const XFRM_STATE_ESN = 0x80;

/** Flags of struct xfrm_user_offload. */
export const XFRM_OFFLOAD_INBOUND = 2;
export const XFRM_OFFLOAD_PACKET = 4;

/** Values of XFRMA_SA_DIR. */
export const XFRM_SA_DIR_IN = 1;
export const XFRM_SA_DIR_OUT = 2;

/** Security contexts: their attribute type in PF_KEY, domain of interpretation and algorithm. */
export const XFRM_SC_DOI_LSM = 1;
export const XFRM_SC_ALG_SELINUX = 1;

/** Protocols that xfrm transforms. Source: linux/in.h, linux/in6.h. */
export const IPPROTO_ESP = 50;
export const IPPROTO_AH = 51;
export const IPPROTO_COMP = 108;
export const IPPROTO_ROUTING = 43;
export const IPPROTO_DSTOPTS = 60;
/** Any of esp, ah and comp. */
export const IPSEC_PROTO_ANY = 255;
