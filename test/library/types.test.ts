/** What the compiler must accept and refuse: this file is checked by `npm run check`, and once more here. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import ts from 'typescript';
import type {
  ChangeEvent,
  KindName,
  Link,
  LinkArguments,
  LinkChanges,
  LiveMap,
  Namespace,
  Network,
  Route,
  spawn,
} from '../../src/index.ts';
import type { LinkStatistics } from '../../src/rtnetlink.ts';
import { repository } from '../support/requirements.ts';

/** Accepts only types that are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

function isTrue<_T extends true>(): void {}

describe('the types of the library', () => {
  it('are what the compiler is given here', () => {
    // Never called: only the compiler looks.
    const looked = [devices, results, networks, namespaces, children];
    assert.equal(looked.length, 5);
    const path = resolve(repository, 'test/library/types.test.ts');
    const { config } = ts.readConfigFile(resolve(repository, 'tsconfig.json'), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, repository);
    const program = ts.createProgram([path], options);
    const complaints = ts.getPreEmitDiagnostics(program, program.getSourceFile(path));
    assert.deepEqual(
      complaints.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
      [],
    );
  }).timeout(120_000);
});

function devices(add: (device: LinkArguments) => void, change: (changes: LinkChanges) => void): void {
  add({ kind: 'vlan', id: 5, link: 'eth0' });
  add({ kind: 'vlan', id: 5, link: 3, protocol: '802.1ad', name: 'v5', up: true });
  add({ kind: 'bridge', name: 'br0', vlan_filtering: true, forward_delay: 200 });
  add({ kind: 'veth', name: 'r0', peer: { name: 'b0', namespace: 'blue', mtu: 9000 } });
  add({ kind: 'dummy', name: 'd0', master: null });
  add({ kind: 'vxlan', id: 1, group: '239.0.0.1', link: 'eth0' });
  add({ kind: 'macvlan', link: 'eth0', mode: 'bridge' });
  add({ kind: 'bond', mode: '802.3ad', ad_lacp_rate: 'fast', coupled_control: false, primary: 'eth0' });
  add({ kind: 'macsec', link: 'eth0', cipher_suite: 'gcm-aes-256', validation: 2, encrypt: 'on' });
  add({ kind: 'ip6tnl', proto: 'ipip6', ttl: 'inherit', encap_type: 'fou' });
  add({ kind: 'geneve', id: 5, remote: '192.0.2.1', df: 'inherit', udp_csum: true });
  change({ kind: 'vlan', protocol: '802.1Q' });
  change({ kind: 'bond', active_slave: 3 });
  change({ mtu: 1400, name: 'other', port: { kind: 'bridge_slave', isolated: true } });
  // @ts-expect-error a kind is needed to make a device
  add({ name: 'd0' });
  // @ts-expect-error there is no such kind
  add({ kind: 'vlam', id: 5 });
  // @ts-expect-error a VLAN device needs an id
  add({ kind: 'vlan', link: 'eth0' });
  // @ts-expect-error it needs a device below
  add({ kind: 'vlan', id: 5 });
  // @ts-expect-error and not none
  add({ kind: 'vlan', id: 5, link: undefined });
  // @ts-expect-error a VRF needs a table
  add({ kind: 'vrf' });
  // @ts-expect-error there is no such mode
  add({ kind: 'macvlan', link: 'eth0', mode: 'bridged' });
  // @ts-expect-error there is no such mode of a bond
  add({ kind: 'bond', mode: '802.3' });
  // @ts-expect-error a mode is not on or off
  add({ kind: 'bond', mode: true });
  // @ts-expect-error numbers are no words
  add({ kind: 'bridge', forward_delay: 'long' });
  // @ts-expect-error a wrong word for a port
  change({ port: { kind: 'bridge_slave', isolated: 'yes' } });
  // @ts-expect-error a parameter of another kind
  add({ kind: 'bridge', id: 5 });
  // @ts-expect-error the other device of a pair is described by settings
  add({ kind: 'veth', peer: 'b0' });
  // @ts-expect-error the other device cannot be switched on yet
  add({ kind: 'veth', peer: { up: true } });
  // @ts-expect-error parameters of a kind only together with it
  change({ forward_delay: 200 });
  // @ts-expect-error the parameters of a port are no kind of device
  add({ kind: 'bridge_slave' });
  // @ts-expect-error flags have names
  change({ flags: { upwards: true } });
}

function results(link: Link, route: Route, event: ChangeEvent<'link' | 'route'>): void {
  isTrue<Same<typeof link.name, string>>();
  isTrue<Same<typeof link.statistics, LinkStatistics | undefined>>();
  isTrue<Same<typeof route.destination, string>>();
  isTrue<Same<Extract<KindName, 'vlan' | 'bridge_slave'>, 'vlan'>>();
  // @ts-expect-error what there is depends on the kind
  link.data.id;
  if (link.kind === 'vlan') isTrue<Same<typeof link.data.id, number | undefined>>();
  if (link.kind === 'bridge') isTrue<Same<typeof link.data.hello_timer, bigint | undefined>>();
  if (link.kind === 'other') isTrue<Same<typeof link.data, Buffer>>();
  if (event.group === 'route') isTrue<Same<typeof event.value, Route>>();
  // @ts-expect-error values are read only
  link.mtu = 5;
}

function networks(network: Network): void {
  isTrue<Same<ReturnType<typeof network.links.list>, AsyncGenerator<Link, void>>>();
  const watcher = network.watch(['address']);
  isTrue<Same<Parameters<Parameters<typeof onEvent<typeof watcher>>[1]>[0]['group'], 'address' | 'watch'>>();
  network.routes.add({ destination: 'default', gateway: '10.0.0.1', metrics: { mtu: 1400 } });
  isTrue<Same<ReturnType<typeof network.live<'link'>>, Promise<LiveMap<'link'>>>>();
  isTrue<Same<Parameters<LiveMap<'link'>['get']>[0], number>>();
  isTrue<Same<Parameters<LiveMap<'route'>['get']>[0], string>>();
  const waited = network.waitForLink('eth0', 'up', { timeout: 5 });
  isTrue<Same<typeof waited, Promise<Link>>>();
  const made = network.links.add({ kind: 'bridge', name: 'tb%d' }, { signal: AbortSignal.timeout(5) });
  isTrue<Same<typeof made, Promise<Link>>>();
  const away = network.links.add({ kind: 'bridge', namespace: 'red' });
  isTrue<Same<typeof away, Promise<Link | undefined>>>();
  // @ts-expect-error no such state
  network.waitForLink('eth0', 'wide');
  // @ts-expect-error no such kind of objects
  network.live('links');
  // @ts-expect-error no such state
  network.bridge.forwarding.add({ device: 'p0', lladdr: '02:00:00:00:00:01', state: 'aged' });
  // @ts-expect-error packets must come in by a device
  network.multicastRoutes.replace({ group: '224.1.1.1' });
  // @ts-expect-error no multicast routes of MPLS
  network.multicastRoutes.all({ family: 'mpls' });
  // @ts-expect-error a destination is needed
  network.routes.add({ gateway: '10.0.0.1' });
  // @ts-expect-error no such group
  network.watch(['links']);
  // @ts-expect-error a route has no name
  network.routes.list({ name: 'r' });
}

declare function onEvent<W extends AsyncIterable<unknown>>(
  watcher: W,
  listener: (event: W extends AsyncIterable<infer E> ? E : never) => void,
): void;

function namespaces(namespace: Namespace): void {
  isTrue<Same<typeof answer, number>>();
  const answer = namespace.run(() => 5);
  // @ts-expect-error what is awaited happens outside
  namespace.run(async () => 5);
  // @ts-expect-error only names, paths, processes and open ones
  namespace.equals(true);
}

function children(start: typeof spawn): void {
  start(['true'], { newNamespaces: ['uts', 'pid', 'mount'], join: { net: 'red', user: 5 }, hostname: 'box' });
  // @ts-expect-error mount is not spelt so
  start(['true'], { newNamespaces: ['mnt'] });
  // @ts-expect-error no such map
  start(['true'], { newNamespaces: ['user'], idMap: 'nobody' });
}
