/** The usage text of `ip` itself, in our own words. */
export const IP_USAGE = `Usage: ip [OPTIONS] OBJECT [COMMAND [ARGUMENTS]]
       ip [-force] -batch FILE
       tsip help OBJECT [COMMAND]
       tsip --version

Objects (may be abbreviated):
  address     addresses of devices            route      routing tables
  link        network devices                 netns      network namespaces
  rule        routing policy                  neighbour  link-layer neighbours
  nexthop     next hop objects                monitor    changes as they happen
  maddress addrlabel netconf ntable token tunnel tuntap vrf tcp_metrics mptcp sr ioam
  l2tp fou ila macsec xfrm                    smaller ones
  map         a picture of all network namespaces        completion  scripts for shells
  lab         whole networks as files      run           a script's calls in one process
  why         what stops packets           doctor        what is amiss with this host
  rootless    the process behind --rootless
  install-links  links named ip, nsenter and unshare    (these eight are never abbreviated)

Options (may be abbreviated, and come before the object):
  -4 -6 -0 -B -M, -family inet|inet6|link|bridge|mpls   work on this family
  -netns NAME       work in this network namespace
  -json [-pretty]   print JSON          -oneline   one record a line
  -brief            only the essentials  -details   everything known
  -statistics       counters (twice: all of them)
  -human-readable, -iec   scaled counters    -Numeric   numbers instead of names
  -color[=always|auto|never]             -resolve   names instead of addresses
  -batch FILE, -force   commands from a file, going on after failures
  -all   every namespace (netns)         -echo   print what the kernel reports
  --table           aligned columns, with the place of each device's other end
  --strict-json     print one JSON document for every command, and errors as objects
  --line-netns      a line of a batch may begin with -netns NAME
  --rootless        in network namespaces of your own, without root
  --trace, --dry-run   print what is asked of the kernel, or only what would be
  -loops N, -rcvbuf BYTES, -timestamp, -tshort, -Version

'ip OBJECT help' describes each object.
`;
