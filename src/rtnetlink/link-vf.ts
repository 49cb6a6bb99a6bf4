/**
 * Virtual functions of a device: IFLA_VFINFO_LIST, a list of IFLA_VF_INFO. Source: linux/if_link.h struct ifla_vf_*.
 * Most attributes are structs that begin with the number of the function.
 */
import * as row from '../schema/row.ts';
import { table } from '../schema/table.ts';
import * as codec from '../wire/codec.ts';
import { type AttributeVisitor, PLAIN_TYPE, walkAttributes } from '../wire/message.ts';

/** Bytes of an address field, however long the address is. */
export const VF_ADDRESS_LENGTH = 32;

/** IFLA_VF_INFO inside IFLA_VFINFO_LIST. */
export const VF_INFO = 1;

const VF_NUMBER_LENGTH = 4;

/** struct ifla_vf_mac: the function and its address, whose length the type of the device implies. */
const vfAddress: codec.Codec<{ vf: number; address: Buffer }> = {
  read(bytes, at, length) {
    if (length < VF_NUMBER_LENGTH) return undefined;
    return { vf: bytes.readUInt32LE(at), address: bytes.subarray(at + VF_NUMBER_LENGTH, at + length) };
  },
  write(out, { vf, address }) {
    out.u32(vf);
    out.raw(address);
    out.reserve(VF_ADDRESS_LENGTH - address.length);
  },
};

/** A function and a number: a rate, a switch (0xffffffff: unknown), a state. */
const vfSetting = codec.struct({ vf: codec.u32, setting: codec.u32 });

/** struct ifla_vf_guid. */
const vfGuid = codec.struct({ vf: codec.u32, _padding: codec.padding(4), guid: codec.u64 });

/** struct ifla_vf_vlan_info. The protocol is an EtherType. */
const vfVlan = codec.struct({
  vf: codec.u32,
  vlan: codec.u32,
  qos: codec.u32,
  protocol: codec.be16,
  _padding: codec.padding(2),
});

/** IFLA_VF_STATS_*. */
export const vfStatistics = table({
  rx_packets: row.u64(0),
  tx_packets: row.u64(1),
  rx_bytes: row.u64(2),
  tx_bytes: row.u64(3),
  broadcast: row.u64(4),
  multicast: row.u64(5),
  rx_dropped: row.u64(7),
  tx_dropped: row.u64(8),
});

/** IFLA_VF_*. Requests carry one attribute each; messages carry them all for each function. */
export const vfInfo = table({
  mac: row.value(1, vfAddress),
  vlan: row.value(2, codec.struct({ vf: codec.u32, vlan: codec.u32, qos: codec.u32 })),
  tx_rate: row.value(3, vfSetting),
  spoofchk: row.value(4, vfSetting),
  link_state: row.value(5, vfSetting),
  rate: row.value(6, codec.struct({ vf: codec.u32, min_tx_rate: codec.u32, max_tx_rate: codec.u32 })),
  rss_query_en: row.value(7, vfSetting),
  stats: row.nest(8, vfStatistics, { nestedFlag: 0 }),
  trust: row.value(9, vfSetting),
  ib_node_guid: row.value(10, vfGuid),
  ib_port_guid: row.value(11, vfGuid),
  vlan_list: row.value(12, codec.list(vfVlan, 1)),
  broadcast: row.raw(13),
});

export type VfInfo = row.ValuesOf<typeof vfInfo.rows>;

/** IFLA_VFINFO_LIST; what is no function in it has no values. */
export const vfList: codec.Codec<VfInfo[]> = {
  ...codec.list(vfInfo.codec, VF_INFO),
  read(bytes, at, length) {
    const found: VfInfo[] = [];
    const visit: AttributeVisitor = (type, start, size) =>
      found.push(type === VF_INFO ? vfInfo.decode(bytes, start, start + size) : {});
    walkAttributes(bytes, at, at + length, visit, PLAIN_TYPE);
    return found;
  },
};
