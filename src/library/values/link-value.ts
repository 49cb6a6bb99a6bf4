/** How link messages become values. Source: linux/rtnetlink.h struct ifinfomsg, linux/if_link.h IFLA_*. */
import { AF_BRIDGE } from '../../linux/families.ts';
import { loadedKind } from '../../rtnetlink/kinds/load.ts';
import {
  decodeLink,
  type LinkAttributes,
  type LinkStatistics,
  linkHeader,
  linkInfo,
  link as linkTable,
} from '../../rtnetlink/link.ts';
import { formatHardwareAddress } from '../../wire/address.ts';
import { HEADER_LENGTH, HOST_ORDER_TYPE } from '../../wire/message.ts';
import { decodeTextToNul } from '../../wire/text.ts';
import { LatestHardwareAddress, LatestName, LatestText } from './latest.ts';
import {
  LINK_FLAGS,
  type Link,
  type LinkFlag,
  OPERATIONAL_STATES,
  type OperationalState,
  type PortData,
} from './link.ts';
import type { Reading } from './reading.ts';
import { FlagLists, sourceOf, Value } from './value.ts';

const FLAG_LISTS = new FlagLists(LINK_FLAGS);
const NO_NAMES: readonly string[] = Object.freeze([]);
const { rows } = linkTable;
const IFNAME = rows.ifname.type;
const PROP_LIST = rows.prop_list.type;
const MTU = rows.mtu.type;
const OPERSTATE = rows.operstate.type;
const ADDRESS = rows.address.type;
const BROADCAST = rows.broadcast.type;
const PERM_ADDRESS = rows.perm_address.type;
const MASTER = rows.master.type;
const LINK = rows.link.type;
const LINK_NETNSID = rows.link_netnsid.type;
const GROUP = rows.group.type;
const IFALIAS = rows.ifalias.type;
const QDISC = rows.qdisc.type;
const TXQLEN = rows.txqlen.type;
const NUM_TX_QUEUES = rows.num_tx_queues.type;
const NUM_RX_QUEUES = rows.num_rx_queues.type;
const CARRIER = rows.carrier.type;
const PROMISCUITY = rows.promiscuity.type;
const LINKINFO = rows.linkinfo.type;
const INFO_KIND = linkInfo.rows.kind.type;
const INFO_DATA = linkInfo.rows.data.type;
const SLAVE_KIND = linkInfo.rows.slave_kind.type;
const SLAVE_DATA = linkInfo.rows.slave_data.type;

/** The names and texts that the devices of one dump share. */
interface LinkNames {
  readonly device: (index: number) => string;
  readonly group: LatestName;
  readonly qdisc: LatestText;
  readonly kind: LatestText;
  readonly broadcast: LatestHardwareAddress;
}

/**
 * A device, read in one pass over its attributes; what is seldom wanted is decoded from its message. The first attribute
 * of each number that is long enough counts, as in the rows.
 */
class LinkValue extends Value {
  declare readonly index: number;
  declare readonly name: string;
  declare readonly altnames: readonly string[];
  declare readonly flags: readonly LinkFlag[];
  declare readonly up: boolean;
  declare readonly type: number;
  declare readonly mtu: number | undefined;
  declare readonly operstate: OperationalState | undefined;
  declare readonly address: string | undefined;
  declare readonly broadcast: string | undefined;
  declare readonly permanent_address: string | undefined;
  declare readonly master: string | undefined;
  declare readonly master_index: number | undefined;
  declare readonly link: string | undefined;
  declare readonly link_index: number | undefined;
  declare readonly link_netnsid: number | undefined;
  declare readonly group: string | undefined;
  declare readonly alias: string | undefined;
  declare readonly qdisc: string | undefined;
  declare readonly txqlen: number | undefined;
  declare readonly num_tx_queues: number | undefined;
  declare readonly num_rx_queues: number | undefined;
  declare readonly carrier: boolean | undefined;
  declare readonly promiscuity: number | undefined;
  declare readonly port: PortData | undefined;
  declare readonly kind: string | undefined;
  declare readonly kind_name: string | undefined;
  declare readonly data: unknown;

  constructor(bytes: Buffer, start: number, words: Int32Array, names: LinkNames) {
    super(bytes, start);
    const end = start + words[start >> 2]!;
    const header = start + HEADER_LENGTH;
    let name: string | undefined;
    let altnames: readonly string[] | undefined;
    let mtu: number | undefined;
    let operstate: number | undefined;
    let address: string | undefined;
    let broadcast: string | undefined;
    let permanent: string | undefined;
    let master: number | undefined;
    let link: number | undefined;
    let netnsid: number | undefined;
    let group: number | undefined;
    let alias: string | undefined;
    let qdisc: string | undefined;
    let txqlen: number | undefined;
    let txQueues: number | undefined;
    let rxQueues: number | undefined;
    let carrier: number | undefined;
    let promiscuity: number | undefined;
    let info: LinkInfo | undefined;
    for (let at = header + linkHeader.size; at + 4 <= end; ) {
      const word = at >> 2;
      const length = words[word]! & 0xffff;
      if (length < 4 || length > end - at) break;
      const payload = at + 4;
      const size = length - 4;
      switch ((words[word]! >> 16) & HOST_ORDER_TYPE) {
        case IFNAME:
          name ??= decodeTextToNul(bytes, payload, payload + size);
          break;
        case PROP_LIST:
          altnames ??= rows.prop_list.codec.read(bytes, payload, size);
          break;
        case MTU:
          if (size >= 4) mtu ??= words[word + 1]! >>> 0;
          break;
        case OPERSTATE:
          if (size >= 1) operstate ??= bytes[payload];
          break;
        case ADDRESS:
          address ??= formatHardwareAddress(bytes, payload, size);
          break;
        case BROADCAST:
          broadcast ??= names.broadcast.of(bytes, payload, size);
          break;
        case PERM_ADDRESS:
          permanent ??= formatHardwareAddress(bytes, payload, size);
          break;
        case MASTER:
          if (size >= 4) master ??= words[word + 1]! >>> 0;
          break;
        case LINK:
          if (size >= 4) link ??= words[word + 1]! >>> 0;
          break;
        case LINK_NETNSID:
          if (size >= 4) netnsid ??= words[word + 1]!;
          break;
        case GROUP:
          if (size >= 4) group ??= words[word + 1]! >>> 0;
          break;
        case IFALIAS:
          alias ??= decodeTextToNul(bytes, payload, payload + size);
          break;
        case QDISC:
          qdisc ??= names.qdisc.of(bytes, payload, size);
          break;
        case TXQLEN:
          if (size >= 4) txqlen ??= words[word + 1]! >>> 0;
          break;
        case NUM_TX_QUEUES:
          if (size >= 4) txQueues ??= words[word + 1]! >>> 0;
          break;
        case NUM_RX_QUEUES:
          if (size >= 4) rxQueues ??= words[word + 1]! >>> 0;
          break;
        case CARRIER:
          if (size >= 1) carrier ??= bytes[payload];
          break;
        case PROMISCUITY:
          if (size >= 4) promiscuity ??= words[word + 1]! >>> 0;
          break;
        case LINKINFO:
          info ??= readInfo(bytes, payload, payload + size, names.kind);
          break;
      }
      at += (length + 3) & ~3;
    }
    const index = words[(header >> 2) + 1]!;
    const flags = words[(header >> 2) + 2]!;
    const { kind, kind_name, data } = kindOfLink(info);
    this.index = index;
    this.name = name ?? `if${index}`;
    this.altnames = altnames ?? NO_NAMES;
    this.flags = FLAG_LISTS.of(flags);
    this.up = (flags & LINK_FLAGS.up) !== 0;
    this.type = words[header >> 2]! >>> 16;
    this.mtu = mtu;
    this.operstate = operstate === undefined ? undefined : OPERATIONAL_STATES[operstate];
    this.address = address || undefined;
    this.broadcast = broadcast || undefined;
    this.permanent_address = permanent || undefined;
    this.master = master === undefined ? undefined : names.device(master);
    this.master_index = master;
    this.link = link === undefined || link === 0 || netnsid !== undefined ? undefined : names.device(link);
    this.link_index = link;
    this.link_netnsid = netnsid;
    this.group = group === undefined ? undefined : names.group.of(group);
    this.alias = alias;
    this.qdisc = qdisc;
    this.txqlen = txqlen;
    this.num_tx_queues = txQueues;
    this.num_rx_queues = rxQueues;
    this.carrier = carrier === undefined ? undefined : carrier !== 0;
    this.promiscuity = promiscuity;
    this.port = portOf(info);
    this.kind = kind;
    this.kind_name = kind_name;
    this.data = data;
  }

  get statistics(): LinkStatistics | undefined {
    const { stats64, stats } = decodeLink(sourceOf(this), decodeStatistics)!;
    return stats64 ?? stats;
  }

  /** JSON has the counters, too, where they were asked for. */
  protected override membersOfJson(): object {
    return { ...this, statistics: this.statistics };
  }

  get attributes(): LinkAttributes {
    const { header, ...attributes } = decodeLink(sourceOf(this))!;
    return attributes;
  }
}

const decodeStatistics = linkTable.select(['stats64', 'stats']);

/** How link messages become values. */
export const linkReading: Reading<Link> = ({ words }, directory) => {
  const names: LinkNames = {
    device: index => directory.name(index),
    group: new LatestName(number => words.name('groups', number)),
    qdisc: new LatestText(),
    kind: new LatestText(),
    broadcast: new LatestHardwareAddress(),
  };
  // What bridges say of their ports comes as messages of a family that devices do not have.
  return (bytes, start, words) =>
    words[start >> 2]! < HEADER_LENGTH + linkHeader.size || bytes[start + HEADER_LENGTH] === AF_BRIDGE
      ? undefined
      : (new LinkValue(bytes, start, words, names) as Link);
};

/** IFLA_LINKINFO, as far as values have it. */
interface LinkInfo {
  readonly kind: string | undefined;
  readonly data: Buffer | undefined;
  readonly slave_kind: string | undefined;
  readonly slave_data: Buffer | undefined;
}

function readInfo(bytes: Buffer, start: number, end: number, kinds: LatestText): LinkInfo {
  let kind: string | undefined;
  let data: Buffer | undefined;
  let slave_kind: string | undefined;
  let slave_data: Buffer | undefined;
  for (let at = start; at + 4 <= end; ) {
    const length = bytes[at]! | (bytes[at + 1]! << 8);
    if (length < 4 || length > end - at) break;
    switch ((bytes[at + 2]! | (bytes[at + 3]! << 8)) & HOST_ORDER_TYPE) {
      case INFO_KIND:
        kind ??= kinds.of(bytes, at + 4, length - 4);
        break;
      case INFO_DATA:
        data ??= bytes.subarray(at + 4, at + length);
        break;
      case SLAVE_KIND:
        slave_kind ??= decodeTextToNul(bytes, at + 4, at + length);
        break;
      case SLAVE_DATA:
        slave_data ??= bytes.subarray(at + 4, at + length);
        break;
    }
    at += (length + 3) & ~3;
  }
  return { kind, data, slave_kind, slave_data };
}

const NOTHING = Buffer.alloc(0);

/** Its kind with what is reported of that kind alone. */
interface KindMembers {
  readonly kind: string | undefined;
  readonly kind_name: string | undefined;
  readonly data: unknown;
}

const NO_KIND: KindMembers = { kind: undefined, kind_name: undefined, data: undefined };

function kindOfLink(info: LinkInfo | undefined): KindMembers {
  const name = info?.kind;
  if (name === undefined) return NO_KIND;
  const kind = loadedKind(name);
  const data = info?.data ?? NOTHING;
  if (kind === undefined) return { kind: 'other', kind_name: name, data };
  return { kind: name, kind_name: undefined, data: kind.table.decode(data, 0, data.length) };
}

function portOf(info: LinkInfo | undefined): PortData | undefined {
  const name = info?.slave_kind === undefined ? undefined : `${info.slave_kind}_slave`;
  const kind = name === undefined ? undefined : loadedKind(name);
  if (kind === undefined) return undefined;
  const data = info?.slave_data ?? NOTHING;
  return { kind: kind.name, data: kind.table.decode(data, 0, data.length) } as PortData;
}
