/** The help text of `ip fou`. */
export const FOU_USAGE = `\
Usage: ip fou add port PORT { ipproto PROTO | gue } [ local IFADDR ] [ peer IFADDR ]
           [ peer_port PORT ] [ dev IFNAME ]
       ip fou del port PORT [ local IFADDR ] [ peer IFADDR ] [ peer_port PORT ]
           [ dev IFNAME ]
       ip fou show

PROTO := { name of a protocol | 1..255 }      PORT := { 1..65535 }      IFADDR := { address }

UDP packets to the port are taken in as what they carry.
  ipproto   one protocol, without a header for it       gue   generic UDP encapsulation
  peer, peer_port   only from there; both or none       -6    for IPv6`;
