/**
 * Attributes of every device that one word sets, or that one word shows: a row each, from which the words of `ip link`,
 * what details print, and the trace come. Source: linux/if_link.h IFLA_*; words and limits from runs of the original.
 */
import { EINVAL } from '../linux/errno.ts';
import { duplicateArgument, mustBeOneOf, UsageError } from '../schema/args.ts';
import type { Facets } from '../schema/facets.ts';
import * as row from '../schema/row.ts';
import { oneOfAnyCase, onOff, signed, unsigned } from '../schema/spelling.ts';
import { byteLength } from '../wire/text.ts';

const MAX_ALIAS = 255;
const MAX_SEGMENTS = 65535;

/** IF_OPER_*. */
export const OPERATION_STATES = [
  'UNKNOWN',
  'NOTPRESENT',
  'DOWN',
  'LOWERLAYERDOWN',
  'TESTING',
  'DORMANT',
  'UP',
] as const;

/** IF_LINK_MODE_*. */
export const LINK_MODES = ['DEFAULT', 'DORMANT'] as const;

/** A number that may be given once; -1 counts as not given. */
function once(keyword: string, synopsis: string): Facets<number, never> {
  return {
    spelling: { ...signed, operand: { ...signed.operand, synopsis } },
    complaint: `Invalid "${keyword}" value\n`,
    isUnique: (_word, args) => duplicateArgument(keyword, args.next()),
    unset: -1,
  };
}

/** A number up to `max` with the name of its attribute. */
function limit(type: number, name: string, synopsis: string, max = 0xffffffff): row.Row<number, never> {
  const number = unsigned(max);
  return row.u32(type, {
    spelling: { ...number, operand: { ...number.operand, synopsis } },
    complaint: `Invalid "${name}" value\n`,
  });
}

/** The original exits with the error number for a word that is not `on` or `off`. */
const SWITCH: Facets<number, 'on' | 'off'> = {
  spelling: onOff,
  complaint: (word, keyword) => new UsageError(mustBeOneOf(keyword, ['off', 'on'], word).message, EINVAL),
};

/** What the layout prints by separate rules, or not at all. */
export const linkSettings = {
  mtu: row.u32(4, once('mtu', 'MTU')),
  txqlen: row.u32(13, {
    ...once('txqueuelen', 'PACKETS'),
    keyword: ['txqueuelen', 'txqlen', 'qlen'],
    abbreviable: 't',
  }),
  carrier: row.u8(33, SWITCH),
  ifalias: row.bareText(20, {
    word: 'alias',
    abbreviable: true,
    spelling: {
      show: alias => alias,
      parse: word => (byteLength(word) > MAX_ALIAS ? undefined : word),
      operand: { synopsis: 'NAME', examples: ['text'] },
    },
    complaint: 'alias too long\n',
  }),
  linkmode: row.u8(17, {
    word: 'mode',
    spelling: oneOfAnyCase(LINK_MODES),
    complaint: 'Invalid link mode\n',
  }),
  operstate: row.u8(16, {
    word: 'state',
    spelling: oneOfAnyCase(OPERATION_STATES, { synopsis: 'STATE' }),
    complaint: 'Invalid operstate\n',
  }),
  proto_down: row.u8(39, { word: 'protodown', ...SWITCH }),
};

/** Numbers that details begin with, in that order. */
export const linkLimits = {
  // What stands before it ends without a space.
  promiscuity: row.u32(30, { keyword: false, label: ' promiscuity' }),
  allmulti: row.u32(61, { keyword: false }),
  min_mtu: row.u32(50, { keyword: false, label: 'minmtu' }),
  max_mtu: row.u32(51, { keyword: false, label: 'maxmtu' }),
};

/** Numbers that details have after what is of the kind, in that order. */
export const linkQueues = {
  num_tx_queues: row.u32(31, {
    word: 'numtxqueues',
    abbreviable: true,
    ...once('numtxqueues', 'QUEUE_COUNT'),
  }),
  num_rx_queues: row.u32(32, {
    word: 'numrxqueues',
    abbreviable: true,
    ...once('numrxqueues', 'QUEUE_COUNT'),
  }),
  gso_max_size: limit(41, 'gso_max_size', 'BYTES'),
  gso_max_segs: limit(40, 'gso_max_segs', 'PACKETS', MAX_SEGMENTS),
  tso_max_size: row.u32(59, { keyword: false }),
  tso_max_segs: row.u32(60, { keyword: false }),
  gro_max_size: limit(58, 'gro_max_size', 'BYTES'),
  gso_ipv4_max_size: limit(63, 'gso_ipv4_max_size', 'BYTES'),
  gro_ipv4_max_size: limit(64, 'gro_ipv4_max_size', 'BYTES'),
};

/** What details end with, in that order: the port that a device is, and what it is a part of. */
export const linkPorts = {
  phys_port_name: row.text(38, { keyword: false, label: 'portname' }),
  phys_port_id: row.hex(34, { label: 'portid' }),
  phys_switch_id: row.hex(36, { label: 'switchid' }),
  parent_dev_bus_name: row.text(57, { keyword: false, key: 'parentbus', label: 'parentbus' }),
  parent_dev_name: row.text(56, { word: 'parentdev', key: 'parentdev' }),
};
