/** The help text of `ip tcp_metrics`. */
export const TCP_METRICS_USAGE = `\
Usage: ip tcp_metrics { show | flush } [ SELECTOR ]
       ip tcp_metrics delete [ address ] ADDRESS
SELECTOR := [ [ address ] PREFIX ] [ source ADDRESS ]

What TCP remembers of hosts that it has talked to: round-trip times, windows, Fast Open.
  show      shows it; of one address only what is remembered of that
  flush     forgets it; without words all of it
  delete    forgets one host

  address   the host, or a prefix of hosts        source   our address towards it`;
