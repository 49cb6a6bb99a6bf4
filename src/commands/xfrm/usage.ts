/** The help texts of `ip xfrm`: synopses out of the grammars, explanations in our own words. */
import { synopsisItems, synopsisLines } from '../../schema/synopsis.ts';
import { ENCAPSULATIONS, EXTRA_FLAGS, MODES, POLICY_FLAGS, STATE_FLAGS } from '../../xfrm/names.ts';
import { POLICY_GRAMMAR } from './policy-change.ts';
import { FILTER_GRAMMAR as POLICY_FILTER } from './policy-filter.ts';
import { ID_GRAMMAR as POLICY_ID } from './policy-one.ts';
import { STATE_GRAMMAR } from './state-change.ts';
import { FILTER_GRAMMAR as STATE_FILTER } from './state-filter.ts';
import { ID_GRAMMAR as STATE_ID } from './state-one.ts';
import { SPI_GRAMMAR } from './state-spi.ts';

const ID = ['src', 'dst', 'proto', 'spi'];
const ALGORITHMS = ['enc', 'auth', 'comp', 'aead', 'auth-trunc'];
const SELECTOR = ['src', 'dst', 'dev', 'proto', 'sport', 'dport', 'type', 'code', 'key'];
const LIMIT = ['limit'];

function words(values: Readonly<Record<string, number>>): string {
  return Object.keys(values).join(' | ');
}

const UPPER = `\
SELECTOR := [ src ADDR[/PLEN] ] [ dst ADDR[/PLEN] ] [ dev DEV ] [ UPSPEC ]
UPSPEC := proto { { tcp | udp | sctp | dccp } [ sport PORT ] [ dport PORT ] |
                  { icmp | ipv6-icmp | mobility-header } [ type NUMBER ] [ code NUMBER ] |
                  gre [ key { DOTTED-QUAD | NUMBER } ] | PROTO }`;

const LIMITS = `\
LIMIT-LIST := [ LIMIT-LIST ] limit LIMIT
LIMIT := { time-soft | time-hard | time-use-soft | time-use-hard } SECONDS |
         { byte-soft | byte-hard } SIZE | { packet-soft | packet-hard } COUNT`;

const IDENTITY = `\
ID := [ src ADDR ] [ dst ADDR ] [ proto XFRM-PROTO ] [ spi SPI ]
XFRM-PROTO := esp | ah | comp | route2 | hao
MODE := ${words(MODES)}`;

export const OBJECT_USAGE = `\
Usage: ip xfrm { state | policy | monitor } { COMMAND | help }

  state     how packets are encrypted, authenticated, compressed
  policy    which packets, and by which states
  monitor   what changes, expires or is wanted`;

export const STATE_USAGE = `\
${synopsisLines('Usage: ip xfrm state { add | update } ID [ ALGO-LIST ]', [...synopsisItems(STATE_GRAMMAR, { without: [...ID, ...ALGORITHMS, ...LIMIT] }), '[ LIMIT-LIST ]'], 16)}
${synopsisLines('       ip xfrm state allocspi ID', synopsisItems(SPI_GRAMMAR, { without: ID }), 16)}
${synopsisLines('       ip xfrm state { delete | get } ID', synopsisItems(STATE_ID, { without: ID }), 16)}
${synopsisLines('       ip xfrm state { list | deleteall } [ ID ]', synopsisItems(STATE_FILTER, { without: ID }), 16)}
       ip xfrm state flush [ proto XFRM-PROTO ]
       ip xfrm state count

${IDENTITY}
ALGO-LIST := [ ALGO-LIST ] ALGO
ALGO := { enc | auth } ALGO-NAME ALGO-KEYMAT | comp ALGO-NAME |
        aead ALGO-NAME ALGO-KEYMAT ALGO-ICV-LEN |
        auth-trunc ALGO-NAME ALGO-KEYMAT ALGO-TRUNC-LEN
FLAG := ${words(STATE_FLAGS)}
EXTRA-FLAG := ${words(EXTRA_FLAGS)}
ENCAP-TYPE := ${words(ENCAPSULATIONS)}
${UPPER}
${LIMITS}
DIR := in | out

  allocspi   reserves an SPI until the keys are agreed on
  nokeys     prints lists without keys; keys are text, or hexadecimal after 0x
  replay-window SIZE   packets that may arrive late; with esn numbers have 64 bits
  encap      packets inside UDP or TCP, to pass translators of addresses
  coa        care-of address, of route2 and hao
  sel        only packets like these
  output-mark, if_id   mark of the packets that leave; xfrm interface
  tfcpad     pads packets to this length     pcpu-num   the only CPU that uses it`;

export const POLICY_USAGE = `\
${synopsisLines('Usage: ip xfrm policy { add | update } SELECTOR', [...synopsisItems(POLICY_GRAMMAR, { without: [...SELECTOR, ...LIMIT] }), '[ LIMIT-LIST ]'], 16)}
${synopsisLines('       ip xfrm policy { delete | get } { SELECTOR | index INDEX }', synopsisItems(POLICY_ID, { without: [...SELECTOR, 'index'] }), 16)}
${synopsisLines('       ip xfrm policy { list | deleteall } [ SELECTOR ]', synopsisItems(POLICY_FILTER, { without: SELECTOR }), 16)}
       ip xfrm policy flush [ ptype PTYPE ]
       ip xfrm policy count
       ip xfrm policy set [ hthresh4 LBITS RBITS ] [ hthresh6 LBITS RBITS ]
       ip xfrm policy setdefault DIR ACTION [ DIR ACTION ] [ DIR ACTION ]
       ip xfrm policy getdefault

${UPPER}
DIR := in | out | fwd
PTYPE := main | sub
ACTION := allow | block, with setdefault accept | block
FLAG := ${words(POLICY_FLAGS)}
${LIMITS}
TMPL := ID [ mode MODE ] [ reqid REQID ] [ level { required | use } ]
${IDENTITY}

  tmpl       what is to be done to a packet; several are done in turn
  level use  may be left out where there is no state
  priority   the policy with the least number comes first
  nosock     without the policies of sockets
  set        prefixes at least this long are looked up in hash tables
  setdefault what happens to packets without a policy`;

export const MONITOR_USAGE = `\
Usage: ip xfrm monitor [ nokeys ] [ all-nsid ] [ all | OBJECTS | file FILENAME ]
OBJECTS := { acquire | expire | SA | aevent | policy | report }

  acquire    a policy wants a state          expire   a state or policy is too old
  SA, policy made, changed or deleted        aevent   counters have changed
  report     a packet of Mobile IPv6 that no state is for
  all-nsid   also of the other namespaces that have an id here
  file       messages that were saved in a file`;
