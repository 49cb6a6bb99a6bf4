/** The usage text of `ip route`, in our own words. */
export const ROUTE_USAGE = `Usage: ip route [ show | flush | save ] SELECTOR...
       ip route { add | change | replace | prepend | append | test | delete } ROUTE
       ip route get [ connected | fibmatch | notify ] [ to ] ADDRESS GET-OPTION...
       ip route { restore | showdump } < FILE

SELECTOR   [to] [root|match|exact] PREFIX   destinations inside, around, or equal to PREFIX
           from [root|match|exact] PREFIX   the same for sources
           table NAME|NUMBER|all|cache, vrf NAME, cached, cloned
           dev NAME, oif NAME, iif NAME, via [FAMILY] PREFIX, src PREFIX
           proto NAME, scope NAME, type TYPE, tos VALUE, dsfield VALUE
           metric NUMBER, priority NUMBER, mark NUMBER, realms FROM/TO
ROUTE      [to] [TYPE] PREFIX, then in any order
           via [FAMILY] ADDRESS, dev NAME, oif NAME, onlink, nhid ID, src ADDRESS, from PREFIX
           table NAME, vrf NAME, proto NAME, scope NAME, metric|priority|preference NUMBER
           tos VALUE, dsfield VALUE, realms [FROM/]TO, expires SECONDS, as [to] ADDRESS
           pref low|medium|high, ttl-propagate enabled|disabled, encap ENCAP, METRIC...
           and at the end: nexthop [via [FAMILY] ADDRESS] [dev NAME] [weight 1..256] [onlink]
           [realms REALMS] [encap ENCAP] [as [to] ADDRESS], as often as needed
TYPE       unicast local broadcast anycast multicast blackhole unreachable prohibit throw nat xresolve
METRIC     mtu, advmss, window, cwnd, initcwnd, initrwnd, ssthresh, reordering, hoplimit
           [lock] NUMBER; rtt, rttvar [lock] TIME; rto_min TIME; congctl [lock] NAME;
           features ecn|tcp_usec_ts...; quickack 0|1; fastopen_no_cookie 0|1
TIME       NUMBER[s|ms]
ENCAP      'ip route add default encap help' describes each
FAMILY     inet, inet6, mpls, bridge, link
GET-OPTION from ADDRESS, iif NAME, oif|dev NAME, vrf NAME, mark NUMBER, uid NUMBER
           tos VALUE, dsfield VALUE, ipproto PROTOCOL, sport PORT, dport PORT, as ADDRESS, flowlabel LABEL
`;
