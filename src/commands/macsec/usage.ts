/** The help text of `ip macsec`. */
export const MACSEC_USAGE = `\
Usage: ip macsec add DEV tx sa { 0..3 } [ OPTS ] key ID KEY
       ip macsec set DEV tx sa { 0..3 } [ OPTS ]
       ip macsec del DEV tx sa { 0..3 }
       ip macsec add DEV rx SCI [ on | off ]
       ip macsec set DEV rx SCI [ on | off ]
       ip macsec del DEV rx SCI
       ip macsec add DEV rx SCI sa { 0..3 } [ OPTS ] key ID KEY
       ip macsec set DEV rx SCI sa { 0..3 } [ OPTS ]
       ip macsec del DEV rx SCI sa { 0..3 }
       ip macsec show
       ip macsec show DEV
       ip macsec offload DEV [ off | phy | mac ]
OPTS := [ pn <u32> | xpn <u64> ] [ salt SALT ] [ ssci <u32> ] [ on | off ]
ID   := up to 32 hexadecimal digits: what the key is called
KEY  := 32 or 64 hexadecimal digits: 128 or 256 bits
SCI  := { sci <u64> | port { 1..65535 } address <lladdr> }
SALT := 24 hexadecimal digits

Devices are made by 'ip link add link DEV type macsec'. Associations (sa) have a key each; those
of tx are sent with, those of rx belong to a channel (SCI) of somebody else.
  pn, xpn   next packet number              salt, ssci   with extended numbers (xpn)`;
