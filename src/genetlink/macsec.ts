/**
 * The family `macsec`: channels, associations and keys of MACsec devices (IEEE 802.1AE). Source: linux/if_macsec.h
 * MACSEC_*.
 */
import * as row from '../schema/row.ts';
import { secret } from '../schema/secret.ts';
import { table } from '../schema/table.ts';
import * as codec from '../wire/codec.ts';
import { PLAIN_TYPE } from '../wire/message.ts';
import type { GenericFamily } from './family.ts';

/** Bytes of the longest key, of a key's name and of a salt. */
export const MACSEC_MAX_KEY_LEN = 128;
export const MACSEC_KEYID_LEN = 16;
export const MACSEC_SALT_LEN = 12;

/** A packet number: 64 bits, a bigint, with the cipher suites of extended packet numbers, else 32. */
const packetNumber: codec.Codec<number | bigint> = {
  read: (bytes, at, length) => (length < 8 ? codec.u32 : codec.u64).read(bytes, at, length),
  write: (out, value) => (typeof value === 'bigint' ? out.u64(value) : out.u32(value)),
};

/** Counters of 64 bits by name, numbered from 1. */
function counters<const N extends readonly string[]>(...names: N) {
  const rows = Object.fromEntries(names.map((name, index) => [name, row.u64(index + 1)]));
  return table(rows, PLAIN_TYPE);
}

/** MACSEC_RXSC_STATS_ATTR_*. */
const receivedStatistics = counters(
  ...['in_octets_validated', 'in_octets_decrypted', 'in_pkts_unchecked', 'in_pkts_delayed', 'in_pkts_ok'],
  ...['in_pkts_invalid', 'in_pkts_late', 'in_pkts_not_valid', 'in_pkts_not_using_sa', 'in_pkts_unused_sa'],
);

/** MACSEC_TXSC_STATS_ATTR_*. */
const sentStatistics = counters(
  ...['out_pkts_protected', 'out_pkts_encrypted', 'out_octets_protected', 'out_octets_encrypted'],
);

/** MACSEC_SECY_STATS_ATTR_*. */
const deviceStatistics = counters(
  ...['out_pkts_untagged', 'in_pkts_untagged', 'out_pkts_too_long', 'in_pkts_no_tag', 'in_pkts_bad_tag'],
  ...['in_pkts_unknown_sci', 'in_pkts_no_sci', 'in_pkts_overrun'],
);

/** MACSEC_SA_STATS_ATTR_*. */
const associationStatistics = table(
  {
    in_pkts_ok: row.u32(1),
    in_pkts_invalid: row.u32(2),
    in_pkts_not_valid: row.u32(3),
    in_pkts_not_using_sa: row.u32(4),
    in_pkts_unused_sa: row.u32(5),
    out_pkts_protected: row.u32(6),
    out_pkts_encrypted: row.u32(7),
  },
  PLAIN_TYPE,
);

/** MACSEC_SA_ATTR_*. What a key is called is no secret. */
const association = table(
  {
    an: row.u8(1),
    active: row.u8(2),
    pn: row.value(3, packetNumber),
    key: row.value(4, secret),
    keyid: row.raw(5),
    stats: row.nest(6, associationStatistics, { nestedFlag: 0 }),
    ssci: row.be32(8),
    salt: row.value(9, secret),
  },
  PLAIN_TYPE,
);

/** The attributes of an association. */
export type MacsecAssociation = row.ValuesOf<typeof association.rows>;

/** MACSEC_RXSC_ATTR_*. */
const receiveChannel = table(
  {
    sci: row.be64(1),
    active: row.u8(2),
    sa_list: row.value(3, codec.list(association.codec, 1)),
    stats: row.nest(4, receivedStatistics, { nestedFlag: 0 }),
  },
  PLAIN_TYPE,
);

/** The attributes of a channel that is received. */
export type MacsecChannel = row.ValuesOf<typeof receiveChannel.rows>;

/** MACSEC_SECY_ATTR_*. */
const device = table(
  {
    sci: row.be64(1),
    encoding_sa: row.u8(2),
    window: row.u32(3),
    cipher_suite: row.u64(4),
    icv_len: row.u8(5),
    protect: row.u8(6),
    replay: row.u8(7),
    oper: row.u8(8),
    validate: row.u8(9),
    encrypt: row.u8(10),
    inc_sci: row.u8(11),
    es: row.u8(12),
    scb: row.u8(13),
  },
  PLAIN_TYPE,
);

/** The attributes of what a device does itself. */
export type MacsecDevice = row.ValuesOf<typeof device.rows>;

/** MACSEC_OFFLOAD_ATTR_*. */
const offload = table({ type: row.u8(1) }, PLAIN_TYPE);

/** MACSEC_ATTR_*. */
const macsecAttributes = table(
  {
    ifindex: row.device(1),
    rxsc_config: row.nest(2, receiveChannel, { nestedFlag: 0 }),
    sa_config: row.nest(3, association, { nestedFlag: 0 }),
    secy: row.nest(4, device, { nestedFlag: 0 }),
    txsa_list: row.value(5, codec.list(association.codec, 1)),
    rxsc_list: row.value(6, codec.list(receiveChannel.codec, 1)),
    txsc_stats: row.nest(7, sentStatistics, { nestedFlag: 0 }),
    secy_stats: row.nest(8, deviceStatistics, { nestedFlag: 0 }),
    offload: row.nest(9, offload, { nestedFlag: 0 }),
  },
  PLAIN_TYPE,
);

/** The attributes of a message. */
export type MacsecAttributes = row.ValuesOf<typeof macsecAttributes.rows>;

export const macsec = {
  name: 'macsec',
  version: 1,
  hasSecrets: true,
  commandPrefix: 'MACSEC_CMD_',
  commands: {
    get_txsc: [0, 'get'],
    add_rxsc: [1, 'new'],
    del_rxsc: [2, 'delete'],
    upd_rxsc: [3, 'set'],
    add_txsa: [4, 'new'],
    del_txsa: [5, 'delete'],
    upd_txsa: [6, 'set'],
    add_rxsa: [7, 'new'],
    del_rxsa: [8, 'delete'],
    upd_rxsa: [9, 'set'],
    upd_offload: [10, 'set'],
  },
  attributePrefix: 'MACSEC_ATTR_',
  attributes: macsecAttributes,
  nestedPrefixes: new Map<row.Rows, string>([
    [association.rows, 'MACSEC_SA_ATTR_'],
    [receiveChannel.rows, 'MACSEC_RXSC_ATTR_'],
    [device.rows, 'MACSEC_SECY_ATTR_'],
    [offload.rows, 'MACSEC_OFFLOAD_ATTR_'],
    [associationStatistics.rows, 'MACSEC_SA_STATS_ATTR_'],
    [receivedStatistics.rows, 'MACSEC_RXSC_STATS_ATTR_'],
    [sentStatistics.rows, 'MACSEC_TXSC_STATS_ATTR_'],
    [deviceStatistics.rows, 'MACSEC_SECY_STATS_ATTR_'],
  ]),
} as const satisfies GenericFamily;
