/** The help text of `ip nexthop`: synopses out of the grammars, explanations in our own words. */
import { keywordSynopsis, synopsisItems, synopsisLines } from '../../schema/synopsis.ts';
import { ENCAP_WORDS } from '../grammar/encap/value.ts';
import { BUCKET_GRAMMAR } from './buckets.ts';
import { CHANGE_GRAMMAR, RESILIENT_GRAMMAR } from './change.ts';
import { SELECTOR_GRAMMAR } from './selectors.ts';

const GROUP_WORDS = ['group', 'fdb', 'type', 'hw_stats'];
const WITHOUT = { without: [...GROUP_WORDS, 'id', 'protocol', 'blackhole'] };

const hop = synopsisItems(CHANGE_GRAMMAR, WITHOUT);
const [type] = synopsisItems(CHANGE_GRAMMAR, { only: ['type'] });
const bucket = BUCKET_GRAMMAR.keywords.filter(({ word }) => word === 'nhid').map(keywordSynopsis);

export const NEXTHOP_USAGE = `\
Usage: ip nexthop { list | flush } [ protocol ID ] SELECTOR
       ip nexthop { add | replace } id ID NH [ protocol ID ]
       ip nexthop { get | del } id ID
       ip nexthop bucket list BUCKET_SELECTOR
       ip nexthop bucket get id ID index INDEX

${synopsisLines('SELECTOR :=', synopsisItems(SELECTOR_GRAMMAR, { without: ['protocol'] }))}
BUCKET_SELECTOR := SELECTOR | [ ${bucket.join()} ]
${synopsisLines('NH := { blackhole |', hop, 8)} |
        group GROUP [ fdb ] ${type} }
GROUP := [ <id[,weight]>/<id[,weight]>/... ] [ hw_stats {off|on} ]
TYPE := { mpath | resilient }
TYPE_ARGS := [ RESILIENT_ARGS ]
${synopsisLines('RESILIENT_ARGS :=', synopsisItems(RESILIENT_GRAMMAR))}
ENCAPTYPE := [ ${ENCAP_WORDS.join(' | ')} ]
ENCAPHDR := [ MPLSLABEL | ... ], as after 'ip route add default encap help'

  blackhole  drops what is sent there     onlink    the gateway is on the link itself
  group      several objects, each with a weight of 1 to 65536
  buckets, idle_timer, unbalanced_timer   how a resilient group is balanced again
  fdb        of a device's forwarding table           hw_stats  counts in hardware
`;
