/** `tsip why`: a scene for each cause that it claims to find. */
import assert from 'node:assert/strict';
import type { Sandbox } from '../../support/sandbox.ts';
import { assertDescribed } from '../../support/strict-schemas.ts';
import { alone } from '../../support/twin.ts';

/** Two namespaces and a router between them; everything is right. */
const routed = [
  ...['red', 'blue', 'router'].flatMap(name => [`netns add ${name}`, `-n ${name} link set lo up`]),
  'link add r0 netns red type veth peer name r1 netns router',
  'link add b0 netns blue type veth peer name b1 netns router',
  '-n red addr add 10.0.1.2/24 dev r0',
  '-n router addr add 10.0.1.1/24 dev r1',
  '-n router addr add 10.0.2.1/24 dev b1',
  '-n blue addr add 10.0.2.2/24 dev b0',
  ...['red link set r0', 'router link set r1', 'router link set b1', 'blue link set b0'].map(
    words => `-n ${words} up`,
  ),
  '-n red route add default via 10.0.1.1',
  '-n blue route add default via 10.0.2.1',
  'netns exec router sysctl -qw net.ipv4.ip_forward=1',
];

/** Two namespaces on a bridge in a third. */
const bridged = [
  ...['red', 'blue', 'switch'].flatMap(name => [`netns add ${name}`, `-n ${name} link set lo up`]),
  '-n switch link add br0 type bridge',
  '-n switch link set br0 up',
  ...['red', 'blue'].flatMap((name, at) => [
    `link add e0 netns ${name} type veth peer name p${at} netns switch`,
    `-n switch link set p${at} master br0`,
    `-n switch link set p${at} up`,
    `-n ${name} addr add 10.0.0.${at + 1}/24 dev e0`,
    `-n ${name} link set e0 up`,
  ]),
];

interface Found {
  readonly open: boolean;
  readonly cause?: { readonly code: string; readonly namespace: string; readonly mend?: string };
  readonly steps: readonly { readonly right: boolean }[];
}

async function ask(sandbox: Sandbox, words: string): Promise<Found> {
  const { stdout, stderr, status } = await sandbox.run(`-j why ${words}`);
  assert.equal(stderr, '');
  const [found] = JSON.parse(stdout) as [Found];
  assert.equal(status, found.open ? 0 : 1);
  assert.equal(found.cause === undefined, found.open);
  return found;
}

/** The answer once the kernel has followed a change of carriers, which it does a moment later. */
async function settled(sandbox: Sandbox, question: string, code?: string): Promise<Found> {
  const end = Date.now() + 5000;
  for (;;) {
    const found = await ask(sandbox, question);
    if (found.cause?.code === code || Date.now() > end) return found;
  }
}

/** Makes a scene by one batch. */
async function make(sandbox: Sandbox, lines: readonly string[]): Promise<void> {
  const { stderr } = await sandbox.run('--line-netns -batch -', { stdin: `${lines.join('\n')}\n` });
  assert.equal(stderr, '');
}

/** What is done to a scene, the question, and the cause with where it is. */
type Scene = readonly [
  code: string,
  changes: readonly string[],
  question: string,
  namespace: string,
  mend?: RegExp,
];

const routedScenes: readonly Scene[] = [
  ['loopback-down', ['-n red link set lo down'], 'red 10.0.1.2', 'red', /^tsip -n red link set lo up$/],
  ['no-address', ['-n blue addr flush dev b0'], 'red blue', 'blue', /address add/],
  ['no-address', ['-n red addr flush dev r0'], 'red blue', 'red', /^tsip -n red address add .* dev r0$/],
  ['device-down', ['-n red link set r0 down'], 'red blue', 'red', /^tsip -n red link set r0 up$/],
  ['device-down', ['-n router link set b1 down'], 'red blue', 'router', /link set b1 up$/],
  ['no-route', ['-n red route del default'], 'red blue', 'red', /route add 10.0.2.2/],
  ['no-route', [], 'red 10.9.9.9', 'router'],
  ['refused-by-route', ['-n red route add blackhole 10.0.2.0/24'], 'red blue', 'red', /blackhole/],
  ['refused-by-route', ['-n router route add unreachable 10.0.2.2'], 'red blue', 'router', /unreachable/],
  ['refused-by-route', ['-n red route add prohibit 10.0.2.0/24'], 'red blue', 'red', /prohibit/],
  ['peer-down', ['-n router link set r1 down'], 'red blue', 'router', /^tsip -n router link set r1 up$/],
  ['peer-down', ['-n blue link set b0 down'], 'red blue', 'blue', /link set b0 up$/],
  ['no-such-host', [], 'red 10.0.1.77', 'red'],
  ['not-connected', ['-n red route add 10.0.2.2 dev r0'], 'red blue', 'red'],
  [
    'forwarding-off',
    ['netns exec router sysctl -qw net.ipv4.ip_forward=0'],
    'red blue',
    'router',
    /ip_forward=1$/,
  ],
  [
    'loop',
    [
      '-n router route add 10.7.0.0/16 via 10.0.2.2',
      '-n blue route add 10.7.0.0/16 via 10.0.2.1',
      'netns exec blue sysctl -qw net.ipv4.ip_forward=1',
    ],
    'red 10.7.0.1',
    'router',
  ],
  ['no-way-back', ['-n blue route del default'], 'red blue', 'blue', /route add 10.0.1.2/],
  ['mtu', ['-n blue link set b0 mtu 1400'], 'red blue', 'blue', /link set b0 mtu 1500$/],
];

const bridgedScenes: readonly Scene[] = [
  ['port-blocked', ['-n switch link set p1 type bridge_slave state 1'], 'red blue', 'switch', /state 3$/],
  ['device-down', ['-n red link set e0 down'], 'red blue', 'red'],
  ['peer-down', ['-n switch link set br0 down'], 'red blue', 'switch', /link set br0 up$/],
  [
    'duplicate-address',
    [
      'netns add third',
      'link add e0 netns third type veth peer name p2 netns switch',
      '-n switch link set p2 master br0 up',
      '-n third addr add 10.0.0.2/24 dev e0',
    ],
    'red blue',
    'blue',
    /address delete 10.0.0.2/,
  ],
  ['no-such-host', ['-n switch link set p1 nomaster'], 'red 10.0.0.9', 'red'],
  ['not-connected', ['-n switch link set p1 nomaster'], 'red blue', 'red'],
  ['port-address', ['-n switch addr add 10.0.0.3/24 dev p0'], 'switch red', 'switch', /dev br0$/],
  [
    'no-carrier',
    ['-n switch tuntap add t0 mode tap', '-n switch addr add 10.9.0.1/24 dev t0', '-n switch link set t0 up'],
    'switch 10.9.0.2',
    'switch',
  ],
];

const VIEWS = [
  ['over a router', routed, routedScenes, '10.0.2.2'],
  ['over a bridge', bridged, bridgedScenes, '10.0.0.2'],
] as const;

for (const [title, world, scenes, end] of VIEWS)
  describe(`tsip why ${title}`, () => {
    alone('finds nothing where all is right', async sandbox => {
      await make(sandbox, world);
      for (const question of ['red blue', `red ${end}`, 'blue red'])
        assert.deepEqual([question, (await settled(sandbox, question)).open], [question, true]);
      const { stdout, status } = await sandbox.run('why red blue');
      assert.equal(status, 0);
      assert.match(
        stdout,
        /^red to blue \(10\.0\.[02]\.2\)\n( ✓ .*\n)+nothing was found that stops packets\n$/,
      );
    });

    for (const [code, changes, question, namespace, mend] of scenes)
      alone(`finds ${code} after ${changes.join('; ') || question}`, async sandbox => {
        await make(sandbox, [...world, ...changes]);
        const { cause, steps } = await settled(sandbox, question, code);
        assert.deepEqual([cause?.code, cause?.namespace], [code, namespace]);
        if (mend !== undefined) assert.match(cause?.mend ?? '', mend);
        assert.equal(steps.at(-1)?.right, false);
        const strict = await sandbox.run(`--strict-json why ${question}`);
        assertDescribed(strict.stdout, 'why', question);
        const { stdout } = await sandbox.run(`why ${question}`);
        assert.match(stdout, / ✗ .*\n/);
      });
  });

/** Makes a table of nftables, in the family inet: struct nlmsghdr, struct nfgenmsg, NFTA_TABLE_NAME, within a batch. */
const NFTABLES = `
import socket, struct
def message(kind, flags, family, body, resource=0):
    return struct.pack('=IHHII', 20 + len(body), kind, flags, 0, 0) + struct.pack('>BBH', family, 0, resource) + body
name = struct.pack('=HH', 4 + 7, 1) + b'filter\\0' + b'\\0'
peer = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
peer.send(message(16, 1, 0, b'', 10) + message(0xa00, 0x405, 1, name) + message(17, 1, 0, b'', 10))
print(struct.unpack('=i', peer.recv(4096)[16:20])[0])
`;

describe('tsip why', () => {
  alone('says that rules of nftables exist, and does not interpret them', async sandbox => {
    await make(sandbox, routed);
    assert.doesNotMatch((await sandbox.run('why red blue')).stdout, /firewall/);
    const made = await sandbox.run('$ ip netns exec router python3 -c "$table"', {
      env: { table: NFTABLES },
    });
    assert.deepEqual([made.stderr, made.stdout], ['', '0\n']);
    const { stdout } = await sandbox.run('why red blue');
    assert.match(stdout, /router has a firewall \(nftables: inet filter\), whose rules are not looked at/);
  });

  alone('refuses what is not there, and explains itself', async sandbox => {
    await sandbox.run('netns add red');
    const absent = await sandbox.run('why red green');
    assert.deepEqual([absent.stderr, absent.status], ['No network namespace is called "green".\n', 1]);
    assert.equal((await sandbox.run('why red')).status, 255);
    assert.match((await sandbox.run('why help')).stdout, /^Usage: ip \[ -json \] why FROM TO/);
  });
});
