/** Named namespaces without privileges: names, plans, and what is read from the kernel's files. */
import assert from 'node:assert/strict';
import { encodePlan } from '../../src/kernel/plans/plan.ts';
import {
  cgroupIn,
  cgroupMountIn,
  cgroupWithoutVrf,
  vrfOfCgroup,
} from '../../src/namespaces/inventory/vrf-association.ts';
import { decodeEvents } from '../../src/namespaces/inventory/watch.ts';
import { isNamespaceName, pathOfNamespace } from '../../src/namespaces/named.ts';
import { enteringSteps, netnsExecPlan } from '../../src/namespaces/plans/named-plan.ts';
import { isReadOnlyIn } from '../../src/namespaces/plans/switch.ts';

describe('names of namespaces', () => {
  it('are what can name a file in a directory', () => {
    for (const name of ['a', '...', '-', ' ', 'a b', 'x'.repeat(255), '\udcff'.repeat(255), 'é'.repeat(127)])
      assert.equal(isNamespaceName(name), true, name);
    for (const name of ['', '.', '..', 'a/b', '/', 'x'.repeat(256), '\udcff'.repeat(256), 'é'.repeat(128)])
      assert.equal(isNamespaceName(name), false, name);
  });
});

describe('the plan of netns exec', () => {
  const plan = netnsExecPlan('blue', ['hosts', 'resolv.conf'], ['ping', '-c1', '::1']);

  it('enters the namespace, makes /sys and /etc fit, and becomes the program, in this order', () => {
    assert.deepEqual(
      plan.steps.map(({ step }) => step),
      ['open', 'setns', 'unshare', 'mount', 'replace-sysfs', 'mount', 'mount', 'exec'],
    );
  });

  it('fails with 255 before the program, and with 1 if it cannot be executed', () => {
    assert.equal(plan.failure, 255);
    assert.deepEqual(plan.steps.at(-1), {
      step: 'exec',
      argv: ['ping', '-c1', '::1'],
      missing: 1,
      otherwise: 1,
      fails: 'exec of "ping" failed',
    });
  });

  it('says in the original words what went wrong', () => {
    assert.deepEqual(
      plan.steps.map(({ fails, warns }) => [fails, warns].filter(phrase => phrase !== undefined)),
      [
        ['Cannot open network namespace "blue"'],
        ['setting the network namespace "blue" failed'],
        ['unshare failed'],
        ['"mount --make-rslave /" failed'],
        ['mount of /sys failed'],
        ['Bind /etc/netns/blue/hosts -> /etc/hosts failed'],
        ['Bind /etc/netns/blue/resolv.conf -> /etc/resolv.conf failed'],
        ['exec of "ping" failed'],
      ],
    );
  });

  it('goes on where a file of /etc cannot be replaced, and nowhere else', () => {
    for (const step of enteringSteps('blue', ['hosts']))
      assert.equal(step.fails === undefined, 'target' in step && step.target === '/etc/hosts', step.step);
  });

  it('mounts sysfs under the name of the namespace', () => {
    const [step] = plan.steps.filter(({ step }) => step === 'replace-sysfs');
    assert.deepEqual(step, {
      step: 'replace-sysfs',
      source: 'blue',
      target: '/sys',
      fails: 'mount of /sys failed',
    });
  });

  it('carries names of any bytes', () => {
    const { words, argv } = encodePlan(netnsExecPlan('\udcff', [], ['\udcfe']), ['ip']);
    const path = Buffer.concat([Buffer.from(pathOfNamespace('')), Buffer.from([0xff])]);
    assert.equal(
      words.some(word => word.equals(path)),
      true,
    );
    assert.deepEqual(argv, [Buffer.from('ip'), Buffer.from([0xfe])]);
  });
});

describe('a mount that cannot be taken away', () => {
  const root = '21 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n';

  it('is read-only by its own options or by those of its file system', () => {
    assert.equal(isReadOnlyIn(`${root}22 21 0:5 / /sys ro,nosuid - sysfs sysfs rw\n`, '/sys'), true);
    assert.equal(isReadOnlyIn(`${root}22 21 0:5 / /sys rw shared:7 - sysfs sysfs ro,x=y\n`, '/sys'), true);
    assert.equal(isReadOnlyIn(`${root}22 21 0:5 / /sys rw,relatime - sysfs sysfs rw\n`, '/sys'), false);
  });

  it('is the topmost one, or the root if there is none', () => {
    const lower = '22 21 0:5 / /sys ro - sysfs sysfs rw\n';
    assert.equal(isReadOnlyIn(`${root}${lower}23 22 0:6 / /sys rw - tmpfs none rw\n`, '/sys'), false);
    assert.equal(isReadOnlyIn(root.replace('rw,', 'ro,'), '/sys'), true);
    assert.equal(isReadOnlyIn(`${root}22 21 0:5 / /sys/fs ro - sysfs sysfs rw\n`, '/sys'), false);
    assert.equal(isReadOnlyIn('', '/sys'), false);
    assert.equal(isReadOnlyIn('a b c\n\n', '/sys'), false);
  });
});

describe('the association with a VRF', () => {
  it('is read from the path of the cgroup of version 2', () => {
    assert.equal(cgroupIn('2:cpu:/x\n0::/user/vrf/blue\n'), '/user/vrf/blue');
    assert.equal(cgroupIn('2:cpu:/vrf/blue\n10::/vrf/blue\n'), undefined);
    assert.equal(cgroupIn(''), undefined);
    assert.equal(vrfOfCgroup('/user/vrf/blue/more'), 'blue');
    for (const cgroup of ['/', '/vrf', '/vrf/', '/xvrf/blue', '/vrfx/blue'])
      assert.equal(vrfOfCgroup(cgroup), undefined, cgroup);
  });

  it('is left for a cgroup next to it, below that of the namespace if it has a name', () => {
    assert.equal(cgroupWithoutVrf('/user/vrf/blue', undefined), '/user/vrf');
    assert.equal(cgroupWithoutVrf('/vrf/blue/more', undefined), '/vrf');
    assert.equal(cgroupWithoutVrf('/user/vrf/blue', 'a'), '/user/a-ns/vrf');
    assert.equal(cgroupWithoutVrf('/user/a-ns/vrf/blue', 'a'), '/user/a-ns/vrf');
    assert.equal(cgroupWithoutVrf('/user/ba-ns/vrf/blue', 'a'), '/user/ba-ns/a-ns/vrf');
    assert.equal(cgroupWithoutVrf('/user/vrfx/vrf/blue', undefined), '/user/vrf');
  });

  it('needs the cgroup file system of version 2, wherever it is mounted', () => {
    const mounts = 'proc /proc proc rw 0 0\nx /a cgroup rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n';
    assert.equal(cgroupMountIn(mounts), '/sys/fs/cgroup');
    assert.equal(cgroupMountIn('cgroup2 /cgroup2 tmpfs rw 0 0\n'), undefined);
  });
});

describe('events of the run directory', () => {
  function event(mask: number, name: string): Buffer {
    const padded = Buffer.alloc(Math.ceil((name.length + 1) / 16) * 16);
    padded.write(name, 'latin1');
    const header = Buffer.alloc(16);
    header.writeUInt32LE(mask, 4);
    header.writeUInt32LE(padded.length, 12);
    return Buffer.concat([header, padded]);
  }

  it('report names made and removed', () => {
    const bytes = Buffer.concat([event(0x100, 'a'), event(0x200, 'a'), event(0x40000100, 'folder')]);
    assert.deepEqual(decodeEvents(bytes), [
      { action: 'add', name: 'a' },
      { action: 'delete', name: 'a' },
      { action: 'add', name: 'folder' },
    ]);
  });

  it('keep the bytes of names', () => {
    assert.deepEqual(decodeEvents(event(0x100, 'caf\xe9')), [{ action: 'add', name: 'caf\udce9' }]);
  });

  it('of other kinds, without a name, or cut off are left out', () => {
    const overflow = Buffer.alloc(16);
    overflow.writeUInt32LE(0x4000, 4);
    const whole = event(0x100, 'a');
    assert.deepEqual(decodeEvents(Buffer.concat([overflow, event(0x8000, ''), whole])), [
      { action: 'add', name: 'a' },
    ]);
    for (let length = 0; length < whole.length; length++)
      assert.deepEqual(decodeEvents(whole.subarray(0, length)), [], `${length} bytes`);
    const huge = Buffer.from(whole);
    huge.writeUInt32LE(0xffffffff, 12);
    assert.deepEqual(decodeEvents(huge), []);
  });
});
