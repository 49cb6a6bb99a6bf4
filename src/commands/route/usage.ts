/** The help text of `ip route`: synopses out of the grammars, explanations in our own words. */
import { SEG6_ACTIONS, SEG6_FLAVORS, SEG6_MODES } from '../../rtnetlink/encap.ts';
import { synopsisItems, synopsisLines } from '../../schema/synopsis.ts';
import { IOAM6 } from '../grammar/encap/ioam6.ts';
import { SEG6 } from '../grammar/encap/seg6.ts';
import { SEG6LOCAL } from '../grammar/encap/seg6local.ts';
import { ENCAP_WORDS, encapItems } from '../grammar/encap/value.ts';
import { XFRM } from '../grammar/encap/xfrm.ts';
import { GATEWAY, ROUTE_TYPE_WORDS } from '../grammar/route-words.ts';
import { ROUTE_GRAMMAR } from './arguments.ts';
import { GET_GRAMMAR } from './get.ts';
import { NEXTHOP_GRAMMAR } from './next-hops.ts';
import { SELECTOR_GRAMMAR } from './selectors.ts';

const alternatives = (words: readonly string[] = []) => words.join(' | ');

/** The same as items of a synopsis, which may be broken between them. */
const choices = (words: readonly string[]) =>
  words.map((word, index) => (index < words.length - 1 ? `${word} |` : word));

const FLAGS = ['connected', 'fibmatch', 'notify'];
const NODE = ['tos', 'table', 'vrf', 'protocol', 'scope', 'metric', 'ttl-propagate', 'from'];
const HOP = ['encap', 'via', 'dev', 'onlink', 'nexthop', 'nhid'];

const get = [
  '[ ROUTE_GET_FLAGS ] [ to ] ADDRESS',
  '[ from ADDRESS iif STRING ]',
  ...synopsisItems(GET_GRAMMAR, { without: [...FLAGS, 'from', 'iif'] }),
];
const hop = synopsisItems(NEXTHOP_GRAMMAR, { without: ['onlink'] });
const options = synopsisItems(ROUTE_GRAMMAR, { without: [...NODE, ...HOP] });

export const ROUTE_USAGE = `\
Usage: ip route { list | flush } SELECTOR
       ip route save SELECTOR
       ip route restore
       ip route showdump
${synopsisLines('       ip route get', get, 20)}
       ip route { add | del | change | append | prepend | replace | test } ROUTE

${synopsisLines('SELECTOR :=', synopsisItems(SELECTOR_GRAMMAR))}
ROUTE := NODE_SPEC [ INFO_SPEC ]
${synopsisLines('NODE_SPEC := [ TYPE ] PREFIX', synopsisItems(ROUTE_GRAMMAR, { only: NODE }), 13)}
INFO_SPEC := { NH | nhid ID } OPTIONS FLAGS [ nexthop NH ]...
${synopsisLines('NH :=', [...hop, 'NHFLAGS'])}
${synopsisLines('OPTIONS := FLAGS', options, 11)}
NHFLAGS := [ onlink | pervasive ]
ROUTE_GET_FLAGS := ROUTE_GET_FLAG [ ROUTE_GET_FLAGS ]
ROUTE_GET_FLAG := [ ${alternatives(FLAGS)} ]
FAMILY := [ ${alternatives(GATEWAY[0]!.words)} ]
${synopsisLines('TYPE := {', choices(ROUTE_TYPE_WORDS))} }
TABLE_ID := [ local | main | default | all | NUMBER ]
SCOPE := [ host | link | global | NUMBER ]
RTPROTO := [ kernel | boot | static | NUMBER ]
PREF := [ low | medium | high ]
TIME := NUMBER[s|ms]
BOOL := [1|0]
FEATURES := ecn | tcp_usec_ts
ENCAPTYPE := [ ${alternatives(ENCAP_WORDS)} ]
ENCAPHDR := [ MPLSLABEL | SEG6HDR | SEG6LOCAL | IOAM6HDR | XFRMINFO ]
${synopsisLines('SEG6HDR :=', [...encapItems(SEG6), '[cleanup]'])}
SEGMODE := [ ${alternatives(SEG6_MODES)} ]
${synopsisLines('SEG6LOCAL :=', encapItems(SEG6LOCAL))}
${synopsisLines('ACTION := {', choices(SEG6_ACTIONS.slice(1)))} }
FLAVORS := { FLAVOR[,FLAVOR] }
FLAVOR := { ${alternatives(SEG6_FLAVORS.map(([, name]) => name))} }
${synopsisLines('IOAM6HDR :=', encapItems(IOAM6))}
XFRMINFO := ${encapItems(XFRM).join(' ')}

  SELECTOR  lists, flushes and saves the main table, if no table is named
  root      routes inside PREFIX         match    routes that PREFIX is inside of
  via, src  the way and the own address  cached   routes out of the cache
  realms    FROM/TO, for accounting      pref     which router, for IPv6
  nexthop   one of several ways, with its weight; nhid: a next hop object
  get       asks which way a packet would take
  TIME      of expires: seconds; of the others NUMBER is in the kernel's units
  pervasive, cleanup     words of old versions, which nothing reads
  ip route add default encap help    lists the words of all encapsulations
`;
