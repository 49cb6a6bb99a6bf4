/** The plans that command lines of unshare make: no namespace is made here. */
import assert from 'node:assert/strict';
import { helpText } from '../../../src/commands/enter/help.ts';
import { readUnshareOptions, UNSHARE_OPTIONS } from '../../../src/commands/enter/unshare-options.ts';
import { unshare } from '../../../src/commands/unshare.ts';
import { type Caller, unsharePlan } from '../../../src/namespaces/plans/unshare.ts';
import { parseCases, shownSteps } from '../../namespaces/plans/plan-text.ts';

function planOf(words: readonly string[], caller: Caller): string[] {
  return shownSteps(unsharePlan(readUnshareOptions('unshare', words, caller), caller));
}

const ordinary: Caller = { pid: 99, user: 1000, group: 1001 };
const casesOfOrdinary = parseCases(`
$ unshare -n true
unshare flags=1073741824 ! unshare failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare --mount --ipc --uts --net --pid --user --cgroup --time true
unshare flags=2114060416 ! unshare failed
mount source=none target=/ type="" flags=278528 data="" ! cannot change root filesystem propagation
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare --net=f true
unshare flags=1073741824 ! unshare failed
mount source=/proc/99/ns/net target=f type="" flags=4096 data="" ! mount /proc/99/ns/net on f failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare --mount=f true
helper index=0 ! fork failed
mount source=/proc/99/ns/mnt target=f type="" flags=4096 data="" ! mount /proc/99/ns/mnt on f failed
end
unshare flags=131072 ! unshare failed
release index=0
mount source=none target=/ type="" flags=278528 data="" ! cannot change root filesystem propagation
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare --fork true
unshare flags=0 ! unshare failed
fork signals=1 deathSignal=0 ! fork failed
wait stops=0 !
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare -f --pid=f --user=g -r true
helper index=0 ! fork failed
mount source=/proc/99/ns/user target=g type="" flags=4096 data="" ! mount /proc/99/ns/user on g failed
mount source=/proc/99/ns/pid_for_children target=f type="" flags=4096 data="" ! mount /proc/99/ns/pid_for_children on f failed
end
unshare flags=805306368 ! unshare failed
fork signals=1 deathSignal=0 ! fork failed
release index=0
wait stops=0 !
write path=/proc/self/uid_map text="0 1000 1" openFails="cannot open /proc/self/uid_map" ! write failed /proc/self/uid_map
write path=/proc/self/setgroups text=deny openFails="cannot open /proc/self/setgroups" ! write failed /proc/self/setgroups
write path=/proc/self/gid_map text="0 1001 1" openFails="cannot open /proc/self/gid_map" ! write failed /proc/self/gid_map
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare --kill-child=TERM true
unshare flags=0 ! unshare failed
fork signals=1 deathSignal=15 ! fork failed
wait stops=0 !
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare --forward-signals true
unshare flags=0 ! unshare failed
fork signals=2 deathSignal=0 ! fork failed
wait stops=0 !
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare --map-root-user true
unshare flags=268435456 ! unshare failed
write path=/proc/self/uid_map text="0 1000 1" openFails="cannot open /proc/self/uid_map" ! write failed /proc/self/uid_map
write path=/proc/self/setgroups text=deny openFails="cannot open /proc/self/setgroups" ! write failed /proc/self/setgroups
write path=/proc/self/gid_map text="0 1001 1" openFails="cannot open /proc/self/gid_map" ! write failed /proc/self/gid_map
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare --map-current-user true
unshare flags=268435456 ! unshare failed
write path=/proc/self/uid_map text="1000 1000 1" openFails="cannot open /proc/self/uid_map" ! write failed /proc/self/uid_map
write path=/proc/self/setgroups text=deny openFails="cannot open /proc/self/setgroups" ! write failed /proc/self/setgroups
write path=/proc/self/gid_map text="1001 1001 1" openFails="cannot open /proc/self/gid_map" ! write failed /proc/self/gid_map
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare --map-user=5 true
unshare flags=268435456 ! unshare failed
write path=/proc/self/uid_map text="5 1000 1" openFails="cannot open /proc/self/uid_map" ! write failed /proc/self/uid_map
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare --map-group=6 --setgroups=deny true
unshare flags=268435456 ! unshare failed
write path=/proc/self/setgroups text=deny openFails="cannot open /proc/self/setgroups" ! write failed /proc/self/setgroups
write path=/proc/self/gid_map text="6 1001 1" openFails="cannot open /proc/self/gid_map" ! write failed /proc/self/gid_map
write path=/proc/self/setgroups text=deny openFails="cannot open /proc/self/setgroups" ! write failed /proc/self/setgroups
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare -r --setgroups=allow true
unshare flags=268435456 ! unshare failed
write path=/proc/self/uid_map text="0 1000 1" openFails="cannot open /proc/self/uid_map" ! write failed /proc/self/uid_map
print descriptor=2 text="unshare: options --setgroups=allow and --map-group are mutually exclusive\\n"
exit status=1
write path=/proc/self/setgroups text=allow openFails="cannot open /proc/self/setgroups" ! write failed /proc/self/setgroups
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare --map-users=0:5:3 -r true
helper index=1 ! fork failed
argument text=newuidmap !
argument text=99 !
argument text=0 !
argument text=1000 !
argument text=1 !
argument text=1 !
argument text=5 !
argument text=2 !
run missing=127 otherwise=126 ! failed to execute newuidmap
end
unshare flags=268435456 ! unshare failed
release index=1
write path=/proc/self/setgroups text=deny openFails="cannot open /proc/self/setgroups" ! write failed /proc/self/setgroups
write path=/proc/self/gid_map text="0 1001 1" openFails="cannot open /proc/self/gid_map" ! write failed /proc/self/gid_map
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare --map-users=0:5:3 --map-groups=1:2:3 --owner 4:5 true
helper index=1 ! fork failed
argument text=newuidmap !
argument text=99 !
argument text=0 !
argument text=5 !
argument text=3 !
run missing=127 otherwise=126 ! failed to execute newuidmap
argument text=newgidmap !
argument text=99 !
argument text=1 !
argument text=2 !
argument text=3 !
run missing=127 otherwise=126 ! failed to execute newgidmap
end
setgroups ! setgroups failed
setgid id=5 ! setgid() failed
setuid id=4 ! setuid() failed
unshare flags=268435456 ! unshare failed
release index=1
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare --setuid 1 --setgid 2 true
unshare flags=0 ! unshare failed
setgroups ! setgroups failed
setgid id=2 ! setgid() failed
setuid id=1 ! setuid() failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare -U --keep-caps true
unshare flags=268435456 ! unshare failed
keep-capabilities !
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare -T --monotonic 5 --boottime 6 true
unshare flags=128 ! unshare failed
write path=/proc/self/timens_offsets text="7 6 0" openFails="failed to open /proc/self/timens_offsets" ! failed to write to /proc/self/timens_offsets
write path=/proc/self/timens_offsets text="1 5 0" openFails="failed to open /proc/self/timens_offsets" ! failed to write to /proc/self/timens_offsets
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare -m --propagation slave true
unshare flags=131072 ! unshare failed
mount source=none target=/ type="" flags=540672 data="" ! cannot change root filesystem propagation
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare -m --propagation unchanged --mount-proc true
unshare flags=131072 ! unshare failed
make-private target=/proc ! cannot change /proc filesystem propagation
mount source=proc target=/proc type=proc flags=14 data="" ! mount /proc failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare --root /r true
unshare flags=0 ! unshare failed
chroot path=/r ! cannot change root directory to '/r'
chdir path=/ ! cannot change directory to /
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare -R /r --wd /w true
unshare flags=0 ! unshare failed
chroot path=/r ! cannot change root directory to '/r'
chdir path=/w ! cannot change directory to /w
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare -w /w
unshare flags=0 ! unshare failed
chdir path=/w ! cannot change directory to /w
shell missing=127 otherwise=126 !

$ unshare --mount-binfmt true
unshare flags=268566528 ! unshare failed
mount source=none target=/ type="" flags=278528 data="" ! cannot change root filesystem propagation
mount source=proc target=/proc type=proc flags=14 data="" ! mount /proc failed
mount source=binfmt_misc target=/proc/sys/fs/binfmt_misc type=binfmt_misc flags=14 data="" ! mount /proc/sys/fs/binfmt_misc failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare --load-interp :x true
unshare flags=268566528 ! unshare failed
mount source=none target=/ type="" flags=278528 data="" ! cannot change root filesystem propagation
mount source=proc target=/proc type=proc flags=14 data="" ! mount /proc failed
mount source=binfmt_misc target=/proc/sys/fs/binfmt_misc type=binfmt_misc flags=14 data="" ! mount /proc/sys/fs/binfmt_misc failed
write path=/proc/sys/fs/binfmt_misc/register text=:x openFails="cannot open /proc/sys/fs/binfmt_misc/register" ! write failed /proc/sys/fs/binfmt_misc/register
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare --mount-binfmt=/b true
unshare flags=268566528 ! unshare failed
mount source=none target=/ type="" flags=278528 data="" ! cannot change root filesystem propagation
mount source=binfmt_misc target=/b type=binfmt_misc flags=14 data="" ! mount /b failed
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true
`);

const root: Caller = { pid: 99, user: 0, group: 0 };
const casesOfRoot = parseCases(`
$ unshare --map-users=0:5:3 --map-groups=1:2:3 -r true
helper index=1 ! fork failed
write path=/proc/99/uid_map text="0 0 1\\n1 5 2\\n" openFails="failed to open /proc/99/uid_map" ! failed to write /proc/99/uid_map
write path=/proc/99/gid_map text="0 0 1\\n1 2 3\\n" openFails="failed to open /proc/99/gid_map" ! failed to write /proc/99/gid_map
end
unshare flags=268435456 ! unshare failed
release index=1
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true

$ unshare --owner 4:5 -r true
helper index=1 ! fork failed
write path=/proc/99/uid_map text="0 0 1\\n" openFails="failed to open /proc/99/uid_map" ! failed to write /proc/99/uid_map
write path=/proc/99/gid_map text="0 0 1\\n" openFails="failed to open /proc/99/gid_map" ! failed to write /proc/99/gid_map
end
setgroups ! setgroups failed
setgid id=5 ! setgid() failed
setuid id=4 ! setuid() failed
unshare flags=268435456 ! unshare failed
release index=1
exec argv=["true"] missing=127 otherwise=126 ! failed to execute true
`);

/** How every plan begins: the original waits for children, whatever its caller ignores. */
const beginning = 'default-action signal=17';

describe('a plan of unshare', () => {
  for (const { words, steps } of casesOfOrdinary)
    it(`for ${words.join(' ')}`, () => {
      assert.deepEqual(planOf(words, ordinary), [beginning, ...steps]);
    });

  for (const { words, steps } of casesOfRoot)
    it(`for ${words.join(' ')}, by root`, () => {
      assert.deepEqual(planOf(words, root), [beginning, ...steps]);
    });

  it('is there for every option', () => {
    const used = casesOfOrdinary.flatMap(({ words }) => words);
    const missing = UNSHARE_OPTIONS.filter(
      ({ name }) => !used.some(word => word.replace(/=.*/, '') === `--${name}`),
    );
    assert.deepEqual(
      missing.map(({ name }) => name),
      // Two need /etc/subuid: test/live/enter/unshare.test.ts has them; the last are no steps.
      ['help', 'version', 'map-auto', 'map-subids', 'trace', 'dry-run'],
    );
  });
});

describe('unshare --help', () => {
  it('names every option', async () => {
    const text = await helpText('unshare', unshare);
    for (const { name, letter } of UNSHARE_OPTIONS)
      assert.ok(text.includes(letter ? `-${letter}, --${name} ` : ` --${name} `), name);
  });
});
