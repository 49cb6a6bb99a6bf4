/** Values of the library, which are read in one pass over a message, against the rows: both say the same of any message. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addressReading } from '../../src/library/values/address.ts';
import { wordsOf as namesOf } from '../../src/library/values/argument.ts';
import type { DeviceDirectory } from '../../src/library/values/devices.ts';
import { LINK_FLAGS, OPERATIONAL_STATES } from '../../src/library/values/link.ts';
import { linkReading } from '../../src/library/values/link-value.ts';
import { familyName, formatPrefix } from '../../src/library/values/prefix.ts';
import { type Reading, readMessage } from '../../src/library/values/reading.ts';
import { PREFERENCES, routeReading } from '../../src/library/values/route.ts';
import { Words } from '../../src/library/values/words.ts';
import { AF_BRIDGE, AF_INET, AF_INET6, AF_MPLS } from '../../src/linux/families.ts';
import { RTM_NEWADDR, RTM_NEWLINK, RTM_NEWROUTE } from '../../src/linux/rtnetlink.ts';
import {
  ADDRESS_FLAGS,
  addressFlags,
  addressHeader,
  address as addressTable,
  decodeAddress,
  FOREVER,
} from '../../src/rtnetlink/address.ts';
import { loadedKind, loadKinds } from '../../src/rtnetlink/kinds/load.ts';
import { decodeLink, linkHeader, link as linkTable } from '../../src/rtnetlink/link.ts';
import { routeRequest } from '../../src/rtnetlink/request.ts';
import { decodeRoute, ROUTE_TYPES, routeAttributes, routeHeader } from '../../src/rtnetlink/route.ts';
import { formatHardwareAddress } from '../../src/wire/address.ts';
import { type Message, splitDatagram } from '../../src/wire/message.ts';
import { MessageWriter } from '../../src/wire/writer.ts';
import { fixtureFolders, repliesOf } from '../support/capture/fixtures.ts';
import { SEED } from '../support/random/sample.ts';

const words = new Words();
const device = (index: number) => `device ${index}`;
// Only the names are asked for.
const directory = { name: device } as unknown as DeviceDirectory;

const HOP_FLAGS = {
  dead: 1,
  pervasive: 2,
  onlink: 4,
  offload: 8,
  linkdown: 0x10,
  unresolved: 0x20,
  trap: 0x40,
};

/** What a route's members are by the rows. */
function routeByRows(message: Message): unknown {
  const route = decodeRoute(message);
  if (route === undefined) return undefined;
  const { attributes: own, family } = route;
  const preference = Object.entries(PREFERENCES).find(([, number]) => number === own.pref)?.[0];
  const hops = own.multipath?.map(hop => ({
    ...(hop.ifindex === 0 ? {} : { device: device(hop.ifindex), device_index: hop.ifindex }),
    ...((hop.gateway ?? hop.via) === undefined ? {} : { gateway: hop.gateway ?? hop.via?.address }),
    weight: hop.hops + 1,
    flags: namesOf(HOP_FLAGS, hop.flags),
  }));
  return {
    family: familyName(family),
    type: ROUTE_TYPES[route.type] ?? String(route.type),
    destination:
      own.dst === undefined || route.dst_len === 0
        ? 'default'
        : formatPrefix(own.dst, route.dst_len, family, true),
    from: own.src === undefined ? undefined : formatPrefix(own.src, route.src_len, family, true),
    tos: route.tos === 0 ? undefined : route.tos,
    gateway: own.gateway ?? own.via?.address,
    device: own.oif === undefined ? undefined : device(own.oif),
    device_index: own.oif,
    source: own.prefsrc,
    metric: own.priority,
    table: words.name('tables', own.table ?? route.table),
    protocol: words.name('protocols', route.protocol),
    scope: words.name('scopes', route.scope),
    flags: namesOf(HOP_FLAGS, route.flags),
    preference,
    hops,
    nexthop_id: own.nh_id,
    metrics: own.metrics,
  };
}

function addressByRows(message: Message): unknown {
  const found = decodeAddress(message);
  if (found === undefined) return undefined;
  const { family, prefixlen, scope, index } = found.header;
  const { local, address, cacheinfo, proto } = found;
  const hasPeer = local !== undefined && address !== undefined && local !== address;
  const whole = family === AF_INET ? 32 : family === 0 ? 0 : 128;
  const seconds = (lifetime: number) => (lifetime === FOREVER ? Infinity : lifetime);
  return {
    device: device(index),
    device_index: index,
    family: familyName(family),
    address: formatPrefix(local ?? address ?? '', hasPeer ? whole : prefixlen, family),
    peer: hasPeer ? formatPrefix(address, prefixlen, family) : undefined,
    broadcast: found.broadcast,
    anycast: found.anycast,
    label: found.label,
    scope: words.name('scopes', scope),
    flags: namesOf(ADDRESS_FLAGS, addressFlags(found)),
    valid_lifetime: cacheinfo && seconds(cacheinfo.valid),
    preferred_lifetime: cacheinfo && seconds(cacheinfo.preferred),
    metric: found.rt_priority,
    protocol: proto === undefined ? undefined : words.name('addressProtocols', proto),
  };
}

function linkByRows(message: Message): unknown {
  const link = decodeLink(message);
  if (link === undefined || link.header.family === AF_BRIDGE) return undefined;
  const { header, linkinfo: info, master, link: lower, link_netnsid: netnsid } = link;
  const spelt = (bytes: Buffer | undefined) => (bytes?.length ? formatHardwareAddress(bytes) : undefined);
  const dataOf = (kind: string, bytes: Buffer = Buffer.alloc(0)) =>
    loadedKind(kind)?.table.decode(bytes, 0, bytes.length);
  const isKnown = info?.kind !== undefined && loadedKind(info.kind) !== undefined;
  const slave = info?.slave_kind === undefined ? undefined : `${info.slave_kind}_slave`;
  const port = slave === undefined ? undefined : dataOf(slave, info?.slave_data);
  return {
    index: header.index,
    name: link.ifname ?? `if${header.index}`,
    altnames: link.prop_list ?? [],
    flags: namesOf(LINK_FLAGS, header.flags),
    up: (header.flags & LINK_FLAGS.up) !== 0,
    type: header.type,
    mtu: link.mtu,
    operstate: link.operstate === undefined ? undefined : OPERATIONAL_STATES[link.operstate],
    address: spelt(link.address),
    broadcast: spelt(link.broadcast),
    permanent_address: spelt(link.perm_address),
    master: master === undefined ? undefined : device(master),
    master_index: master,
    link: lower === undefined || lower === 0 || netnsid !== undefined ? undefined : device(lower),
    link_index: lower,
    link_netnsid: netnsid,
    group: link.group === undefined ? undefined : words.name('groups', link.group),
    alias: link.ifalias,
    qdisc: link.qdisc,
    txqlen: link.txqlen,
    num_tx_queues: link.num_tx_queues,
    num_rx_queues: link.num_rx_queues,
    carrier: link.carrier === undefined ? undefined : link.carrier !== 0,
    promiscuity: link.promiscuity,
    port: port === undefined ? undefined : { kind: slave, data: port },
    kind: info?.kind === undefined ? undefined : isKnown ? info.kind : 'other',
    kind_name: info?.kind === undefined || isKnown ? undefined : info.kind,
    data:
      info?.kind === undefined ? undefined : (dataOf(info.kind, info.data) ?? info.data ?? Buffer.alloc(0)),
  };
}

/** A kind of message: how it is read, what it should be, and what random ones consist of. */
interface Kind {
  readonly type: number;
  readonly headerLength: number;
  readonly rows: Readonly<Record<string, { readonly type: number }>>;
  readonly reading: Reading<object>;
  readonly expected: (message: Message) => unknown;
}

const KINDS: Readonly<Record<string, Kind>> = {
  routes: {
    type: RTM_NEWROUTE,
    headerLength: routeHeader.size,
    rows: routeAttributes.rows,
    reading: routeReading,
    expected: routeByRows,
  },
  addresses: {
    type: RTM_NEWADDR,
    headerLength: addressHeader.size,
    rows: addressTable.rows,
    reading: addressReading,
    expected: addressByRows,
  },
  devices: {
    type: RTM_NEWLINK,
    headerLength: linkHeader.size,
    rows: linkTable.rows,
    reading: linkReading,
    expected: linkByRows,
  },
};

function randomMessage({ type, headerLength, rows }: Kind): fc.Arbitrary<Buffer> {
  const types = Object.values(rows).map(row => row.type);
  const attribute = fc.record({
    type: fc.constantFrom(...types, 0, 300),
    flags: fc.constantFrom(0, 0, 0, 0x8000, 0x4000),
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 24 }),
      fc.constantFrom(4, 8, 16).chain(length => fc.uint8Array({ minLength: length, maxLength: length })),
    ),
  });
  const family = fc.constantFrom(AF_INET, AF_INET, AF_INET6, AF_MPLS, 0, 7);
  const header = fc.uint8Array({ minLength: headerLength, maxLength: headerLength });
  return fc.tuple(family, header, fc.array(attribute, { maxLength: 14 })).map(([first, rest, attributes]) => {
    const out = new MessageWriter(type, 0);
    out.raw(Uint8Array.of(first, ...rest.slice(1)));
    for (const { type: number, flags, payload } of attributes) {
      const mark = out.open(number, flags);
      out.raw(payload);
      out.close(mark);
    }
    return Buffer.from(out.finish(1));
  });
}

/** The members of a value; not where it comes from, which copies carry along under a symbol. */
function membersOf(value: object | undefined): unknown {
  return value && Object.fromEntries(Object.entries(value));
}

function check({ reading, expected }: Kind, read: ReturnType<Reading<object>>, message: Message): void {
  const value = readMessage(read, message);
  const wanted = expected(message);
  assert.deepEqual(membersOf(value), wanted);
  // With nothing before it that caches could have kept.
  const alone = readMessage(reading({ words }, directory), message);
  assert.deepEqual(membersOf(alone), wanted);
}

/** An IPv4 route as the kernel sends it. */
function kernelRoute(fields: {
  readonly destination: string;
  readonly length?: number;
  readonly oif?: number;
}): Message {
  const { destination, length = 24, oif = 3 } = fields;
  const header = { family: AF_INET, dst_len: length, table: 254, protocol: 3, type: 1 };
  const request = routeRequest({ type: RTM_NEWROUTE }, header, {
    table: 254,
    dst: destination,
    oif,
    priority: 7,
  });
  return splitDatagram(Buffer.from(request.finish(1))).messages[0]!;
}

describe('values that are read in one pass', () => {
  before(() => loadKinds());

  it('are right of routes that follow others like them', () => {
    const read = routeReading({ words }, directory);
    const sent = [
      kernelRoute({ destination: '10.0.0.0' }),
      kernelRoute({ destination: '10.0.1.0' }),
      kernelRoute({ destination: '20.200.255.0' }),
      kernelRoute({ destination: '20.200.255.0', length: 32 }),
      kernelRoute({ destination: '20.200.255.1', length: 32 }),
      kernelRoute({ destination: '0.0.0.0', length: 0 }),
      kernelRoute({ destination: '20.0.0.0', oif: 4 }),
      kernelRoute({ destination: '20.0.1.0', oif: 4 }),
    ];
    const found = sent.map(message => readMessage(read, message)!);
    assert.deepEqual(found.map(membersOf), sent.map(routeByRows));
    assert.deepEqual([found[1]?.destination, found[4]?.destination], ['10.0.1.0/24', '20.200.255.1']);
    assert.deepEqual(
      found.map(({ raw }) => raw.attributes.dst),
      sent.map(message => decodeRoute(message)!.attributes.dst),
    );
  });

  for (const [name, kind] of Object.entries(KINDS)) {
    it(`say of random ${name} what the rows say`, () => {
      const read = kind.reading({ words }, directory);
      fc.assert(
        fc.property(randomMessage(kind), bytes => {
          check(kind, read, splitDatagram(bytes).messages[0]!);
        }),
        { seed: SEED, numRuns: 2000 },
      );
    });

    it(`say of random ${name} that follow each other and differ in one byte what the rows say`, () => {
      const read = kind.reading({ words }, directory);
      const change = fc.tuple(fc.nat(1000), fc.nat(255));
      fc.assert(
        fc.property(
          randomMessage(kind),
          fc.array(change, { minLength: 1, maxLength: 6 }),
          (bytes, changes) => {
            check(kind, read, splitDatagram(bytes).messages[0]!);
            for (const [place, value] of changes) {
              const changed = Buffer.from(bytes);
              changed[16 + (place % (bytes.length - 16))] = value;
              check(kind, read, splitDatagram(changed).messages[0]!);
            }
          },
        ),
        { seed: SEED, numRuns: 1000 },
      );
    });

    it(`say of recorded ${name} what the rows say, whole and cut`, () => {
      const read = kind.reading({ words }, directory);
      let count = 0;
      for (const folder of fixtureFolders()) {
        for (const message of splitDatagram(repliesOf(folder)).messages) {
          if (message.type !== kind.type) continue;
          count++;
          check(kind, read, message);
          for (let length = 16; length < message.end - message.start; length += 4) {
            const bytes = Buffer.from(message.bytes.subarray(message.start, message.start + length));
            bytes.writeUInt32LE(length, 0);
            check(kind, read, splitDatagram(bytes).messages[0]!);
          }
        }
      }
      assert.ok(count > 3, `${count} messages`);
    });
  }
});
