/** Address translation, ends in other namespaces, and `internet`: in a sandbox, where one namespace plays the host. */
import assert from 'node:assert/strict';
import { needs, skip } from '../../support/requirements.ts';
import { ourPrograms, Sandbox } from '../../support/sandbox.ts';

/** A client behind a router, and a server that is outside. */
const NAT = `lab: nat
networks: {home: {}, world: {}}
nodes:
  r:
    nat: {out: eth1}
    devices:
      eth0: {to: home, address: 10.0.1.1/24}
      eth1: {to: world, address: 192.0.2.1/24}
  c:
    devices: {eth0: {to: home, address: 10.0.1.11/24}}
    routes: [default via 10.0.1.1]
  s: {devices: {eth0: {to: world, address: 192.0.2.9/24}}}
checks: [c ping s, {not: s ping 10.0.1.11}]
`;

/** Prints the first datagram that reaches port 7000. */
const RECEIVER = `const socket = require('node:dgram').createSocket('udp4').bind(7000);
socket.on('message', message => { process.stdout.write(message); socket.close(); });
`;

/** The host has a network behind it, in which there is a resolver. */
const HOST = [
  'ip netns add host; ip netns add world',
  'ip -n host link set lo up; ip -n world link set lo up',
  'ip link add up0 netns host type veth peer name down0 netns world',
  'ip -n host addr add 203.0.113.1/24 dev up0; ip -n world addr add 203.0.113.9/24 dev down0',
  'ip -n host link set up0 up; ip -n world link set down0 up',
].join('; ');

describe('labs that reach further', function () {
  this.timeout(240_000);
  let sandbox: Sandbox;

  before(async function () {
    needs(this, 'namespaces', 'ping');
    sandbox = await Sandbox.open(ourPrograms(), { files: { 'nat.yaml': NAT, 'receive.cjs': RECEIVER } });
    await run(HOST);
  });

  after(async () => sandbox?.close());

  async function run(line: string, status = 0): Promise<string> {
    const result = await sandbox.run(`$ cd /mnt/work; ${line}`, { timeoutMs: 90_000 });
    assert.equal(result.status, status, `${line}: ${result.stdout}${result.stderr}`);
    return status === 0 ? result.stdout : `${result.stdout}${result.stderr}`;
  }

  /** Without `ip netns exec`, whose mounts nobody else sees: namespaces get their names by mounts. */
  const inHost = (line: string, status = 0) => run(`nsenter --net=/run/netns/host ${line}`, status);
  /** Everything that a lab could have changed in the host. */
  const host = () =>
    run(
      'ip -n host link; ip -n host addr; ip -n host route; ip -n host rule; ip netns exec host cat /proc/sys/net/ipv4/ip_forward; ip netns; ls -A /run/tsip 2>/dev/null; true',
    );

  it('translate addresses, change how, and stop', async function () {
    const made = await sandbox.run('$ cd /mnt/work; tsip lab apply nat.yaml');
    if (made.status === 3 && /nf_tables/.test(made.stderr)) skip(this, 'the kernel has no nf_tables');
    assert.match(made.stdout, /\+ r nat eth1\n/);
    await run('tsip lab check nat');
    assert.match(await run('tsip lab apply nat.yaml'), /^No changes\./);
    await run('tsip lab diff nat --exit-code');
    await run('sed -i "s/{out: eth1}/{out: eth1, mapping: full-cone, to: 10.0.1.11}/" nat.yaml');
    assert.equal(
      await run('tsip lab apply nat.yaml'),
      '  ~ r nat eth1 full-cone to 10.0.1.11 (other rules)\nLab "nat": 0 to add, 1 to change, 0 to destroy.\n',
    );
    await run('tsip lab diff nat --exit-code');
    // What comes unasked to the router reaches the client.
    assert.equal(
      await run(
        'ip netns exec nat.c node receive.cjs >got & until ip netns exec nat.c grep -q :1B58 /proc/net/udp; do sleep 0.02; done; ip netns exec nat.s bash -c "echo hello >/dev/udp/192.0.2.1/7000"; wait $!; cat got',
      ),
      'hello\n',
    );
    await run('sed -i "s/nat: .*/forward: true/" nat.yaml');
    assert.match(await run('tsip lab apply nat.yaml'), /^ {2}- r nat eth1 full-cone to 10\.0\.1\.11\n/);
    await run('ip netns exec nat.c ping -c1 -W1 192.0.2.9 >/dev/null', 1);
    await run('tsip lab destroy nat');
  });

  it('say what is wrong with a translation', async () => {
    for (const [nat, reason] of [
      ['eth7', /\.nat: "eth7" is not a device of the node/],
      ['{out: eth1, to: 10.0.0.1}', /"to" is for the mapping "full-cone"/],
      ['{out: eth1, mapping: full-cone}', /needs "to"/],
      ['{out: eth1, mapping: full-cone, to: here}', /"here" is not an IPv4 address/],
      ['{out: eth1, mapping: cone}', /mapping/],
    ] as const) {
      await run(`sed "s/forward: true/nat: ${nat}/" nat.yaml >wrong.yaml`);
      const text = await run('tsip lab validate wrong.yaml', 1);
      assert.match(text, reason, nat);
      assert.equal(text.match(/^wrong\.yaml:/gm)?.length, 1, text);
    }
  });

  it('have ends in other namespaces, which are as before when the lab is gone', async () => {
    await run(
      'printf \'lab: ext\\nexternal: {host: {}, far: {namespace: world}}\\nnodes: {a: {}}\\nlinks: ["a:eth0 10.5.0.1/24 -- host:toa 10.5.0.2/24", "a:eth1 10.6.0.1/24 -- far:toa 10.6.0.2/24"]\\nchecks: [a ping host, a ping far]\\n\' >ext.yaml',
    );
    const before = await host();
    const made = await inHost('tsip lab apply ext.yaml');
    assert.match(made, /\+ host device toa to a:eth0\n/);
    await inHost('tsip lab check ext');
    await inHost('tsip lab diff ext --exit-code');
    assert.match(await run('ip -n host link show toa'), /alias tsip-lab:ext\/host/);
    await run('ip -n host addr del 10.5.0.2/24 dev toa');
    assert.match(await inHost('tsip lab diff ext'), /\+ host address 10\.5\.0\.2\/24 dev toa/);
    await inHost('tsip lab apply ext.yaml');
    assert.match(await inHost('tsip lab destroy ext'), /^Lab "ext" is gone: 1 namespaces\.\n$/);
    assert.equal(await host(), before);
    // A device of that name is somebody else's.
    await run('ip -n host link add toa type veth peer name tob');
    const own = await host();
    assert.match(await inHost('tsip lab apply ext.yaml', 3), /cannot create device .*File exists/);
    assert.equal(await host(), own);
    await run('ip -n host link del toa');
    await run('sed -i s/world/nowhere/ ext.yaml');
    assert.match(await inHost('tsip lab apply ext.yaml', 1), /there is no namespace "nowhere"/);
    assert.equal(await host(), before);
  });

  it('give a node the way out of the host, and take all of it back', async function () {
    await run(
      "printf 'lab: out\\nnodes: {a: {internet: true}, b: {internet: true}}\\nchecks: [a ping 203.0.113.9, b ping 203.0.113.9]\\n' >out.yaml",
    );
    const before = await host();
    assert.match(before, /\n0\n/);
    const made = await sandbox.run('$ cd /mnt/work; nsenter --net=/run/netns/host tsip lab apply out.yaml');
    if (made.status === 3 && /nf_tables/.test(made.stderr)) skip(this, 'the kernel has no nf_tables');
    assert.equal(made.status, 0, made.stderr);
    await inHost('tsip lab check out');
    assert.match(await inHost('tsip lab apply out.yaml'), /^No changes\./);
    await inHost('tsip lab diff out --exit-code');
    const exported = await inHost('tsip lab export out | tee again.yaml');
    assert.match(exported, / {2}a:\n {4}internet: true\n {2}b:\n {4}internet: true\n/);
    await inHost('tsip lab plan again.yaml --exit-code');
    // Only one stays.
    await run('sed -i "s/b: {internet: true}/b: {}/; s/, b ping.*/]/" out.yaml');
    await inHost('tsip lab apply out.yaml');
    await inHost('tsip lab check out');
    await inHost('tsip lab destroy out');
    assert.equal(await host(), before);
  });

  it('run one command with a separate network that reaches out', async () => {
    const before = await host();
    assert.match(await inHost('tsip lab run --internet -- ping -c1 -W2 203.0.113.9'), /1 received/);
    await inHost('tsip lab run --internet -- sh -c "exit 9"', 9);
    assert.equal(await host(), before);
    assert.match(await run('tsip lab run -- true', 1), /a file is missing/);
    assert.match(await run('tsip lab run --internet --rootless -- true', 1), /--internet needs root/);
  });
});
