/** Which columns `--table` has for each object, and what of a record stands in each. Keys are those of JSON. */
import { type JsonRecord, type JsonValue, memberText, wordedText } from '../../output/records.ts';
import type { Colour } from '../../schema/output.ts';

/** Words about the other end of a device of the current namespace, by the device's name; '' when it has none. */
export type PlaceOf = (device: string) => string;

export interface ColumnRule {
  readonly heading: string;
  /** Keys of the record that the column stands for. */
  readonly keys: readonly string[];
  /** The lines of the cell; by default the words of its keys. */
  readonly lines?: (record: JsonRecord, placeOf: PlaceOf) => readonly string[];
  readonly colour?: (record: JsonRecord) => Colour | undefined;
}

export interface TableRule {
  /** A record without it is none of this kind. */
  readonly key: string;
  readonly columns: readonly ColumnRule[];
  /** Whether one more column shows what no column stands for. */
  readonly hasRest: boolean;
}

const name: ColumnRule = { heading: 'NAME', keys: ['ifname'], colour: () => 'ifname' };
const kind: ColumnRule = {
  heading: 'KIND',
  keys: ['linkinfo'],
  lines: record => [text(inner(record, 'linkinfo', 'info_kind'))],
};
const state: ColumnRule = {
  heading: 'STATE',
  keys: ['operstate', 'flags'],
  lines: record => [stateOf(record)],
  colour: record => (/^(UP|UNKNOWN)$/.test(stateOf(record)) ? 'up' : 'down'),
};
const master: ColumnRule = { heading: 'MASTER', keys: ['master'] };
const peer: ColumnRule = {
  heading: 'PEER',
  keys: ['link', 'link_index', 'link_netnsid'],
  lines: (record, placeOf) => [placeOf(text(record['ifname']))],
};
const peerOfDevice: ColumnRule = {
  heading: 'PEER',
  keys: [],
  lines: (record, placeOf) => [placeOf(text(record['dev']))],
};
const device: ColumnRule = { heading: 'DEVICE', keys: ['dev'], colour: () => 'ifname' };

const link: TableRule = {
  key: 'ifname',
  hasRest: false,
  columns: [
    name,
    kind,
    state,
    { heading: 'MTU', keys: ['mtu'] },
    { heading: 'ADDRESS', keys: ['address'], colour: () => 'mac' },
    master,
    peer,
    { heading: 'RX BYTES', keys: [], lines: record => [text(inner(record, 'stats64', 'rx', 'bytes'))] },
    { heading: 'TX BYTES', keys: [], lines: record => [text(inner(record, 'stats64', 'tx', 'bytes'))] },
    { heading: 'ALIAS', keys: ['ifalias'] },
    { heading: 'ALSO', keys: ['altnames'] },
  ],
};

const address: TableRule = {
  key: 'ifname',
  hasRest: false,
  columns: [
    name,
    kind,
    state,
    {
      heading: 'ADDRESSES',
      keys: ['addr_info'],
      lines: record => list(record['addr_info']).map(addressLine),
      colour: () => 'inet',
    },
    master,
    peer,
  ],
};

const route: TableRule = {
  key: 'dst',
  hasRest: true,
  columns: [
    { heading: 'DESTINATION', keys: ['type', 'dst'], lines: record => [typed(record)], colour: () => 'inet' },
    { heading: 'VIA', keys: ['gateway', 'via', 'nexthops'], lines: gateways },
    device,
    { heading: 'SOURCE', keys: ['prefsrc', 'from'] },
    { heading: 'METRIC', keys: ['metric'] },
    { heading: 'PROTOCOL', keys: ['protocol'] },
    { heading: 'SCOPE', keys: ['scope'] },
    { heading: 'TABLE', keys: ['table'] },
    peerOfDevice,
  ],
};

const neighbour: TableRule = {
  key: 'dst',
  hasRest: true,
  columns: [
    { heading: 'ADDRESS', keys: ['dst'], colour: () => 'inet' },
    device,
    { heading: 'LINK ADDRESS', keys: ['lladdr'], colour: () => 'mac' },
    {
      heading: 'STATE',
      keys: ['state'],
      colour: ({ state: states }) => (/FAILED|INCOMPLETE/.test(memberText(states)) ? 'down' : 'up'),
    },
    peerOfDevice,
  ],
};

/** By the name of the object. */
export const TABLE_RULES: Readonly<Record<string, TableRule>> = {
  link,
  address,
  route,
  neighbor: neighbour,
  neighbour,
};

/** One column for each key that any of the records has, in the order of their first appearance. */
export function plainRule(records: readonly JsonRecord[]): TableRule {
  const keys = new Set(records.flatMap(record => Object.keys(record)));
  const columns = [...keys].map(key => ({
    heading: key.replaceAll('_', ' ').toUpperCase(),
    keys: [key],
    lines: (record: JsonRecord) => [plainText(key, record[key])],
  }));
  return { key: '', hasRest: false, columns };
}

/** What of a record no column of its table stands for, as words. */
export function restOf(record: JsonRecord, { columns }: TableRule): string {
  const shown = new Set(columns.flatMap(({ keys }) => keys));
  return Object.entries(record)
    .filter(([key]) => !shown.has(key))
    .map(([key, value]) => wordedText(key, value))
    .filter(Boolean)
    .join(' ');
}

/** What is only said or not says yes. */
function plainText(key: string, value: JsonValue | undefined): string {
  if (value === undefined) return '';
  return value === null || value === true ? key : memberText(value);
}

function text(value: JsonValue | undefined): string {
  return memberText(value);
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function inner(record: JsonRecord, ...path: readonly string[]): JsonValue | undefined {
  let at: JsonValue | undefined = record;
  for (const key of path) at = (at as JsonRecord | undefined | null)?.[key];
  return at;
}

/** The operational state; `NO-CARRIER` for a device that is up but has no other end. */
function stateOf({ operstate, flags }: JsonRecord): string {
  return list(flags).includes('NO-CARRIER') ? 'NO-CARRIER' : text(operstate);
}

function addressLine(member: JsonValue): string {
  const { local, address: other, prefixlen, scope } = member as JsonRecord;
  const own = other === undefined ? text(local) : `${text(local)} peer ${text(other)}`;
  return local === undefined ? '' : `${own}/${text(prefixlen)}${scope === 'global' ? '' : ` ${text(scope)}`}`;
}

function typed({ type, dst }: JsonRecord): string {
  return type === undefined || type === 'unicast' ? text(dst) : `${text(type)} ${text(dst)}`;
}

function gateways({ gateway, via, nexthops }: JsonRecord): string[] {
  const own = gateway ?? inner({ via: via ?? null }, 'via', 'host');
  const hops = list(nexthops).map(hop => {
    const { gateway: through, via: other, dev, weight } = hop as JsonRecord;
    return [
      text(through ?? inner({ via: other ?? null }, 'via', 'host')),
      dev === undefined ? '' : `on ${text(dev)}`,
      weight === undefined ? '' : `weight ${text(weight)}`,
    ]
      .filter(Boolean)
      .join(' ');
  });
  return own === undefined ? hops : [text(own), ...hops];
}
