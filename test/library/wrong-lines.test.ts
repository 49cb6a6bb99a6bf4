/** Wrong lines, as a person writes them: the compiler refuses them, and says so of the line itself. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import ts from 'typescript';
import { repository } from '../support/requirements.ts';

const BEGINNING = `
import { Namespace, Network, spawn } from '../../src/index.ts';
declare const network: Network;
declare const namespace: Namespace;
const { links, addresses, routes, rules, neighbours, nexthops } = network;
`;

const WRONG = `
links.add({ name: 'd0' });
links.add({ kind: 'vlam', id: 5 });
links.add({ kind: 'vlan', link: 'eth0' });
links.add({ kind: 'vlan', id: 5 });
links.add({ kind: 'vlan', id: 5, link: undefined });
links.add({ kind: 'vlan', id: '5', link: 'eth0' });
links.add({ kind: 'vrf' });
links.add({ kind: 'macvlan', link: 'eth0', mode: 'brige' });
links.add({ kind: 'bond', mode: '802.3' });
links.add({ kind: 'bond', mode: true });
links.add({ kind: 'bridge', forward_delay: 'long' });
links.add({ kind: 'bridge', id: 5 });
links.add({ kind: 'bridge', name: 'br0', mtu: '1500' });
links.add({ kind: 'bridge', name: 'br0', up: 'yes' });
links.add({ kind: 'veth', peer: 'b0' });
links.add({ kind: 'veth', peer: { up: true } });
links.add({ kind: 'bridge_slave' });
links.add();
links.change({ mtu: 1400 });
links.change('eth0', { forward_delay: 200 });
links.change('eth0', { flags: { upwards: true } });
links.change('eth0', { port: { kind: 'bridge_slave', isolated: 'yes' } });
links.all({ kinds: 'bridge' });
addresses.add({ address: '10.0.0.1/24' });
addresses.add({ device: 'eth0', adress: '10.0.0.1/24' });
routes.add({ gateway: '10.0.0.1' });
routes.add({ destination: 'default', type: 'blackholed' });
rules.flush({ prio: 5 });
neighbours.add({ device: 'eth0', address: '10.0.0.1', states: 'permanent' });
nexthops.add({ id: '7' });
network.watch(['links']);
Namespace.create(5);
namespace.run(async () => 5);
spawn('true');
spawn(['true'], { newNamespaces: ['mnt'] });
`
  .trim()
  .split('\n');

const RIGHT = `
links.add({ kind: 'vlan', id: 5, link: 'eth0' });
links.add({ kind: 'macvlan', link: 'eth0', mode: 'bridge' });
links.change('eth0', { mtu: 1400 });
rules.flush({ priority: 5 });
routes.all().then(([route]) => routes.add({ ...route!, metric: 5 }));
links.all().then(([link]) => links.replace(link!));
`
  .trim()
  .split('\n');

/** The lines that the compiler complains of. */
function complaints(lines: readonly string[]): Set<string> {
  const path = resolve(repository, 'test/library/lines-of-a-person.ts');
  const { config } = ts.readConfigFile(resolve(repository, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, repository);
  const text = `${BEGINNING}${lines.join('\n')}\n`;
  const host = ts.createCompilerHost({ ...options, noUnusedLocals: false });
  const { getSourceFile, fileExists } = host;
  host.fileExists = name => name === path || fileExists.call(host, name);
  host.getSourceFile = (name, ...others) =>
    name === path
      ? ts.createSourceFile(name, text, {
          languageVersion: ts.ScriptTarget.ES2023,
          impliedNodeFormat: ts.ModuleKind.ESNext,
        })
      : getSourceFile.call(host, name, ...others);
  const program = ts.createProgram([path], { ...options, noUnusedLocals: false }, host);
  const source = program.getSourceFile(path)!;
  return new Set(
    ts.getPreEmitDiagnostics(program, source).map(({ start = 0 }) => {
      const { line } = source.getLineAndCharacterOfPosition(start);
      return text.split('\n')[line]!;
    }),
  );
}

describe('lines of a person', () => {
  it('that are wrong do not compile', () => {
    const found = complaints(WRONG);
    assert.deepEqual(
      WRONG.filter(line => !found.has(line)),
      [],
    );
    assert.ok(WRONG.length >= 31);
  }).timeout(120_000);

  it('that are right do', () => {
    assert.deepEqual([...complaints(RIGHT)], []);
  }).timeout(120_000);
});
