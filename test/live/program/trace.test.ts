/** `--trace` and `--dry-run`: what is printed of the walk-through, and that nothing is changed by what is held back. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { repository } from '../../support/requirements.ts';
import type { Sandbox } from '../../support/sandbox.ts';
import { kernelState } from '../../support/state.ts';
import { alone, differential } from '../../support/twin.ts';

const fixture = resolve(repository, 'fixtures/trace/walk-through');

/** What the trace is recorded of; `$ ` begins a line for bash. */
const walkThrough = [
  '--trace netns add ns_0',
  '--trace link add veth_0 type veth peer name veth_1',
  '--trace link add veth_0 type veth',
  '--trace link set veth_0 netns ns_0',
  '--trace -n ns_0 link set veth_0 up',
  '-n ns_0 --trace addr add 10.1.1.1/24 dev veth_0',
  '--trace link add br0 type bridge stp_state 1',
  '--trace link set veth_1 master br0',
  '--trace route add default via 10.9.9.9',
  '--trace rule add from 10.0.0.0/8 table 100',
  '--trace neigh add 10.1.1.9 lladdr 02:00:00:00:00:09 dev br0 nud permanent',
  '--trace link show nothing',
  '--trace netns exec ns_0 true',
  '$ tsnsenter --trace --target $$ --net true 2> >(sed s/$$/PID/g >&2); wait $!',
  '$ tsunshare --trace --map-root-user --net --fork true',
  '--trace link del veth_1',
  '--trace netns delete ns_0',
];

/** Numbers that differ from run to run. */
function masked(text: string): string {
  return text
    .replace(/sequence \d+/g, 'sequence N')
    .replace(/\b(index|ifindex)=[1-9]\d*/g, '$1=N')
    .replace(/(IFLA_LINK|IFLA_MASTER|IFLA_NET_NS_FD|SIOCGIFINDEX, "[^"]*"\) =) \d+/g, '$1 N')
    .replace(/net:\[\d+\]/g, 'net:[N]')
    .replace(/pidfd_open\(\d+\)|\/proc\/\d+\//g, text => text.replace(/\d+/, 'PID'))
    .replace(/uid_map", "0 \d+ 1"/g, 'uid_map", "0 N 1"')
    .replace(/gid_map", "0 \d+ 1"/g, 'gid_map", "0 N 1"');
}

async function traceOf(sandbox: Sandbox): Promise<string> {
  let text = '';
  for (const line of walkThrough) {
    const { stderr } = await sandbox.run(line);
    text += `# ${line.startsWith('$ ') ? line.slice(2) : `tsip ${line}`}\n${masked(stderr)}\n`;
  }
  return text;
}

describe('--trace', () => {
  // TSIP_RECORD=1 writes the fixture again.
  alone('prints the walk-through as the fixture does', async sandbox => {
    const traced = await traceOf(sandbox);
    if (process.env.TSIP_RECORD) writeFileSync(fixture, traced);
    assert.equal(traced, readFileSync(fixture, 'utf8'));
  });

  alone('leaves standard output and exit codes as they are', async sandbox => {
    for (const line of ['link', '-j addr', 'route show table all', 'link show nothing', 'netns list', '-V']) {
      const plain = await sandbox.run(line);
      const traced = await sandbox.run(`--trace ${line}`);
      assert.deepEqual([traced.stdout, traced.status], [plain.stdout, plain.status], line);
      assert.ok(traced.stderr.endsWith(plain.stderr), line);
    }
  });

  alone('prints every message of a list, however long it is', async sandbox => {
    const pairs = Array.from(
      { length: 100 },
      (_, index) => `link add v${index} type veth peer name w${index}\n`,
    );
    assert.equal((await sandbox.run('-batch -', { stdin: pairs.join('') })).status, 0);
    const { stdout, stderr } = await sandbox.run('--trace -o link');
    assert.equal(stdout.trim().split('\n').length, 201);
    assert.equal(stderr.match(/RTM_NEWLINK/g)?.length, 201);
  });

  alone('prints what a monitor receives, and a window of a batch', async sandbox => {
    const batch = 'addr add 10.0.0.1/8 dev lo\naddr add 10.0.0.2/8 dev lo\n';
    const { stderr, status } = await sandbox.run('--trace -force -batch -', { stdin: batch });
    assert.equal(status, 0);
    assert.equal(stderr.match(/^sent: RTM_NEWADDR/gm)?.length, 2);
    const received = await sandbox.run(
      '$ tsip --trace monitor addr 2>lines & watch=$!; for i in $(seq 100); do grep -q Rt /proc/net/netlink; ' +
        'tsip addr del 10.0.0.1/8 dev lo 2>/dev/null || tsip addr add 10.0.0.1/8 dev lo; ' +
        'grep -q "^received: RTM_.*ADDR" lines && break; sleep 0.05; done; kill $watch; grep "^received: RTM_.*ADDR" lines | head -n 1 | cut -c 1-20',
    );
    assert.match(received.stdout, /^received: RTM_(NEW|DEL)ADD/m);
  });

  differential('is no option of the originals when it is abbreviated, and not among the possibilities', [
    '-tra link',
    '--dry link',
    '--strict link',
    '-stric link',
    '-d link show lo',
    '-t link show lo',
    '-s link show lo',
    '$ nsenter --t true',
    '$ nsenter --tr -n true',
    '$ nsenter --dry -n true',
    '$ nsenter --d',
    '$ nsenter --u',
    '$ unshare --tra true',
    '$ unshare --d true',
    '$ unshare --m true',
    '$ unshare --t true',
  ]);
});

describe('--dry-run', () => {
  alone(
    'prints what would be asked for, succeeds, and changes nothing',
    async sandbox => {
      for (const line of [
        'netns add red',
        'link add v0 type veth peer name v1',
        'addr add 10.0.0.1/24 dev v0',
      ])
        assert.equal((await sandbox.run(line)).status, 0, line);
      const state = async () =>
        JSON.stringify([
          await kernelState(sandbox),
          (await sandbox.run('$ ls -l /run/netns /sys/class/net')).stdout,
        ]);
      const before = await state();
      const held: readonly (readonly [line: string, printed: RegExp])[] = [
        ['netns add blue', /^not called: open\("\/run\/netns\/blue"/m],
        ['netns attach blue 1', /^not called: mount\("\/proc\/1\/ns\/net"/m],
        ['netns delete red', /^not called: unlink\("\/run\/netns\/red"\)/m],
        ['-all netns delete', /^not called: unlink\("\/run\/netns\/red"\)/m],
        ['netns set red 7', /^not sent: RTM_NEWNSID[\s\S]*NETNSA_NSID 7/m],
        ['link set v0 up', /^not sent: RTM_NEWLINK[\s\S]*flags=IFF_UP change=IFF_UP/m],
        ['link add br0 type bridge', /^not sent: RTM_NEWLINK[\s\S]*IFLA_INFO_KIND "bridge"/m],
        ['-echo link add br0 type bridge', /^not sent: RTM_NEWLINK/m],
        ['link del v0', /^not sent: RTM_DELLINK/m],
        ['link set v0 netns red', /^not sent: RTM_NEWLINK[\s\S]*IFLA_NET_NS_FD/m],
        [
          'link property add dev v0 altname other',
          /^not sent: RTM_NEWLINKPROP[\s\S]*IFLA_ALT_IFNAME "other"/m,
        ],
        ['addr add 10.0.0.2/24 dev v0', /^not sent: RTM_NEWADDR[\s\S]*IFA_LOCAL 10.0.0.2/m],
        ['-echo addr add 10.0.0.2/24 dev v0', /^not sent: RTM_NEWADDR/m],
        ['addr flush dev v0', /^not sent: RTM_DELADDR/m],
        ['route add 10.9.0.0/16 dev lo', /^not sent: RTM_NEWROUTE/m],
        ['-echo route add 10.9.0.0/16 dev lo', /^not sent: RTM_NEWROUTE/m],
        ['route flush table all', /^not sent: RTM_DELROUTE/m],
        ['rule add from 10.0.0.0/8 table 100', /^not sent: RTM_NEWRULE[\s\S]*table=100/m],
        ['-echo rule add from 10.0.0.0/8 table 100', /^not sent: RTM_NEWRULE/m],
        ['rule flush', /^not sent: RTM_DELRULE/m],
        [
          'neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev v0',
          /^not sent: RTM_NEWNEIGH[\s\S]*NDA_LLADDR 02:00/m,
        ],
        ['nexthop add id 1 dev lo', /^not sent: RTM_NEWNEXTHOP/m],
        ['-echo nexthop add id 1 dev lo', /^not sent: RTM_NEWNEXTHOP/m],
        ['tuntap add dev t0 mode tap', /^not called: ioctl\("\/dev\/net\/tun", TUNSETPERSIST, 1\)/m],
        ['maddr add 33:33:00:00:00:05 dev v0', /^not called: ioctl\(.*SIOCADDMULTI, "v0"\)/m],
        ['addrlabel add prefix 2001:db8::/32 label 5', /^not sent: RTM_NEWADDRLABEL/m],
        ['-n red link set lo up', /^not sent: RTM_NEWLINK/m],
        [
          'netns exec red sh -c "echo done"',
          /^not carried out: .*\n {2}slot 0 = open\("\/run\/netns\/red"\)/m,
        ],
        ['-all netns exec sh -c "echo done"', /^not carried out: /m],
      ];
      for (const [line, printed] of held) {
        const { stdout, stderr, status } = await sandbox.run(`--dry-run ${line}`);
        assert.match(stderr, printed, line);
        assert.equal(status, 0, line);
        assert.doesNotMatch(stdout, /done/, line);
      }
      for (const line of [
        'tsnsenter --dry-run -t 1 -n echo done',
        'tsunshare --dry-run -r -n --mount-proc echo done',
      ]) {
        const { stdout, stderr, status } = await sandbox.run(`$ ${line}`);
        assert.match(stderr, /^not carried out: \d+ steps/, line);
        assert.deepEqual([stdout, status], ['', 0], line);
      }
      assert.equal(await state(), before);
    },
    { needs: ['oracle'] },
  );

  alone('still reads, and still refuses what cannot be asked for', async sandbox => {
    await sandbox.run('link add v0 type veth peer name v1');
    assert.match((await sandbox.run('--dry-run -br link')).stdout, /^v0@v1/m);
    const refused: readonly (readonly [line: string, status: number, printed: string])[] = [
      ['link set nothing up', 1, 'Cannot find device "nothing"\n'],
      ['link add type', 255, 'Command line is not complete. Try option "help"\n'],
      ['addr add 10.0.0.1/99 dev v0', 1, 'Error: any valid prefix is expected rather than "10.0.0.1/99".\n'],
    ];
    for (const [line, status, printed] of refused) {
      const result = await sandbox.run(`--dry-run ${line}`);
      assert.ok(result.stderr.endsWith(printed), `${line}: ${result.stderr}`);
      assert.equal(result.status, status, line);
    }
    const missing = await sandbox.run('--dry-run netns delete nothing');
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /Cannot remove namespace file "\/run\/netns\/nothing": No such file/);
  });

  alone('holds back each line of a batch, forced or not', async sandbox => {
    const stdin =
      'link add v0 type veth\naddr add 10.0.0.1/8 dev lo\naddr add 10.0.0.2/8 dev lo\nlink show lo\n';
    for (const force of ['', '-force ']) {
      const { stdout, stderr, status } = await sandbox.run(`--dry-run ${force}-batch -`, { stdin });
      assert.equal(status, 0);
      assert.equal(stderr.match(/^not sent: /gm)?.length, 3);
      assert.match(stdout, /^1: lo:/);
    }
    assert.doesNotMatch((await sandbox.run('addr')).stdout, /v0|10\.0/);
  });
});
