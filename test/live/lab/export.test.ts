/** `tsip lab export`: of labs, and of namespaces that were made by hand. */
import assert from 'node:assert/strict';
import { runInside } from '../../support/private-mocha.ts';
import { needs } from '../../support/requirements.ts';
import { ourPrograms, Sandbox } from '../../support/sandbox.ts';

/** Three namespaces as scripts make them. */
const BY_HAND = `
ip netns add Left; ip netns add mid.dle; ip netns add right
ip -n Left link add eth0 type veth peer name p0 netns mid.dle
ip -n right link add eth0 type veth peer name p1 netns mid.dle
for n in Left mid.dle right; do ip -n $n link set lo up; done
ip -n mid.dle link add br0 type bridge stp_state 1
ip -n mid.dle link set p0 master br0 up; ip -n mid.dle link set p1 master br0 up mtu 1400
ip -n mid.dle link set br0 up
ip -n Left addr add 10.0.0.1/24 brd + dev eth0; ip -n Left link set eth0 up
ip -n right addr add 10.0.0.2/24 dev eth0; ip -n right link set eth0 up mtu 1400 address 02:00:00:00:00:07
ip -n right addr add fd00::2/64 dev eth0
ip -n Left route add default via 10.0.0.2 metric 5
ip -n Left rule add from 10.0.0.1 lookup 77 pref 50
ip -n Left route add 10.9.0.0/16 via 10.0.0.2 table 77 mtu 1200
ip netns exec right sysctl -qw net.ipv4.ip_forward=1 2>/dev/null || ip netns exec right sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
ip -n right link add gone type veth peer name away
ip link add outside type veth peer name inside netns right
`;

describe('tsip lab export', function () {
  this.timeout(180_000);
  let sandbox: Sandbox;

  before(async function () {
    needs(this, 'namespaces');
    sandbox = await Sandbox.open(ourPrograms(), { files: { 'hand.sh': BY_HAND } });
  });

  after(async () => sandbox?.close());

  async function run(line: string, status = 0) {
    const result = await sandbox.run(`$ cd /mnt/work; ${line}`, { timeoutMs: 60_000 });
    assert.equal(result.status, status, `${line}: ${result.stdout}${result.stderr}`);
    return result;
  }

  it('makes a file of namespaces that were made by hand, and a lab of it that is the same', async () => {
    await run('sh -e hand.sh');
    const { stdout, stderr } = await run('tsip lab export Left mid.dle right --name hand | tee hand.yaml');
    assert.equal(
      stderr,
      'not carried over: right: device inside, and what is on it: its other end is elsewhere\n',
    );
    assert.match(stdout, /^# Not in this file:\n# {3}right: device inside/);
    assert.match(stdout, /\n {6}br0: \{type: bridge stp_state 1,.* mtu: 1400\}/);
    assert.match(stdout, /\n {6}- default via 10\.0\.0\.2 dev eth0 metric 5\n/);
    await run('tsip lab apply hand.yaml && tsip lab diff hand --exit-code');
    const pairs = [
      ['Left', 'hand.left'],
      ['mid.dle', 'hand.mid-dle'],
      ['right', 'hand.right'],
    ] as const;
    for (const [by, lab] of pairs) {
      // Indices are chosen by the kernel there, and by the lab here; addresses are tentative for a second or two.
      const views = [
        `ip -n NS -o addr show scope global | sed 's/^[0-9]*: //; s/ tentative / /'`,
        'ip -n NS route show table all proto boot',
        'ip -n NS rule',
        `ip -n NS -o link show up | sed 's/^[0-9]*: //; s/@if[0-9]*//; s/link-netns.*//; s/qdisc.*link/link/; s/NO-CARRIER,//; s/,LOWER_UP//; s/^lo.*//; s/ *$//' | grep -v inside | sort`,
      ];
      for (const view of views) {
        const [one, other] = [by, lab].map(async ns => (await run(view.replace('NS', ns))).stdout);
        assert.equal(await other, await one, view);
      }
    }
    assert.equal((await run('ip netns exec hand.right cat /proc/sys/net/ipv4/ip_forward')).stdout, '1\n');
    await run('tsip lab destroy hand');
  });

  it('makes a file of a lab with all that it was applied with', async () => {
    await run(
      `printf 'lab: full\nnetworks: {n: {}}\nnodes: {a: {devices: {e: {to: n, address: 10.0.0.1/24}}, hosts: {x: 10.0.0.9}, setup: [["true"]], run: {s: {command: exec sleep 1000, ready: {exec: ["true"]}}}}}\nchecks: [{not: a ping 10.0.0.5}]\n' >full.yaml && tsip lab apply full.yaml`,
    );
    const { stdout } = await run('tsip lab export full | tee again.yaml');
    assert.match(
      stdout,
      /s: \{command: exec sleep 1000, cwd: \/mnt\/work, ready: \{exec: \["true"\], within: 10s\}\}/,
    );
    await run('tsip lab plan again.yaml --exit-code');
    const { stdout: json } = await run('tsip lab export full --format json');
    assert.deepEqual(Object.keys(JSON.parse(json) as object), ['lab', 'networks', 'nodes', 'checks']);
    await run('tsip lab destroy full');
  });

  it('says what is not there', async () => {
    assert.match(
      (await run('tsip lab export nothing', 1)).stderr,
      /no lab and no network namespace is called "nothing"/,
    );
    assert.match((await run('tsip lab export', 1)).stderr, /name a lab, or namespaces, or --all/);
  });

  it('is right for random labs', function () {
    this.timeout(600_000);
    const { passed, failed } = runInside(['test/live/lab/export.inside.ts'], 'self');
    assert.deepEqual(failed, []);
    assert.ok(passed.length > 0);
  });
});
