/**
 * Names of message types and attributes for the annotations of recorded bytes, read from the kernel's own headers.
 * Needed only to record; where a header is older than an attribute, its number stands in.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnnotationNames, NetlinkMessage } from './bytes.ts';

/** A member by which the enumeration of the attributes of a message family is found. */
const families: Readonly<Record<number, string>> = {
  16: 'IFLA_ADDRESS',
  20: 'IFA_ADDRESS',
  24: 'RTA_DST',
  28: 'NDA_DST',
  32: 'FRA_DST',
  64: 'NDTA_NAME',
  72: 'IFAL_ADDRESS',
  80: 'NETCONFA_IFINDEX',
  88: 'NETNSA_NSID',
  104: 'NHA_ID',
  108: 'IFLA_ADDRESS',
  116: 'NHA_ID',
};

/** A member by which the enumeration of a nest's attributes is found, by the name of the nest. */
const nests: Readonly<Record<string, string>> = {
  IFLA_LINKINFO: 'IFLA_INFO_KIND',
  IFLA_PROP_LIST: 'IFLA_ADDRESS',
  IFLA_VFINFO_LIST: 'IFLA_VF_INFO',
  IFLA_VF_INFO: 'IFLA_VF_MAC',
  IFLA_VF_STATS: 'IFLA_VF_STATS_RX_PACKETS',
  IFLA_VF_VLAN_LIST: 'IFLA_VF_VLAN_INFO',
  IFLA_XDP: 'IFLA_XDP_FD',
  IFLA_PROTO_DOWN_REASON: 'IFLA_PROTO_DOWN_REASON_MASK',
  AF_INET: 'IFLA_INET_CONF',
  AF_INET6: 'IFLA_INET6_FLAGS',
  AF_BRIDGE: 'IFLA_BRIDGE_FLAGS',
  VETH_INFO_PEER: 'IFLA_ADDRESS',
  VXCAN_INFO_PEER: 'IFLA_ADDRESS',
  IFLA_NETKIT_PEER_INFO: 'IFLA_ADDRESS',
  IFLA_VLAN_EGRESS_QOS: 'IFLA_VLAN_QOS_MAPPING',
  IFLA_VLAN_INGRESS_QOS: 'IFLA_VLAN_QOS_MAPPING',
  IFLA_MACVLAN_MACADDR_DATA: 'IFLA_MACVLAN_MACADDR',
  IFLA_BOND_AD_INFO: 'IFLA_BOND_AD_INFO_AGGREGATOR',
  RTA_METRICS: 'RTAX_MTU',
  NHA_RES_GROUP: 'NHA_RES_GROUP_BUCKETS',
};

/** The same for the data of a link kind, where `IFLA_<KIND>_` does not lead to it. */
const kinds: Readonly<Record<string, string>> = {
  veth: 'VETH_INFO_PEER',
  vxcan: 'VXCAN_INFO_PEER',
  bridge: 'IFLA_BR_FORWARD_DELAY',
  bridge_slave: 'IFLA_BRPORT_STATE',
  bond_slave: 'IFLA_BOND_SLAVE_STATE',
  vrf_slave: 'IFLA_VRF_PORT_TABLE',
  macvtap: 'IFLA_MACVLAN_MODE',
  ipvtap: 'IFLA_IPVLAN_MODE',
  gre: 'IFLA_GRE_LINK',
  gretap: 'IFLA_GRE_LINK',
  erspan: 'IFLA_GRE_LINK',
  ip6gre: 'IFLA_GRE_LINK',
  ip6gretap: 'IFLA_GRE_LINK',
  ip6erspan: 'IFLA_GRE_LINK',
  ipip: 'IFLA_IPTUN_LINK',
  ipip6: 'IFLA_IPTUN_LINK',
  sit: 'IFLA_IPTUN_LINK',
  ip6tnl: 'IFLA_IPTUN_LINK',
  vti6: 'IFLA_VTI_LINK',
  tun: 'IFLA_TUN_OWNER',
  vcan: 'IFLA_CAN_BITTIMING',
  batadv: 'IFLA_BATADV_ALGO_NAME',
};

const addressFamilies: Readonly<Record<number, string>> = { 2: 'AF_INET', 7: 'AF_BRIDGE', 10: 'AF_INET6' };

/** Reads the enumerations of the headers in `folder` (linux/*.h). */
export function readAttributeNames(folder = '/usr/include'): AnnotationNames {
  const enumerations = readdirSync(join(folder, 'linux'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.h'))
    .flatMap(name => readEnumerations(readFileSync(join(folder, 'linux', name), 'utf8')));
  const ofMember = new Map<string, ReadonlyMap<number, string>>();
  for (const enumeration of enumerations)
    for (const member of enumeration.values()) if (!ofMember.has(member)) ofMember.set(member, enumeration);
  const messages = ofMember.get('RTM_NEWLINK');

  function kindOf({ attributes }: NetlinkMessage, isSlave: boolean): string {
    const info = attributes.find(({ type }) => type === 18)?.nested;
    const payload = (
      info?.find(({ type }) => type === (isSlave ? 4 : 1)) ?? info?.find(({ type }) => type === 1)
    )?.payload;
    const kind = payload?.toString('latin1').replace(/\0.*/, '') ?? '';
    return isSlave && !kind.endsWith('_slave') ? `${kind}_slave` : kind;
  }

  function membersOf(message: NetlinkMessage, nest: string): ReadonlyMap<number, string> | undefined {
    if (nest !== 'IFLA_INFO_DATA' && nest !== 'IFLA_INFO_SLAVE_DATA') return ofMember.get(nests[nest] ?? '');
    const kind = kindOf(message, nest === 'IFLA_INFO_SLAVE_DATA');
    const named = kinds[kind];
    if (named !== undefined) return ofMember.get(named);
    const prefix = `IFLA_${kind.toUpperCase()}_`;
    return enumerations.find(members => [...members.values()].some(name => name.startsWith(prefix)));
  }

  return {
    message: type => messages?.get(type),
    attribute(message, path) {
      let members = ofMember.get(families[message.type & ~3] ?? '');
      let name: string | undefined;
      for (const type of path) {
        name = name === 'IFLA_AF_SPEC' ? addressFamilies[type] : members?.get(type);
        if (name === undefined) return undefined;
        members = membersOf(message, name);
      }
      return name;
    },
  };
}

/** Members of each enumeration of a header by value; a name that ends in MAX, or is an alias, gives way. */
function readEnumerations(header: string): Map<number, string>[] {
  const text = header
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '')
    .replace(/^#.*$/gm, '');
  return [...text.matchAll(/\benum\s*\w*\s*\{([^}]*)\}/g)].map(([, body]) => {
    const members = new Map<number, string>();
    let next = 0;
    for (const part of body!.split(',')) {
      const found = /^\s*([A-Z]\w*|__\w+)\s*(?:=\s*(\w+))?\s*$/.exec(part);
      if (!found) continue;
      const value = found[2] === undefined ? next : Number(found[2]);
      if (Number.isNaN(value)) continue;
      const isTaken = members.has(value) && !/_BASE$/.test(members.get(value)!);
      if (!found[1]!.startsWith('__') && !isTaken) members.set(value, found[1]!);
      next = value + 1;
    }
    return members;
  });
}
