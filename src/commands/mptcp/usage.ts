/** The help text of `ip mptcp`. */
export const MPTCP_USAGE = `\
Usage: ip mptcp endpoint add ADDRESS [ dev NAME ] [ id ID ] [ port NR ] [ FLAG-LIST ]
       ip mptcp endpoint delete id ID [ ADDRESS ]
       ip mptcp endpoint change [ id ID ] [ ADDRESS ] [ port NR ] CHANGE-OPT
       ip mptcp endpoint show [ id ID ]
       ip mptcp endpoint flush
       ip mptcp limits set [ subflows NR ] [ add_addr_accepted NR ]
       ip mptcp limits show
       ip mptcp monitor
FLAG-LIST := [ FLAG-LIST ] FLAG
FLAG := [ signal | subflow | laminar | backup | fullmesh ]
CHANGE-OPT := [ backup | nobackup | fullmesh | nofullmesh ]

  endpoint  addresses that connections may use besides their first
  limits    subflows of a connection, and addresses of the peer that it takes
  monitor   connections and subflows as they come and go

  signal    announce it to peers              subflow   connect from it
  backup    use it when nothing else works    fullmesh  connect from it to every address of the peer
  laminar   connect from it to addresses that the peer announces`;
