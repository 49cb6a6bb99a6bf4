/** The usage text of `ip rule`, in our own words. */
export const RULE_USAGE = `Usage: ip rule [ show | list ] [ SELECTOR ]...
       ip rule { add | delete } SELECTOR... [ ACTION ]
       ip rule flush [ SELECTOR ]...    deletes rules, but not those of priority 0
       ip rule save                     writes rules as messages
       ip rule restore                  reads such messages from standard input
SELECTOR:
  not                     the rule is for packets that do not match
  from PREFIX, to PREFIX  source and destination
  priority N              place among the rules (also: preference, order)
  tos TOS                 (also: dsfield) dscp DSCP[/MASK] flowlabel LABEL[/MASK]
  fwmark MARK[/MASK]      mark of the packet
  iif NAME, oif NAME      devices (iif is also called dev)
  l3mdev                  the table of the VRF of the device
  uidrange FIRST-LAST     users
  ipproto PROTOCOL        protocol, with sport and dport:
  sport PORT[-PORT|/MASK], dport PORT[-PORT|/MASK]
  tun_id ID               id of the tunnel
  protocol PROTOCOL       who set the rule
ACTION:
  table TABLE             look there (also: lookup), but ignore routes with:
    suppress_prefixlength LENGTH (also: sup_pl), suppress_ifgroup GROUP (also: sup_group)
  realms [FROM/]TO        and count the packet there
  goto PRIORITY, nop      go on at another rule, at the next
  blackhole unreachable prohibit
                          drop: silently, as unreachable, as forbidden (any type of route may be given)
  nat ADDRESS             translate, which kernels no longer do (also: map-to)`;
