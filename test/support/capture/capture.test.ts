/** The pretended kernel under the original: that nothing reaches the real one, and nothing is changed on the way. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { needs, originals } from '../requirements.ts';
import { originalPrograms, Sandbox } from '../sandbox.ts';
import { assertSameRequest, tracedBytes } from './bytes.ts';
import {
  assertTakesEffect,
  type CaptureOptions,
  linkMessages,
  monitorText,
  original,
  type Recorded,
  requests,
  startedOriginal,
} from './capture.ts';

/** Requests that this kernel takes, or refuses after it has seen them. */
const lines = [
  'link add v0 type veth peer name v1 address 02:00:00:00:00:01',
  'link add name b0 mtu 1400 type bridge stp_state 1 ageing_time 100',
  'link add v5 type vlan id 5 protocol 802.1ad',
  'addr add 10.0.0.1/24 brd + dev lo label lo:1',
  'route add blackhole 10.9.0.0/16 metric 7 mtu lock 1300',
  'rule add from 10.0.0.0/8 table 7 prio 100',
  'nexthop add id 7 blackhole',
];

describe('the original under capture', function () {
  this.timeout(30_000);

  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  it('asks for what it asks the real kernel for', async function () {
    needs(this, 'namespaces', 'strace');
    const sandbox = await Sandbox.open(originalPrograms());
    try {
      for (const line of lines) {
        const trace = 'strace -f -e trace=sendmsg,sendto -e write=all -s 65536 -o trace';
        await sandbox.run(`$ ${trace} ${originals()}/ip ${line}`);
        const { stdout } = await sandbox.run('$ cat trace');
        const traced = requests({
          generic: [],
          xfrm: [],
          sent: tracedBytes(stdout),
          stdout: '',
          stderr: '',
          status: 0,
        });
        assertSameRequest(requests(original(line.split(' '))), traced);
      }
    } finally {
      await sandbox.close();
    }
  });

  it('leaves the real kernel alone', async function () {
    needs(this, 'namespaces');
    const before = readFileSync('/proc/net/dev', 'utf8')
      .split('\n')
      .map(line => line.split(':')[0]);
    assert.equal(original(['link', 'add', 'captured0', 'type', 'veth']).status, 0);
    const after = readFileSync('/proc/net/dev', 'utf8')
      .split('\n')
      .map(line => line.split(':')[0]);
    assert.deepEqual(after, before);
  });

  it('finds the pretended devices and no others', () => {
    const set = original(['link', 'set', 'eth0', 'up']);
    assert.equal(set.status, 0);
    assert.equal(requests(set)[0]?.readInt32LE(20), 10);
    const missing = original(['link', 'set', 'eth7', 'up']);
    assert.deepEqual([missing.stderr, missing.status], ['Cannot find device "eth7"\n', 1]);
  });

  it('shows the given messages, and says what it says of nothing', () => {
    const replies = linkMessages({ 7: 'x' });
    assert.match(original(['link'], { replies }).stdout, /^7: x: <BROADCAST,MULTICAST,UP,LOWER_UP> /);
    assert.match(original(['-j', 'link'], { replies }).stdout, /^\[\{"ifindex":7,"ifname":"x",/);
    assert.equal(original(['-j', 'link']).stdout, '[]\n');
    assert.match(monitorText(replies), /^7: x: <BROADCAST,MULTICAST,UP,LOWER_UP> /);
  });

  it('sends what no kernel may see to nobody', () => {
    const line = 'route add 10.0.0.0/8 encap ip id 1 dst 10.1.1.1 geneve_opts 1:2:00112233 dev eth0';
    const run = original(line.split(' '));
    assert.equal(run.stderr, '');
    assert.equal(requests(run)[0]?.readUInt16LE(4), 24);
  });

  it('does when it is loaded once what it does when it is started each time', () => {
    const RTM_NEWADDR = 20;
    const RTM_GETNETCONF = 82;
    const replies = linkMessages({ 7: 'x', 8: 'y'.repeat(15) });
    const runs: readonly (readonly [string, CaptureOptions?])[] = [
      ['link', { replies }],
      ['link'],
      ['-j -p -d link', { replies }],
      ['link help'],
      ['link add x0 type vxlan id 5 remote 10.0.0.1'],
      ['link add x0 type sit 6rd-reset', { filler: 0x5a }],
      ['link add x0 type ip6tnl encaplimit', { filler: 0x5a }],
      ['addr add 10.0.0.1/24 dev eth0', { refusals: { [RTM_NEWADDR]: 17 } }],
      ['-force -batch -', { stdin: 'link set eth0 up\nnonsense\nroute add default dev eth1\n' }],
      ['-force -batch -'],
      ['tcp_metrics'],
      ['xfrm state'],
      ['monitor', { events: replies }],
      ['netconf', { lateRefusals: { [RTM_GETNETCONF]: 1 } }],
      ['nonsense'],
    ];
    const SEQUENCE = 8;
    const comparable = (run: Recorded) => {
      for (const bytes of [...run.sent, ...run.generic, ...run.xfrm]) bytes.fill(0, SEQUENCE, SEQUENCE + 4); // the time
      return run;
    };
    for (const [line, options] of [...runs, ...runs]) {
      const [served, started] = [original, startedOriginal].map(run => run(line.split(' '), options));
      assert.deepEqual(comparable(served!), comparable(started!), line);
    }
  });

  it('is not run when the library does not take effect', () => {
    assert.throws(() => assertTakesEffect('/nonexistent.so'), /does not load \/nonexistent.so/);
  });
});
