/** --strict-json: what every command prints, on standard output and on standard error, is as its schema says. */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import type { Sandbox } from '../../support/sandbox.ts';
import { assertDescribed } from '../../support/strict-schemas.ts';
import { alone } from '../../support/twin.ts';

/** `text` with lifetimes that pass as 1: a second may lie between two runs. */
const withoutTime = (text: string) =>
  text.replace(/(?<="(?:valid|preferred)_life_time":)(?!4294967295)\d+/g, '1');

/** A command line, the schema of its document, and of how many records that must consist at least. */
type Case = readonly [line: string, schema: string, least?: number];

const world = [
  'link set lo up',
  'netns add red',
  'netns add blue',
  'netns set red 5',
  'link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02',
  'link add r0 netns red type veth peer name r1',
  'link add br0 type bridge',
  'link set v1 master br0',
  'link set v0 up alias "an alias"',
  'link set v1 up',
  'link property add dev v0 altname another',
  'link add mv0 link v0 type macvlan mode bridge',
  'link add vx0 type vxlan id 7 dev v0 group 239.1.1.1 dstport 4789',
  'addr add 10.0.0.1/24 dev v0 metric 7',
  'addr add 10.0.1.1 peer 10.0.1.2 dev v0',
  'addr add 2001:db8::1/64 dev v0 nodad',
  'addr add 2001:db8::2/64 dev v0 valid_lft 1000 preferred_lft 500',
  'route add 10.9.0.0/16 via 10.0.0.9 mtu 1400 table 100 metric 5',
  'route add blackhole 10.8.0.0/16',
  'route add 2001:db8:1::/48 via 2001:db8::9',
  'rule add from 10.0.0.0/8 iif v0 table 100',
  'rule add not fwmark 7 table 101',
  '-6 rule add to 2001:db9::/32 goto 32766 pref 50',
  'neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev v0',
  'neigh add proxy 10.0.0.7 dev v0',
  'neigh add 2001:db8::9 lladdr 02:00:00:00:00:09 dev v0 router',
  'nexthop add id 1 via 10.0.0.9 dev v0',
  'nexthop add id 2 blackhole',
  'nexthop add id 3 via 10.0.0.8 dev v0',
  'nexthop add id 10 group 1/3',
  'tuntap add t0 mode tap user 0',
  'maddr add 33:33:00:00:00:05 dev v0',
  'addrlabel add prefix 2001:db8::/32 label 99',
  'token set ::1:2 dev v0',
];

const cases: readonly Case[] = [
  ['link', 'link', 5],
  ['stats', 'stats', 60],
  ['-s -s stats show dev br0', 'stats', 13],
  ['stats show dev v0 group offload', 'stats', 3],
  ['mroute', 'mroute', 0],
  ['mrule', 'rule', 1],
  ['link show v0', 'link', 1],
  ['-d link', 'link', 5],
  ['-d -s -s link', 'link', 5],
  ['-s link show lo', 'link', 1],
  ['-br link', 'link-brief', 5],
  ['link show type vrf', 'link', 0],
  ['link show master br0', 'link', 1],
  ['link show up', 'link', 2],
  ['link show group 7', 'link', 0],
  ['addr', 'address', 5],
  ['-d -s addr', 'address', 5],
  ['-br addr', 'address-brief', 5],
  ['addr show dev v0', 'address', 1],
  ['addr show to 10.0.0.0/8', 'address', 1],
  ['route', 'route', 3],
  ['-d route show table all', 'route', 5],
  ['-6 route show table all', 'route', 3],
  ['route get 10.0.0.5', 'route', 1],
  ['route get 2001:db8::5', 'route', 1],
  ['rule', 'rule', 4],
  ['-6 rule', 'rule', 2],
  ['-d rule', 'rule', 4],
  ['neigh', 'neighbour', 2],
  ['-s neigh', 'neighbour', 2],
  ['neigh show proxy dev v0', 'neighbour', 1],
  ['neigh get 10.0.0.9 dev v0', 'neighbour', 1],
  ['nexthop', 'nexthop', 2],
  ['-d -s nexthop', 'nexthop', 2],
  ['nexthop get id 1', 'nexthop', 1],
  ['nexthop bucket', 'nexthop-bucket', 0],
  ['netns', 'netns', 2],
  ['netns list-id', 'netns-id', 1],
  ['netns identify', 'netns-name', 0],
  ['-n red netns identify', 'netns-name', 1],
  ['netns pids red', 'process', 0],
  ['-n red netns pids red', 'process', 1],
  ['tuntap', 'tuntap', 1],
  ['maddr', 'maddress', 2],
  ['addrlabel', 'addrlabel', 1],
  ['netconf', 'netconf', 2],
  ['netconf show dev v0', 'netconf', 1],
  ['ntable', 'ntable', 2],
  ['-s ntable show dev lo', 'ntable', 1],
  ['token', 'token', 1],
  ['vrf', 'vrf', 0],
  ['vrf identify', 'vrf', 0],
  ['tunnel', 'tunnel', 0],
  ['map', 'map', 1],
  ['map --format tree red', 'map', 1],
  ['link xstats type bridge', 'xstats', 1],
  ['link afstats', 'afstats', 0],
  ['-V', 'version', 1],
  ['link help veth', 'usage', 1],
  // Changes answer an empty list, or what the kernel reports of them.
  ['link set v0 down', 'link', 0],
  ['link set v0 up', 'link', 0],
  ['-echo addr add 10.0.0.77/24 dev v0', 'address-echo', 1],
  ['-echo route add 10.7.0.0/16 dev v0', 'route', 1],
  ['-echo rule add from 10.7.0.0/16 table 7', 'rule', 1],
  ['-echo nexthop add id 33 dev v0', 'nexthop', 1],
  ['netns add green', 'netns', 0],
  ['netns delete green', 'netns', 0],
  ['-s -s addr flush dev v0', 'address-echo', 1],
  ['-s -s neigh flush dev v0', 'neighbour', 0],
  ['-s -s route flush table 100', 'route', 0],
];

/** What fails, with the exit status and what must be in the error. */
const failures: readonly (readonly [
  line: string,
  status: number,
  wanted: Readonly<Record<string, unknown>>,
])[] = [
  ['link add v0 type veth', 2, { errno: 'EEXIST', text: 'RTNETLINK answers: File exists' }],
  ['link show nothing', 1, { text: 'Device "nothing" does not exist.' }],
  ['link add 12345678901234567 type veth', 2, { errno: 'ERANGE', attribute: 'ifname' }],
  ['link set v0 mtu', 255, { text: 'Command line is not complete. Try option "help"' }],
  ['lnik', 1, { hint: 'did you mean "link"?' }],
  ['link help', 255, {}],
  ['help', 255, {}],
  ['', 255, {}],
  ['-zz link', 255, { text: 'Option "-zz" is unknown, try "ip -help".' }],
  ['netns add red', 1, { errno: 'EEXIST', hint: 'there is a namespace "red" already' }],
  ['netns delete nothing', 1, { errno: 'ENOENT' }],
  ['netns exec nothing true', 255, { errno: 'ENOENT' }],
  ['-n nothing link', 255, {}],
  ['monitor bogus', 255, { text: 'Argument "bogus" is unknown, try "ip monitor help".' }],
  ['route show table 77', 2, { errno: 'ENOENT' }],
  ['route get 203.0.113.1', 2, { errno: 'ENETUNREACH' }],
  ['-batch /nowhere', 1, {}],
  ['xfrm state bogus words', 255, { text: 'Command "bogus" is unknown, try "ip xfrm state help".' }],
  ['map nowhere', 1, { text: 'No network namespace is called "nowhere".' }],
];

async function makeWorld(sandbox: Sandbox): Promise<void> {
  for (const line of world) {
    const { status, stderr } = await sandbox.run(line);
    assert.equal(status, 0, `${line}: ${stderr}`);
  }
}

function sample(name: string, text: string): void {
  if (process.env.TSIP_SAMPLES) appendFileSync(`${process.env.TSIP_SAMPLES}/${name}`, text);
}

describe('--strict-json', () => {
  alone(
    'prints one document for every command, as its schema says',
    async sandbox => {
      await makeWorld(sandbox);
      for (const [line, schema, least = 0] of cases) {
        const { stdout, stderr, status } = await sandbox.run(`--strict-json ${line}`);
        assert.deepEqual([status, stderr], [0, ''], line);
        sample(schema, stdout);
        const document = assertDescribed(stdout, schema, line) as unknown[];
        assert.ok(Array.isArray(document) && document.length >= least, `${line}: ${stdout}`);
        assert.ok(stdout.endsWith(']\n') && stdout.indexOf('\n') === stdout.length - 1, line);
      }
    },
    { needs: ['root'], lines: cases.length },
  );

  alone(
    'reports every failure as one object, next to an empty or broken-off list',
    async sandbox => {
      await makeWorld(sandbox);
      for (const [line, status, wanted] of failures) {
        const result = await sandbox.run(`--strict-json ${line}`);
        assert.equal(result.status, status, `${line}: ${result.stderr}`);
        sample('error', result.stderr);
        const error = assertDescribed(result.stderr, 'error', line) as Record<string, unknown>;
        assert.equal(error['code'], status, line);
        for (const [key, value] of Object.entries(wanted)) assert.equal(error[key], value, `${line}: ${key}`);
        assert.equal(result.stdout, '[]\n', line);
      }
    },
    { needs: ['root'], lines: failures.length },
  );

  alone('fails if its document does not arrive, as all that must be whole', async sandbox => {
    const text = 'Cannot write to standard output: No space left on device';
    for (const words of ['--strict-json link', '--table addr', 'map', 'completion bash']) {
      const { stderr, status } = await sandbox.run(`$ tsip ${words} >/dev/full`);
      const line = words.startsWith('--strict') ? JSON.stringify({ code: 1, errno: 'ENOSPC', text }) : text;
      assert.deepEqual([status, stderr], [1, `${line}\n`], words);
    }
    const { stderr, status } = await sandbox.run('$ tsip -j link >/dev/full');
    assert.deepEqual([status, stderr], [0, ''], 'the original does not look');
  });

  alone(
    'is the same as -json where that is good JSON',
    async sandbox => {
      await makeWorld(sandbox);
      for (const line of [
        'link',
        '-d link',
        'addr',
        'route',
        'rule show table 100',
        'maddr',
        'netns',
        '-br addr',
      ]) {
        const [strict, plain] = [await sandbox.run(`--strict-json ${line}`), await sandbox.run(`-j ${line}`)];
        assert.deepEqual(JSON.parse(withoutTime(strict.stdout)), JSON.parse(withoutTime(plain.stdout)), line);
      }
      const pretty = await sandbox.run('--strict-json -p link show lo');
      assert.match(pretty.stdout, /^\[ \{\n {8}"ifindex": 1,/);
    },
    { needs: ['root'] },
  );

  alone('prints a document a line in a batch, and says which line failed', async sandbox => {
    const stdin =
      'link show lo\n\nlink add v0 type veth peer name v1\nlink add v0 type veth\naddr show dev lo\n';
    const { stdout, stderr, status } = await sandbox.run('--strict-json -force -batch -', { stdin });
    assert.equal(status, 1);
    const documents = stdout
      .trimEnd()
      .split('\n')
      .map(text => JSON.parse(text));
    assert.deepEqual(
      documents.map(({ length }) => length),
      [1, 0, 0, 1],
    );
    const error = assertDescribed(stderr, 'error', 'the batch') as Record<string, unknown>;
    assert.deepEqual([error['line'], error['errno']], [4, 'EEXIST']);
  });

  alone('carries names that are no UTF-8 as escapes', async sandbox => {
    const name = 'v\udcff\udcfe';
    await sandbox.run(['link', 'add', 'name', name, 'type', 'veth', 'peer', 'name', 'v1']);
    const { stdout } = await sandbox.run(['--strict-json', 'link', 'show', 'dev', name]);
    assert.ok(stdout.includes('"v\\udcff\\udcfe"'), stdout);
    assert.equal((assertDescribed(stdout, 'link', 'link') as { ifname: string }[])[0]!.ifname, name);
  });

  alone('leaves standard output to programs and to saved dumps', async sandbox => {
    await sandbox.run('netns add red');
    const { stdout } = await sandbox.run('--strict-json netns exec red echo hello');
    assert.equal(stdout, 'hello\n');
    const all = await sandbox.run('--strict-json -all netns exec echo hello');
    assert.equal(all.stdout, 'hello\n');
    const saved = await sandbox.run('$ tsip --strict-json addr save dev lo | head -c 4 | od -An -tx1');
    assert.equal(saved.stdout.trim(), '22 12 36 47');
  });

  alone('prints one object a line in monitors, at once', async sandbox => {
    const watch = (words: string, file: string) => `tsip --strict-json ${words} >${file} & `;
    const waitFor = (file: string, text: string) =>
      `for i in $(seq 200); do grep -q '${text}' ${file} && break; sleep 0.05; done; `;
    const { stdout } = await sandbox.run(
      `$ ${watch('-ts monitor', 'all')} first=$!; ${watch('netns monitor', 'names')} second=$!; ` +
        // They listen when they report something; until then things are made again.
        'for i in $(seq 100); do tsip link add p0 type veth peer name p1; tsip link del p0; ' +
        'tsip netns add n$i; [ -s all ] && [ -s names ] && break; done; ' +
        'tsip addr add 10.0.0.1/24 dev lo; tsip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev lo; tsip rule add table 9; ' +
        `tsip route add 10.9.0.0/16 dev lo; tsip netns delete n1; ${waitFor('names', 'delete')}` +
        `${waitFor('all', '"object":"rule"')} kill $first $second; cat all; echo ---; cat names`,
      { timeoutMs: 40_000 },
    );
    const [all = '', names = ''] = stdout.split('---\n');
    const lines = all.trimEnd().split('\n');
    for (const line of lines) {
      sample('monitor', `${line}\n`);
      assertDescribed(line, 'monitor', 'monitor');
    }
    assert.ok(
      lines.some(line => /"event":"delete","object":"link","time":"\d{4}-.*Z"/.test(line)),
      all,
    );
    for (const object of ['link', 'address', 'neighbour', 'rule'])
      assert.ok(
        lines.some(line => line.includes(`"object":"${object}"`)),
        `${object} in ${all}`,
      );
    const events = names
      .trimEnd()
      .split('\n')
      .map(line => assertDescribed(line, 'netns-event', 'netns monitor'));
    assert.ok(
      events.some(event => (event as { event: string }).event === 'delete'),
      names,
    );
  });
});
