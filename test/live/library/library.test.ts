import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { runInside } from '../../support/private-mocha.ts';
import { needs, repository } from '../../support/requirements.ts';
import { buildRepository } from '../../support/sandbox.ts';

const inNamespace = process.getuid?.() === 0 ? ['-n'] : ['-U', '-r', '-n'];

/** Runs a module that imports the library as its users do, in its own network namespace. */
function runModule(source: string): string {
  return execFileSync('unshare', [...inNamespace, process.execPath, '--input-type=module', '-e', source], {
    cwd: repository,
    encoding: 'utf8',
    timeout: 60_000,
  });
}

describe('the library', () => {
  before(function () {
    needs(this, 'namespaces');
    this.timeout(300_000);
    buildRepository();
  });

  it('lists devices, makes one and says why another is refused', () => {
    const output = runModule(`
      import { decodeLink, NLM_F_CREATE, NLM_F_EXCL, linkRequest, RTM_NEWLINK, Session } from 'tsip/rtnetlink';
      const session = Session.open({ strict: true });
      const add = { type: RTM_NEWLINK, flags: NLM_F_CREATE | NLM_F_EXCL };
      await session.request(linkRequest(add, {}, { ifname: 'br0', mtu: 1400, linkinfo: { kind: 'bridge' } }));
      for await (const batch of session.dump(linkRequest()))
        for (const message of batch) {
          const { ifname, mtu, linkinfo } = decodeLink(message);
          console.log(ifname, mtu, linkinfo?.kind);
        }
      await session.request(linkRequest(add, {}, { ifname: 'br0', linkinfo: { kind: 'bridge' } }))
        .catch(error => console.log(error.name, error.code, error.message));
      session.close();
    `);
    const lines = output.trimEnd().split('\n');
    assert.ok(lines.includes('br0 1400 bridge'), output);
    assert.equal(lines.at(-1), 'KernelError EEXIST File exists');
  });

  it('hears of changes', () => {
    const output = runModule(`
      import { decodeLink, NLM_F_CREATE, linkRequest, RTM_NEWLINK, Session } from 'tsip/rtnetlink';
      const session = Session.open();
      const heard = session.subscribe([1]);
      await session.request(
        linkRequest({ type: RTM_NEWLINK, flags: NLM_F_CREATE }, {}, { ifname: 'br1', linkinfo: { kind: 'bridge' } }),
      );
      for await (const notification of heard) {
        console.log(notification.kind, decodeLink(notification.messages[0]).ifname);
        break;
      }
      session.close();
    `);
    assert.equal(output, 'messages br1\n');
  });

  it('finds all namespaces and who is joined to whom', () => {
    const output = runModule(`
      import { execFileSync, spawn } from 'node:child_process';
      import { readRegistry, readTopology } from 'tsip';
      import { openNamespace, Session } from 'tsip/rtnetlink';
      import { closeSync } from 'node:fs';
      const ip = words => execFileSync('${join(repository, 'native', process.arch, 'tsip')}', words.split(' '));
      const away = spawn('unshare', ['-n', 'sh', '-c', 'echo there; exec sleep 30'], { stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise(resolve => away.stdout.once('data', resolve));
      ip('link add name here0 type veth peer name there0 netns ' + away.pid);
      const { namespaces } = readRegistry();
      const [current] = namespaces;
      const other = namespaces.find(({ processes }) => processes.some(({ pid }) => pid === away.pid));
      console.log(current.isCurrent, other.isCurrent, other.processes[0].command, other.nsid, other.problem);
      for (const { devices } of await readTopology([current, other]))
        for (const { link, peer } of devices)
          if (peer) console.log(link.ifname, peer.relation, peer.device.link.ifname, peer.namespace === other);
      const descriptor = openNamespace(other);
      Session.open({ namespace: descriptor }).close();
      closeSync(descriptor);
      away.kill();
    `);
    assert.deepEqual(output.split('\n').slice(0, 3), [
      'true false sleep 0 undefined',
      'here0 pair there0 true',
      'there0 pair here0 false',
    ]);
  });
});

/** Each is a file of tests that run in private namespaces. */
const files = [
  'network',
  'namespace',
  'clients',
  'reading',
  'wait',
  'live',
  'leaks',
  'arguments',
  'values',
  'generic',
  'multicast',
  'if-absent',
].map(name => `test/live/library/${name}.inside.ts`);

/** How many tests the files have together: none may be lost. */
const COUNT = 94;

describe('the library inside', () => {
  it('works in namespaces of this user', function () {
    needs(this, 'namespaces');
    this.timeout(660_000);
    const { passed, failed } = runInside(files, 'self');
    assert.deepEqual(failed, []);
    assert.equal(passed.length, COUNT);
  });

  it('works for an ordinary user, in a user namespace', function () {
    needs(this, 'namespaces', 'root', 'open repository');
    this.timeout(660_000);
    const { passed, failed } = runInside(files, 'nobody');
    assert.deepEqual(failed, []);
    assert.equal(passed.length, COUNT);
  });
});
