/** The usage text of `ip nexthop`, in our own words. */
export const NEXTHOP_USAGE = `Usage: ip nexthop [ show ] SELECTOR...
       ip nexthop flush SELECTOR...
       ip nexthop { add | replace } id ID HOP OPTION...
       ip nexthop { get | delete } id ID
       ip nexthop bucket [ show ] [nhid ID] SELECTOR...
       ip nexthop bucket get id ID index NUMBER

SELECTOR  id ID, dev NAME, vrf NAME, master NAME, groups, fdb, protocol NUMBER
HOP       blackhole | [via [FAMILY] ADDRESS] [dev NAME] [onlink] [dst_port PORT] [encap ENCAP]
          | group ID[,WEIGHT][/ID[,WEIGHT]...] [type TYPE] [hw_stats on|off]
TYPE      mpath | resilient [buckets NUMBER] [idle_timer SECONDS] [unbalanced_timer SECONDS]
OPTION    fdb, protocol NAME
`;
