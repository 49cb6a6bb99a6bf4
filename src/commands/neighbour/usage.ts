/** The usage text of `ip neighbour`, in our own words. */
export const NEIGHBOUR_USAGE = `Usage: ip neigh [ show ] [ [ to ] PREFIX ] [ dev DEVICE ] [ FILTER ]...
       ip neigh { add | change | replace | delete } ADDRESS dev DEVICE [ OPTION ]...
       ip neigh { add | delete } proxy ADDRESS [ dev DEVICE ] [ protocol PROTOCOL ]
       ip neigh get ADDRESS dev DEVICE
       ip neigh get proxy ADDRESS [ dev DEVICE ]
       ip neigh flush [ [ to ] PREFIX ] [ dev DEVICE ] [ FILTER ]...
FILTER:
  nud STATE           in this state; may be given again. Without it: all but noarp
  proxy               addresses that we answer for in the name of others
  unused              entries that nobody uses
  protocol PROTOCOL   entries set by this program
  vrf NAME, master DEVICE, nomaster
                      on devices that belong to this one, to none
OPTION:
  lladdr ADDRESS      link-layer address
  nud STATE           state; permanent when it is not given
  router              it is a router
  use, managed        look the address up now; and from time to time
  extern_learn, extern_valid
                      learnt by, looked after by another program
  protocol PROTOCOL   who set the entry: a name or a number
STATE: permanent noarp stale reachable none incomplete delay probe failed, all, or a number`;
