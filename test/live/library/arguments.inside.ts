/** What calls are given: everything that cannot be meant is refused by the name of its place, before anything is sent. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { inspect, types } from 'node:util';
import {
  ArgumentError,
  KernelError,
  Namespace,
  Network,
  SystemError,
  spawn,
  Watcher,
} from '../../../src/index.ts';
import { withNetwork } from './lab.ts';

const LONG = 'x'.repeat(1 << 20);

/** What a place takes of what follows. */
type Taken =
  | 'nothing'
  | 'text'
  | 'number'
  | 'device'
  | 'flag'
  | 'wide'
  | 'infinity'
  | 'empty text'
  | 'null'
  | 'input';

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const throwing = new Proxy(
  {},
  {
    get: () => assert.fail('a trap'),
    ownKeys: () => assert.fail('a trap'),
    getPrototypeOf: () => assert.fail('a trap'),
  },
);

/** Values that no place, or few, may take; each with the places that may. */
const HOSTILE: readonly (readonly [unknown, ...Taken[]])[] = [
  [null, 'null'],
  [Number.NaN],
  [Number.POSITIVE_INFINITY, 'infinity'],
  [Number.NEGATIVE_INFINITY],
  [-1],
  [1.5],
  [2 ** 53],
  [1e308],
  [5n, 'wide'],
  [-5n],
  [2n ** 70n],
  [Symbol('a symbol')],
  [Symbol.iterator],
  [() => undefined],
  [class {}],
  [async () => undefined],
  ['', 'empty text', 'input'],
  ['a\0b', 'input'],
  ['\0', 'input'],
  [LONG, 'input'],
  ['5', 'text', 'device', 'input'],
  [' ', 'text', 'device', 'input'],
  [true, 'flag'],
  [false, 'flag'],
  [[null], 'null'],
  [[[]]],
  [new Date(0)],
  [new Map([['prio', 5]])],
  [new Set([1])],
  [/a/],
  [Promise.resolve()],
  [new WeakMap()],
  [Buffer.from('bytes'), 'input'],
  [new ArrayBuffer(8)],
  [throwing],
  [revoked()],
  [new Proxy(() => undefined, {})],
  [Object.assign(Object.create(null), { nothing: 1 })],
  [{ toString: () => assert.fail('not to be called') }],
  [
    {
      get prio() {
        return assert.fail('a getter');
      },
    },
  ],
  [Object('boxed')],
  [Object(5)],
  [new Error('an error')],
];

/** Members that the objects above have, and no argument. */
const MEMBERS = /^(nothing|toString)$/;

/** A call with a value in one place: the name of the place, what it takes, and the call. */
type Place = readonly [name: string, call: (value: never) => unknown, ...taken: Taken[]];

/** The places that are members of an object, besides the object. */
function membersOf(
  prefix: string,
  valid: Readonly<Record<string, unknown>>,
  call: (given: never) => unknown,
  members: Readonly<Record<string, Taken | readonly Taken[]>>,
): Place[] {
  return Object.entries(members).map(([name, taken]): Place => {
    const takes = typeof taken === 'string' ? [taken] : taken;
    return [`${prefix}${name}`, value => call({ ...valid, [name]: value } as never), ...takes];
  });
}

async function outcome(call: () => unknown): Promise<unknown> {
  try {
    const result = await call();
    if (result instanceof Watcher) result.close();
    else if (result instanceof Object && Symbol.asyncIterator in result)
      await (result as AsyncGenerator<unknown>).return(undefined);
    return undefined;
  } catch (error) {
    return error;
  }
}

async function isRefusedEverywhere(places: readonly Place[]): Promise<void> {
  const wrong: string[] = [];
  for (const [place, call, ...taken] of places) {
    for (const [value, ...takers] of HOSTILE) {
      const error = await outcome(() => call(value as never));
      const shown = types.isProxy(value) ? 'a proxy' : inspect(value, { depth: 0 }).slice(0, 40);
      const isTaken = takers.some(taker => taken.includes(taker));
      const isNamed =
        error instanceof ArgumentError &&
        (error.argument === place || error.argument.startsWith(`${place}.`) || MEMBERS.test(error.argument));
      const isFine =
        error === undefined ||
        error instanceof ArgumentError ||
        error instanceof KernelError ||
        error instanceof SystemError;
      if (isTaken ? !isFine : !isNamed) wrong.push(`${place}: ${shown}: ${String(error)}`);
    }
  }
  assert.deepEqual(wrong, []);
}

describe('hostile values', () => {
  it('are refused in arguments, filters and options of addresses, rules, neighbours and next hops', () =>
    withNetwork(async network => {
      const { addresses, rules, neighbours, nexthops } = network;
      const address = { device: 'lo', address: '10.0.0.1/24' };
      const neighbour = { device: 'lo', address: '10.0.0.1' };
      await isRefusedEverywhere([
        ['address', value => addresses.add(value)],
        ['options', value => addresses.add(address, value)],
        ['options.signal', value => addresses.add(address, { signal: value })],
        ...membersOf('', address, given => addresses.add(given), {
          device: 'device',
          address: 'nothing',
          peer: 'nothing',
          broadcast: 'nothing',
          label: 'text',
          scope: ['text'],
          flags: 'nothing',
          valid_lifetime: 'infinity',
          preferred_lifetime: 'infinity',
          metric: 'nothing',
          protocol: 'text',
        }),
        ['filter', value => addresses.all(value)],
        ['filter', value => rules.flush(value)],
        ['filter', value => rules.list(value)],
        ...membersOf('filter.', {}, given => addresses.all(given), {
          device: 'device',
          family: 'nothing',
          scope: 'text',
          address: 'nothing',
        }),
        ...membersOf('filter.', {}, given => rules.all(given), {
          family: 'nothing',
          priority: 'nothing',
          table: 'text',
          protocol: 'text',
          from: 'nothing',
          to: 'nothing',
        }),
        ['rule', value => rules.add(value)],
        ...membersOf('', { priority: 5 }, given => rules.add(given), {
          from: 'nothing',
          to: 'nothing',
          input_device: 'text',
          tos: 'nothing',
          mark: 'nothing',
          users: 'nothing',
          ip_protocol: 'nothing',
          source_ports: 'nothing',
          tunnel: 'wide',
          inverted: 'flag',
          l3mdev: 'flag',
          goto: 'nothing',
          action: 'nothing',
          table: 'text',
          attributes: 'nothing',
        }),
        ['neighbour', value => neighbours.add(value)],
        ['neighbour', value => neighbours.get(value)],
        ...membersOf('', neighbour, given => neighbours.add(given), {
          device: 'device',
          address: 'nothing',
          lladdr: 'text',
          states: 'nothing',
          flags: 'nothing',
          protocol: 'text',
        }),
        ['nexthop', value => nexthops.add(value)],
        ['id', value => nexthops.get(value)],
        ['id', value => nexthops.delete(value)],
        ...membersOf('', { id: 5 }, given => nexthops.add(given), {
          gateway: 'nothing',
          device: 'device',
          blackhole: 'flag',
          fdb: 'flag',
          onlink: 'flag',
          group: 'nothing',
          group_type: 'nothing',
          attributes: 'nothing',
        }),
      ]);
    })).timeout(120_000);

  it('are refused in arguments, filters and options of links and routes', () =>
    withNetwork(async ({ links, routes }) => {
      await links.add({ kind: 'bridge', name: 'br0' });
      const route = { destination: '10.9.0.0/16', device: 'lo' };
      await isRefusedEverywhere([
        ['device', value => links.add(value)],
        ['device', value => links.delete(value), 'device'],
        ['device', value => links.get(value), 'device'],
        ['changes', value => links.change('br0', value)],
        ['filter', value => links.all(value)],
        ...membersOf('filter.', {}, given => links.all(given), {
          kind: 'text',
          master: 'device',
          group: 'text',
          up: 'flag',
          statistics: 'flag',
        }),
        ...membersOf('', {}, given => links.change('br0', given), {
          name: 'text',
          address: 'text',
          broadcast: 'text',
          mtu: 'nothing',
          up: 'flag',
          flags: 'nothing',
          master: ['device', 'null'],
          namespace: 'text',
          group: 'text',
          alias: ['text', 'empty text'],
          txqlen: 'nothing',
          port: 'nothing',
          attributes: 'nothing',
        }),
        ...membersOf('', { kind: 'bridge' }, given => links.change('br0', given), {
          forward_delay: 'nothing',
          stp_state: 'flag',
          vlan_protocol: 'nothing',
          group_addr: 'text',
          mcast_query_intvl: 'wide',
          multi_boolopt: 'nothing',
        }),
        ...membersOf('', { kind: 'vlan', id: 5, link: 'lo' }, given => links.add(given), {
          id: 'nothing',
          link: 'device',
        }),
        ...membersOf('peer.', {}, given => links.add({ kind: 'veth', name: 'v0', peer: given }), {
          name: 'text',
          mtu: 'nothing',
        }),
        ['route', value => routes.add(value)],
        ['destination', value => routes.get(value)],
        ['query', value => routes.get('127.0.0.1', value)],
        ...membersOf('', route, given => routes.add(given), {
          destination: 'nothing',
          family: 'nothing',
          type: 'nothing',
          source: 'nothing',
          gateway: 'nothing',
          device: 'device',
          metric: 'nothing',
          table: 'text',
          protocol: 'text',
          scope: 'text',
          hops: 'nothing',
          nexthop_id: 'nothing',
          metrics: 'nothing',
          attributes: 'nothing',
        }),
        ...membersOf('filter.', {}, given => routes.all(given), {
          family: 'nothing',
          table: 'text',
          device: 'device',
          protocol: 'text',
          type: 'nothing',
          destination: 'text',
          cached: 'flag',
        }),
      ]);
    })).timeout(120_000);

  it('are refused by networks, namespaces, programs and sockets', () =>
    withNetwork(async network => {
      await using namespace = await Namespace.create();
      const server = createServer();
      await isRefusedEverywhere([
        ['options', value => Network.open(value)],
        ['namespace', value => Network.open({ namespace: value }), 'text'],
        ['groups', value => network.watch(value)],
        ...membersOf('', {}, given => network.watch(['link'], given), {
          initial: 'flag',
          signal: 'nothing',
          receiveBuffer: 'nothing',
        }),
        ['name', value => Namespace.delete(value), 'text'],
        ['reference', value => Namespace.open(value), 'text'],
        ['reference', value => namespace.equals(value), 'text'],
        ['argv', value => spawn(value)],
        ['options', value => spawn(['true'], value)],
        ...membersOf('', {}, given => spawn(['true'], given), {
          newNamespaces: 'nothing',
          join: 'nothing',
          hostname: 'text',
          idMap: 'nothing',
          uid: 'nothing',
          env: 'nothing',
          stdio: 'null',
          detached: 'flag',
          timeout: 'nothing',
          killSignal: 'nothing',
          signal: 'nothing',
          propagation: 'nothing',
          clockOffsets: 'nothing',
        }),
        ['argv', value => namespace.exec('true', value)],
        ...membersOf('', {}, given => namespace.exec('cat', [], given), {
          input: 'input',
          maxBuffer: 'nothing',
        }),
        ['server', value => namespace.listen(value)],
        ['options', value => namespace.listen(server, value)],
        ...membersOf('', { port: 80, host: '127.0.0.1' }, given => namespace.connect(given), {
          port: 'nothing',
          host: 'nothing',
        }),
      ]);
    })).timeout(120_000);
});

describe('what is not known', () => {
  it('is refused in filters, arguments and options, so that nothing else is meant by accident', () =>
    withNetwork(async network => {
      const { rules, links, addresses } = network;
      const before = (await rules.all()).length;
      const isUnknown = (call: () => unknown, argument: string) =>
        assert.rejects(
          async () => call(),
          error => error instanceof ArgumentError && error.argument === argument,
        );
      await isUnknown(() => rules.flush({ prio: 5 } as never), 'filter.prio');
      await isUnknown(() => rules.flush('priority' as never), 'filter');
      await isUnknown(() => rules.flush([5] as never), 'filter');
      await isUnknown(() => rules.flush({ priority: undefined }), 'filter');
      assert.equal((await rules.all()).length, before);
      await isUnknown(() => links.list({ kinds: 'bridge' } as never), 'filter.kinds');
      await isUnknown(() => links.add({ kind: 'bridge', wheels: 4 } as never), 'wheels');
      await isUnknown(() => links.delete('lo', { force: true } as never), 'options.force');
      await isUnknown(() => links.delete('v0\0x'), 'device');
      await isUnknown(() => addresses.add({ device: 'lo', address: '10.0.0.1', label: 'lo\0x' }), 'label');
      await isUnknown(() => network.watch(['link'], { intial: true } as never), 'intial');
      await isUnknown(() => spawn(['true'], { cwdd: '/' } as never), 'cwdd');
    }));
});
