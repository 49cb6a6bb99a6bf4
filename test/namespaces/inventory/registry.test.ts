import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { containerOf } from '../../../src/namespaces/inventory/containers.ts';
import { namespaceMounts } from '../../../src/namespaces/inventory/mounts.ts';
import { compare } from '../../../src/namespaces/inventory/registry.ts';
import { needs, repository, unshareFlags } from '../../support/requirements.ts';

const ID = '0123456789abcdef'.repeat(4);

describe('containers', () => {
  const paths: readonly (readonly [cgroup: string, runtime: string | undefined, id?: string])[] = [
    [`0::/system.slice/docker-${ID}.scope`, 'docker'],
    [`12:memory:/docker/${ID}\n0::/`, 'docker'],
    [`0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope/container`, 'podman'],
    [`0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-${ID}.scope`, 'containerd'],
    [`0::/kubepods.slice/kubepods-pod1.slice/crio-${ID}.scope`, 'cri-o'],
    [`4:cpu:/kubepods/burstable/pod6f1c/${ID}`, undefined],
    ['0::/lxc.payload.web/system.slice/nginx.service', 'lxc', 'web'],
    ['0::/machine.slice/systemd-nspawn@box.service/payload', 'nspawn', 'box'],
    [`0::/docker/${'f'.repeat(64)}/docker/${ID}`, 'docker'],
  ];
  for (const [cgroup, runtime, id = ID] of paths)
    it(`are named by ${cgroup.replace(ID, 'ID').split('\n')[0]}`, () => {
      assert.deepEqual(containerOf(cgroup), { runtime, id });
    });

  it('are not named by paths of services, sessions and monitors', () => {
    const others = [
      '0::/',
      '0::/init.scope',
      '0::/user.slice/session-1.scope',
      `0::/libpod-conmon-${ID}.scope`,
      'x',
      '',
    ];
    assert.deepEqual(
      others.map(containerOf),
      others.map(() => undefined),
    );
  });
});

describe('mounts of namespaces', () => {
  it('are read with blanks in their paths, the last of one path counting', () => {
    const text = [
      '24 1 0:22 / /proc rw - proc proc rw',
      '30 20 0:4 net:[4026532290] /run/netns/a\\040b\\134 rw shared:5 - nsfs nsfs rw',
      '31 20 0:4 uts:[4026532291] /run/netns/c rw - nsfs nsfs rw',
      '32 20 0:4 net:[4026532292] /run/netns/c rw - nsfs nsfs rw',
      '33 20 0:4 - nsfs ',
      '',
    ].join('\n');
    assert.deepEqual(
      [...namespaceMounts(text)],
      [
        ['/run/netns/a b\\', 'net:[4026532290]'],
        ['/run/netns/c', 'net:[4026532292]'],
      ],
    );
  });
});

describe('the order of names', () => {
  it('is that of people', () => {
    const names = ['v10', 'v2', 'a', 'v', 'v2a', 'v02', 'b1c10', 'b1c9', ''];
    assert.deepEqual(names.sort(compare), ['', 'a', 'b1c9', 'b1c10', 'v', 'v02', 'v2', 'v2a', 'v10']);
  });
});

describe('a scan of five thousand processes', () => {
  let crowd: ChildProcess | undefined;
  let folder: string | undefined;

  before(async function () {
    needs(this, 'namespaces', 'compiler');
    this.timeout(60_000);
    folder = mkdtempSync(join(tmpdir(), 'tsip-crowd-'));
    const program = join(folder, 'crowd');
    const source =
      '#include <unistd.h>\nint main(void) { for (int n = 0; n < 5000; n++) if (!fork()) for (;;) pause();' +
      ' return write(1, "there", 5) == 5 ? pause() : 1; }';
    execFileSync('cc', ['-x', 'c', '-O', '-o', program, '-'], { input: source });
    crowd = spawn('unshare', [...unshareFlags, '--kill-child', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(crowd.stdout!, 'data');
  });

  after(async () => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
    if (crowd === undefined) return;
    const ended = once(crowd, 'exit');
    crowd.kill('SIGKILL');
    await ended;
  });

  it('takes less than half a second', function () {
    this.timeout(60_000);
    // From inside: their pid is that of a process of ours there, whose /proc shows them and little else.
    const inner = spawnSync('pgrep', ['-P', String(crowd?.pid)], { encoding: 'utf8' }).stdout.trim();
    const module = resolve(repository, 'src/namespaces/inventory/registry.ts');
    const source = `
      const { readRegistry } = await import(${JSON.stringify(module)});
      let best = Infinity;
      let most = 0;
      for (let round = 0; round < 5; round++) {
        const start = performance.now();
        const { namespaces } = readRegistry();
        best = Math.min(best, performance.now() - start);
        most = Math.max(...namespaces.map(({ processes }) => processes.length));
      }
      console.log(JSON.stringify({ best, most }));`;
    const enter = [
      '-t',
      inner,
      ...(process.getuid?.() === 0 ? [] : ['-U', '--preserve-credentials']),
      '-n',
      '-m',
      '-p',
    ];
    const run = [
      process.execPath,
      '--import',
      import.meta.resolve('tsx'),
      '--input-type=module',
      '-e',
      source,
    ];
    const { stdout, stderr } = spawnSync('nsenter', [...enter, ...run], {
      encoding: 'utf8',
      cwd: repository,
    });
    assert.equal(stderr, '');
    const { best, most } = JSON.parse(stdout) as { best: number; most: number };
    assert.ok(most >= 5000, `${most} processes`);
    assert.ok(best < 500, `${best} ms`);
  });
});
