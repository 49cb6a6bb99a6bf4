/**
 * What attributes are called in the kernel's headers, where that is not the prefix of their set and the name of their row.
 * Source: linux/if_link.h and the headers that the tables name.
 */
/** What names of attributes of link kinds begin with where it is not `IFLA_KIND_`. */
export const KIND_PREFIXES: Readonly<Record<string, string>> = {
  bridge: 'IFLA_BR_',
  bridge_slave: 'IFLA_BRPORT_',
  erspan: 'IFLA_GRE_',
  gretap: 'IFLA_GRE_',
  ip6erspan: 'IFLA_GRE_',
  ip6gre: 'IFLA_GRE_',
  ip6gretap: 'IFLA_GRE_',
  ip6tnl: 'IFLA_IPTUN_',
  ipip: 'IFLA_IPTUN_',
  ipvtap: 'IFLA_IPVLAN_',
  macvtap: 'IFLA_MACVLAN_',
  sit: 'IFLA_IPTUN_',
  vcan: 'IFLA_CAN_',
  veth: 'VETH_INFO_',
  vrf_slave: 'IFLA_VRF_PORT_',
  vti6: 'IFLA_VTI_',
  vxcan: 'VXCAN_INFO_',
};

/** Names in the kernel's headers that are not the prefix and the row's own. */
const IRREGULAR: Readonly<Record<string, string>> = {
  FRA_TRANSLATION: 'FRA_UNUSED2',
  IFLA_AMT_DISCOVERY: 'IFLA_AMT_DISCOVERY_IP',
  IFLA_AMT_LOCAL: 'IFLA_AMT_LOCAL_IP',
  IFLA_AMT_REMOTE: 'IFLA_AMT_REMOTE_IP',
  IFLA_BAREUDP_DSTPORT: 'IFLA_BAREUDP_PORT',
  IFLA_BAREUDP_MULTIPROTO: 'IFLA_BAREUDP_MULTIPROTO_MODE',
  IFLA_BAREUDP_SRCPORTMIN: 'IFLA_BAREUDP_SRCPORT_MIN',
  IFLA_BOND_CLEAR_ACTIVE_SLAVE: 'IFLA_BOND_ACTIVE_SLAVE',
  IFLA_BOND_SLAVE_CHURN_ACTOR_STATE: 'IFLA_BOND_SLAVE_AD_CHURN_ACTOR_STATE',
  IFLA_BOND_SLAVE_CHURN_PARTNER_STATE: 'IFLA_BOND_SLAVE_AD_CHURN_PARTNER_STATE',
  IFLA_BRPORT_MCAST_FAST_LEAVE: 'IFLA_BRPORT_FAST_LEAVE',
  IFLA_GTP_HSIZE: 'IFLA_GTP_PDP_HASHSIZE',
  IFLA_IPTUN_SIXRD_PREFIX: 'IFLA_IPTUN_6RD_PREFIX',
  IFLA_IPTUN_SIXRD_PREFIXLEN: 'IFLA_IPTUN_6RD_PREFIXLEN',
  IFLA_IPTUN_SIXRD_RELAY_PREFIX: 'IFLA_IPTUN_6RD_RELAY_PREFIX',
  IFLA_IPTUN_SIXRD_RELAY_PREFIXLEN: 'IFLA_IPTUN_6RD_RELAY_PREFIXLEN',
  IFLA_VXLAN_MCROUTE: 'IFLA_VXLAN_MC_ROUTE',
  IFLA_VXLAN_REMOTE: 'IFLA_VXLAN_GROUP',
  IFLA_VXLAN_REMOTE6: 'IFLA_VXLAN_GROUP6',
  IFLA_WWAN_LINKID: 'IFLA_WWAN_LINK_ID',
};

/** Attributes that no table decodes, because nothing is shown of them. */
const UNDECODED: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  IFLA_: {
    8: 'COST',
    9: 'PRIORITY',
    11: 'WIRELESS',
    14: 'MAP',
    15: 'WEIGHT',
    24: 'VF_PORTS',
    25: 'PORT_SELF',
    42: 'PAD',
    62: 'DEVLINK_PORT',
    65: 'DPLL_PIN',
    66: 'MAX_PACING_OFFLOAD_HORIZON',
    68: 'HEADROOM',
    69: 'TAILROOM',
  },
  IFLA_INET6_: {
    1: 'FLAGS',
    2: 'CONF',
    3: 'STATS',
    4: 'MCAST',
    5: 'CACHEINFO',
    6: 'ICMP6STATS',
    7: 'TOKEN',
    9: 'RA_MTU',
  },
  AF_: { 7: 'BRIDGE', 28: 'MPLS', 45: 'MCTP' },
  IFLA_BRPORT_: {
    11: 'LEARNING_SYNC',
    35: 'MRP_RING_OPEN',
    36: 'MRP_IN_OPEN',
    37: 'MCAST_EHT_HOSTS_LIMIT',
    38: 'MCAST_EHT_HOSTS_CNT',
    41: 'MCAST_N_GROUPS',
    42: 'MCAST_MAX_GROUPS',
  },
  IFLA_MACSEC_: { 14: 'PAD' },
  IFLA_VF_STATS_: { 6: 'PAD' },
};

/** The name of attribute `type` of a set in the kernel's headers; undefined when it is not known. */
export function attributeName(
  { prefix }: { readonly prefix: string },
  type: number,
  name: string | undefined,
): string | undefined {
  const word = name?.toUpperCase() ?? UNDECODED[prefix]?.[type];
  if (word === undefined) return undefined;
  return IRREGULAR[prefix + word] ?? prefix + word;
}
