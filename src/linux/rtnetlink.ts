/** Route netlink: message types, and attributes, types, tables, scopes and protocols of routes. Source: linux/rtnetlink.h. */

/** rtm_flags and rtnh_flags of a next hop. */
export const RTNH_F_PERVASIVE = 0x2;
export const RTNH_F_ONLINK = 4;
export const RTNH_F_OFFLOAD = 0x8;
export const RTNH_F_UNRESOLVED = 0x20;

export const RTPROT_UNSPEC = 0;

/** rtm_protocol. */
export const RTPROT_REDIRECT = 1;
export const RTPROT_KERNEL = 2;
export const RTPROT_BOOT = 3;
export const RTPROT_STATIC = 4;

/** rtm_flags of the kernel's answers, and of requests. */
export const RTM_F_NOTIFY = 0x100;
export const RTM_F_CLONED = 0x200;
export const RTM_F_LOOKUP_TABLE = 0x1000;
export const RTM_F_FIB_MATCH = 0x2000;

/** RTA_*. */
export const RTA_DST = 1;
export const RTA_SRC = 2;
export const RTA_IIF = 3;
export const RTA_OIF = 4;
export const RTA_GATEWAY = 5;
export const RTA_PRIORITY = 6;
export const RTA_PREFSRC = 7;
export const RTA_METRICS = 8;
export const RTA_MULTIPATH = 9;
export const RTA_FLOW = 11;
export const RTA_CACHEINFO = 12;
export const RTA_TABLE = 15;
export const RTA_MARK = 16;
export const RTA_MFC_STATS = 17;
export const RTA_VIA = 18;
export const RTA_NEWDST = 19;
export const RTA_PREF = 20;
export const RTA_ENCAP_TYPE = 21;
export const RTA_ENCAP = 22;
export const RTA_EXPIRES = 23;
export const RTA_UID = 25;
export const RTA_TTL_PROPAGATE = 26;
export const RTA_NH_ID = 30;
export const RTA_MAX = 31;

/** A device is there, or is to be: type of messages. */
export const RTM_NEWLINK = 16;

/** A device is gone, or is to go: type of messages. */
export const RTM_DELLINK = 17;

/** Numbers, where all of rtnetlink/link.ts would be loaded for them by every command. */
export const RTM_GETLINK = 18;
export const RTM_SETLINK = 19;

/** An address is there, or is to be: type of messages. */
export const RTM_NEWADDR = 20;

/** An address is gone, or is to go: type of messages. */
export const RTM_DELADDR = 21;

/** Asks for addresses: type of requests. */
export const RTM_GETADDR = 22;

/** A route is there, or is to be: type of messages. */
export const RTM_NEWROUTE = 24;

/** A route is gone, or is to go: type of messages. */
export const RTM_DELROUTE = 25;

/** Asks for routes: type of requests. */
export const RTM_GETROUTE = 26;
export const RTM_NEWNEIGH = 28;
export const RTM_DELNEIGH = 29;
export const RTM_GETNEIGH = 30;
export const RTM_NEWRULE = 32;
export const RTM_DELRULE = 33;
export const RTM_GETRULE = 34;
export const RTM_NEWPREFIX = 52;
export const RTM_NEWNEIGHTBL = 64;
export const RTM_GETNEIGHTBL = 66;
export const RTM_SETNEIGHTBL = 67;
export const RTM_NEWADDRLABEL = 72;
export const RTM_DELADDRLABEL = 73;
export const RTM_GETADDRLABEL = 74;
export const RTM_NEWNETCONF = 80;
export const RTM_DELNETCONF = 81;
export const RTM_GETNETCONF = 82;
export const RTM_NEWNSID = 88;
export const RTM_DELNSID = 89;
export const RTM_GETNSID = 90;
/** The group that ids of namespaces are reported to. */
export const RTNLGRP_NSID = 28;
export const RTM_NEWSTATS = 92;
export const RTM_GETSTATS = 94;
export const RTM_SETSTATS = 95;
export const RTM_NEWNEXTHOP = 104;
export const RTM_DELNEXTHOP = 105;
export const RTM_GETNEXTHOP = 106;
export const RTM_NEWLINKPROP = 108;
export const RTM_DELLINKPROP = 109;
export const RTM_NEWNEXTHOPBUCKET = 116;
export const RTM_DELNEXTHOPBUCKET = 117;
export const RTM_GETNEXTHOPBUCKET = 118;

/** rtm_scope. */
export const RT_SCOPE_UNIVERSE = 0;
export const RT_SCOPE_LINK = 253;
export const RT_SCOPE_HOST = 254;
export const RT_SCOPE_NOWHERE = 255;

/** rtm_table. */
export const RT_TABLE_DEFAULT = 253;
export const RT_TABLE_MAIN = 254;
export const RT_TABLE_LOCAL = 255;

/** rtm_type. */
export const RTN_UNICAST = 1;
export const RTN_LOCAL = 2;
export const RTN_BROADCAST = 3;
export const RTN_ANYCAST = 4;
export const RTN_MULTICAST = 5;
export const RTN_UNREACHABLE = 7;
export const RTN_NAT = 10;

/** IFLA_EXT_MASK: with lists of virtual functions; without counters. */
export const RTEXT_FILTER_VF = 1;
export const RTEXT_FILTER_SKIP_STATS = 8;

/** IFA_*. */
export const IFA_ADDRESS = 1;
export const IFA_LOCAL = 2;
export const IFA_CACHEINFO = 6;
export const IFA_FLAGS = 8;

/** NDA_*. */
export const NDA_DST = 1;

/** FRA_*. */
export const FRA_DST = 1;
export const FRA_SRC = 2;
export const FRA_PRIORITY = 6;
export const FRA_TABLE = 15;
