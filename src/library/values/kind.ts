/**
 * The parameters of link kinds as values. Their names and types are those of the kinds' tables, so that a kind that is
 * added there is known here.
 */
import { isDeepStrictEqual } from 'node:util';
import type { LinkKind, LinkTools } from '../../rtnetlink/kind.ts';
import { encodeKind } from '../../rtnetlink/kind.ts';
import { type KnownKind, loadedKind } from '../../rtnetlink/kinds/load.ts';
import { type LinkMessage, linkMessage } from '../../rtnetlink/link.ts';
import { UsageError, UsageRequest } from '../../schema/args.ts';
import type { Values } from '../../schema/facets.ts';
import type { Row, Rows, ValuesOf } from '../../schema/row.ts';
import type { Spelling } from '../../schema/spelling.ts';
import * as spelling from '../../schema/spelling.ts';
import type { View } from '../../schema/view.ts';
import * as codec from '../../wire/codec.ts';
import { walkAttributes } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Connection } from '../connection.ts';
import { ArgumentError, show } from './argument.ts';
import { device } from './devices.ts';
import { rowValue } from './rows.ts';
import { flag, text } from './shape.ts';

type KindNamed<N> = Extract<KnownKind, { readonly name: N }>;
type RowsOf<K> = K extends { readonly table: { readonly rows: infer R extends Rows } } ? R : never;

/** Names of the kinds that describe a device's membership in another: parameters of ports. */
export type PortKindName = Extract<KnownKind['name'], `${string}_slave`>;

/** Names of all kinds of devices that can be made. */
export type KindName = Exclude<KnownKind['name'], PortKindName>;

/** The attributes that the kernel has of a device of kind `N`; numbers as the kernel counts them. */
export type KindData<N extends KnownKind['name']> = ValuesOf<RowsOf<KindNamed<N>>>;

/** The words that the value of a row may be written as. */
type WordsOf<R> = R extends { readonly words: { readonly spelling: Spelling<infer _T, infer W> } }
  ? W
  : never;

/** Whether the words of a number are those of a switch: `on` and `off`, or none where the kernel counts 0 and 1. */
type SwitchOf<W extends string> = [W] extends [never]
  ? boolean
  : string extends W
    ? never
    : 'on' extends W
      ? boolean
      : never;

/**
 * The values that a parameter takes which the kernel has as `T` and `ip` writes as one of the words `W`; `Peer`
 * describes a second device.
 */
export type ParameterOf<T, W extends string, Peer> = [T] extends [LinkMessage]
  ? Peer
  : [T] extends [true]
    ? boolean
    : [T] extends [number]
      ? number | W | SwitchOf<W>
      : [T] extends [bigint]
        ? bigint | number | W
        : T;

/**
 * The parameters of kind `N`. Numbers may be given as the words that `ip` has for them (`mode: 'bridge'`,
 * `protocol: '802.1ad'`), switches as booleans, devices by name.
 */
export type KindParameters<N extends KnownKind['name'], Peer> = {
  [P in keyof KindData<N>]?:
    | ParameterOf<NonNullable<KindData<N>[P]>, WordsOf<RowsOf<KindNamed<N>>[P]>, Peer>
    | undefined;
};

/** Names of the parameters and settings without which the kernel makes no device of kind `N`. */
export type RequiredParameter<N extends KnownKind['name']> =
  KindNamed<N> extends { readonly required?: readonly (infer Q extends string)[] } ? Q : never;

/** Makes the message part of a second device from what `peer` says. */
export type PeerMaker = (argument: string, peer: object) => LinkMessage;

/** What surrounds the parameters that are encoded. */
export interface KindContext {
  readonly connection: Connection;
  readonly isAdd: boolean;
  /** What the kernel has of the device to be changed. */
  readonly existing: Buffer | undefined;
  readonly makePeer: PeerMaker;
}

/** What the kernel reports of a kind and does not take; it passes over it without a word. */
const READ_ONLY: Readonly<Record<string, readonly string[]>> = {
  amt: ['remote'],
  bond: ['ad_info'],
  bond_slave: [
    ...['state', 'mii_status', 'link_failure_count', 'perm_hwaddr', 'ad_aggregator_id'],
    ...['ad_actor_oper_port_state', 'ad_partner_oper_port_state', 'churn_actor_state', 'churn_partner_state'],
  ],
  bridge: [
    ...['bridge_id', 'root_id', 'root_port', 'root_path_cost', 'topology_change', 'topology_change_detected'],
    ...[
      'hello_timer',
      'tcn_timer',
      'topology_change_timer',
      'gc_timer',
      'fdb_n_learned',
      'mcast_querier_state',
    ],
  ],
  bridge_slave: [
    ...['id', 'no', 'designated_port', 'designated_cost', 'bridge_id', 'root_id', 'hold_timer'],
    ...['message_age_timer', 'forward_delay_timer', 'topology_change_ack', 'config_pending'],
  ],
  can: [
    ...['clock', 'state', 'berr_counter', 'bittiming_const', 'data_bittiming_const', 'termination_const'],
    ...[
      'bitrate_const',
      'data_bitrate_const',
      'bitrate_max',
      'xl_data_bittiming_const',
      'xl_data_bitrate_const',
    ],
  ],
  hsr: ['seq_nr', 'supervision_addr'],
  macvlan: ['bc_queue_len_used', 'macaddr_count'],
  macvtap: ['bc_queue_len_used', 'macaddr_count'],
  vrf_slave: ['table'],
};

/** What a kernel reports in a form that it refuses: bits of VXLAN headers that overlap with those in use. */
const REFUSED: Readonly<Record<string, readonly string[]>> = { vxlan: ['reserved_bits'] };

/** Whether a parameter of a kind is reported only. */
export function isReadOnly(kind: string, parameter: string): boolean {
  return READ_ONLY[kind]?.includes(parameter) ?? false;
}

/** The attributes of a kind's data, as the kernel reports them, without those that it does not take. */
export function settableData(kind: string, data: Buffer): Buffer {
  const rows = loadedKind(kind)?.table.rows ?? {};
  const readOnly = new Set(
    [...(READ_ONLY[kind] ?? []), ...(REFUSED[kind] ?? [])].map(name => rows[name]?.type),
  );
  const known = new Set(Object.values(rows).map(({ type }) => type));
  // Of what nobody knows, it is not known either whether the kernel takes it.
  const isKept = (type: number) => known.size === 0 || (known.has(type) && !readOnly.has(type));
  // The kernel reports a byte and takes presence.
  const inherit = rows['ttl_inherit']?.type;
  const kept: Buffer[] = [];
  walkAttributes(data, 0, data.length, (type, start, length) => {
    const begin = start - ATTRIBUTE_HEADER;
    const end = begin + ((length + ATTRIBUTE_HEADER + 3) & ~3);
    if (type === inherit) kept.push(...(data[start] === 0 ? [] : [emptyAttribute(type)]));
    else if (isKept(type)) kept.push(data.subarray(begin, end));
  });
  return Buffer.concat(kept);
}

const ATTRIBUTE_HEADER = 4;

function emptyAttribute(type: number): Buffer {
  const header = Buffer.alloc(ATTRIBUTE_HEADER);
  header.writeUInt16LE(ATTRIBUTE_HEADER, 0);
  header.writeUInt16LE(type, 2);
  return header;
}

/** Switches that the kernel has as numbers of 32 bits. */
const WIDE_SWITCHES: ReadonlySet<string> = new Set(['stp_state']);

const RANGES: ReadonlyMap<unknown, readonly [number, number]> = new Map<unknown, readonly [number, number]>([
  [codec.u8, [0, 0xff]],
  [codec.s8, [-0x80, 0x7f]],
  [codec.u16, [0, 0xffff]],
  [codec.be16, [0, 0xffff]],
  [codec.u32, [0, 0xffffffff]],
  [codec.be32, [0, 0xffffffff]],
  [codec.s32, [-0x80000000, 0x7fffffff]],
]);
const WIDE: ReadonlySet<unknown> = new Set<unknown>([codec.u64, codec.be64]);
const MAX_64 = 0xffff_ffff_ffff_ffffn;

/** The description of a kind. Throws {@link ArgumentError} for kinds that are not known. */
export function kindOf(argument: string, name: string): LinkKind {
  const kind = loadedKind(name);
  if (kind === undefined) throw new ArgumentError(argument, `${show(name)} is not a known kind`);
  return kind;
}

/** Whether the parameters of a kind must be completed by those that the device has. */
export function describesWholeDevice(kind: LinkKind): boolean {
  return kind.start !== undefined;
}

/** The names of a kind's parameters. */
export function parametersOf(kind: LinkKind): ReadonlySet<string> {
  return new Set(Object.keys(kind.table.rows));
}

/**
 * The attribute that carries the parameters of `kind`; undefined where there are none. Throws {@link ArgumentError} for
 * values that cannot be meant, {@link KernelError} for devices that do not exist.
 */
export function encodeParameters(
  kind: LinkKind,
  parameters: Readonly<Record<string, unknown>>,
  context: KindContext,
): Buffer | undefined {
  const { existing, isAdd, connection } = context;
  const start = existing === undefined ? undefined : kind.table.decode(existing, 0, existing.length);
  const draft: Values = kind.start?.(isAdd ? undefined : (start ?? {})) ?? {};
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue;
    const row = kind.table.rows[name];
    if (row === undefined) throw new ArgumentError(name, `is not a parameter of kind ${kind.name}`);
    const wire = toWire(name, row, value, context);
    if (wire !== undefined) draft[name] = wire;
  }
  // What is given by presence alone, like `external`, must not complete what the caller did not begin.
  if (!isAdd && Object.keys(parameters).length === 0) return undefined;
  const given = Object.keys(parameters).filter(name => draft[name] !== undefined);
  const tools = toolsFor(kind, isAdd, connection);
  const bytes = finished(kind, draft, tools);
  const sent = kind.table.decode(bytes, 0, bytes.length) as Values;
  const dropped = given.find(
    name => !isDeepStrictEqual(sent[name], draft[name]) && !hasEffect(kind, draft, name, bytes, tools),
  );
  if (dropped !== undefined) throw new ArgumentError(dropped, `has no meaning for kind ${kind.name} here`);
  return bytes.length === 0 ? undefined : bytes;
}

/** Whether a parameter that is not sent as it was given has changed something else. */
function hasEffect(kind: LinkKind, draft: Values, name: string, bytes: Buffer, tools: LinkTools): boolean {
  const { [name]: _own, ...others } = draft;
  try {
    return !finished(kind, others, tools).equals(bytes);
  } catch {
    return true; // It is needed.
  }
}

/** The attributes of a draft after the rules across parameters; the draft stays as it is. */
function finished(kind: LinkKind, draft: Values, tools: LinkTools): Buffer {
  const own = { ...draft };
  finish(kind, own, tools);
  return encode(kind, own);
}

/** Rules across parameters are those of the commands; what they complain of is said without their program's words. */
function finish(kind: LinkKind, draft: Values, tools: LinkTools): void {
  try {
    kind.finish?.(draft, tools);
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof UsageRequest)) throw error;
    const [line = ''] = error.message.split('\n');
    throw new ArgumentError(kind.name, line.replace(/^(Error: |\w+: )/, ''));
  }
}

function encode(kind: LinkKind, draft: Values): Buffer {
  try {
    return encodeKind(kind, draft);
  } catch (error) {
    if (error instanceof RangeError) throw new ArgumentError(kind.name, error.message);
    throw error;
  }
}

function toolsFor(kind: LinkKind, isAdd: boolean, connection: Connection): LinkTools {
  return {
    kind: kind.name,
    deviceName: undefined,
    isAdd,
    names: connection.words.names,
    existingData: () => undefined,
    parsePeer: () => {
      throw new TypeError('there are no words to read');
    },
    warn: () => undefined,
  };
}

/** The value of a row as its codec wants it. */
function toWire(
  argument: string,
  row: Row<unknown>,
  value: unknown,
  { connection, makePeer }: KindContext,
): unknown {
  const isNumber = RANGES.has(row.codec);
  const isWide = WIDE.has(row.codec);
  if (typeof value === 'string') text(argument, value);
  if ((row.codec as unknown) === linkMessage) return makePeer(argument, value as object);
  if (isPresence(row)) return flag(argument, value) ? true : undefined;
  if ((row.words.spelling as unknown) === spelling.device)
    return value === 0 ? 0 : connection.devices.index(argument, device(argument, value));
  if (!isNumber && !isWide) {
    const read = typeof value === 'string' ? readText(argument, row, value, connection) : value;
    return rowValue(argument, row, read);
  }
  if (typeof value === 'boolean' && isSwitch(argument, row)) return isWide ? BigInt(value) : Number(value);
  if (typeof value === 'string') return readWord(argument, row, value, connection);
  return isWide ? checkWide(argument, value) : checkRange(argument, row, value);
}

/** Whether an attribute says all that it does by being there. */
function isPresence({ codec: own }: Row<unknown>): boolean {
  if ((own as unknown) === codec.flag) return true;
  const out = new MessageWriter(0, 0);
  const start = out.length;
  try {
    own.write(out, true);
  } catch {
    return false; // It takes something else than true and false.
  }
  return out.length === start;
}

function viewOf(connection: Connection): Pick<View, 'names'> {
  return { names: connection.words.names };
}

/** A text that stands for itself, like an address: spelt as usual where the row knows how. */
function readText(argument: string, row: Row<unknown>, value: string, connection: Connection): unknown {
  const isAddress = row.codec === codec.ipv4 || row.codec === codec.ipv6 || row.codec === codec.ip;
  const read = row.words.spelling.parse(value, viewOf(connection));
  if (read === undefined && (isAddress || row.codec === codec.hardwareAddress))
    throw new ArgumentError(argument, `${show(value)} is not an address`);
  return read ?? value;
}

/** Numbers are not taken from texts, but where a table of names has numbers for entries without name. */
function readWord(argument: string, row: Row<unknown>, value: string, connection: Connection): unknown {
  const { operand } = row.words.spelling;
  const isNumeric = /^[\s+-]*(0x[\da-f]*|\d+)\s*$/i.test(value) && operand?.names === undefined;
  const read = isNumeric ? undefined : row.words.spelling.parse(value, viewOf(connection));
  if (read !== undefined) return read;
  const words = operand?.words ?? [];
  const wanted = words.length > 0 ? `is none of ${words.join(', ')}` : 'is not a number';
  throw new ArgumentError(argument, `${show(value)} ${wanted}`);
}

/** Whether a number says whether something is on. */
function isSwitch(argument: string, { codec: own, words }: Row<unknown>): boolean {
  if (words.standalone !== undefined || WIDE_SWITCHES.has(argument)) return true;
  const written = words.spelling.operand?.words ?? [];
  return written.length === 0 ? (own as unknown) === codec.u8 : written.includes('on');
}

function checkRange(argument: string, row: Row<unknown>, value: unknown): number {
  const [least, most] = RANGES.get(row.codec)!;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw new ArgumentError(argument, `${show(value)} is not a whole number from ${least} to ${most}`);
  return value;
}

function checkWide(argument: string, value: unknown): bigint {
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value);
  const wide = isWhole ? BigInt(value as number | bigint) : -1n;
  if (wide < 0n || wide > MAX_64)
    throw new ArgumentError(argument, `${show(value)} is not a number of 64 bits`);
  return wide;
}
