/** `tsip run`: scripts whose calls one process makes do what they do with the originals, and what cannot be served is not. */
import assert from 'node:assert/strict';
import { needs } from '../../support/requirements.ts';
import { originalPrograms, ourPrograms, quote, type Result, Sandbox } from '../../support/sandbox.ts';
import { alone } from '../../support/twin.ts';

interface Summary {
  readonly calls: number;
  readonly made_by_themselves: number;
  readonly failures: number;
  readonly kinds: readonly { readonly kind: string; readonly calls: number }[];
  readonly left: { readonly namespaces: readonly string[]; readonly devices: readonly string[] };
}

/** Runs lines of bash inside `tsip run`, with a summary. */
async function runInside(sandbox: Sandbox, script: string): Promise<{ result: Result; summary: Summary }> {
  const result = await sandbox.run(
    `$ tsip -json run --summary-to /mnt/work/summary bash -c ${quote(script)}`,
    { timeoutMs: 60_000 },
  );
  const { stdout } = await sandbox.run('$ cat /mnt/work/summary');
  return { result, summary: JSON.parse(stdout) as Summary };
}

const LAB = `set -e
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
ip link add d0 address 02:00:00:00:00:03 type ifb
ip link set d0 up
ip addr add 10.0.0.1/24 dev d0
ip route add 10.9.0.0/16 via 10.0.0.2
ip -br -4 addr show d0
ip -j link show v0
ip route
ip link show nope || echo "code $?"
ip netns add red
ip netns list
ip link set v1 netns red
ip -n red link show v1
ip netns exec red ip -br link
ip netns exec red bash -c 'ip link set v1 mtu 1400; ip -br addr'
nsenter --net=/run/netns/red ip -br link
unshare -n ip -br link
ip route del 10.9.0.0/16
ip link del v0
ip link del d0
ip netns del red
ip rule show
ip addr add 10.0.0.1/24 dev nothing || echo "code $?"
ip link help 2>&1 | head -n 0`;

describe('tsip run', () => {
  it('makes the calls of a script as the originals do', async function () {
    needs(this, 'namespaces', 'oracle');
    this.timeout(120_000);
    const sandboxes = [await Sandbox.open(originalPrograms()), await Sandbox.open(ourPrograms())] as const;
    try {
      const [original, ours] = sandboxes;
      const wanted = await original.run(`$ bash -c ${quote(LAB)}`, { timeoutMs: 60_000 });
      const { result, summary } = await runInside(ours, LAB);
      assert.deepEqual(result, wanted);
      assert.equal(summary.made_by_themselves, 0);
      assert.equal(summary.failures, 3);
      const kinds = new Map(summary.kinds.map(({ kind, calls }) => [kind, calls]));
      assert.deepEqual([kinds.get('link show'), kinds.get('netns exec'), kinds.get('nsenter')], [3, 2, 1]);
      assert.deepEqual(summary.left, { namespaces: [], devices: [] });
    } finally {
      for (const sandbox of sandboxes) await sandbox.close();
    }
  });

  alone('ends as its command does', async sandbox => {
    const ends: readonly (readonly [line: string, status: number])[] = [
      ["tsip run bash -c 'exit 7'", 7],
      ['tsip run true', 0],
      ["tsip run bash -c 'kill -TERM $$'", 143],
      ['tsip run nothing-of-that-name', 127],
      ['tsip run /etc/passwd', 126],
      ['tsip run --bogus', 255],
    ];
    for (const [line, status] of ends) assert.equal((await sandbox.run(`$ ${line}`)).status, status, line);
  });

  alone('leaves nothing behind', async sandbox => {
    const { stdout } = await sandbox.run(
      // In a /tmp that nobody else uses.
      `$ /usr/bin/unshare -m bash -c 'mount -t tmpfs none /tmp; tsip run bash -c "ip link >/dev/null; kill -9 \\$PPID"; ls -A /tmp /run | grep -c tsip-run-'`,
    );
    assert.equal(stdout.trim().split('\n').at(-1), '0');
  });

  alone('starts by itself what cannot be shown to be the same', async sandbox => {
    const lines: readonly (readonly [line: string, own: number])[] = [
      ['ip link', 0],
      ['cd /mnt && ip link', 0],
      ['unshare -n ip link', 0],
      ['unshare -m bash -c "mount -t tmpfs none /opt; ip link"', 1],
      // From another user namespace the engine cannot even be reached.
      ['unshare -U ip link', 0],
      ['setpriv --bounding-set -net_admin ip link', 1],
      ['ip -batch /dev/null', 1],
      ['ip -s -t monitor file /dev/null', 1],
      ['TSIP_NETNS_DIR=/mnt ip netns list', 1],
      ['(umask 077; ip link)', 1],
      ['ip route save >/dev/null', 1],
      ['tsip map', 1],
      ['tsip run ip link', 1],
    ];
    for (const [line, own] of lines) {
      const { result, summary } = await runInside(sandbox, `${line} >/dev/null`);
      assert.equal(summary.made_by_themselves, own, `${line}: ${result.stderr}`);
      assert.equal(result.status, 0, `${line}: ${result.stderr}`);
    }
  });

  alone('gives a call no right that its caller does not have', async sandbox => {
    const { result } = await runInside(
      sandbox,
      'setpriv --bounding-set -all --inh-caps -all ip link add v0 type veth; echo $?; ip link show v0 2>/dev/null; echo $?',
    );
    assert.equal(result.stdout, '2\n1\n');
    assert.equal(result.stderr, 'RTNETLINK answers: Operation not permitted\n');
  });

  alone('writes where its caller writes', async sandbox => {
    const { result, summary } = await runInside(
      sandbox,
      [
        'ip link >/dev/full; echo full $?',
        'ip link >&-; echo closed $?',
        'ip link show nope 2>&-; echo silent $?',
        'for n in {1..400}; do echo "route add 10.1.$((n / 200)).$((n % 200)) dev lo"; done >lines; ip link set lo up; ip -batch lines',
        'ip route | head -n 1 >/dev/null; echo "pipe ${PIPESTATUS[0]}"',
        'ip route | (read line; tail -n 1) | wc -l',
        'ip route >>file; ip route >>file; wc -l <file',
      ].join('\n'),
    );
    assert.equal(result.stderr, '');
    const [full, closed, silent, pipe, last, lines] = result.stdout.trim().split('\n');
    assert.deepEqual([full, closed, silent, last, lines], ['full 0', 'closed 0', 'silent 1', '1', '800']);
    assert.match(pipe!, /^pipe (0|141)$/);
    assert.equal(summary.made_by_themselves, 1);
  });

  alone('serves many at once', async sandbox => {
    const { result, summary } = await runInside(
      sandbox,
      'seq 200 | xargs -P 20 -I{} sh -c "ip link add d{} type ifb && ip -br link show d{}" | wc -l; ip -br link | wc -l',
    );
    assert.equal(result.stdout, '200\n201\n');
    assert.equal(summary.calls, 401);
    assert.equal(summary.left.devices.length, 200);
  });

  alone('goes on when the engine has been killed', async sandbox => {
    const { stdout, stderr } = await sandbox.run(
      `$ { setsid tsip run bash -c 'ip link add d0 type ifb; kill -9 $PPID; while [ -e /proc/$PPID/fd/1 ]; do :; done; ip link add d1 type ifb; ip -br link show d1 | wc -l' ; } >out 2>/dev/null; until [ -s out ]; do :; done; cat out`,
    );
    assert.deepEqual([stdout, stderr], ['1\n', '']);
  });

  alone('traces each call with the line that it stands in', async sandbox => {
    await sandbox.shell(
      `printf 'true\\nip link add d0 type ifb\\nip -br link show d0 >/dev/null\\n' >lab.sh`,
    );
    const { stderr } = await sandbox.run('$ tsip run --trace bash lab.sh');
    const heads = stderr.split('\n').filter(line => /^\S/.test(line));
    assert.match(heads[0]!, /^lab\.sh:2 {2}ip link add d0 type ifb {2}exit 0, [\d.]+ ms$/);
    assert.match(heads[1]!, /^lab\.sh:3 {2}ip -br link show d0 {2}exit 0, /);
    assert.match(stderr, /^ {4}.*RTM_NEWLINK/m);
  });

  alone('changes nothing in a dry run', async sandbox => {
    const { stderr } = await sandbox.run(
      "$ tsip run --dry-run bash -c 'ip link add d0 type ifb; ip netns add red'",
    );
    assert.match(stderr, /RTM_NEWLINK/);
    const { stdout } = await sandbox.run('$ ip -br link; ip netns list');
    assert.equal(stdout.match(/d0|red/), null);
  });

  alone('records what stands at the end as a lab, which makes it again', async sandbox => {
    await sandbox.shell(`cat >recorded.sh <<'END'
ip netns add gone
ip netns add red
ip netns add blue
ip -n red link set lo up
ip -n blue link set lo up
ip link add r0 address 02:00:00:00:00:01 type veth peer name b0 address 02:00:00:00:00:02 netns blue
ip link set r0 netns red
ip -n red addr add 192.0.2.1/24 dev r0
ip -n blue addr add 192.0.2.2/24 dev b0
ip -n red link set r0 up
ip netns exec blue ip link set b0 up
ip -n red route add 198.51.100.0/24 via 192.0.2.2
ip netns del gone
exit 7
END`);
    await sandbox.shell('tsip netns add before');
    const recorded = await sandbox.run('$ tsip run --record lab.yaml sh recorded.sh');
    assert.deepEqual(recorded, { stdout: '', stderr: '', status: 7, timedOut: false });
    assert.equal(
      (await sandbox.run('$ cat lab.yaml')).stdout,
      `lab: lab
nodes:
  blue:
    devices:
      b0: {mac: 02:00:00:00:00:02, address: 192.0.2.2/24}
  red:
    devices:
      r0: {mac: 02:00:00:00:00:01, address: 192.0.2.1/24}
    routes:
      - 198.51.100.0/24 via 192.0.2.2 dev r0
links:
  - blue:b0 -- red:r0
`,
    );
    const { stdout, stderr, status } = await sandbox.run(
      '$ tsip netns del red && tsip netns del blue && tsip lab apply lab.yaml >/dev/null && tsip -n lab.red route && tsip lab destroy lab >/dev/null',
    );
    assert.deepEqual([stderr, status], ['', 0]);
    assert.match(stdout, /^198\.51\.100\.0\/24 via 192\.0\.2\.2 dev r0 /m);
  });

  alone(
    'records its own namespace where it has new devices, as JSON where the name says so',
    async sandbox => {
      await sandbox.shell('tsip link set lo up; tsip link add old type ifb');
      const { stderr } = await sandbox.run(
        "$ tsip run --record lab.json sh -c 'ip link add v0 type veth peer name v1; ip netns add x; ip -n x link set lo up; ip link set v1 netns x'; tsip run --record none.json true; tsip run --record /nowhere/lab true",
      );
      assert.match(stderr, /^ip run: \/nowhere\/lab: no such file or directory\n/);
      const { nodes, links } = JSON.parse((await sandbox.run('$ cat lab.json')).stdout) as {
        nodes: Record<string, { devices: object }>;
        links: string[];
      };
      assert.deepEqual(Object.keys(nodes), ['host', 'x']);
      assert.deepEqual(Object.keys(nodes.host!.devices), ['old', 'v0']);
      assert.deepEqual(links, ['host:v0 -- x:v1']);
      const none = JSON.parse((await sandbox.run('$ cat none.json')).stdout) as unknown;
      assert.deepEqual(none, { lab: 'none', nodes: {} });
    },
  );

  alone(
    'serves calls by full path where it is bound, also without the environment, and only inside',
    async sandbox => {
      // Files in the place of the originals, in a private copy of the folder.
      await sandbox.shell(
        "mount --make-shared /run && tsip netns add blue && mkdir /mnt/usr-sbin && cp -a /usr/sbin/. /mnt/usr-sbin && rm -f /mnt/usr-sbin/ip && printf '#!/bin/sh\\necho another\\n' >/mnt/usr-sbin/ip && chmod 755 /mnt/usr-sbin/ip && mount --bind /mnt/usr-sbin /usr/sbin",
      );
      const { stdout, stderr } = await sandbox.run(
        "$ tsip -j run --bind --summary-to summary sh -c '/usr/sbin/ip -br link; /sbin/ip -br link show lo; /usr/bin/unshare -n /usr/sbin/ip -br link; env -i /usr/sbin/ip -br link; ip netns add red; /usr/sbin/ip netns'; /usr/sbin/ip; ip netns",
      );
      const lo = 'lo               DOWN           00:00:00:00:00:00 <LOOPBACK> \n';
      assert.deepEqual([stdout, stderr], [`${lo.repeat(4)}red\nblue\nanother\nred\nblue\n`, '']);
      const { calls, made_by_themselves } = JSON.parse(
        (await sandbox.run('$ cat summary')).stdout,
      ) as Summary;
      assert.deepEqual([calls, made_by_themselves], [6, 0]);
    },
    { needs: ['root'] },
  );
});
