/** The checks of `tsip doctor`, one by one, on hosts that are made up. */
import assert from 'node:assert/strict';
import { examine, type Host } from '../../../src/commands/doctor/checks.ts';

const everything = (1n << 12n) | (1n << 21n);

function host(files: Readonly<Record<string, string>> = {}, others: Partial<Host> = {}): Host {
  const names = ['red'];
  return {
    registry: {
      namespaces: [{ names: [] }, { names }] as never,
      stale: [],
      unreadable: [],
      hiddenProcesses: 0,
    },
    runDirectory: '/run/netns',
    capabilities: everything,
    user: 0,
    release: '6.18.0',
    read: path => files[path],
    exists: path => Object.hasOwn(files, path),
    ...others,
  };
}

const codesOf = (one: Host) => examine(one).map(({ code }) => code);
const mendsOf = (one: Host) => examine(one).map(({ mend }) => mend);

describe('the doctor finds', () => {
  it('nothing where nothing is wrong', () => {
    assert.deepEqual(codesOf(host()), []);
    const shared = '36 35 98:0 / /run/netns rw shared:1 - tmpfs tmpfs rw\n';
    assert.deepEqual(codesOf(host({ '/proc/self/mountinfo': shared })), []);
  });

  it('files that are no namespaces', () => {
    const { registry } = host();
    const stale = [
      { path: '/run/netns/old', reason: 'no namespace is mounted on it' },
      { path: '/run/docker/netns/x', reason: 'no namespace is mounted on it' },
    ];
    const found = host({}, { registry: { ...registry, stale } });
    assert.deepEqual(codesOf(found), ['stale-file', 'stale-file']);
    assert.deepEqual(mendsOf(found), ['tsip netns delete old', 'rm /run/docker/netns/x']);
  });

  it('mounts that lose names', () => {
    const mount = (tags: string) => ({
      '/proc/self/mountinfo': `36 35 98:0 / / rw shared:9 - ext4 x rw\n37 36 98:0 / /run/netns rw${tags} - tmpfs x rw\n`,
    });
    assert.deepEqual(codesOf(host(mount(''))), ['private-run-directory']);
    assert.deepEqual(mendsOf(host(mount(''))), ['mount --make-shared /run/netns']);
    assert.deepEqual(codesOf(host(mount(' master:1'))), ['inner-mount-namespace']);
    assert.deepEqual(codesOf(host(mount(' shared:1'))), []);
  });

  it('a limit that is nearly reached', () => {
    const limit = (most: number) => ({ '/proc/sys/user/max_net_namespaces': `${most}\n` });
    assert.deepEqual(codesOf(host(limit(2))), ['namespace-limit']);
    assert.deepEqual(codesOf(host(limit(3))), []);
    assert.deepEqual(mendsOf(host(limit(2))), ['sysctl -w user.max_net_namespaces=1024']);
  });

  it('capabilities that are missing', () => {
    assert.deepEqual(codesOf(host({}, { capabilities: 1n << 12n })), ['missing-capability']);
    assert.deepEqual(mendsOf(host({}, { capabilities: 0n })), [undefined, undefined]);
    const [mend] = mendsOf(host({}, { capabilities: 0n, user: 1000 }));
    assert.match(mend!, /tsip --rootless$/);
  });

  it('modules that the kernel does not have, where that is known', () => {
    const lists = {
      '/lib/modules/6.18.0/modules.builtin': 'kernel/drivers/net/veth.ko\nkernel/net/bridge/bridge.ko\n',
      '/lib/modules/6.18.0/modules.dep':
        'kernel/drivers/net/dummy.ko.xz:\nkernel/drivers/net/macvlan.ko:\nkernel/net/8021q/8021q.ko:\n',
      '/sys/module/vxlan': '',
    };
    const found = examine(host(lists));
    assert.deepEqual(
      found.map(({ code, text }) => [code, text]),
      [['missing-module', 'the kernel 6.18.0 has no module wireguard']],
    );
  });

  it('what cannot be seen', () => {
    const { registry } = host();
    const found = host(
      {},
      {
        registry: {
          ...registry,
          unreadable: [{ path: '/run/docker/netns', reason: 'Permission denied' }],
          hiddenProcesses: 1,
        },
      },
    );
    assert.deepEqual(
      examine(found).map(({ text }) => text),
      [
        'namespaces in /run/docker/netns cannot be seen: Permission denied',
        '1 process of other users may be in namespaces that are not seen',
      ],
    );
  });

  it('look-ups that leave a namespace, or do not come out of it', () => {
    const configured = { '/etc/netns/red/resolv.conf': '' };
    const resolve = { '/etc/nsswitch.conf': 'passwd: files\nhosts: files resolve [!UNAVAIL=return] dns\n' };
    assert.deepEqual(codesOf(host({ ...configured, ...resolve })), ['resolver-bypass']);
    assert.deepEqual(codesOf(host({ ...configured, '/run/nscd/socket': '' })), ['resolver-bypass']);
    assert.deepEqual(codesOf(host(resolve)), []);
    assert.deepEqual(codesOf(host({ '/etc/resolv.conf': 'nameserver 127.0.0.53\n' })), ['local-resolver']);
    assert.deepEqual(codesOf(host({ ...configured, '/etc/resolv.conf': 'nameserver 127.0.0.53\n' })), []);
    assert.deepEqual(codesOf(host({ '/etc/resolv.conf': 'nameserver 9.9.9.9\n' })), []);
  });
});
