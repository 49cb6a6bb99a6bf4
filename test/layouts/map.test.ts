import assert from 'node:assert/strict';
import { connectionsOf } from '../../src/layouts/map/connections.ts';
import { dotText } from '../../src/layouts/map/dot.ts';
import { mermaidText } from '../../src/layouts/map/mermaid.ts';
import {
  deviceTrees,
  type HostMap,
  type MapDetail,
  type MapDevice,
  type MapPeer,
} from '../../src/layouts/map/model.ts';
import { type PlacedCard, placeMap } from '../../src/layouts/map/placement.ts';
import { svgText } from '../../src/layouts/map/svg.ts';

const ALL: MapDetail = { addresses: true, processes: true, all: true };

function device(name: string, peer?: MapPeer, more: Partial<MapDevice> = {}): MapDevice {
  return {
    name,
    index: 1,
    kind: 'veth',
    status: 'up',
    operationState: 'UP',
    mtu: 1500,
    hardwareAddress: undefined,
    alias: undefined,
    alternativeNames: [],
    master: undefined,
    addresses: [],
    peer,
    uppers: [],
    ...more,
  };
}

function hostMap(devices: Readonly<Record<string, readonly MapDevice[]>>): HostMap {
  return {
    namespaces: Object.entries(devices).map(([label, list], at) => ({
      label,
      isCurrent: at === 0,
      inode: at,
      names: [],
      paths: [],
      nsid: undefined,
      owner: undefined,
      containers: [],
      processes: [],
      problem: undefined,
      devices: list,
    })),
    stale: [],
    unreadable: [],
    hiddenProcesses: 0,
  };
}

/** A map of `count` namespaces with pairs between those that `pairs` names, and a bridge over the first's ports. */
function mesh(count: number, pairs: readonly (readonly [number, number])[]): HostMap {
  const devices: Record<string, MapDevice[]> = {};
  for (let at = 0; at < count; at++) devices[`n${at}`] = [];
  for (const [at, [one, other]] of pairs.entries()) {
    const end = (namespace: number): MapPeer => ({
      relation: 'pair',
      namespace: `n${namespace}`,
      nsid: 0,
      index: 1,
      device: `p${at}`,
    });
    devices[`n${one}`]!.push(device(`p${at}`, end(other), one === 0 ? { master: `br${at % 2}` } : {}));
    devices[`n${other}`]!.push(device(`p${at}`, end(one)));
  }
  devices['n0']?.push(
    device('br0', undefined, { kind: 'bridge' }),
    device('br1', undefined, { kind: 'bridge' }),
  );
  return hostMap(devices);
}

/** Numbers that are alike in every run. */
function* lots(seed: number): Generator<number, never> {
  for (;;) {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    yield (seed >> 8) & 0xffff;
  }
}

function meet(one: PlacedCard, other: PlacedCard): boolean {
  return (
    one.x < other.x + other.card.width &&
    other.x < one.x + one.card.width &&
    one.y < other.y + other.card.height &&
    other.y < one.y + one.card.height
  );
}

describe('the picture of a map', () => {
  it('has every namespace once, no card on another, all in the frame, and lines that begin and end at their cards', () => {
    const next = lots(7);
    const draw = (below: number) => next.next().value % below;
    for (let round = 0; round < 150; round++) {
      const count = 1 + draw(14);
      const pairs = Array.from({ length: draw(20) }, () => [draw(count), draw(count)] as const).filter(
        ([one, other]) => one !== other,
      );
      const map = mesh(count, pairs);
      const { cards, connections, width, height } = placeMap(map, ALL);
      assert.equal(new Set(cards.map(({ card }) => card.namespace)).size, count);
      assert.equal(cards.length, count);
      for (const [at, one] of cards.entries()) {
        assert.ok(
          one.x >= 0 && one.y >= 0 && one.x + one.card.width <= width && one.y + one.card.height <= height,
        );
        for (const other of cards.slice(at + 1)) assert.ok(!meet(one, other), `round ${round}`);
      }
      assert.equal(connections.length, pairs.length);
      for (const { connection, start, end } of connections)
        for (const [{ namespace }, point] of [
          [connection.from, start],
          [connection.to, end],
        ] as const) {
          const { x, y, card } = cards.find(one => one.card.namespace === namespace)!;
          assert.ok(point.x === x || point.x === x + card.width);
          assert.ok(point.y > y && point.y < y + card.height);
        }
    }
  });

  it('lets no line run through a card where namespaces hang together as a tree', () => {
    const next = lots(11);
    for (let round = 0; round < 60; round++) {
      const count = 2 + (next.next().value % 16);
      const pairs = Array.from(
        { length: count - 1 },
        (_, at) => [next.next().value % (at + 1), at + 1] as const,
      );
      const { cards, connections } = placeMap(mesh(count, pairs), ALL);
      for (const { start, end, reach } of connections)
        for (let step = 1; step < 20; step++) {
          const t = step / 20;
          const along = (a: number, b: number, c: number, d: number) =>
            a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t * t * (1 - t) + d * t ** 3;
          const x = along(start.x, start.x + reach[0], end.x + reach[1], end.x);
          const y = along(start.y, start.y, end.y, end.y);
          for (const card of cards) {
            const isInside =
              x > card.x + 1 &&
              x < card.x + card.card.width - 1 &&
              y > card.y &&
              y < card.y + card.card.height;
            assert.ok(!isInside, `round ${round}: a line runs through ${card.card.namespace.label}`);
          }
        }
    }
  });

  it('lays out five hundred namespaces around one in a moment', () => {
    const map = mesh(
      501,
      Array.from({ length: 500 }, (_, at) => [0, at + 1] as const),
    );
    const start = performance.now();
    assert.ok(svgText(map, ALL).includes('p499'));
    assert.ok(performance.now() - start < 5_000);
  });

  it('has columns that are level, whose widths no long name rules', () => {
    const names = Array.from({ length: 30 }, (_, at) => (at === 7 ? 'x'.repeat(40) : `n${at}`));
    const end = (namespace: string, name: string): MapPeer => ({
      relation: 'pair',
      namespace,
      nsid: 0,
      index: 1,
      device: name,
    });
    const devices: Record<string, MapDevice[]> = {
      host: [
        device('br0', undefined, { kind: 'bridge' }),
        ...names.map((name, at) => device(`p${at}`, end(name, 'eth0'), { master: 'br0' })),
      ],
    };
    for (const [at, name] of names.entries()) devices[name] = [device('eth0', end('host', `p${at}`))];
    const { cards } = placeMap(hostMap(devices), ALL);
    const others = cards.filter(({ card }) => card.namespace.label !== 'host');
    const widths = new Set(
      others.filter(({ card }) => card.namespace.label.length < 40).map(({ card }) => card.width),
    );
    assert.equal(Math.max(...widths) <= Math.min(...widths) * 1.3, true);
    const host = cards.find(({ card }) => card.namespace.label === 'host')!;
    const tops = [-1, 1].map(side =>
      Math.min(...others.filter(({ x }) => Math.sign(x - host.x) === side).map(({ y }) => y)),
    );
    assert.equal(tops[0], tops[1]);
  });

  it('has what is joined to a whole column in the middle of it', () => {
    const pairs = [0, 1, 2].flatMap(spine =>
      Array.from({ length: 6 }, (_, leaf): readonly [number, number] => [spine, 3 + leaf]),
    );
    const { cards } = placeMap(mesh(9, pairs), ALL);
    const middleOfAll = (labels: readonly string[]) => {
      const found = cards.filter(({ card }) => labels.includes(card.namespace.label));
      assert.equal(found.length, labels.length);
      const top = Math.min(...found.map(({ y }) => y));
      return (top + Math.max(...found.map(({ y, card }) => y + card.height))) / 2;
    };
    const leaves = middleOfAll(['n3', 'n4', 'n5', 'n6', 'n7', 'n8']);
    assert.ok(Math.abs(middleOfAll(['n1', 'n2']) - leaves) < 30);
  });

  it('is drawn of nothing, of peers that cannot be seen, and of masters in a circle', () => {
    const odd = hostMap({
      a: [
        device('x', { relation: 'pair', namespace: undefined, nsid: 4, index: 7, device: undefined }),
        device('y', {
          relation: 'lower',
          namespace: undefined,
          nsid: -1,
          index: undefined,
          device: undefined,
        }),
        device('z', { relation: 'lower', namespace: 'a', nsid: undefined, index: 1, device: 'z' }),
        device('m', undefined, { master: 'n' }),
        device('n', undefined, { master: 'm' }),
        device('o', undefined, { master: 'o' }),
      ],
    });
    for (const map of [odd, hostMap({}), hostMap({ empty: [] })]) {
      const [svg, dot, mermaid] = [svgText(map, ALL), dotText(map, ALL), mermaidText(map, ALL)];
      assert.match(svg, /<svg[\s\S]*<\/svg>\n$/);
      assert.match(dot, /^graph[\s\S]*\}\n$/);
      assert.match(mermaid, /^(flowchart|graph)[\s\S]*\n$/);
      for (const text of [svg, dot, mermaid]) assert.doesNotMatch(text, /undefined|NaN|\[object /);
    }
    const text = svgText(odd, ALL);
    assert.ok(text.includes('⇄ if7 in an unseen namespace, id 4'));
    for (const name of ['x', 'y', 'z', 'm', 'n', 'o']) assert.ok(text.includes(`>${name}</text>`), name);
  });
});

describe('the devices of a map', () => {
  it('stand below their masters, each once', () => {
    const trees = deviceTrees([
      device('a', undefined, { master: 'b' }),
      device('b', undefined, { master: 'c' }),
      device('c'),
      device('d', undefined, { master: 'gone' }),
    ]);
    assert.deepEqual(
      trees.map(tree => [tree.device.name, tree.ports.map(port => [port.device.name, port.ports.length])]),
      [
        ['c', [['b', 1]]],
        ['d', []],
      ],
    );
  });

  it('have each connection once, a stacking from above', () => {
    const map = hostMap({
      one: [device('p', { relation: 'pair', namespace: 'two', nsid: 0, index: 1, device: 'q' })],
      two: [
        device('q', { relation: 'pair', namespace: 'one', nsid: 0, index: 1, device: 'p' }),
        device(
          'm',
          { relation: 'lower', namespace: 'one', nsid: 0, index: 1, device: 'p' },
          { status: 'down' },
        ),
      ],
    });
    assert.deepEqual(
      connectionsOf(map).map(({ relation, from, to, isUp }) => [
        relation,
        from.device.name,
        to.device.name,
        isUp,
      ]),
      [
        ['pair', 'p', 'q', true],
        ['lower', 'm', 'p', false],
      ],
    );
  });
});
