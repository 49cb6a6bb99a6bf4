/** Maps that are kept equal to the kernel's, against listings, while much changes in every way. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { LiveMap, Network, Watcher, WatchGroup } from '../../../src/index.ts';
import type { Watchable } from '../../../src/rtnetlink.ts';
import { SEED } from '../../support/random/sample.ts';
import { withNetwork } from './lab.ts';

const LIMIT_MS = 30_000;
/** Of which TSIP_LINES=N tries more. */
const CHANGES = Number(process.env.TSIP_LINES ?? 1500);

/** What a listing says of all objects that a map has. */
const LISTINGS: { readonly [G in WatchGroup]?: (network: Network) => Promise<Watchable[G][]> } = {
  link: ({ links }) => links.all(),
  address: ({ addresses }) => addresses.all(),
  route: ({ routes }) => routes.all({ table: 'all' }),
  rule: ({ rules }) => rules.all(),
  nexthop: ({ nexthops }) => nexthops.all(),
  forwarding: ({ bridge }) => bridge.forwarding.all({ master: 'br0' }),
};

type Compared = keyof typeof LISTINGS;

/** Keys and values as texts; without what changes by itself: timers of bridges and lifetimes. */
function described<G extends WatchGroup>(map: LiveMap<G>, values: Iterable<Watchable[G]>): string[] {
  const texts = Array.from(values, value => {
    const { flags, valid_lifetime, preferred_lifetime, data, port, ...shown } = { ...value } as Record<
      string,
      unknown
    >;
    return `${map.keyOf(value)} ${JSON.stringify(shown, (_name, member) => (typeof member === 'bigint' ? String(member) : member))}`;
  });
  return texts.sort();
}

/** Waits until a map equals a listing: it follows the kernel, and may also be ahead of a listing that was read before. */
async function isEqual(network: Network, group: Compared, map: LiveMap<WatchGroup>): Promise<void> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  const isCompared = (value: object) =>
    group !== 'forwarding' || ('master' in value && value.master === 'br0');
  let changes = 0;
  const count = () => changes++;
  map.on('changed', count);
  try {
    while (true) {
      const before = changes;
      const listed = described(map, await LISTINGS[group]!(network));
      const kept = described(map, [...map.values()].filter(isCompared));
      if (JSON.stringify(listed) === JSON.stringify(kept)) return;
      if (changes !== before && !limit.aborted) continue;
      await once(map, 'changed', { signal: limit }).catch(() => {
        const missing = listed.filter(text => !kept.includes(text)).slice(0, 5);
        const extra = kept.filter(text => !listed.includes(text)).slice(0, 5);
        assert.fail(`${group}: missing ${missing.join('\n')}\nextra ${extra.join('\n')}`);
      });
    }
  } finally {
    map.off('changed', count);
  }
}

/** Numbers that are the same in every run. */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Change = (network: Network, number: (below: number) => number) => Promise<unknown>;

const DEVICES = ['d0', 'd1', 'd2'];
const deviceOf = (number: (below: number) => number) => DEVICES[number(DEVICES.length)]!;
const prefixOf = (number: (below: number) => number) => `20.${number(3)}.${number(4)}.0/24`;
const widePrefixOf = (number: (below: number) => number) => `2001:db8:${number(3)}:${number(4)}::/64`;

const CHANGES_OF: readonly Change[] = [
  ({ routes }, number) =>
    routes.add({ destination: prefixOf(number), device: deviceOf(number), metric: number(2) }),
  ({ routes }, number) =>
    routes.append({ destination: prefixOf(number), device: deviceOf(number), metric: number(2) }),
  ({ routes }, number) =>
    routes.replace({ destination: prefixOf(number), device: deviceOf(number), metric: number(2) }),
  ({ routes }, number) =>
    routes.change({ destination: prefixOf(number), device: deviceOf(number), tos: 4 * number(2) }),
  ({ routes }, number) => routes.delete({ destination: prefixOf(number) }),
  ({ routes }, number) =>
    routes.add({ destination: prefixOf(number), type: 'blackhole', table: 100 + number(2) }),
  ({ routes }, number) =>
    routes.replace({
      destination: prefixOf(number),
      hops: [{ device: deviceOf(number), weight: 1 + number(3) }, { device: deviceOf(number) }],
    }),
  ({ routes }, number) =>
    routes.add({ destination: widePrefixOf(number), device: deviceOf(number), metric: 5 }),
  ({ routes }, number) =>
    routes.append({
      destination: widePrefixOf(number),
      gateway: `fe80::${1 + number(3)}`,
      device: deviceOf(number),
    }),
  ({ routes }, number) =>
    routes.replace({
      destination: widePrefixOf(number),
      gateway: `fe80::${1 + number(3)}`,
      device: deviceOf(number),
    }),
  ({ routes }, number) => routes.delete({ destination: widePrefixOf(number) }),
  ({ routes }, number) =>
    routes.delete({
      destination: widePrefixOf(number),
      gateway: `fe80::${1 + number(3)}`,
      device: deviceOf(number),
    }),
  ({ addresses }, number) =>
    addresses.add({ device: deviceOf(number), address: `10.0.${number(4)}.${1 + number(3)}/24` }),
  ({ addresses }, number) =>
    addresses.delete({ device: deviceOf(number), address: `10.0.${number(4)}.${1 + number(3)}/24` }),
  ({ routes }, number) =>
    routes.add({
      destination: prefixOf(number),
      device: deviceOf(number),
      source: `10.0.${number(4)}.${1 + number(3)}`,
    }),
  ({ addresses }, number) =>
    addresses.add({ device: deviceOf(number), address: `2001:db8:f::${1 + number(4)}/64`, flags: ['nodad'] }),
  ({ addresses }, number) =>
    addresses.delete({ device: deviceOf(number), address: `2001:db8:f::${1 + number(4)}/64` }),
  ({ nexthops }, number) =>
    nexthops.replace({ id: 1 + number(4), gateway: `10.0.0.${200 + number(3)}`, device: 'd0', onlink: true }),
  ({ nexthops }, number) => nexthops.delete(1 + number(4)),
  ({ nexthops }, number) =>
    nexthops.replace({ id: 10, group: [{ id: 1 + number(4) }, { id: 1 + number(4) }] }),
  ({ routes }, number) => routes.replace({ destination: prefixOf(number), nexthop_id: 1 + number(4) }),
  ({ rules }, number) =>
    rules.add({ priority: 100 + number(3), from: prefixOf(number), table: 100 + number(2) }),
  ({ rules }, number) => rules.delete({ priority: 100 + number(3), from: prefixOf(number) }),
  ({ bridge }, number) =>
    bridge.forwarding.replace({
      lladdr: `02:00:00:00:00:0${number(8)}`,
      device: 'p0',
      flags: ['master'],
      state: 'static',
    }),
  ({ bridge }, number) =>
    bridge.forwarding.delete({ lladdr: `02:00:00:00:00:0${number(8)}`, device: 'p0', flags: ['master'] }),
  // Seldom, as it takes much with it.
  ({ links }, number) =>
    number(5) === 0 ? links.change(deviceOf(number), { up: number(4) > 0 }) : Promise.resolve(),
  ({ links }, number) => links.change(deviceOf(number), { mtu: 1300 + number(50) }),
  async ({ links }, number) => {
    if (number(10) === 0) await links.delete('d2');
    await addPair(links, 'd2');
  },
];

/** A device that carries traffic, and the other end of it. */
async function addPair(links: Network['links'], name: string): Promise<void> {
  await links.add({ kind: 'veth', name, up: true, peer: { name: `${name}-peer` } });
  await links.change(`${name}-peer`, { up: true });
}

/** What comes and goes, so that the kernel reports each change once: how number `n` is made, deleted and reported. */
const TURNOVER: readonly {
  readonly make: (network: Network, n: number) => Promise<unknown>;
  readonly drop: (network: Network, n: number) => Promise<unknown>;
  readonly name: (n: number) => string;
}[] = [
  {
    make: ({ rules }, n) => rules.add({ priority: n, table: 100 }),
    drop: ({ rules }, n) => rules.delete({ priority: n }),
    name: n => `rule ${n}`,
  },
  {
    make: ({ routes }, n) => routes.add({ destination: destinationOf(n), type: 'blackhole', table: 100 }),
    drop: ({ routes }, n) => routes.delete({ destination: destinationOf(n), type: 'blackhole', table: 100 }),
    name: n => `route ${destinationOf(n)}`,
  },
  {
    make: ({ nexthops }, n) => nexthops.add({ id: n, blackhole: true }),
    drop: ({ nexthops }, n) => nexthops.delete(n),
    name: n => `nexthop ${n}`,
  },
];
/** How many of each are there before they go again. */
const STANDING = 40;
/** Above the priorities that the kernel gives its own rules. */
const FIRST = 40_000;
const CHANGES_OF_ROUND = 2 * TURNOVER.length * STANDING;

function destinationOf(n: number): string {
  return `20.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
}

/** What events say, until there are `count` of them. */
async function reported(watcher: Watcher<'rule' | 'route' | 'nexthop'>, count: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const event of watcher) {
    if (event.group === 'watch') assert.fail(`${event.action} after ${texts.length} of ${count} changes`);
    const { action, group, value } = event;
    const name = group === 'rule' ? value.priority : group === 'route' ? value.destination : value.id;
    texts.push(`${action} ${group} ${name}`);
    if (texts.length === count) break;
  }
  return texts;
}

describe('a watcher', () => {
  it('reports each of many changes, in their order', () =>
    withNetwork(async network => {
      // Next hop objects need it.
      await network.links.change('lo', { up: true });
      const rounds = Math.ceil(CHANGES / CHANGES_OF_ROUND);
      const watched = reported(network.watch(['rule', 'route', 'nexthop']), rounds * CHANGES_OF_ROUND);
      const expected: string[] = [];
      for (let round = 0; round < rounds; round++) {
        const calls: Promise<unknown>[] = [];
        const numbers = Array.from({ length: STANDING }, (_, at) => FIRST + round * STANDING + at);
        for (const { make, name } of TURNOVER)
          for (const n of numbers) {
            calls.push(make(network, n));
            expected.push(`set ${name(n)}`);
          }
        for (const { drop, name } of TURNOVER)
          for (const n of numbers) {
            calls.push(drop(network, n));
            expected.push(`delete ${name(n)}`);
          }
        await Promise.all(calls);
      }
      assert.deepEqual(await watched, expected);
    }));
});

describe('a live map', () => {
  it('equals listings after many random changes', () =>
    withNetwork(async network => {
      const { links, addresses } = network;
      for (const name of DEVICES) await addPair(links, name);
      await links.add({ kind: 'bridge', name: 'br0', up: true });
      await addPair(links, 'p0');
      await links.change('p0', { master: 'br0' });
      await addresses.add({ device: 'd0', address: '10.0.0.250/24' });
      const maps = new Map<Compared, LiveMap<WatchGroup>>();
      for (const group of Object.keys(LISTINGS) as Compared[]) {
        // The keys of each are those of its group.
        const map = (await network.live(group)) as unknown as LiveMap<WatchGroup>;
        maps.set(group, map);
        await isEqual(network, group, map);
      }
      const number = random(SEED);
      let made = 0;
      for (let done = 0; done < CHANGES; ) {
        const changes = Array.from({ length: 1 + number(40) }, () =>
          CHANGES_OF[number(CHANGES_OF.length)]!(network, number),
        );
        done += changes.length;
        made += (await Promise.allSettled(changes)).filter(({ status }) => status === 'fulfilled').length;
        if (number(6) === 0) for (const [group, map] of maps) await isEqual(network, group, map);
      }
      assert.ok(made > CHANGES / 4, `${made} of ${CHANGES} changes were made`);
      for (const [group, map] of maps) await isEqual(network, group, map);
      assert.ok(maps.get('route')!.size > 10);
      for (const map of maps.values()) map.close();
    }));

  it('reports each change with what stood there before', () =>
    withNetwork(async network => {
      await using map = await network.live('link');
      const changes: string[] = [];
      map.on('changed', ({ action, key, value, previous }) => {
        if (key !== 1) changes.push(`${action} ${value.name} ${value.mtu} ${previous?.mtu}`);
      });
      const { index } = await network.links.add({ kind: 'ifb', name: 'd0' });
      await network.links.change('d0', { mtu: 1400 });
      await network.links.delete('d0');
      while (map.has(index) || changes.length < 3) await once(map, 'changed');
      assert.deepEqual(changes, ['set d0 1500 undefined', 'set d0 1400 1500', 'delete d0 1400 1400']);
    }));

  it('goes on when a listener throws', () =>
    withNetwork(async network => {
      await using map = await network.live('link');
      const thrown = new Promise<Error>(resolve => {
        process.setUncaughtExceptionCaptureCallback(resolve);
      });
      try {
        map.once('changed', () => {
          throw new Error('not of the map');
        });
        await network.links.add({ kind: 'ifb', name: 'd0' });
        assert.equal((await thrown).message, 'not of the map');
      } finally {
        process.setUncaughtExceptionCaptureCallback(null);
      }
      const { index } = await network.links.add({ kind: 'ifb', name: 'd1' });
      while (!map.has(index)) await once(map, 'changed');
    }));

  it('is read again when events are lost, and ends with its network', () =>
    withNetwork(async network => {
      await addPair(network.links, 'd0');
      const map = await network.live('route', { receiveBuffer: 4096 });
      const destinations = Array.from({ length: 2000 }, (_, at) => `20.${at >> 8}.${at & 255}.0/24`);
      await Promise.all(destinations.map(destination => network.routes.add({ destination, device: 'd0' })));
      await isEqual(network, 'route', map as unknown as LiveMap<WatchGroup>);
      assert.ok(map.size > 2000);
      const ended = once(map, 'end');
      network.close();
      await ended;
    }));
});
