/** Socket levels, options, types and flags, and fcntl commands. Sources: asm-generic/socket.h, linux/socket.h, linux/fcntl.h, linux/sockios.h, linux/if_packet.h. */

export const F_SETFD = 2;
export const F_SETFL = 4;

export const MSG_PEEK = 2;
export const MSG_TRUNC = 0x20;
export const MSG_DONTWAIT = 0x40;
export const MSG_NOSIGNAL = 0x4000;

export const SIOCGIFNAME = 0x8910;

export const SIOCADDMULTI = 0x8931;

export const SIOCDELMULTI = 0x8932;

export const SO_REUSEADDR = 2;
export const SO_SNDBUF = 7;
export const SO_RCVBUF = 8;
export const SO_PEERCRED = 17;
export const SO_RCVBUFFORCE = 33;
export const SO_TIMESTAMPNS = 35;
export const SO_PROTOCOL = 38;
export const SO_MEMINFO = 55;

export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK = 0o4000;

export const SOL_SOCKET = 1;
export const SOL_PACKET = 263;
export const SOL_NETLINK = 270;

export const PACKET_STATISTICS = 6;
export const PACKET_AUXDATA = 8;

/** Of sll_pkttype: what the device sends. */
export const PACKET_OUTGOING = 4;

export const TIOCGWINSZ = 0x5413;
