/** `tsip lab` as a program, and the engine below it, in private namespaces. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInside } from '../../support/private-mocha.ts';
import { needs, repository, skip } from '../../support/requirements.ts';
import { ourPrograms, Sandbox } from '../../support/sandbox.ts';
import { assertDescribed } from '../../support/strict-schemas.ts';

const examples = join(repository, 'examples/labs');

const SMALL = `lab: small
networks: {lan: {}}
nodes:
  a: {devices: {eth0: {to: lan, address: 10.0.0.1/24}}}
  b:
    devices: {eth0: {to: lan, address: 10.0.0.2/24}}
    run:
      api: {command: "echo up; exec sleep 1000", ready: {log: up}}
checks: [a ping b, {not: a ping 10.0.0.9}]
`;

describe('tsip lab', function () {
  this.timeout(180_000);
  let sandbox: Sandbox;

  before(async function () {
    needs(this, 'namespaces', 'ping');
    const files: Record<string, string> = { 'small.yaml': SMALL };
    for (const name of readdirSync(examples)) files[name] = readFileSync(join(examples, name), 'utf8');
    sandbox = await Sandbox.open(ourPrograms(), { files });
  });

  after(async () => sandbox?.close());

  async function run(line: string, status = 0): Promise<string> {
    const result = await sandbox.run(`$ cd /mnt/work; ${line}`, { timeoutMs: 60_000 });
    assert.equal(result.status, status, `${line}: ${result.stdout}${result.stderr}`);
    return status === 0 ? result.stdout : `${result.stdout}${result.stderr}`;
  }

  /** Nothing of any lab is there. */
  async function nothingIsLeft(): Promise<void> {
    assert.equal(await run('ls /run/netns 2>/dev/null; ls -A /run/tsip 2>/dev/null || true'), '');
    assert.equal(await run('pgrep -x sleep || true'), '');
  }

  it('applies, checks, shows and destroys a lab', async () => {
    assert.match(
      await run('tsip lab plan small.yaml'),
      /\n {2}\+ a address 10\.0\.0\.1\/24 dev eth0\n[\s\S]*Plan: 8 to add/,
    );
    assert.match(
      await run('tsip lab plan small.yaml --exit-code', 2),
      /Plan: 8 to add, 0 to change, 0 to destroy\./,
    );
    await run('tsip lab apply small.yaml');
    assert.equal(await run('tsip lab apply small.yaml'), 'No changes. Lab "small" is as it is to be.\n');
    assert.match(
      await run('tsip lab check small'),
      /^ok {6}a ping b \(\d+ ms\)\nok {6}not: a ping 10\.0\.0\.9/,
    );
    assert.match(
      await run('tsip lab list'),
      /^LAB +NODES +STATE +FILE\nsmall +2 +applied +\/mnt\/work\/small\.yaml\n$/,
    );
    assert.match(await run('tsip lab show small'), /b +eth0 +lan +10\.0\.0\.2\/24\n +service api +pid \d+/);
    assert.match(await run('tsip lab exec small a -- cat /etc/hosts'), /^10\.0\.0\.2 b$/m);
    assert.equal(await run("tsip lab exec small '*' -- echo hello"), 'a | hello\nb | hello\n');
    await run('tsip lab exec small a -- sh -c "exit 7"', 7);
    await run('tsip lab exec small a --timeout 200ms -- sleep 100', 124);
    await run('tsip lab wait small b/api');
    assert.equal(await run('tsip lab logs small'), 'up\n');
    assert.match(
      await run('tsip lab logs small b/web', 1),
      /no service is called "b\/web": there are b\/api/,
    );
    assert.match(await run('tsip lab destroy small'), /^Lab "small" is gone: 3 namespaces, 1 processes\.\n$/);
    assert.equal(await run('tsip lab destroy small'), 'There is no lab "small".\n');
    await nothingIsLeft();
  });

  it('finds what was changed by hand, and puts it right', async () => {
    await run('tsip lab apply small.yaml');
    await run(
      'ip -n small.a addr del 10.0.0.1/24 dev eth0; ip -n small.b link set eth0 down; ip -n small.b route add blackhole 10.9.0.0/16',
    );
    const drift = await run('tsip lab diff small --exit-code --foreign', 2);
    assert.match(drift, /\+ a address 10\.0\.0\.1\/24/);
    assert.match(drift, /~ b device eth0 to lan \(down -> up\)/);
    assert.match(drift, /\? b route blackhole 10\.9\.0\.0\/16/);
    const { changes, summary } = JSON.parse(await run('tsip lab diff small --json')) as {
      changes: { action: string; at: { line: number } }[];
      summary: object;
    };
    assert.deepEqual([changes.length, summary], [2, { create: 1, change: 1, replace: 0, destroy: 0 }]);
    assert.ok(changes.some(({ action, at }) => action === 'create' && at.line === 4));
    await run('tsip lab apply small.yaml');
    await run('tsip lab diff small --exit-code');
    await run('tsip lab destroy small.yaml');
    await nothingIsLeft();
  });

  /** Two nodes, of which one sends with an impairment. */
  const impaired = (words: string) =>
    run(
      `printf 'lab: slow\nnodes: {a: {}, b: {}}\nlinks:\n  - ends: [a:eth0 10.0.0.1/24, {at: b:eth0, address: 10.0.0.2/24, impair: {%s}}]\n' '${words}' >slow.yaml`,
    );

  it('slows links down, changes that while they are there, and takes it away', async function () {
    await impaired('rate: 20mbit');
    const result = await sandbox.run('$ cd /mnt/work; tsip lab apply slow.yaml');
    if (result.status === 3 && /module sch_netem/.test(result.stderr))
      skip(this, 'the kernel has no sch_tbf');
    assert.match(result.stdout, /\+ b impairment rate 20mbit dev eth0\n/);
    const qdisc = async () => / qdisc (\w+) /.exec(await run('ip -n slow.b link show eth0'))?.[1];
    assert.equal(await qdisc(), 'tbf');
    assert.equal(await run('tsip lab apply slow.yaml'), 'No changes. Lab "slow" is as it is to be.\n');
    await impaired('rate: 30mbit, limit: 50');
    assert.equal(
      await run('tsip lab apply slow.yaml'),
      '  ~ b impairment rate 30mbit limit 50 dev eth0 (rate, limit)\nLab "slow": 0 to add, 1 to change, 0 to destroy.\n',
    );
    await run('tsip lab diff slow --exit-code');
    await impaired('');
    assert.match(
      await run('tsip lab apply slow.yaml'),
      /^ {2}- b impairment rate 30mbit limit 50 dev eth0\n/,
    );
    assert.equal(await qdisc(), 'noqueue');
    await run('tsip lab destroy slow');
    await nothingIsLeft();
  });

  it('delays what a link carries, or leaves nothing where the kernel cannot', async () => {
    await impaired('delay: 10ms, jitter: 1ms, loss: 0.5%, corrupt: 1%, reorder: 5%, rate: 20mbit');
    const result = await sandbox.run('$ cd /mnt/work; tsip lab apply slow.yaml');
    if (result.status === 0) {
      await run('tsip lab diff slow --exit-code');
      await impaired('delay: 20ms');
      await run('tsip lab apply slow.yaml && tsip lab diff slow --exit-code');
      await run('tsip lab destroy slow');
    } else {
      assert.equal(result.status, 3);
      assert.match(
        result.stderr,
        /^slow\.yaml:4:\d+: links\[0\]\.ends\[1\]\.impair: cannot create impairment ".*" in b: .*sch_netem.*\nEverything is as it was before\.\n$/,
      );
      await run('tsip lab apply small.yaml');
      assert.match(
        await run('tsip lab impair small a:eth0 delay 50ms --for 1s', 3),
        /: cannot create impairment "delay 50ms dev .*sch_netem/,
      );
      await run('tsip lab destroy small');
    }
    await nothingIsLeft();
  });

  it('prints documents that its schemas describe', async () => {
    const lines = async (line: string, schema: string, status = 0) => {
      const { stdout, status: code } = await sandbox.run(`$ cd /mnt/work; tsip lab ${line} --json`);
      assert.equal(code, status, line);
      for (const text of stdout.trimEnd().split('\n')) assertDescribed(text, schema, line);
      assert.notEqual(stdout, '', line);
    };
    const wrong = async (line: string, status: number) => {
      const { stderr, status: code } = await sandbox.run(`$ cd /mnt/work; tsip lab ${line} --json`);
      assert.equal(code, status, line);
      assertDescribed(stderr, 'lab-error', line);
    };
    await lines('validate small.yaml', 'lab-validate');
    await lines('plan small.yaml', 'lab-plan');
    await lines('apply small.yaml', 'lab-apply');
    await run('ip -n small.a addr del 10.0.0.1/24 dev eth0; ip -n small.b route add blackhole 10.9.0.0/16');
    await lines('diff small --foreign', 'lab-plan');
    await lines('apply small.yaml', 'lab-apply');
    await lines('list', 'lab-list');
    await lines('show small', 'lab-show');
    await lines('check small', 'lab-check');
    await lines('impair small', 'lab-impair');
    await lines('impair small a:eth0 b:eth0', 'lab-impair');
    await lines('capture small a:eth0 -w x.pcapng --for 1ms', 'lab-capture');
    await wrong('apply small.yaml --name Small', 1);
    await wrong('show nobody', 1);
    await wrong('aply small.yaml', 1);
    await run('sed s/10.0.0.2/10.0.0.3/ small.yaml >other.yaml');
    await wrong('apply other.yaml', 6);
    await run("printf 'nodes: {a: {devices: {x: {type: nlmon}}}}\n' >bad.yaml");
    await wrong('apply bad.yaml', 3);
    await lines('destroy small', 'lab-destroy');
    await nothingIsLeft();
  });

  it('runs a command in a lab and destroys it whatever happens', async () => {
    const named = await run(
      "tsip lab run small.yaml -- sh -c 'ip netns exec $TSIP_LAB.a ping -c1 -W1 10.0.0.2 >/dev/null && echo $TSIP_LAB'",
    );
    assert.match(named, /^small-[0-9a-f]{6}\n$/);
    await run('tsip lab run small.yaml -- sh -c "exit 3"', 3);
    assert.match(
      await run('tsip lab run small.yaml --node a -- ip -br -4 addr show eth0'),
      /10\.0\.0\.1\/24/,
    );
    await run('tsip lab run small.yaml -- /nothing/here', 127);
    await nothingIsLeft();
  });

  it('ends with the exit code of its failure', async () => {
    assert.match(await run('tsip lab apply nothing.yaml', 1), /there is no such file/);
    assert.match(await run('tsip lab aply small.yaml', 1), /Try "ip lab --help"\./);
    assert.match(await run('tsip lab show nobody', 1), /there is no lab "nobody"/);
    await run('sed s/10.0.0.2/10.0.0.3/ small.yaml >other.yaml');
    await run('tsip lab apply small.yaml');
    assert.match(
      await run('tsip lab apply other.yaml', 6),
      /was applied from \/mnt\/work\/small\.yaml, not from/,
    );
    await run('tsip lab apply other.yaml --adopt');
    await run('tsip lab destroy small');
    await run("printf 'lab: bad\\nnodes: {a: {devices: {x: {type: nlmon}}}}\\n' >bad.yaml");
    assert.match(
      await run('tsip lab apply bad.yaml', 3),
      /^bad\.yaml:2:23: nodes\.a\.devices\.x: cannot create device "x type nlmon" in a: .*\nEverything is as it was before\.\n$/,
    );
    await run(
      "printf 'lab: gone\\nnodes: {a: {run: {x: {command: exit 3, ready: {tcp: 80, within: 5s}}}}}\\n' >gone.yaml",
    );
    assert.match(await run('tsip lab apply gone.yaml', 5), /the service has ended before it was ready/);
    await run('tsip lab destroy gone');
    await nothingIsLeft();
  });

  it('is whole or gone after its process was ended at any moment', async function () {
    const times = Number(process.env['TSIP_KILLS'] ?? 20);
    this.timeout(180_000 + times * 20_000);
    const start = performance.now();
    await run('tsip lab apply small.yaml >/dev/null; tsip lab destroy small');
    const took = (performance.now() - start) / 1000;
    for (let time = 0; time < times; time++) {
      const signal = time % 4 < 2 ? 'KILL' : 'INT';
      const seconds = ((took * (time + 1)) / times).toFixed(3);
      // A shell without job control has its background processes ignore SIGINT.
      await run(
        `set -m; tsip lab apply small.yaml >/dev/null 2>&1 & sleep ${seconds}; kill -${signal} $! 2>/dev/null; wait $! 2>/dev/null; true`,
      );
      if (time % 2 === 0) await run('tsip lab apply small.yaml && tsip lab diff small --exit-code');
      await run('tsip lab destroy small');
      await nothingIsLeft();
    }
  });

  /** What an example needs of the kernel: a command that fails without it. */
  const needed: Readonly<Record<string, readonly [command: string, reason: string]>> = {
    'ipsec.yaml': [
      'unshare -n ip xfrm state add src 10.0.0.1 dst 10.0.0.2 proto esp spi 1 enc "cbc(aes)" 0x000102030405060708090a0b0c0d0e0f',
      'this kernel has no ESP',
    ],
    'slow-link.yaml': [
      "printf 'lab: try\\nnodes: {a: {}, b: {}}\\nlinks: [{ends: [a, b], impair: {rate: 1mbit}}]\\n' >try.yaml; tsip lab run try.yaml -- true",
      'this kernel has no sch_tbf',
    ],
    'nat-traversal.yaml': [
      "printf 'lab: try\\nnodes: {a: {nat: eth0}, b: {}}\\nlinks: [a -- b]\\n' >try.yaml; tsip lab run try.yaml -- true",
      'this kernel has no nf_tables',
    ],
  };

  for (const name of readdirSync(examples).filter(name => !name.endsWith('.sh')))
    it(`makes the lab of examples/labs/${name}, and its checks pass`, async function () {
      const [command, reason] = needed[name] ?? ['true', ''];
      const tried = await sandbox.run(`$ cd /mnt/work; ${command}`, { timeoutMs: 60_000 });
      if (tried.status !== 0) skip(this, reason);
      await run(`tsip lab apply ${name}`);
      const lab = name.replace(/\.\w+$/, '');
      await run(`tsip lab diff ${lab} --exit-code`);
      await run(`tsip lab check ${lab}`);
      await run(`tsip lab destroy ${lab}`);
      await nothingIsLeft();
    });

  it('takes over what examples/labs/by-hand.sh makes', async () => {
    const nodes = 'hand-a hand-router hand-b';
    await run('sh by-hand.sh');
    await run(
      `tsip lab export ${nodes} --name by-hand >by-hand.yaml; for n in ${nodes}; do ip netns del $n; done`,
    );
    await run('tsip lab apply by-hand.yaml && tsip lab diff by-hand --exit-code');
    await run('tsip lab exec by-hand hand-a -- ping -c1 -W2 10.0.2.2');
    await run('tsip lab destroy by-hand');
    await nothingIsLeft();
  });

  it('goes back when a step fails, and is one of many', function () {
    this.timeout(300_000);
    const { passed, failed } = runInside(['test/live/lab/engine.inside.ts'], 'self');
    assert.deepEqual(failed, []);
    assert.ok(passed.length > 0);
  });
});
