/** The help texts of `ip tunnel` over IPv4 and IPv6: synopses out of the grammars, explanations in our own words. */
import { synopsisItems, synopsisLines } from '../../schema/synopsis.ts';
import { IPV4_GRAMMAR } from './ipv4.ts';
import { IPV6_GRAMMAR } from './ipv6.ts';
import { RAPID_GRAMMAR, ROUTER_GRAMMAR } from './sit.ts';

const routers = synopsisItems(ROUTER_GRAMMAR, { without: ['dev'] });
const rapid = synopsisItems(RAPID_GRAMMAR, { without: ['dev'] });
const REMOTE_AND_LOCAL = ['remote', 'local'];

export const IPV4_TUNNEL_USAGE = `\
${synopsisLines('Usage: ip tunnel { add | change | del | show } [ NAME ]', synopsisItems(IPV4_GRAMMAR), 16)}
${synopsisLines('       ip tunnel prl dev NAME', routers, 16)}
${synopsisLines('       ip tunnel 6rd dev NAME', rapid, 16)}

Where: NAME := STRING
       ADDR := { IP_ADDRESS | any }
       TOS  := { STRING | 00..ff | inherit | inherit/STRING | inherit/00..ff }
       TTL  := { 1..255 | inherit }
       KEY  := { DOTTED_QUAD | NUMBER }

A name that begins with that of a mode needs no mode. prl names routers of an isatap
tunnel, 6rd the prefixes of a sit tunnel. Tunnels over IPv6 are those of ip -6 tunnel.`;

const mode = synopsisItems(IPV6_GRAMMAR, { only: ['mode'] });
const others = synopsisItems(IPV6_GRAMMAR, { without: ['mode', ...REMOTE_AND_LOCAL] });

export const IPV6_TUNNEL_USAGE = `\
${synopsisLines('Usage: ip -f inet6 tunnel { add | change | del | show } [ NAME ]', [...mode, '[ remote ADDR local ADDR ]', ...others], 16)}

Where: NAME      := STRING
       ADDR      := IPV6_ADDRESS
       ELIM      := { none | 0..255 }(default=4)
       TTL       := 0..255 (default=64)
       TCLASS    := { 0x0..0xff | inherit }
       FLOWLABEL := { 0x0..0xfffff | inherit }
       KEY       := { DOTTED_QUAD | NUMBER }

Tunnels over IPv4 are those of ip tunnel without -6.`;
