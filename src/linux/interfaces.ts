/** Devices: flags, hardware types and attributes. Sources: linux/if.h IFF_*, linux/if_arp.h ARPHRD_*, linux/if_link.h IFLA_*, linux/if_tun.h. */

export const ARPHRD_ETHER = 1;
export const ARPHRD_TUNNEL = 768;
export const ARPHRD_TUNNEL6 = 769;
export const ARPHRD_LOOPBACK = 772;
export const ARPHRD_SIT = 776;
export const ARPHRD_IPGRE = 778;
export const ARPHRD_IP6GRE = 823;

export const IFF_UP = 0x1;
export const IFF_TUN = 0x1;
export const IFF_TAP = 0x2;
export const IFF_LOOPBACK = 0x8;
export const IFF_POINTOPOINT = 0x10;
export const IFF_NOTRAILERS = 0x20;
export const IFF_RUNNING = 0x40;
export const IFF_NOARP = 0x80;
export const IFF_PROMISC = 0x100;
export const IFF_MULTI_QUEUE = 0x100;
export const IFF_ALLMULTI = 0x200;
export const IFF_PERSIST = 0x800;
export const IFF_MULTICAST = 0x1000;
export const IFF_NO_PI = 0x1000;
export const IFF_ONE_QUEUE = 0x2000;
export const IFF_VNET_HDR = 0x4000;
export const IFF_DYNAMIC = 0x8000;
export const IFF_TUN_EXCL = 0x8000;

export const IFLA_INFO_KIND = 1;
export const IFLA_OFFLOAD_XSTATS_HW_S_INFO = 2;
export const IFLA_IFNAME = 3;
export const IFLA_OFFLOAD_XSTATS_L3_STATS = 3;
export const IFLA_STATS_LINK_OFFLOAD_XSTATS = 4;
export const IFLA_LINKINFO = 18;
export const IFLA_AF_SPEC = 26;
export const IFLA_EXT_MASK = 29;
export const IFLA_ALT_IFNAME = 53;

/** What IFLA_PROTINFO has of IPv6 (linux/if_link.h): its counters of 64 bits, which begin with their number. */
export const IFLA_INET6_STATS = 3;

/** Places among the counters of IPv6 (linux/snmp.h, IPSTATS_MIB_*). */
export const IPSTATS_MIB_INPKTS = 1;
export const IPSTATS_MIB_INOCTETS = 2;
export const IPSTATS_MIB_OUTPKTS = 9;
export const IPSTATS_MIB_OUTOCTETS = 10;
export const IPSTATS_MIB_INDISCARDS = 18;
export const IPSTATS_MIB_OUTDISCARDS = 19;
export const IPSTATS_MIB_INMCASTPKTS = 28;
export const IPSTATS_MIB_CSUMERRORS = 36;
