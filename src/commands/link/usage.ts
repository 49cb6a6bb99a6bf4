/** The usage text of `ip link`, in our own words. */
export const LINK_USAGE = `Usage: ip link add [link DEVICE | parentdev NAME] [name] NAME [SETTINGS] type KIND [ARGUMENTS]
       ip link { set | change } { [dev] DEVICE | group GROUP } [SETTINGS] [type KIND ARGUMENTS]
       ip link replace [name] NAME [SETTINGS] type KIND [ARGUMENTS]
       ip link delete { [dev] DEVICE | group GROUP } [type KIND]
       ip link [show] [[dev] DEVICE] [up | down] [group GROUP] [master DEVICE | vrf NAME | nomaster]
               [type KIND[_slave]] [novf]
       ip link property { add | del } [dev] DEVICE altname NAME...
       ip link xstats type { bridge | bond }[_slave] [COUNTERS] [dev DEVICE]
       ip link afstats [dev DEVICE]
       ip link help [KIND]

SETTINGS, of a new device too:
  up | down                       name NAME                       index NUMBER
  address LLADDR                  broadcast LLADDR                mtu BYTES
  txqueuelen PACKETS              numtxqueues NUMBER              numrxqueues NUMBER
  netns NAME|PATH|PID             link-netns NAME|PATH|PID        link-netnsid ID
  master DEVICE | vrf NAME | nomaster                             group GROUP
  alias TEXT                      state STATE                     mode default|dormant
  arp on|off                      multicast on|off                allmulticast on|off
  promisc on|off                  dynamic on|off                  trailers on|off
  carrier on|off                  protodown on|off                protodown_reason REASON on|off
  addrgenmode eui64|none|stable_secret|random
  gso_max_size BYTES              gso_ipv4_max_size BYTES         gso_max_segs PACKETS
  gro_max_size BYTES              gro_ipv4_max_size BYTES
  { xdp | xdpgeneric | xdpdrv | xdpoffload } { pinned PATH [verbose] | off, at the end of the line }
  vf NUMBER [mac LLADDR] [vlan ID [qos PRIORITY] [proto 802.1Q|802.1ad]] [rate MBITS]
            [max_tx_rate MBITS] [min_tx_rate MBITS] [spoofchk on|off] [query_rss on|off]
            [trust on|off] [state auto|enable|disable] [node_guid EUI64] [port_guid EUI64]
  inet SETTING VALUE [SETTING VALUE]...
            on|off: forwarding proxy_arp accept_redirects secure_redirects send_redirects
                    shared_media accept_source_route bootp_relay log_martians arp_filter
                    disable_xfrm disable_policy promote_secondaries arp_notify accept_local
                    src_vmark proxy_arp_pvlan route_localnet ignore_routes_with_linkdown
                    drop_unicast_in_l2_multicast drop_gratuitous_arp bc_forwarding
                    arp_evict_nocarrier
            numbers: rp_filter tag medium_id force_igmp_version arp_announce arp_ignore arp_accept
                    igmpv2_unsolicited_report_interval igmpv3_unsolicited_report_interval

STATE := unknown | notpresent | down | lowerlayerdown | testing | dormant | up
KIND  := amt | bareudp | batadv | bond | bond_slave | bridge | bridge_slave | can | dsa | dummy |
         erspan | geneve | gre | gretap | gtp | hsr | ifb | ip6erspan | ip6gre | ip6gretap |
         ip6tnl | ipip | ipoib | ipvlan | ipvtap | macsec | macvlan | macvtap | netdevsim |
         netkit | nlmon | ovpn | pfcp | rmnet | sit | team | team_slave | vcan | veth |
         virt_wifi | vlan | vrf | vti | vti6 | vxcan | vxlan | wwan | xfrm, or any other that
         the kernel knows, without ARGUMENTS`;
