import assert from 'node:assert/strict';
import { needs } from '../../support/requirements.ts';
import { ourPrograms, Sandbox } from '../../support/sandbox.ts';
import { alone, differential } from '../../support/twin.ts';

const lab = `
  ip netns add red && ip netns add blue
  ip link add name br0 address 02:00:00:00:00:01 type bridge && ip link set br0 up
  ip link add name v0 address 02:00:00:00:00:02 type veth peer name eth0 netns red
  ip link set v0 master br0
  ip link add name v1 address 02:00:00:00:00:03 type veth peer name v2 address 02:00:00:00:00:04
  ip link add name m0 link br0 netns blue type macvlan
  ip link set v1 up && ip link set v2 up && ip -6 addr flush dev v1 && ip -6 addr flush dev v2
  ip addr add 10.0.0.1/24 dev v1 && ip addr add 10.0.0.9 peer 10.1.0.1/32 dev v1
  ip route add default via 10.0.0.2 && ip route add blackhole 10.9.0.0/16 metric 7
  ip neigh add 10.0.0.7 lladdr 02:00:00:00:00:07 dev v1 router
  # The kernel finds out a while later that no port of the bridge is up.
  for i in {1..500}; do [[ $(ip -br link show br0) == *'<NO-CARRIER,'* ]] && break; read -t 0.01 <> <(:); done
`;

/** Runs in a terminal so many columns wide, on whose other end we read. */
const inTerminal = (columns: number, command: string) => `$ python3 -c '
import fcntl, os, pty, struct, sys, termios
pid, end = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, ${columns}, 0, 0))
    os.execvp("tsip", "${command}".split())
text = b""
while True:
    try: part = os.read(end, 4096)
    except OSError: break
    if not part: break
    text += part
os.waitpid(pid, 0)
sys.stdout.write(text.decode().replace(chr(13), ""))'`;

const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[([\\d;]*)m`, 'g');

describe('--table', () => {
  let sandbox: Sandbox;

  before(async function () {
    needs(this, 'namespaces');
    this.timeout(60_000);
    sandbox = await Sandbox.open(ourPrograms());
    await sandbox.shell(`{ ${lab}\n} >/dev/null 2>&1`);
  });

  after(() => sandbox?.close());

  const tables: readonly (readonly [words: string, table: string])[] = [
    [
      'link',
      `
NAME  KIND    STATE       MTU    ADDRESS            MASTER  PEER
lo            DOWN        65536  00:00:00:00:00:00
br0   bridge  NO-CARRIER  1500   02:00:00:00:00:01
v0    veth    DOWN        1500   02:00:00:00:00:02  br0     eth0 in red
v2    veth    UP          1500   02:00:00:00:00:04          v1
v1    veth    UP          1500   02:00:00:00:00:03          v2
`,
    ],
    [
      '-n blue link show m0',
      `
NAME  KIND     STATE  MTU   ADDRESS            PEER
m0    macvlan  DOWN   1500  <mac>  on br0 in host
`,
    ],
    [
      '-4 addr show dev v1',
      `
NAME  KIND  STATE  ADDRESSES                  PEER
v1    veth  UP     10.0.0.1/24                v2
                   10.0.0.9 peer 10.1.0.1/32
`,
    ],
    [
      'route',
      `
DESTINATION            VIA       DEVICE  SOURCE    METRIC  PROTOCOL  SCOPE   PEER
default                10.0.0.2  v1                        boot      global  v2
10.0.0.0/24                      v1      10.0.0.1          kernel    link    v2
10.1.0.1                         v1      10.0.0.9          kernel    link    v2
blackhole 10.9.0.0/16                              7       boot      global
`,
    ],
    [
      'neigh',
      `
ADDRESS   DEVICE  LINK ADDRESS       STATE      PEER  MORE
10.0.0.7  v1      02:00:00:00:00:07  PERMANENT  v2    router
`,
    ],
    [
      'rule',
      `
PRIORITY  SRC  TABLE    PROTOCOL
0         all  local    kernel
32766     all  main     kernel
32767     all  default  kernel
`,
    ],
    ['link show type vxlan', ''],
  ];

  for (const [words, table] of tables)
    it(`shows ${words}`, async () => {
      const { stdout, stderr, status } = await sandbox.run(`--table ${words}`);
      assert.deepEqual([stderr, status], ['', 0]);
      const text = words.includes('m0') ? stdout.replace(/[0-9a-f:]{17}/, '<mac>') : stdout;
      assert.equal(text, table.slice(1));
    });

  it('fits the width in COLUMNS, or the terminal; a pipe gets lines of any length', async () => {
    const whole = await sandbox.run('--table -4 addr show dev v1');
    const narrow = await sandbox.run('--table -4 addr show dev v1', { env: { COLUMNS: '44' } });
    assert.ok(widest(whole.stdout) > 44);
    assert.ok(widest(narrow.stdout) <= 44, narrow.stdout);
    assert.match(narrow.stdout, /10\.0\.0\.9 peer\n +10\.1\.0\.1\/32\n/);
    assert.equal(
      narrow.stdout.replace(/\s+/g, ' '),
      whole.stdout.replace(/\s+/g, ' ').replace('10.0.0.1/24 v2', '10.0.0.1/24 v2'),
    );
    const terminal = await sandbox.run(inTerminal(44, 'tsip --table -4 addr show dev v1'), {
      env: { NO_COLOR: '1' },
    });
    assert.equal(terminal.stdout, narrow.stdout);
    const coloured = await sandbox.run(inTerminal(44, 'tsip --table -4 addr show dev v1'));
    assert.match(coloured.stdout.replace(COLOUR, '<$1>'), /^<1;36>v1<0> {4}veth {2}<1;32>UP<0> /m);
    assert.equal(coloured.stdout.replace(COLOUR, ''), narrow.stdout);
  });

  it('changes nothing of commands that list nothing, of JSON, and of failures', async () => {
    for (const words of ['link set v0 mtu 1400', '-j link show v1', 'link show nothing', 'netns identify']) {
      const [plain, table] = [await sandbox.run(words), await sandbox.run(`--table ${words}`)];
      const isJson = words.startsWith('-j');
      assert.deepEqual([table.stderr, table.status], [plain.stderr, plain.status]);
      if (isJson) assert.equal(JSON.parse(table.stdout)[0].ifname, 'v1');
      else assert.equal(table.stdout, plain.stdout);
    }
  });

  it('refuses a monitor, and serves each line of a batch', async () => {
    const monitor = await sandbox.run('--table monitor');
    assert.deepEqual(
      [monitor.stdout, monitor.stderr, monitor.status],
      ['', 'Option "-table" is not for "monitor", whose list never ends.\n', 255],
    );
    const batch = await sandbox.run('--table -batch -', { stdin: 'neigh\nrule\n' });
    assert.match(batch.stdout, /^ADDRESS .*\n.*router\nPRIORITY .*\n0 /);
  });

  alone('shows names of any bytes harmlessly', async other => {
    for (const name of ['\x1b[31mred', 'v\udcff', 'a\u202eb'])
      await other.run(['link', 'add', 'name', name, 'type', 'veth']);
    await other.run(['netns', 'add', 'new\nline']);
    const [links, namespaces] = [await other.run('--table link'), await other.run('--table netns')];
    for (const { stdout } of [links, namespaces]) assert.doesNotMatch(stdout, /(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u);
    assert.match(links.stdout, /^\\x1b\[31mred +veth/m);
    assert.match(namespaces.stdout, /^new\\x0aline +/m);
  });

  differential(
    'takes no abbreviation away',
    ['-t link show lo', '-ta link', '-tabl link', 'm', 'ma', 'maps', 'mapx help'],
    {
      state: false,
    },
  );
});

function widest(text: string): number {
  return Math.max(...text.split('\n').map(({ length }) => length));
}
