/** Programs in named network namespaces, `netns exec` and `-n`, against the original. */
import { differential, line, type Step, start, stop, until } from '../../support/twin.ts';

/** What of the mounts of a process `netns exec` can have changed. */
const mounts = `awk '$5 ~ "^/(sys|etc)" { sub(/.* - /, $5 " " $4 " " $6 " "); print }' /proc/self/mountinfo`;

const two: readonly Step[] = ['netns add a', 'netns add b'];

/** Files that replace those of /etc, and some that cannot. */
const replacements = {
  '/etc/hosts': '192.0.2.1 outside\n',
  '/etc/netns/a/hosts': '192.0.2.2 inside\n',
  '/etc/hidden-by-a-folder': '',
  '/etc/netns/a/hidden-by-a-folder/file': '',
  '/etc/folder/file': 'outside\n',
  '/etc/netns/a/folder/file': 'inside\n',
  '/etc/.hidden': 'outside\n',
  '/etc/netns/a/.hidden': 'inside\n',
  '/etc/netns/a/nowhere': '',
};

/** A line that runs as an ordinary user with some capabilities, which its children keep. */
const withCapabilities = (capabilities: string, command: string) => {
  const sets = capabilities.replace(/\w+/g, '+$&');
  return `$ setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps ${sets} --ambient-caps ${sets} ${command}`;
};

describe('ip netns exec', () => {
  differential('ends as the program does', [
    ...two,
    ...['true', 'false', "sh -c 'exit 77'", "sh -c 'kill -9 $$'", "sh -c 'kill -TERM $$'"].map(
      program => `netns exec a ${program}`,
    ),
    '-j netns exec a echo text',
    'netns exec nothing true',
    ['netns', 'exec', 'a', 'caf\udce9'],
    ...['nothing', '/etc/passwd', '/', '-- true', "''", './nothing'].map(
      program => `netns exec a ${program}`,
    ),
    "$ printf 'exit 5' >script; chmod +x script; ip netns exec a ./script",
    '$ PATH=/nothing:$PATH ip netns exec a nothing; PATH=/etc:/mnt/bin:/usr/bin ip netns exec a passwd',
  ]);

  differential('hands over everything that the program was to have', [
    ...two,
    '$ cd /tmp; ip netns exec a pwd; NAME=value ip netns exec a printenv NAME',
    "$ ip netns exec a sh -c 'grep ^SigB /proc/self/status; ulimit -n; ulimit -Hn; umask'",
    "$ echo data | ip netns exec a bash -c 'read -r word; echo got $word; cat <&7' 7</etc/hostname",
    '$ exec 9>lock; flock 9; ip netns exec a sh -c \'flock -n 9 && echo same; ls /proc/self/fd | tr "\\n" " "\'',
    '$ sh -c \'echo $$ >pid; exec ip netns exec a sh -c "[ \\$\\$ = $(cat pid) ] && echo same"\'',
    "$ ip netns exec a bash -c 'ls /sys/class/net; readlink /proc/self/ns/net | grep -c net; cat /proc/$$/comm'",
    '$ ip netns exec a true | cat; ip netns exec a yes | head -1; echo ${PIPESTATUS[@]}',
  ]);

  differential('works from inside itself', [
    ...two,
    'netns exec a ip netns exec b ip netns identify',
    'netns exec a bash -c "ip -n b netns identify; ip netns identify; ip -n nothing link"',
    '-n a netns exec b ip netns identify',
    '-n a -n b netns identify',
    `netns exec a ip netns exec b ${mounts}`,
    `netns exec a ip -n b netns exec a ${mounts}`,
    'netns exec a ip netns add inside',
    'netns exec a ip netns exec inside true',
    'netns list',
    'netns exec inside true',
    'netns delete inside',
    'netns exec a ip link add v0 type veth peer name v1',
    'netns exec a ip link set v1 netns b',
    '-n b link show v1',
    'netns exec a ip -n b link set v1 up',
    'netns exec b ip -n a link set v0 up',
    'netns exec a ip netns',
  ]);

  differential('goes through all namespaces in turn', [
    '-all netns exec true',
    ...two,
    '-all netns exec',
    '-all netns exec echo hello',
    '-all netns exec false',
    '-all netns exec nothing',
    "-all netns exec sh -c 'exit 3'",
    "-all netns exec sh -c 'kill -9 $$'",
    "-all netns exec sh -c 'kill -INT $$'",
    '-a -j netns exec ip netns identify',
    '$ touch /run/netns/stale',
    '-all netns exec echo hello',
    '$ ip -all netns exec echo hello | cat',
    '$ echo data | ip -all netns exec cat',
  ]);

  differential('forks in a batch', [
    ...two,
    ...[
      'netns exec a echo one\nnetns exec b echo two\n',
      'netns list\nnetns exec b echo two\nnetns list\n',
      'netns exec a false\nnetns exec b echo two\n',
      'netns exec a sh -c "exit 7"\nnetns exec b echo two\n',
      'netns exec a sh -c "kill -9 $$"\nnetns exec b echo two\n',
      'netns exec nothing echo\nnetns exec b echo two\n',
      'netns exec a nothing\nnetns exec b echo two\n',
      'netns exec a\nnetns exec b echo two\n',
      'netns exec\nnetns exec b echo two\n',
      'netns exec a/b true\nnetns exec b echo two\n',
      'netns delete nothing\nnetns exec b echo two\n',
      'netns add c\nnetns add c\nnetns list\n',
      'netns identify\nnetns exec a ip netns identify\nnetns identify x\n',
      'netns exec b cat\nnetns list\n',
    ].flatMap(stdin => [line('-b -', { stdin }), line('-force -j -b -', { stdin })]),
    line('-all -b -', { stdin: 'netns exec echo one\nnetns list\nnetns delete\nnetns list\n' }),
    ...two,
    line('-n a -b -', { stdin: 'netns identify\nnetns exec b echo two\nnetns identify\n' }),
    // Held by a process: a namespace that nobody holds keeps its id for as long as it takes to end.
    start('holder', '$ exec ip netns exec a sleep 1000'),
    until('$ ip netns pids a | grep .'),
    line('-b -', {
      stdin:
        'netns set a 3\nnetns list-id\nnetns delete a\nnetns list-id\nnetns add d\nnetns set d 9\nnetns list-id\n',
    }),
    stop('holder', 'KILL'),
    until('$ ! ip netns list-id | grep "nsid 3"'),
    line('-force -b -', { stdin: 'netns list-id target-nsid 9\nnetns list-id nsid 77\nnetns list\n' }),
  ]);

  differential(
    'mounts what /etc/netns has over /etc, and goes on where it cannot',
    [
      ...two,
      '$ ln -s hosts /etc/link; echo linked >/etc/netns/a/link; ln -s /nothing /etc/netns/a/broken; touch /etc/broken',
      '$ ls -U -a /etc/netns/a',
      'netns exec a cat /etc/hosts /etc/folder/file /etc/.hidden',
      'netns exec b cat /etc/hosts /etc/folder/file /etc/.hidden',
      `netns exec a ${mounts}`,
      '-n a netns list',
      '-n a -j netns list',
      '-n a -n nothing netns list',
      '-n a -n b netns exec b cat /etc/hosts',
      '-all netns exec cat /etc/hosts',
      line('-b -', { stdin: 'netns exec a cat /etc/hosts\nnetns exec b cat /etc/hosts\n' }),
      '$ cat /etc/hosts; rm -r /etc/netns/a; touch /etc/netns/a',
      'netns exec a cat /etc/hosts',
    ],
    { files: replacements },
  );

  differential('shows the namespace in /sys, read-only where it was and cannot be taken away', [
    ...two,
    `netns exec a ${mounts}`,
    `-n a netns exec b ${mounts}`,
    '$ mount -o remount,bind,ro /sys',
    `netns exec a ${mounts}`,
    ...['ro', 'rw'].flatMap(mode => [
      `$ mount -o remount,bind,${mode} /sys; /usr/bin/unshare -Urnm bash -c '
         mount -t tmpfs none /run; ip netns add a; ip netns exec a ${mounts.replaceAll("'", "'\\''")}
         ip -n a netns exec a ${mounts.replaceAll("'", "'\\''")}'`,
    ]),
    '$ umount -R -l /sys; mount -t tmpfs -o ro,nodev none /sys',
    `netns exec a ${mounts}`,
    '$ umount /sys',
    `netns exec a ${mounts}`,
    '$ mount -t sysfs none /sys',
  ]);

  differential(
    'leaves capabilities alone, but an ordinary user keeps none unless CAP_NET_ADMIN is inheritable',
    [
      ...two,
      'netns exec a grep ^Cap /proc/self/status',
      ...['net_admin,sys_admin', 'sys_admin', 'net_admin'].flatMap(capabilities => [
        withCapabilities(capabilities, 'ip netns exec a grep ^Cap /proc/self/status'),
        withCapabilities(capabilities, 'ip -n a netns identify'),
        withCapabilities(capabilities, 'ip netns add c'),
      ]),
      withCapabilities('net_admin,sys_admin,dac_override', 'ip netns add c'),
    ],
    { needs: ['root'] },
  );

  // In a cgroup of the test's own below the machine's, made and removed by one line.
  const inCgroups = (commands: string) => `$ /usr/bin/unshare -m bash -c '
     umount -R -l /sys; umount -R -l /sys; mount -t sysfs none /sys
     mkdir -p cgroups && mount -t cgroup2 none cgroups || exit
     export own=tsip-test-$$-$RANDOM
     before=cgroups$(sed -n s/^0:://p /proc/self/cgroup)
     enter() { mkdir -p cgroups/$own/$1; echo $$ >cgroups/$own/$1/cgroup.procs; }
     ${commands}
     echo $$ >$before/cgroup.procs
     # A process that has just ended holds its cgroup a little longer.
     for turn in {1..100}; do
       find cgroups/$own -depth -type d -exec rmdir {} + 2>/dev/null; [ -e cgroups/$own ] || exit 0
       sleep 0.05
     done'`;

  differential(
    'leaves the VRF that it is called in',
    [
      ...two,
      ...'vrf/blue vrf vrfx/vrf/blue x/vrf/blue/y a-ns/vrf/blue xa-ns/vrf/blue b-ns/vrf/blue xvrf/blue'
        .split(' ')
        .map(path =>
          inCgroups(`
           enter ${path}; sh show
           ip netns exec a bash -c "sh show; ip netns exec b sh show; ip -n b link show lo | grep -c lo"
           /usr/bin/nsenter --net=/run/netns/a ip netns exec b sh show
           printf "netns exec a sh show\\nnetns exec b sh show\\n" | ip -b -
           ip -all netns exec sh show
           sh show`),
        ),
      inCgroups(`
         enter vrf/blue
         mount -o remount,bind,ro cgroups
         for from in /proc/self/ns/net /run/netns/b; do
           /usr/bin/nsenter --net=$from ip netns exec a sh show 2>&1 | sed s,$own,OWN,
         done
         umount cgroups
         ip netns exec a sh show; cut -d" " -f1-3 /proc/mounts | grep cgroup2
         umount /run/cgroup2; rmdir /run/cgroup2; touch /run/cgroup2
         ip netns exec a sh show; rm /run/cgroup2
         mount -o remount,ro /run; ip netns exec a sh show; mount -o remount,rw /run
         mount -t cgroup2 none cgroups`),
    ],
    {
      needs: ['root'],
      files: { show: 'sed -n s,^0::,,p /proc/self/cgroup | sed "s,$own,OWN,"\n' },
    },
  );
});

describe('ip -n', () => {
  differential('takes names, and says what is wrong with them', [
    'netns add a',
    '-n a link',
    '-netns a link',
    '-net a link',
    '-n ./a link',
    '-n',
    ...['nothing', "''", '.', '..', '/run/netns/a', '../netns/a', 'x/y'].map(name => `-n ${name} link`),
    '-n nothing -nonsense link',
    '-nonsense -n nothing link',
    '-n a -V',
    '-n a nonsense',
    '-j -n a addr',
    '-n a -b /nothing',
    '$ touch /run/netns/stale; ip -n stale link; rm /run/netns/stale; mkdir /run/netns/stale; ip -n stale link',
  ]);
});
