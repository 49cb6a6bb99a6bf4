/** Address families and Ethernet protocol numbers. Sources: linux/socket.h AF_*, linux/if_ether.h ETH_P_*. */

/** What is asked for may be of any family. */
export const AF_UNSPEC = 0;
export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_BRIDGE = 7;
export const AF_INET6 = 10;
export const AF_NETLINK = 16;
export const AF_PACKET = 17;
export const AF_MPLS = 28;

export const ETH_P_8021Q = 0x8100;
export const ETH_P_8021AD = 0x88a8;

/** Multicast routing tables of IPv4 and IPv6. */
export const RTNL_FAMILY_IPMR = 128;
export const RTNL_FAMILY_IP6MR = 129;
export const ETH_P_ALL = 3;
