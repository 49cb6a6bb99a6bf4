/**
 * Nothing that was asked for is dropped silently: every setting of every call has an effect that can be seen, or is an
 * ArgumentError that names it. The settings are those of the calls' own tables: one that has no sample here fails.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { inspect, isDeepStrictEqual } from 'node:util';
import { ArgumentError, KernelError, Namespace, type Network, type Route } from '../../../src/index.ts';
import { CALLS, type Parameter } from '../../../src/library/calls/call.ts';
import { CASES, type Case, EXAMPLES, EXEMPT, Sample } from './settings.ts';

const NETLINK_HEADER = 16;

/** Indices of policies that are asked for. */
const ASKED: ReadonlySet<number> = new Set([401, 408]);

/** What changes by itself. */
const VOLATILE: ReadonlySet<string> = new Set([
  ...['attributes', 'cacheinfo', 'carrier', 'carrier_changes', 'operstate', 'gc_timer', 'hello_timer'],
  ...['created', 'updated', 'used', 'confirmed', 'perm_address', 'probes', 'made'],
]);

function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, member) => {
      if (VOLATILE.has(name)) return undefined;
      return typeof member === 'bigint' ? String(member) : member;
    }) ?? 'null',
  );
}

function hasEnd({ raw }: Route): boolean {
  return (raw.attributes.cacheinfo?.expires ?? 0) > 0;
}

/** Everything that the network has. */
async function stateOf(network: Network): Promise<unknown> {
  const { links, addresses, routes, rules, neighbours, nexthops, bridge, xfrm, mptcp } = network;
  const found = {
    endpoints: await mptcp.endpoints.all().catch(() => []),
    limits: await mptcp.limits.get().catch(() => []),
    links: await links.all(),
    queues: (await links.all()).map(({ attributes }) => [attributes.num_tx_queues, attributes.num_rx_queues]),
    addresses: await addresses.all(),
    routes: (await routes.all({ table: 'all' })).map(value => [value, value.raw, hasEnd(value)]),
    rules: (await rules.all()).map(value => [value, value.attributes]),
    neighbours: await neighbours.all({ states: ['permanent', 'stale', 'noarp', 'reachable'] }),
    proxies: await neighbours.all({ proxy: true }),
    nexthops: (await nexthops.all()).map(value => [value, value.raw]),
    forwarding: await bridge.forwarding.all(),
    states: await xfrm.states.all(),
    policies: await policiesOf(xfrm),
  };
  return plain(found);
}

/** The policies, with the indices that were asked for: the kernel counts those of all namespaces together. */
async function policiesOf({ policies }: Network['xfrm']): Promise<unknown[]> {
  const found = await policies.all();
  return found.map(policy => (ASKED.has(policy.index) ? policy : { ...policy, index: undefined }));
}

function setting(namespace: Namespace, name: string): void {
  namespace.run(() => writeFileSync(`/proc/sys/net/ipv6/conf/${name}`, '1'));
}

/** What every network has. Each bridge less saves 50 ms: the kernel takes so long to end one, and nothing else begins before. */
async function makeWorld(namespace: Namespace, network: Network, hasBridges: boolean): Promise<void> {
  setting(namespace, 'default/addr_gen_mode');
  setting(namespace, 'lo/addr_gen_mode');
  const { links, addresses, routes, rules, neighbours, nexthops, bridge, xfrm } = network;
  await Promise.all([
    links.change('lo', { up: true }),
    links.add({ kind: 'ifb', name: 'v0', address: '02:00:00:00:aa:01', up: true }),
    links.add({ kind: 'ifb', name: 'w0', address: '02:00:00:00:aa:02', up: true }),
    hasBridges && links.add({ kind: 'bridge', name: 'b0', address: '02:00:00:00:bb:01' }),
    hasBridges && links.add({ kind: 'bridge', name: 'b1', address: '02:00:00:00:bb:02' }),
    links.add({
      kind: 'veth',
      name: 'p0',
      address: '02:00:00:00:cc:01',
      peer: { name: 'p1', address: '02:00:00:00:cc:02' },
      master: hasBridges ? 'b0' : undefined,
    }),
    links.add({ kind: 'vxlan', name: 'x0', id: 5, address: '02:00:00:00:dd:01' }),
  ]);
  setting(namespace, 'p0/optimistic_dad');
  await Promise.all([
    addresses.add({ device: 'v0', address: '10.0.0.1/24', broadcast: '10.0.0.255' }),
    addresses.add({ device: 'w0', address: '10.9.0.1/24' }),
    addresses.add({ device: 'v0', address: 'fd00::1/64', flags: ['nodad'] }),
    addresses.add({ device: 'w0', address: 'fd09::1/64', flags: ['nodad'] }),
    routes.add({ destination: '10.5.0.0/16', gateway: '10.0.0.9' }),
    routes.add({ destination: 'fd05::/32', gateway: 'fd00::9' }),
    routes.add({ destination: '10.6.0.0/16', device: 'w0', table: 100, protocol: 'static' }),
    rules.add({ priority: 100, from: '10.0.0.0/8', table: 100, protocol: 'static' }),
    rules.add({ priority: 101, to: '10.2.0.0/16', table: 101 }),
    rules.add({ priority: 102, family: 'inet6', table: 102 }),
    rules.add({ priority: 103, mark: 5, table: 103 }),
    routes.add({ destination: 'default', gateway: '10.9.0.8', table: 103 }),
    neighbours.add({ device: 'v0', address: '10.0.0.9', lladdr: '02:00:00:00:00:01' }),
    neighbours.add({ device: 'w0', address: 'fd09::9', lladdr: '02:00:00:00:00:01', states: ['stale'] }),
    neighbours.add({ device: 'v0', address: '10.0.0.7', flags: ['proxy'] }),
    nexthops.add({ id: 1, gateway: '10.0.0.9', device: 'v0' }),
    nexthops.add({ id: 2, gateway: 'fd00::9', device: 'v0' }),
    nexthops.add({ id: 3, group: [{ id: 1 }] }),
    nexthops.add({ id: 4, gateway: '10.9.0.9', device: 'w0' }),
    nexthops.add({ id: 5, fdb: true, gateway: '10.9.0.8' }),
    nexthops.add({ id: 6, fdb: true, group: [{ id: 5 }] }),
    hasBridges &&
      bridge.forwarding.add({
        device: 'p0',
        lladdr: '02:00:00:00:00:05',
        flags: ['master'],
        state: 'static',
      }),
    xfrm.states.allocate({
      source: '10.0.0.1',
      destination: '10.0.0.2',
      protocol: 'esp',
      mark: { value: 3, mask: 7 },
      min: 300,
      max: 300,
    }),
    xfrm.policies.add({ direction: 'out', selector: { source: '10.2.0.0/16' }, index: 401 }),
    bridge.forwarding.add({ device: 'x0', lladdr: '02:00:00:00:00:06', destination: '10.0.0.6' }),
  ]);
}

/** Runs something in a new network that has the same things in it as every other. */
async function inWorld<T>(run: (network: Network) => Promise<T>, hasBridges = true): Promise<T> {
  await using namespace = await Namespace.create();
  await using network = await namespace.network();
  await makeWorld(namespace, network, hasBridges);
  return await run(network);
}

type Method = (...given: unknown[]) => unknown;

/** A call of a network by its name, like `bridge.forwarding.add`. */
function methodOf(network: Network, call: string): Method {
  const names = call.split('.');
  const name = names.pop()!;
  const owner = names.reduce<object>((object, member) => Reflect.get(object, member), network);
  return (...given) => (Reflect.get(owner, name) as Method).apply(owner, given);
}

/** What a call answers and, unless it only reads, what there is afterwards. */
async function effectOf(network: Network, call: string, given: readonly unknown[]): Promise<unknown> {
  const { error, answer } = await answerOf(() => methodOf(network, call)(...given));
  if (error instanceof ArgumentError) return error;
  const found = { error: error?.code, answer: plain(answer), request: requestOf(call, error) };
  return isReading(call) ? found : { ...found, state: await stateOf(network) };
}

/** What was asked where a kernel without ESP refuses whatever it is. Keys have been erased. */
function requestOf(call: string, error: unknown): string | undefined {
  if (!/^xfrm\.states\.(add|change)$/.test(call) || !(error instanceof KernelError)) return undefined;
  return error.request.toString('hex', NETLINK_HEADER);
}

function isReading(call: string): boolean {
  return /\.(list|all|get)$/.test(call);
}

/** The same in a new network, in which there is also another namespace for devices. */
async function freshEffectOf(call: string, given: readonly unknown[]): Promise<unknown> {
  if (!call.startsWith('links.'))
    return await inWorld(network => effectOf(network, call, given), call.startsWith('bridge.'));
  await using elsewhere = await Namespace.create('elsewhere');
  await using there = await elsewhere.network();
  return await inWorld(async network => {
    const found = await effectOf(network, call, given);
    return found instanceof ArgumentError ? found : [found, plain(await there.links.all())];
  });
}

function isListing(result: unknown): result is AsyncIterable<unknown> {
  return result instanceof Object && Symbol.asyncIterator in result;
}

async function allOf(values: AsyncIterable<unknown>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const value of values) found.push(value);
  return found;
}

interface Outcome {
  readonly error?: (Error & { code?: string }) | undefined;
  readonly answer?: unknown;
}

async function answerOf(call: () => unknown): Promise<Outcome> {
  try {
    const result = call();
    return { answer: isListing(result) ? await allOf(result) : await result };
  } catch (error) {
    if (!(error instanceof KernelError || error instanceof ArgumentError)) throw error;
    return { error };
  }
}

type EffectOf = (call: string, given: readonly unknown[]) => Promise<unknown>;

/** What is wrong with a setting of a case: a complaint, or none. */
async function complaintsAbout(
  effect: EffectOf,
  call: string,
  { before = [], base, after = [] }: Case,
  name: string,
  given: unknown,
): Promise<string[]> {
  const { others, value } = given instanceof Sample ? given : new Sample(given);
  const settings = { ...base, ...others };
  const expected = await effect(call, [...before, settings, ...after]);
  const found = await effect(call, [...before, { ...settings, [name]: value }, ...after]);
  const what = `${call} ${inspect(settings)} with ${name}: ${inspect(value)}`;
  if (found instanceof ArgumentError) {
    const isNamed = found.argument.split('.').includes(name);
    return isNamed ? [] : [`${what}: the error names another: ${found.message}`];
  }
  // What the kernel refuses is not dropped, if it is the setting that it refuses.
  return isDeepStrictEqual(found, expected) ? [`${what}: no effect`] : [];
}

async function complaintsAboutCall(
  effect: EffectOf,
  call: string,
  lists: readonly Parameter[],
): Promise<string[]> {
  const complaints: string[] = [];
  for (const { name: parameter, settings = [] } of lists) {
    const expected = settings.filter(name => !EXEMPT[call]?.includes(name));
    const cases = (CASES[call] ?? []).filter(one => (one.parameter ?? lists[0]!.name) === parameter);
    for (const name of expected) {
      if (!cases.some(({ samples }) => name in samples))
        complaints.push(`${call} ${parameter}.${name}: has no sample`);
      for (const one of cases)
        for (const given of alternatives(one.samples[name]))
          complaints.push(...(await complaintsAbout(effect, call, one, name, given)));
    }
  }
  return complaints;
}

/** Asks for the effect of the same call once. */
function remembered(effect: EffectOf): EffectOf {
  const known = new Map<string, Promise<unknown>>();
  return (call, given) => {
    const key = inspect([call, given], { depth: 9 });
    const found = known.get(key) ?? effect(call, given);
    known.set(key, found);
    return found;
  };
}

function alternatives(sample: unknown): readonly unknown[] {
  if (sample === undefined) return [];
  return sample instanceof Sample && sample.isList ? (sample.value as unknown[]) : [sample];
}

/** What is given for parameters that are no settings. */
const PLAIN: Readonly<Record<string, unknown>> = {
  device: 'lo',
  id: 1,
  names: ['other'],
  destination: '127.0.0.1',
  flags: [],
};

function exampleOf(call: string, parameter: string): unknown {
  const one = CASES[call]?.find(({ parameter: own = parameter }) => own === parameter);
  return one?.base ?? PLAIN[parameter] ?? EXAMPLES[call];
}

describe('every setting of every call', () => {
  for (const [call, parameters] of CALLS) {
    const lists = parameters.filter(({ name, settings }) => settings !== undefined && name !== 'options');
    // What TCP remembers takes real connections, multicast routes a routing daemon: generic.inside.ts, multicast.inside.ts.
    if (lists.length === 0 || /^(tcpMetrics|multicastRoutes)\./.test(call)) continue;
    it(`has an effect, or is refused by its name, in ${call}`, async () => {
      const complaints = isReading(call)
        ? await inWorld(network =>
            complaintsAboutCall(
              remembered((...given) => effectOf(network, ...given)),
              call,
              lists,
            ),
          )
        : await complaintsAboutCall(remembered(freshEffectOf), call, lists);
      assert.deepEqual(complaints, []);
    }).timeout(120_000);
  }

  it('includes the signal, which every call obeys', () =>
    inWorld(async network => {
      const reason = new Error('not any more');
      const options = { signal: AbortSignal.abort(reason) };
      for (const [call, parameters] of CALLS) {
        const given = parameters
          .filter(({ name }) => name !== 'options')
          .map(({ name }) => exampleOf(call, name));
        const run = async () => {
          const result = methodOf(network, call)(...given, options);
          return isListing(result) ? await allOf(result) : await result;
        };
        await assert.rejects(run, error => error === reason, call);
      }
    }));
});
