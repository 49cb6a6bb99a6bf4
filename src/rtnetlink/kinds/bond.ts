/** Bonding devices. Source: linux/if_link.h IFLA_BOND_*, linux/if_bonding.h. Times are milliseconds. */
import { type Args, UsageError } from '../../schema/args.ts';
import type { Facets } from '../../schema/facets.ts';
import type { Output } from '../../schema/output.ts';
import * as row from '../../schema/row.ts';
import { showRows } from '../../schema/show.ts';
import { hardwareAddressText, oneOf } from '../../schema/spelling.ts';
import { table } from '../../schema/table.ts';
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '../../wire/address.ts';
import * as codec from '../../wire/codec.ts';
import { walkAttributes } from '../../wire/message.ts';
import { linkKind } from '../kind.ts';

const usage = `Usage: ... bond [ mode MODE ] [ active_slave DEVICE | clear_active_slave ]
		[ primary DEVICE ] [ primary_reselect always|better|failure ]
		[ miimon MS ] [ updelay MS ] [ downdelay MS ] [ peer_notify_delay MS ] [ use_carrier 0|1 ]
		[ arp_interval MS ] [ arp_validate VALIDATE ] [ arp_all_targets any|all ]
		[ arp_ip_target [ IPV4,... ] ] [ ns_ip6_target [ IPV6,... ] ] [ arp_missed_max COUNT ]
		[ fail_over_mac none|active|follow ] [ xmit_hash_policy POLICY ]
		[ resend_igmp COUNT ] [ num_grat_arp COUNT | num_unsol_na COUNT ]
		[ all_slaves_active 0|1 ] [ min_links COUNT ] [ lp_interval SECONDS ]
		[ packets_per_slave COUNT ] [ tlb_dynamic_lb 0|1 ]
		[ lacp_rate slow|fast ] [ lacp_active off|on ] [ lacp_strict off|on ]
		[ coupled_control off|on ] [ broadcast_neighbor off|on ]
		[ ad_select SELECT ] [ ad_user_port_key KEY ]
		[ ad_actor_sys_prio PRIORITY ] [ ad_actor_system LLADDR ]

MODE: balance-rr | active-backup | balance-xor | broadcast | 802.3ad | balance-tlb | balance-alb
VALIDATE: none | active | backup | all | filter | filter_active | filter_backup
POLICY: layer2 | layer2+3 | layer3+4 | encap2+3 | encap3+4 | vlan+srcmac
SELECT: stable | bandwidth | count | actor_port_prio
Words from these lists may be given as numbers too; at most 16 targets of each family are used.`;

/** The facets of a number with names: read by name or as one of the numbers that have a name. */
function choice<const W extends string>(...words: readonly W[]) {
  return { spelling: oneOf(words, { max: words.length - 1, unknown: () => 'UNKNOWN' }) };
}

const MODES = [
  'balance-rr',
  'active-backup',
  'balance-xor',
  'broadcast',
  '802.3ad',
  'balance-tlb',
  'balance-alb',
] as const;
const { spelling: arpValidate } = choice(
  'none',
  'active',
  'backup',
  'all',
  'filter',
  'filter_active',
  'filter_backup',
);
const HASH_POLICIES = ['layer2', 'layer3+4', 'layer2+3', 'encap2+3', 'encap3+4', 'vlan+srcmac'] as const;

/** The facets of a port: the original has its own words for one that does not exist, and shows none for index 0. */
const port: Facets<number> = {
  complaint: word => new UsageError(`Cannot find device "${word}"`),
  when: index => index !== 0,
};

/** BOND_MAX_ARP_TARGETS, BOND_MAX_NS_TARGETS. */
const MAX_TARGETS = 16;

/** Addresses to probe: attributes numbered from 0 on, some of which may be absent. */
function targetList(item: codec.Codec<string>): codec.Codec<string[]> {
  return {
    read(bytes, at, length) {
      const found = new Array<string | undefined>(MAX_TARGETS).fill(undefined);
      walkAttributes(bytes, at, at + length, (type, start, size) => {
        if (type < MAX_TARGETS) found[type] ??= item.read(bytes, start, size);
      });
      return found.filter(address => address !== undefined);
    },
    write(out, addresses) {
      for (const [index, address] of addresses.entries()) out.attribute(index, item, address);
    },
  };
}

/** Words that the original takes for the address of all zeros. */
const ANY = ['default', 'all', 'any'];

function targets(
  key: string,
  read: (word: string) => string | undefined,
  complaint: (word: string) => UsageError,
): Facets<string[], never> {
  return {
    keyword: key,
    operands: [{ synopsis: '[ ADDRESS,... ]' }],
    parse: args =>
      parseTargets(args).map(word => {
        const address = read(word);
        if (address === undefined) throw complaint(word);
        return address;
      }),
    show: (addresses, out) => showTargets(key, addresses, out),
  };
}

/** Reads addresses joined by commas. The word may be missing or empty; addresses beyond the limit are ignored. */
function parseTargets(args: Args): string[] {
  if (args.done) return [];
  const words = args.next().split(',');
  return words.filter(word => word !== '').slice(0, MAX_TARGETS);
}

function readIpv4(word: string): string | undefined {
  const bytes = parseIpv4(ANY.includes(word) ? '0' : word);
  return bytes && formatIpv4(bytes);
}

function readIpv6(word: string): string | undefined {
  const bytes = parseIpv6(ANY.includes(word) ? '::' : word);
  return bytes && formatIpv6(bytes);
}

function showTargets(key: string, addresses: readonly string[], out: Output): void {
  if (addresses.length === 0) return;
  out.list(key, `${key} `);
  for (const [index, address] of addresses.entries())
    out.item(address, index === 0 ? address : `,${address}`);
  out.end(' ');
}

const ETHERNET_LENGTH = 6;

/** A link-layer address of which only the bytes of an Ethernet address are read. */
const etherAddress = row.rowOf(
  {
    ...codec.hardwareAddress,
    read: (bytes, at, length) => codec.hardwareAddress.read(bytes, at, Math.min(length, ETHERNET_LENGTH)),
  },
  hardwareAddressText,
);

/** IFLA_BOND_AD_INFO: the active aggregator of mode 802.3ad. */
const aggregatorInfo = table({
  aggregator: row.u16(1, { label: 'ad_aggregator' }),
  num_ports: row.u16(2, { label: 'ad_num_ports' }),
  actor_key: row.u16(3, { label: 'ad_actor_key' }),
  partner_key: row.u16(4, { label: 'ad_partner_key' }),
  partner_mac: etherAddress(5, { label: 'ad_partner_mac' }),
});

export const bond = linkKind(
  'bond',
  usage,
  row.abbreviable({
    mode: row.u8(1, choice(...MODES)),
    active_slave: row.device(2, {
      ...port,
      keyword: 'active_slave',
      standalone: { clear_active_slave: 0 },
    }),
    miimon: row.u32(3),
    updelay: row.u32(4),
    downdelay: row.u32(5),
    peer_notif_delay: row.u32(28, {
      word: 'peer_notify_delay',
      key: 'peer_notify_delay',
    }),
    use_carrier: row.u8(6),
    arp_interval: row.u32(7),
    missed_max: row.u8(30, {
      word: 'arp_missed_max',
      key: 'arp_missed_max',
      abbreviable: false,
    }),
    arp_ip_target: row.value(8, targetList(codec.ipv4), {
      abbreviable: 'arp_ip',
      ...targets('arp_ip_target', readIpv4, word => {
        const text = `Error: an IP address is expected rather than "${word}"`;
        return new UsageError(text, undefined, true);
      }),
    }),
    ns_ip6_target: row.value(31, targetList(codec.ipv6), {
      abbreviable: false,
      ...targets('ns_ip6_target', readIpv6, word => {
        const text = `Error: inet6 address is expected rather than "${word}".`;
        return new UsageError(text, undefined, true);
      }),
    }),
    arp_validate: row.u32(9, {
      spelling: {
        ...arpValidate,
        datum: (value, view) => (value === 0 ? null : arpValidate.show(value, view)),
      },
    }),
    arp_all_targets: row.u32(10, choice('any', 'all')),
    primary: row.device(11, port),
    primary_reselect: row.u8(12, choice('always', 'better', 'failure')),
    fail_over_mac: row.u8(13, choice('none', 'active', 'follow')),
    xmit_hash_policy: row.u8(14, choice(...HASH_POLICIES)),
    resend_igmp: row.u32(15),
    num_peer_notif: row.u8(16, {
      label: 'num_grat_arp',
      keyword: ['num_grat_arp', 'num_unsol_na'],
      complaint: 'invalid num_grat_arp|num_unsol_na',
    }),
    all_slaves_active: row.u8(17),
    lacp_strict: row.onOff(34, { abbreviable: 'lacp_s' }),
    min_links: row.u32(18),
    lp_interval: row.u32(19),
    packets_per_slave: row.u32(20),
    ad_lacp_active: row.u8(29, {
      ...choice('off', 'on'),
      word: 'lacp_active',
      abbreviable: false,
    }),
    ad_lacp_rate: row.u8(21, { ...choice('slow', 'fast'), word: 'lacp_rate' }),
    coupled_control: row.onOff(32, { abbreviable: false }),
    broadcast_neigh: row.onOff(33, {
      word: 'broadcast_neighbor',
      key: 'broadcast_neighbor',
      abbreviable: false,
    }),
    ad_select: row.u8(22, choice('stable', 'bandwidth', 'count', 'actor_port_prio')),
    ad_info: row.nest(23, aggregatorInfo, {
      nestedFlag: 0,
      show(info, out, _all, view) {
        out.open('ad_info');
        showRows(aggregatorInfo.rows, info, out, view);
        out.close();
      },
    }),
    ad_actor_sys_prio: row.u16(24),
    ad_user_port_key: row.u16(25),
    ad_actor_system: row.mac(26),
    tlb_dynamic_lb: row.u8(27),
  }),
);
