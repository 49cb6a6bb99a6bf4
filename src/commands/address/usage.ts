/** The usage text of `ip address`, in our own words. */
export const ADDRESS_USAGE = `Usage: ip address [ show | list ] [ DEVICE | dev DEVICE ] [ FILTER ]...
       ip address { add | change | replace } ADDRESS dev DEVICE [ OPTION ]...
       ip address delete ADDRESS dev DEVICE [ OPTION ]...
       ip address flush [ dev DEVICE ] FILTER...
       ip address save [ dev DEVICE ]       writes addresses as messages
       ip address { restore | showdump }    reads such messages from standard input
ADDRESS: [ local ] PREFIX, ADDRESS/LENGTH with the length of the network
OPTION:
  peer PREFIX             the other end of a point-to-point link (also: remote)
  broadcast ADDR|+|-      broadcast address; host bits all ones (+) or zeros (-) (also: brd)
  anycast ADDR            anycast address
  label NAME              name of this address, for tools that know no several addresses
  scope SCOPE             host, link, global, or a number: where it is valid
  metric N                of the route to the network (also: priority, preference)
  proto PROTOCOL          who set the address: a name or a number
  valid_lft TIME, preferred_lft TIME
                          lifetimes in seconds, or forever
  home nodad optimistic mngtmpaddr
                          flags of IPv6 addresses
  noprefixroute autojoin  no route to the network; join the multicast group
FILTER:
  up, down, master DEVICE, nomaster, vrf NAME, type KIND, group GROUP
                          about devices (not for flush)
  to PREFIX, scope SCOPE, label PATTERN, proto NUMBER
  permanent dynamic primary secondary temporary
  tentative deprecated dadfailed home nodad optimistic mngtmpaddr noprefixroute
  autojoin stable-privacy
                          about addresses; a flag with - before it means without`;
