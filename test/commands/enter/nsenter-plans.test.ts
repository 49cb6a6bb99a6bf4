/** The plans that command lines of nsenter make: no process is entered here. */
import assert from 'node:assert/strict';
import { helpText } from '../../../src/commands/enter/help.ts';
import { NSENTER_OPTIONS, readNsenterOptions } from '../../../src/commands/enter/nsenter-options.ts';
import { nsenter } from '../../../src/commands/nsenter.ts';
import type { Step } from '../../../src/kernel/plans/plan.ts';
import { enterPlan, type Look } from '../../../src/namespaces/plans/enter.ts';
import { parseCases, shownSteps } from '../../namespaces/plans/plan-text.ts';

/** Process 7 has another user namespace than this one. */
const look: Look = path => ({ dev: 1, ino: path.includes('/7/') ? 2 : 1 });

function planOf(words: readonly string[], looking: Look = look): string[] {
  const early: Step[] = [];
  return shownSteps(
    enterPlan(
      readNsenterOptions('nsenter', words, early, () => true),
      process.pid,
      looking,
    ),
  );
}

const cases = parseCases(`
$ nsenter --target 7 --net true
pidfd slot=pidfd pid=7
open slot=net path=/proc/7/ns/net unless=pidfd ! cannot open /proc/7/ns/net
target slot=net type=1073741824 ! reassociate to namespace 'ns/net' failed
enter pidfd=pidfd ! reassociate to namespaces failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ nsenter -t 7 -m -u -i -C -T true
pidfd slot=pidfd pid=7
open slot=cgroup path=/proc/7/ns/cgroup unless=pidfd ! cannot open /proc/7/ns/cgroup
open slot=ipc path=/proc/7/ns/ipc unless=pidfd ! cannot open /proc/7/ns/ipc
open slot=uts path=/proc/7/ns/uts unless=pidfd ! cannot open /proc/7/ns/uts
open slot=mnt path=/proc/7/ns/mnt unless=pidfd ! cannot open /proc/7/ns/mnt
open slot=time path=/proc/7/ns/time unless=pidfd ! cannot open /proc/7/ns/time
target slot=cgroup type=33554432 ! reassociate to namespace 'ns/cgroup' failed
target slot=ipc type=134217728 ! reassociate to namespace 'ns/ipc' failed
target slot=uts type=67108864 ! reassociate to namespace 'ns/uts' failed
target slot=mnt type=131072 ! reassociate to namespace 'ns/mnt' failed
target slot=time type=128 ! reassociate to namespace 'ns/time' failed
enter pidfd=pidfd ! reassociate to namespaces failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ nsenter -a -t 7 true
pidfd slot=pidfd pid=7
open slot=user path=/proc/7/ns/user unless=pidfd ! cannot open /proc/7/ns/user
open slot=cgroup path=/proc/7/ns/cgroup unless=pidfd ! cannot open /proc/7/ns/cgroup
open slot=ipc path=/proc/7/ns/ipc unless=pidfd ! cannot open /proc/7/ns/ipc
open slot=uts path=/proc/7/ns/uts unless=pidfd ! cannot open /proc/7/ns/uts
open slot=net path=/proc/7/ns/net unless=pidfd ! cannot open /proc/7/ns/net
open slot=pid path=/proc/7/ns/pid unless=pidfd ! cannot open /proc/7/ns/pid
open slot=mnt path=/proc/7/ns/mnt unless=pidfd ! cannot open /proc/7/ns/mnt
open slot=time path=/proc/7/ns/time unless=pidfd ! cannot open /proc/7/ns/time
setgroups
target slot=user type=268435456 ! reassociate to namespace 'ns/user' failed
target slot=cgroup type=33554432 ! reassociate to namespace 'ns/cgroup' failed
target slot=ipc type=134217728 ! reassociate to namespace 'ns/ipc' failed
target slot=uts type=67108864 ! reassociate to namespace 'ns/uts' failed
target slot=net type=1073741824 ! reassociate to namespace 'ns/net' failed
target slot=pid type=536870912 ! reassociate to namespace 'ns/pid' failed
target slot=mnt type=131072 ! reassociate to namespace 'ns/mnt' failed
target slot=time type=128 ! reassociate to namespace 'ns/time' failed
enter pidfd=pidfd ! reassociate to namespaces failed
fork signals=0 deathSignal=0 ! fork failed
wait stops=1 !
setgroups-again ! setgroups failed
setgid id=0 ! setgid() failed
setuid id=0 ! setuid() failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ nsenter -t 7 -U -n true
pidfd slot=pidfd pid=7
open slot=user path=/proc/7/ns/user unless=pidfd ! cannot open /proc/7/ns/user
open slot=net path=/proc/7/ns/net unless=pidfd ! cannot open /proc/7/ns/net
setgroups
target slot=user type=268435456 ! reassociate to namespace 'ns/user' failed
target slot=net type=1073741824 ! reassociate to namespace 'ns/net' failed
enter pidfd=pidfd ! reassociate to namespaces failed
setgroups-again ! setgroups failed
setgid id=0 ! setgid() failed
setuid id=0 ! setuid() failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ nsenter --net=/x --uts=:5 true
open slot=net path=/x ! cannot open /x
namespace-by-id slot=uts ioctl=10 id=5 handleFails="failed to fill namespace file handle" ! cannot open namespace of id 5
target slot=uts type=67108864 ! reassociate to namespace 'ns/uts' failed
target slot=net type=1073741824 ! reassociate to namespace 'ns/net' failed
enter pidfd=pidfd ! reassociate to namespaces failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ nsenter -t 7:33 -n true
check-pidfd pid=7 inode=33 ! failed to obtain a valid file descriptor for PID 7
pidfd slot=pidfd pid=7
open slot=net path=/proc/7/ns/net unless=pidfd ! cannot open /proc/7/ns/net
target slot=net type=1073741824 ! reassociate to namespace 'ns/net' failed
enter pidfd=pidfd ! reassociate to namespaces failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ nsenter -t 7 --net-socket 3 true
pidfd slot=pidfd pid=7
pidfd slot=pidfd pid=7 unless=pidfd ! failed to pidfd_open() for 7
socket-namespace slot=net pidfd=pidfd descriptor=3 !
target slot=net type=1073741824 ! reassociate to namespace 'ns/net' failed
enter pidfd=pidfd ! reassociate to namespaces failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ nsenter -t 7 --user-parent -n true
pidfd slot=pidfd pid=7
open slot=net path=/proc/7/ns/net unless=pidfd ! cannot open /proc/7/ns/net
user-namespace slot=target-user pidfd=pidfd if=pidfd
open slot=target-user path=/proc/7/ns/user if=pidfd unless=target-user ! cannot open /proc/7/ns/user
open slot=target-user path=/proc/7/ns/user unless=pidfd,net ! cannot open /proc/7/ns/user
parent slot=parent-user from=target-user if=target-user unless=parent-user ! failed to open parent namespace
parent slot=parent-user from=net if=net unless=parent-user ! failed to open parent namespace
setgroups
target slot=parent-user type=268435456 ! reassociate to namespace 'ns/user' failed
target slot=net type=1073741824 ! reassociate to namespace 'ns/net' failed
enter pidfd=pidfd ! reassociate to namespaces failed
setgroups-again ! setgroups failed
setgid id=0 ! setgid() failed
setuid id=0 ! setuid() failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ nsenter --user-parent -U/f -t 7
open slot=user path=/f ! cannot open /f
pidfd slot=pidfd pid=7
parent slot=parent-user from=user ! failed to open parent namespace
setgroups
target slot=parent-user type=268435456 ! reassociate to namespace 'ns/user' failed
enter pidfd=pidfd ! reassociate to namespaces failed
setgroups-again ! setgroups failed
setgid id=0 ! setgid() failed
setuid id=0 ! setuid() failed
shell missing=127 otherwise=126 !

$ nsenter -t 7 --setuid 5 --setgid 6 -n true
pidfd slot=pidfd pid=7
open slot=net path=/proc/7/ns/net unless=pidfd ! cannot open /proc/7/ns/net
target slot=net type=1073741824 ! reassociate to namespace 'ns/net' failed
enter pidfd=pidfd ! reassociate to namespaces failed
setgroups
setgid id=6 ! setgid() failed
setuid id=5 ! setuid() failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ nsenter -t 7 -S follow -n true
pidfd slot=pidfd pid=7
open slot=net path=/proc/7/ns/net unless=pidfd ! cannot open /proc/7/ns/net
open slot=owner path=/proc/7/ ! cannot open /proc/7/
target slot=net type=1073741824 ! reassociate to namespace 'ns/net' failed
enter pidfd=pidfd ! reassociate to namespaces failed
setgroups
setuid-of slot=owner ! setuid() failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ nsenter -t 7 -U --preserve-credentials --keep-caps -n true
pidfd slot=pidfd pid=7
open slot=user path=/proc/7/ns/user unless=pidfd ! cannot open /proc/7/ns/user
open slot=net path=/proc/7/ns/net unless=pidfd ! cannot open /proc/7/ns/net
target slot=user type=268435456 ! reassociate to namespace 'ns/user' failed
target slot=net type=1073741824 ! reassociate to namespace 'ns/net' failed
enter pidfd=pidfd ! reassociate to namespaces failed
keep-capabilities
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ nsenter -t 7 --root -n true
pidfd slot=pidfd pid=7
open slot=net path=/proc/7/ns/net unless=pidfd ! cannot open /proc/7/ns/net
open slot=root path=/proc/7/root ! cannot open /proc/7/root
target slot=net type=1073741824 ! reassociate to namespace 'ns/net' failed
enter pidfd=pidfd ! reassociate to namespaces failed
open slot=cwd path=. ! cannot open current working directory
fchdir slot=root ! change directory by root file descriptor failed
chroot path=. ! chroot failed
chdir path=/ ! cannot change directory to /
fchdir slot=cwd ! change directory by working directory file descriptor failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ nsenter -t 7 -r/x --wd=/y -n true
open slot=root path=/x ! cannot open /x
open slot=cwd path=/y ! cannot open /y
pidfd slot=pidfd pid=7
open slot=net path=/proc/7/ns/net unless=pidfd ! cannot open /proc/7/ns/net
target slot=net type=1073741824 ! reassociate to namespace 'ns/net' failed
enter pidfd=pidfd ! reassociate to namespaces failed
fchdir slot=root ! change directory by root file descriptor failed
chroot path=. ! chroot failed
chdir path=/ ! cannot change directory to /
fchdir slot=cwd ! change directory by working directory file descriptor failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ nsenter -t 7 --wdns=/z -n true
pidfd slot=pidfd pid=7
open slot=net path=/proc/7/ns/net unless=pidfd ! cannot open /proc/7/ns/net
target slot=net type=1073741824 ! reassociate to namespace 'ns/net' failed
enter pidfd=pidfd ! reassociate to namespaces failed
open slot=cwd path=/z ! cannot open current working directory
fchdir slot=cwd ! change directory by working directory file descriptor failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ nsenter -t 7 --env --join-cgroup -n
pidfd slot=pidfd pid=7
open slot=net path=/proc/7/ns/net unless=pidfd ! cannot open /proc/7/ns/net
open slot=environ path=/proc/7/environ ! cannot open /proc/7/environ
find-cgroup slot=cgroup pid=7 !
target slot=net type=1073741824 ! reassociate to namespace 'ns/net' failed
enter pidfd=pidfd ! reassociate to namespaces failed
environment slot=environ !
join-cgroup slot=cgroup !
shell missing=127 otherwise=126 !

$ nsenter -t 7 -p true
pidfd slot=pidfd pid=7
open slot=pid path=/proc/7/ns/pid unless=pidfd ! cannot open /proc/7/ns/pid
target slot=pid type=536870912 ! reassociate to namespace 'ns/pid' failed
enter pidfd=pidfd ! reassociate to namespaces failed
fork signals=0 deathSignal=0 ! fork failed
wait stops=1 !
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ nsenter -t 7 -p --no-fork true
pidfd slot=pidfd pid=7
open slot=pid path=/proc/7/ns/pid unless=pidfd ! cannot open /proc/7/ns/pid
target slot=pid type=536870912 ! reassociate to namespace 'ns/pid' failed
enter pidfd=pidfd ! reassociate to namespaces failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ nsenter -t 7 --follow-context -n true
pidfd slot=pidfd pid=7
open slot=net path=/proc/7/ns/net unless=pidfd ! cannot open /proc/7/ns/net
follow-context pid=7 !
target slot=net type=1073741824 ! reassociate to namespace 'ns/net' failed
enter pidfd=pidfd ! reassociate to namespaces failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ nsenter -n true
print descriptor=2 text="nsenter: no target PID specified\\n"
exit status=1

$ nsenter -t 7 true
print descriptor=2 text="nsenter: no namespace specified\\n"
exit status=1

$ nsenter -n/x -e true
open slot=net path=/x ! cannot open /x
print descriptor=2 text="nsenter: neither filename nor target pid supplied for environ\\n"
exit status=1
`);

describe('a plan of nsenter', () => {
  for (const { words, steps } of cases)
    it(`for ${words.join(' ')}`, () => {
      assert.deepEqual(planOf(words), steps);
    });

  it('is there for every option', () => {
    const used = new Set(cases.flatMap(({ words }) => words));
    const spelt = (word: string) => [...used].some(other => other === word || other.startsWith(`${word}=`));
    const missing = NSENTER_OPTIONS.filter(
      ({ name, letter }) =>
        !spelt(`--${name}`) && !(letter && [...used].some(word => word.startsWith(`-${letter}`))),
    );
    assert.deepEqual(
      missing.map(({ name }) => name),
      ['help', 'version', 'trace', 'dry-run'],
    );
  });

  it('leaves the user namespace out of --all when it is the same', () => {
    const steps = planOf(['-a', '-t', '7', 'true'], () => ({ dev: 1, ino: 1 }));
    assert.ok(steps.some(step => step.startsWith('target slot=mnt')));
    assert.ok(!steps.some(step => step.includes('slot=user')));
  });

  it('leaves out of --all what the kernel does not have', () => {
    const steps = planOf(['-a', '-t', '7', 'true'], path =>
      path.endsWith('time') ? 'No such file or directory' : look(path),
    );
    assert.ok(!steps.some(step => step.includes('slot=time')));
  });

  it('says why --all cannot look at the target', () => {
    const steps = planOf(['-a', '-t', '7', 'true'], path =>
      path.startsWith('/proc/7/') ? 'Permission denied' : look(path),
    );
    assert.deepEqual(steps, [
      'print descriptor=2 text="nsenter: stat of /proc/7/ns/user failed: Permission denied\\n" !'.slice(
        0,
        -2,
      ),
      'exit status=1',
    ]);
  });

  it('does not follow SELinux contexts where there are none', () => {
    const options = readNsenterOptions('nsenter', ['-Z', '-n', '-t', '7'], [], () => false);
    assert.equal(options.followContext, false);
  });
});

describe('nsenter --help', () => {
  it('names every option', async () => {
    const text = await helpText('nsenter', nsenter);
    for (const { name, letter } of NSENTER_OPTIONS)
      assert.ok(text.includes(letter ? `-${letter}, --${name} ` : ` --${name} `), name);
  });
});
