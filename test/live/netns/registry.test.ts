import assert from 'node:assert/strict';
import { needs } from '../../support/requirements.ts';
import { ourPrograms, type RunOptions, Sandbox } from '../../support/sandbox.ts';
import { alone } from '../../support/twin.ts';

interface Entry {
  readonly label: string;
  readonly current: boolean;
  readonly names: readonly string[];
  readonly paths: readonly string[];
  readonly nsid?: number;
  readonly owner?: { readonly user_namespace: number; readonly uid: number };
  readonly processes: readonly { readonly pid: number; readonly thread?: number; readonly command: string }[];
  readonly problem?: string;
  readonly links: readonly { readonly ifname: string; readonly peer?: unknown }[];
}

interface HostMap {
  readonly namespaces: readonly Entry[];
  readonly stale: readonly { readonly path: string; readonly reason: string }[];
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
  readonly hidden_processes: number;
}

/** A thread of python that has entered a new network namespace, while its process stays. */
const threadElsewhere = `python3 -c '
import ctypes, threading, time
def away():
    ctypes.CDLL(None).unshare(0x40000000)
    open("away", "w").close()
    time.sleep(60)
threading.Thread(target=away, daemon=True).start()
time.sleep(60)
'`;

const setUp = `
  ip netns add red
  touch /run/netns/also && mount --bind /run/netns/red /run/netns/also
  touch /run/netns/stale; ln -s /proc/4194303/ns/net /run/netns/ended
  touch /run/netns/uts && mount --bind /proc/self/ns/uts /run/netns/uts
  mkdir -p /run/docker/netns
  touch /run/docker/netns/default /run/docker/netns/0123456789ab "/run/a place"
  mount --bind /proc/self/ns/net /run/docker/netns/default
  unshare -n bash -c 'mount --bind /proc/self/ns/net /run/docker/netns/0123456789ab'
  unshare -n bash -c 'mount --bind /proc/self/ns/net "/run/a place"'
  mkfifo ready
  unshare -n bash -c 'ip link add name x type veth peer name y netns red; echo >ready; exec sleep 60' &
  read <ready
  ${threadElsewhere} &
  until [ -e away ]; do read -t 0.02 <> <(:); done
  :
`;

describe('the registry of namespaces', () => {
  let sandbox: Sandbox;
  let map: HostMap;

  before(async function () {
    needs(this, 'namespaces');
    this.timeout(60_000);
    sandbox = await Sandbox.open(ourPrograms());
    await sandbox.shell(setUp);
    map = await readMap(sandbox);
  });

  after(() => sandbox?.close());

  const find = (choose: (entry: Entry) => boolean) => map.namespaces.filter(choose);

  it('has the current namespace first, also by the name that docker gives it', () => {
    const [first] = map.namespaces;
    assert.deepEqual(
      [first?.label, first?.current, first?.paths],
      ['host', true, ['/run/docker/netns/default']],
    );
    assert.equal(find(({ current }) => current).length, 1);
  });

  it('merges the names of one namespace', () => {
    const red = find(({ label }) => label === 'also');
    assert.deepEqual(
      red.map(({ names, paths }) => [names, paths]),
      [
        [
          ['also', 'red'],
          ['/run/netns/also', '/run/netns/red'],
        ],
      ],
    );
    assert.equal(red[0]?.owner?.uid, 0);
  });

  it('finds what only a process holds, and the other end of its devices', () => {
    const [entry] = find(({ processes }) => processes.some(({ command }) => command === 'sleep'));
    assert.match(entry!.label, /^sleep \d+$/);
    const link = entry!.links.find(({ ifname }) => ifname === 'x');
    const { namespace, ifname } = link!.peer as { namespace: string; ifname: string };
    assert.deepEqual([namespace, ifname], ['also', 'y']);
  });

  it('finds what only a thread is in', () => {
    const [entry] = find(({ processes }) => processes.some(({ thread }) => thread !== undefined));
    assert.equal(entry!.processes.length, 1);
    assert.notEqual(entry!.processes[0]!.thread, entry!.processes[0]!.pid);
    assert.deepEqual(
      entry!.links.map(({ ifname }) => ifname),
      ['lo'],
    );
  });

  it('finds what only a mount holds, wherever it is', () => {
    for (const path of ['/run/docker/netns/0123456789ab', '/run/a place']) {
      const [entry] = find(({ paths }) => paths.includes(path));
      assert.deepEqual([entry?.label, entry?.processes, entry?.links.length], [path, [], 1]);
    }
  });

  it('recognises files of the run directory that are no namespaces', () => {
    assert.deepEqual(map.stale, [
      { path: '/run/netns/ended', reason: 'a link to what is gone' },
      { path: '/run/netns/stale', reason: 'no namespace is mounted on it' },
      { path: '/run/netns/uts', reason: 'a namespace of another kind' },
    ]);
    assert.equal(map.namespaces.length, 6);
  });

  it('stands whole in the table of netns list', async () => {
    const { stdout, stderr } = await sandbox.run('--table netns list');
    assert.equal(stderr, '');
    const lines = stdout.trimEnd().split('\n');
    assert.match(lines[0]!, /^NAMESPACE +OWNER +PROCESSES +MOUNTED ON +NOTE$/);
    for (const wanted of [
      /^host +root +1 bash.* \/run\/docker\/netns\/default +this namespace$/,
      /^also +root +\/run\/netns\/also +also red$/,
      /^ +\/run\/netns\/red$/,
      /^sleep \d+ +root +\d+ sleep$/,
      /^python3 \d+ +root +\d+ python3$/,
      /^\/run\/a place +root +\/run\/a place$/,
      /^\(stale\) +\/run\/netns\/stale +no namespace is mounted on it$/,
    ])
      assert.ok(
        lines.some(one => wanted.test(one)),
        `no ${wanted} in:\n${stdout}`,
      );
  });

  it('shows an ordinary user what may be seen, and says of the rest that it may not', async function () {
    needs(this, 'root');
    await sandbox.shell('chmod 700 /run/docker');
    const seen = await readMap(sandbox, { user: 'nobody' });
    const [here, ...others] = seen.namespaces;
    assert.deepEqual([here?.label, here?.links.length, here?.problem], ['here', 1, undefined]);
    assert.deepEqual(
      others.map(({ label, problem }) => [label, problem]),
      [
        ['also', 'setns: Operation not permitted'],
        ['/run/a place', 'setns: Operation not permitted'],
        ['/run/docker/netns/0123456789ab', 'open /run/docker/netns/0123456789ab: Permission denied'],
      ],
    );
    assert.deepEqual(seen.unreadable, [{ path: '/run/docker/netns', reason: 'Permission denied' }]);
    assert.ok(seen.hidden_processes >= 3, `${seen.hidden_processes} hidden`);
    await sandbox.shell('chmod 755 /run/docker');
  });

  it('in a user namespace whose network is not its own, enters nothing that it could not leave', async function () {
    needs(this, 'root');
    const inner =
      'unshare -n sleep 100 & for i in {1..1000}; do [[ $(</proc/$!/comm) != sleep ]] || break; sleep 0.01; done; tsip -j map; kill $!';
    const { stdout, stderr, status } = await sandbox.run(`$ unshare -U -r bash -c '${inner}'`, {
      user: 'nobody',
    });
    assert.deepEqual([stderr, status], ['', 0]);
    const { namespaces } = JSON.parse(stdout) as HostMap;
    assert.deepEqual(
      namespaces[0]?.links.map(({ ifname }) => ifname),
      ['lo'],
    );
    const sleeping = namespaces.find(({ label }) => label.startsWith('sleep'));
    assert.equal(sleeping?.problem, 'setns: Operation not permitted');
  });
});

alone(
  'an ordinary user in a separate user namespace sees the namespaces made there',
  async inside => {
    const inner = [
      'mount -t tmpfs none /run',
      'tsip netns add red',
      'tsip link add name a type veth peer name b netns red',
      'tsip map',
      'tsip --table link show a',
    ].join(' && ');
    const { stdout, stderr } = await inside.run(`$ unshare -U -r -n -m bash -c '${inner}'`, {
      user: 'nobody',
    });
    assert.equal(stderr, '');
    assert.match(
      stdout,
      /^here {2}\(this namespace\)\n└─ a {2}veth {2}down {2}⇄ b in red\nred {2}\(id 0\)\n└─ b {2}veth {2}down {2}⇄ a in here\n/,
    );
    assert.match(stdout, /^a +veth +DOWN +1500 +\S+ +b in red$/m);
  },
  { needs: ['root'] },
);

async function readMap(sandbox: Sandbox, options: RunOptions = {}): Promise<HostMap> {
  const { stdout, stderr, status } = await sandbox.run('$ tsip -j map', options);
  assert.deepEqual([stderr, status], ['', 0]);
  return JSON.parse(stdout);
}
