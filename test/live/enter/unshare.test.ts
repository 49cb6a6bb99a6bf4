/** unshare against the original: every option, every complaint, and what the program that it starts sees. */
import { as, job, samePrograms, terminal } from '../../support/programs.ts';
import { quote } from '../../support/sandbox.ts';

const setUp = `
export SHELL=/mnt/bin/view
mkdir -p /mnt/work/folder /mnt/kept
mount -t tmpfs none /mnt/kept
mount --make-private /mnt/kept
touch /mnt/kept/{a,b,c,d,e,f,g,h}
`;

const ownMaps = 'cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups';

function unshare(...options: readonly string[]): string[] {
  return options.map(words => `unshare ${words}`);
}

/** The same words as an ordinary user. */
function byNobody(...options: readonly string[]): ReturnType<typeof as>[] {
  return options.map(words => as(`unshare ${words}`, { user: 'nobody' }));
}

/** A child that sends its parent a signal and waits for it to come back; not before the parent waits for signals. */
function forwarding(signal: string): string {
  const isWaiting = `grep -q "^State:.S" /proc/$PPID/status`;
  const script = `trap "echo got it; exit 4" ${signal}; until ${isWaiting}; do :; done; kill -${signal} $PPID; read -t 5 <> <(:); echo not`;
  return `unshare --forward-signals bash -c ${quote(script)}`;
}

describe('unshare', () => {
  const options = { setUp, requirements: ['root'] } as const;

  samePrograms(
    'makes new namespaces of each kind',
    unshare(
      'view',
      ...[
        '-m',
        '-u',
        '-i',
        '-n',
        '-p',
        '-U',
        '-C',
        '-T',
        '-r',
        '-c',
        '-f',
        '-mf',
        '-pf',
        '-Tf',
        '-rf',
        '-miunC',
      ].map(kinds => `${kinds} view`),
      '--mount --uts --ipc --net --pid --user --cgroup --time --fork view',
      '-pf --mount-proc view',
      '-rpf --mount-proc view',
      '-miunpCTUrf --mount-proc view',
      '-u -- view',
      '--ti view',
      '--',
      '-u',
    ),
    options,
  );

  samePrograms(
    'complains about options as getopt does',
    unshare(
      ...[
        '--bogus',
        '-X',
        '--m',
        '--map',
        '--map-user',
        '--map-u=1',
        '--',
        '--=',
        '-n=/x true',
        '-na true',
        '-mount true',
      ],
      ...[
        '--fork=1',
        '-h -X >/dev/null',
        '-V',
        '-V -X',
        '-X -V',
        '--u',
        '--mo',
        '--mou',
        '--f',
        '--map-root-user=1',
        '-S',
        '-l',
      ],
      ...[
        '--setgroups',
        '-R',
        '-w',
        '--kill',
        '--h >/dev/null',
        '--keep=1',
        '--map-auto=1',
        '-f- true',
        '--owner',
        '-fS',
      ],
      '--mount-p view',
      '--wd=/tmp pwd',
      '--root=/ pwd',
      '--ke -U true',
      '-fp --kill-child true',
      '-- view',
    ),
    options,
  );

  samePrograms(
    'maps the caller to one id',
    unshare(
      ...[
        '',
        '-1',
        '4294967296',
        '4294967295',
        '1x',
        '0x10',
        "' 5'",
        '+5',
        'nobody',
        'nosuch',
        '-0',
        "'5 '",
        '05',
        'root',
      ].map(id => `--map-user=${id} ${ownMaps}`),
      ...['', 'nogroup', 'nosuch', '7', 'root', '-1'].map(id => `--map-group=${id} ${ownMaps}`),
      ...[
        '-r -c',
        '-c -r',
        '-c --map-user=3',
        '--map-user=3 -c',
        '-r --map-group=9',
        '--map-group=9 -r',
        '-c',
        '--map-c',
        '--map-r',
      ].map(maps => `${maps} ${ownMaps}`),
      '-r view',
      '-c view',
      '-r --setgroups=allow true',
      '--map-group=3 --setgroups=deny view',
      '--map-user=3 --setgroups=allow view',
      '--map-user=3 --setgroups=deny view',
    ),
    options,
  );

  samePrograms(
    'maps ranges of ids',
    unshare(
      ...[
        "''",
        '1',
        '1:2',
        '1:2:3:4',
        '1:2:0',
        'a:2:3',
        '1,2,3',
        '1:2,3',
        '0:0:99999999999',
        '-1:0:1',
        'nosuch',
        'all',
        '::',
      ].map(range => `--map-users=${range} ${ownMaps}`),
      ...[
        '0:7:4294967295',
        '0:7:4294967290',
        '0:7:4294967289',
        '7:0:4294967290',
        '4294967290:100:20',
        '100:4294967290:20',
      ].map(range => `--map-users=${range} ${ownMaps}`),
      ...[
        '0:4294967295:1',
        '4294967295:0:1',
        '4294967295:5:3',
        "' 5:0:1'",
        "'5 :0:1'",
        '+5:0:1',
        '18446744073709551616:0:1',
      ].map(range => `--map-users=${range} ${ownMaps}`),
      ...[
        '--map-users=0:0:1 --map-users=1:1:1',
        '--map-users=0:0:1 --map-users=0:1:1',
        '--map-users=0:5:5 --map-users=0:0:1',
        '--map-users=100:1:1 --map-users=0:0:1',
        '--map-users=0:0:10 --map-user=5',
        '--map-users=0:0:10 --map-user=0',
        '--map-users=0:0:10 --map-user=9',
        '--map-users=0:0:10 --map-user=10',
        '--map-users=0:0:10 --map-user=20',
        '--map-users=10:0:10 --map-user=5',
        '--map-users=10:0:1 --map-user=5',
        '--map-users=5:10:1 --map-user=5',
        '--map-users=5:0:1 --map-users=0:0:4 --map-user=5',
        '--map-users=0:100:10 -r',
        '--map-users=0:100:10 --map-users=50:200:10 -r',
        '--map-users=5:100:10 --map-users=50:200:10 --map-user=52',
        '--map-users=10:10:5 --map-users=0:0:5 --map-groups=3:3:3 -c',
        '--map-users=0:0:0 --map-users=1:1:1',
        '--map-users=all -r',
        '--map-users=all --map-groups=all',
        '--map-groups=3:3:3 --map-user=6',
        '--map-groups=3:3:3 --map-user=6 --setgroups=allow',
        '--map-groups=3:3:3 --map-group=4 --setgroups=deny',
        '--map-users=3:3:3 --map-group=4',
        '--map-users=3:3:3 --map-group=4 --owner 0:0',
        '--map-users=7:0:4294967295 --map-user=3',
        '-Ur --map-users=0:0:1',
      ].map(maps => `${maps} ${ownMaps}`),
      '--map-users=0:1000:10 view',
      '--map-users=0:0:5 --map-groups=0:0:5 -f view',
      // The kernel takes 340 lines and a page, of which the maps are just less, as much, and more.
      ...['339 1000', '340 1', '340 123456', '340 1234567', '341 1'].map(
        size => `$(map-words ${size}) cat /proc/self/uid_map | tail -1`,
      ),
    ),
    {
      ...options,
      timeoutMs: 120_000,
      // So many lines of 12 bytes, and one of twice that number.
      setUp: `${setUp}
cat >/mnt/bin/map-words <<'X'
#!/bin/bash
for ((id = 1000; id < 1000 + $1; id++)); do echo "--map-users=$id:$id:1"; done
echo "--map-users=$2:$2:1"
X
chmod 755 /mnt/bin/map-words`,
    },
  );

  samePrograms(
    'composes maps as the original does',
    randomMaps(60).map(maps => `unshare ${maps} ${ownMaps}`),
    { ...options, timeoutMs: 120_000 },
  );

  const subordinates = [
    'root:100000:65536\nnobody:300000:10\nroot:400000:5\n',
    '65534:500000:7\n0:70000:9\n',
    'nobody:300000\nroot:1\n',
    'nobody:x:10\nroot:y:1\n',
    'nobody:10:\nroot:10:\n',
    'nobody:10:10x\nroot:10:10x\n',
    '\n\n# comment\nnobody:10:10\nroot:10:10',
    ' nobody:10:10\n root:10:10\n',
    '065534x:7:7\n1:5:5\n00:7:7\nroot:8:8\nnobody:9:9',
    ':7:7\nroot:8:8\nnobody:9:9',
    'nobody:0x10:010\nroot:010:010\n',
    'nobody:-1:-1\nroot:5:-1\n',
    'nobody :1:1\nnobody:2:2:3\nroot::\n',
    '',
  ];
  const withSubordinates = (lines: readonly string[]) => [
    ...subordinates.flatMap(text => [
      `printf ${JSON.stringify(text).replaceAll('\\n', '\\\\n')} | tee /etc/subuid >/etc/subgid`,
      ...lines,
    ]),
    'rm /etc/subgid',
    ...lines,
    'rm /etc/subuid',
    ...lines,
  ];

  samePrograms(
    'maps subordinate ids for root',
    withSubordinates(
      unshare(
        `--map-auto ${ownMaps}`,
        `--map-auto -r ${ownMaps}`,
        `--map-subids -c ${ownMaps}`,
        `--map-users=auto --map-users=70000:1:2 --map-groups=subids ${ownMaps}`,
      ),
    ),
    { ...options, files: { '/etc/subuid': '' }, timeoutMs: 120_000 },
  );

  samePrograms(
    'has newuidmap and newgidmap map ids for an ordinary user',
    [
      'printf "nobody:300000:10\\n65534:400000:5\\n" | tee /etc/subuid >/etc/subgid',
      ...byNobody(
        `--map-auto ${ownMaps}`,
        '--map-auto -r view',
        `--map-auto -c ${ownMaps}`,
        `--map-subids -r ${ownMaps}`,
        `--map-users=0:300000:3 --map-users=5:300005:2 ${ownMaps}`,
        `--map-users=0:300000:3 -r ${ownMaps}`,
        `--map-users=0:0:1 --map-groups=0:300000:2 true`,
        `--map-users=0:300000:2 --map-groups=0:0:2 true`,
        `--map-auto -r --setgroups=allow ${ownMaps}`,
        `-r --map-users=all ${ownMaps}`,
        '--map-auto --kill-child -rf view',
      ),
      as('PATH=/mnt/bin unshare --map-auto /bin/true', { user: 'nobody' }),
      'mount --bind /etc/passwd /usr/bin/newgidmap',
      ...byNobody('--map-auto true', '--map-users=0:300000:2 true'),
      'umount /usr/bin/newgidmap',
      as('setpriv --no-new-privs unshare --map-auto -r true', { user: 'nobody' }),
      'setpriv --reuid 12345 --regid 12345 --clear-groups unshare --map-auto true',
      'setpriv --reuid 12345 --regid 12345 --clear-groups unshare --map-users=subids true',
    ],
    { setUp, requirements: ['root', 'newuidmap'], files: { '/etc/subuid': '' } },
  );

  const mappings = [
    '',
    '-U',
    '-r',
    '-c',
    '--map-user=5',
    '--map-group=6',
    '--map-user=5 --map-group=6',
    '--map-users=0:0:1',
    '--map-groups=0:0:1',
    '--map-users=0:0:1 -r',
    '--map-groups=0:0:1 -r',
    '--map-users=0:0:1 --map-group=6',
  ];
  const owners = [
    '',
    ...['65534:65534', '0:0', '-1:-1', '-1:5', '5:-1', '0:-1', '-1:0', '4294967295:4294967295'],
  ];

  // These print how they are called instead of mapping ids.
  const mapper = 'printf "#!/bin/bash\\necho \\${0##*/} \\${*:2}\\n"';
  const withMappers = `${setUp}
for name in newuidmap newgidmap; do ${mapper} >/mnt/bin/$name; chmod 755 /mnt/bin/$name; done`;

  for (const mapping of mappings) {
    const lines = owners.map(owner => `${mapping} ${owner && `--owner ${owner}`} ${ownMaps}`);
    samePrograms(
      `calls newuidmap and newgidmap when the original does: with ${mapping || 'no map'} and each owner`,
      [...byNobody(...lines), ...unshare(...lines)],
      { ...options, setUp: withMappers },
    );
  }

  samePrograms(
    'works for an ordinary user',
    byNobody(
      'view',
      '-n true',
      '-U view',
      '-r view',
      '-c view',
      '-rm view',
      '-rmiunpCTf --mount-proc view',
      '-U -n view',
      '-r --map-user=5 view',
      '--map-user=5 --map-group=6 view',
      '-r -S 0 -G 0 true',
      '-r -S 5 true',
      '-rc --keep-caps view',
      '-c --keep-caps view',
      '-c --keep-caps --setgroups=deny view',
      '-r --setgroups=allow true',
      '-U --setgroups=allow true',
      '--owner 0:0 true',
      '--owner 65534:65534 true',
      '--owner 65534:65534 -r true',
      '-r --owner -1:-1 true',
      '-S 3 true',
      '-m true',
      '-R / true',
      '-r -R /mnt /bin/pwd',
      '-r --net=/mnt/kept/a true',
      '--net=/mnt/kept/a true',
      '-rT --boottime 5 --monotonic 6 cat /proc/self/timens_offsets',
      '-rm --mount-binfmt true',
      '-rpf --mount-binfmt true',
      '--map-users=0:0:1 true',
    ),
    options,
  );

  samePrograms(
    'becomes the users and groups that are given, and keeps capabilities',
    unshare(
      ...[
        ' 5',
        '+5',
        '5 ',
        '-',
        '-1',
        '4294967296',
        '18446744073709551615',
        '18446744073709551616',
        '',
        'x',
        'follow',
      ].map(id => `-S '${id}' view`),
      ...['1x', '99999999999999999999', '-5', '3'].map(id => `-G ${id} view`),
      '-G 5 -S 6 view',
      '-U -S 0 true',
      '-r -S 0 view',
      '-r -G 0 true',
      '-r -S 1 true',
      '-r --keep-caps view',
      '-c --keep-caps view',
      '-U --keep-caps view',
      '-n --keep-caps view',
      '--map-users=0:0:9 --map-groups=0:0:9 -S 3 -G 4 --keep-caps view',
      ...[
        '1',
        '1:',
        'x:1',
        '1:x',
        ':6',
        '5,6',
        '5:6:7',
        '5:6x',
        '-1:3',
        '3:-1',
        '-1:-1',
        "' 5: 6'",
        '0:0',
        '5:6',
      ].map(owner => `--owner '${owner}' view`),
      `--owner 5:6 -r ${ownMaps}`,
      `--owner 5:6 --map-user=3 ${ownMaps}`,
      '-r --owner 5:6 view',
      '-S 3 -rm --owner 0:0 true',
      ...['x', 'allow true', 'deny true', 'deny -U view', 'allow -U view', 'deny -r view'].map(
        mode => `--setgroups ${mode}`,
      ),
    ),
    options,
  );

  samePrograms(
    'keeps namespaces in files',
    [
      ...unshare(
        '--net=/mnt/kept/a --uts=/mnt/kept/b --ipc=/mnt/kept/c --cgroup=/mnt/kept/d true',
        '--mount=/mnt/kept/e true',
        '--user=/mnt/kept/f -r true',
        '--pid=/mnt/kept/g true',
        '--pid=/mnt/kept/g -f true',
        '--time=/mnt/kept/h -T --boottime 7 true',
      ),
      'stat -f -c %T /mnt/kept/*; for f in /mnt/kept/*; do umount $f; done; stat -f -c %T /mnt/kept/*',
      ...unshare(
        '--user=/mnt/kept/a --mount=/mnt/kept/b --cgroup=/mnt/kept/c --ipc=/mnt/kept/d --uts=/mnt/kept/e --net=/mnt/kept/f' +
          ' --pid=/mnt/kept/g --time=/mnt/kept/h -rf --mount-proc view',
      ),
      'for f in /mnt/kept/*; do stat -f -c %T $f; done',
      'nsenter --user=/mnt/kept/a --mount=/mnt/kept/b cat /proc/self/uid_map',
      'nsenter --uts=/mnt/kept/e view; nsenter --net=/mnt/kept/f ls /sys/class/net',
      'nsenter --time=/mnt/kept/h cat /proc/self/timens_offsets; nsenter --pid=/mnt/kept/g true',
      'for f in /mnt/kept/*; do umount $f; done; stat -f -c %T /mnt/kept/*',
      ...unshare(
        '--net=nonexistent true',
        '--net= true',
        '--net=/mnt/kept/a --uts=nonexistent true',
        '--net=/mnt/kept true',
        '--net=/proc/1/x true',
        '--mount=nonexistent true',
        '--mount=/mnt/kept/a --net=nonexistent true',
        '--user=nonexistent --map-users=0:0:5 true',
        '--user=nonexistent -r true',
        '-f --pid=nonexistent true',
        '--mount=/mnt/work/x true',
        '--net=/mnt/kept/b nosuchprogram',
      ),
      'findmnt -rn -o TARGET,FSTYPE | grep kept',
      // Where mounts are shared, a mount namespace cannot be kept.
      'mkdir /mnt/shared; mount -t tmpfs none /mnt/shared; mount --make-shared /mnt/shared; touch /mnt/shared/{a,b}',
      ...unshare('--mount=/mnt/shared/a true', '--net=/mnt/shared/b true'),
      'findmnt -rn -o TARGET,FSTYPE | grep shared',
    ],
    { ...options, onOneCpu: true, timeoutMs: 120_000 },
  );

  samePrograms(
    'changes the root, mounts and how they spread',
    [
      ...unshare(
        '-R /nonexist true',
        '-R /etc/passwd true',
        "-R '' true",
        '-R / view',
        '-R / -w /tmp pwd',
        '-R /mnt -w /work /bin/pwd',
        '-R /tmp -w /tmp/nonexist true',
        '-w /nonexist true',
        "-w '' true",
        '-w /tmp view',
        '--wd=/tmp pwd',
        ...['slave', 'shared', 'private', 'unchanged', 'x', 'sla', ''].map(
          mode => `-m --propagation=${mode} view`,
        ),
        '--propagation slave true',
        '--mount-proc=/nonexist true',
        '--mount-proc= true',
        '--mount-proc view',
        '--mount-proc=/tmp -pf view',
        '--propagation unchanged -m --mount-proc=/tmp true',
        '--propagation unchanged -m --mount-proc=/tmp -R / true',
        '--propagation unchanged -mpf --mount-proc view',
        '-pf --mount-proc -R /mnt /bin/true',
        '--mount-binfmt true',
        '--mount-binfmt=/nonexist true',
        '--mount-binfmt=/proc/sys/fs/binfmt_misc true',
        '-rpf --mount-binfmt view',
        '-rpf --mount-binfmt=/tmp ls /tmp',
        '-rpf --mount-proc=/tmp --mount-binfmt -S 0 view',
        '--propagation unchanged -rm --mount-binfmt=/tmp true',
        '--propagation unchanged -rpf --mount-proc --mount-binfmt=/tmp true',
        ...[
          '--mount-binfmt=/tmp -l :t:M::AA::/bin/true:',
          '--mount-binfmt --mount-proc=/tmp',
          '--mount-binfmt --mount-binfmt=/tmp',
          '--mount-binfmt=/tmp --mount-binfmt',
          '-l :t:M::AA::/bin/true: --mount-binfmt',
        ].map(mounts => `-rpf ${mounts} view`),
        '-l x true',
        '-l /nonexist true',
        '--load-interp=x',
        '-rpf -l x true',
        '-rpf -l :bad true',
        '-rpf -l :test:M::AA::/bin/true: cat /proc/sys/fs/binfmt_misc/test',
        '-rpf -R / -l :test:M::AA::/bin/true: cat /proc/sys/fs/binfmt_misc/test',
        '-rpf --mount-binfmt=/tmp -l :test:M::AA::/bin/true:OCF cat /tmp/test',
        '-rpf -l :test:M::AA::/bin/true: --mount-binfmt=/tmp ls /tmp',
      ),
      'findmnt -rn -o TARGET | grep -c /proc',
    ],
    options,
  );

  samePrograms(
    'sets clocks off',
    unshare(
      ...[
        'x',
        '',
        '5s',
        '99999999999999999',
        '-99999999999',
        '99999999999999999999',
        "' 5'",
        "'5 '",
        '+5',
        '-3',
        '4294967301',
      ].flatMap(seconds => [
        `-T --monotonic=${seconds} grep mono /proc/self/timens_offsets`,
        `-T --boottime=${seconds} grep boot /proc/self/timens_offsets`,
      ]),
      '-T --monotonic=5 --boottime=6 cat /proc/self/timens_offsets',
      '-Tf --boottime=1000000 sh -c "[ \\$(cut -d. -f1 /proc/uptime) -ge 1000000 ] && echo up for long"',
      '--monotonic 5 true',
      '--boottime 5 true',
      '--monotonic 5 -T true',
    ),
    options,
  );

  samePrograms(
    'passes on how its child ends, and signals if asked to',
    [
      ...['', '-f', '-pf', '-f --forward-signals', '-f --kill-child'].flatMap(flags => [
        `unshare ${flags} sh -c 'exit 7'`,
        ...['TERM', 'INT', 'HUP', 'KILL', 'USR1', 'PIPE'].map(
          signal => `ulimit -c 0; unshare ${flags} bash -c 'kill -${signal} $BASHPID; exit 3'`,
        ),
      ]),
      ...[
        'x',
        '15',
        '',
        '0',
        '-1',
        'RTMIN',
        'RTMIN+99',
        'RTMIN+31',
        'RTMAX-31',
        'EXIT',
        'UNUSED',
        'SIGSIGTERM',
        "' TERM'",
      ].map(signal => `unshare --kill-child=${signal} true`),
      ...['TERM', 'SIGTERM', 'term', 'RTMIN+3', 'RTMAX-3', 'CLD', 'IOT', 'POLL', 'RTMIN+3x'].map(
        signal => `unshare --kill-child=${signal} bash -c 'death-signal'`,
      ),
      'unshare --kill-child death-signal',
      'unshare -f death-signal',
      // The parent does not mind SIGTERM, unless it is to pass it on.
      'unshare -f bash -c "trap \\"echo got it; exit 4\\" TERM; kill -TERM \\$PPID; read -t 0.5 <> <(:); echo not"; echo $?',
      `${forwarding('TERM')}; echo $?`,
      `${forwarding('INT')}; echo $?`,
      'unshare -f view',
      'unshare --forward-signals view',
      // Killed by a signal that it cannot pass on, the parent takes its child along.
      '{ mkfifo pipe; unshare --kill-child bash -c "echo \\$\\$ >pid; cat pipe" & until [[ -s pid ]]; do sleep 0.01; done; ' +
        'kill -KILL $!; wait $!; echo $?; for i in {1..500}; do kill -0 $(<pid) || break; sleep 0.01; done 2>/dev/null; kill -0 $(<pid); echo $?; rm pid; } 2>/dev/null',
      'unshare -p bash -c "true; true"',
    ],
    {
      ...options,
      timeoutMs: 120_000,
      setUp: `${setUp}
cat >/mnt/bin/death-signal <<'X'
#!/usr/bin/python3
import ctypes
number = ctypes.c_int()
ctypes.CDLL(None).prctl(2, ctypes.byref(number))
print(number.value)
X
chmod 755 /mnt/bin/death-signal`,
    },
  );

  samePrograms(
    'reports why a program cannot be executed, and runs the login shell when there is none',
    [
      ...unshare('nosuch', '/etc/passwd', '/tmp', '-U nosuch', '-f nosuch', "''", '-n', '-f'),
      'SHELL=/mnt/bin/nosuch unshare -n',
      'unset SHELL; unshare -n <<<"echo \\$0; shopt login_shell"',
      'exec -a renamed unshare -u view 2>&1 | head -3',
      'unshare -u view 3</etc/passwd 9<>/dev/zero 12</etc/group',
      'unshare -f view 3</etc/passwd',
      'ulimit -Sn 77; bash -c "unshare -u bash -c \'ulimit -Sn\'; :"',
      `unshare -r bash -c "yes | head -1 >/dev/null; echo \\\${PIPESTATUS[0]}"`,
      "unshare -u printf '%s|' '' 'a b' $'\\377' '*'",
    ],
    options,
  );

  samePrograms(
    'lets its job be stopped, continued and interrupted on a terminal',
    [
      `${terminal} unshare -u bash -c ${quote(job)}`,
      `${terminal} unshare -f bash -c ${quote(job)}`,
      `${terminal} unshare -f --forward-signals bash -c ${quote(job)}`,
      `${terminal} unshare -pf --kill-child bash -c ${quote(job)}`,
    ],
    options,
  );

  samePrograms(
    'does what tutorials show',
    [
      'unshare --pid --uts --mount --fork --mount-proc bash -c "echo \\$\\$; hostname inside; hostname; set -- /proc/[0-9]*; echo \\$#"; hostname',
      'ipcmk -Q >/dev/null; ipcs -q | grep -c 0x; unshare -i ipcs -q | grep -c 0x; ipcrm -a',
      'unshare -r bash -c "id -u; id -g; cat /proc/self/uid_map"',
      'unshare -rn bash -c "cat /proc/net/dev | wc -l"',
      'unshare -m bash -c "mount -t tmpfs none /mnt/work/folder && touch folder/x && ls folder"; ls folder',
      'unshare -p bash -c "true; /bin/true; /bin/true; echo end"',
      'unshare -C cat /proc/self/cgroup',
    ],
    options,
  );
});

/** Random words for maps, from a fixed seed, near each other so that they meet. */
function randomMaps(count: number): string[] {
  let seed = 20_240_607;
  const draw = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  return Array.from({ length: count }, () => {
    const words: string[] = [];
    for (let ranges = 1 + draw(3); ranges > 0; ranges--)
      words.push(`--map-users=${draw(12)}:${draw(12)}:${draw(9)}`);
    if (draw(3) > 0) words.push(`--map-user=${draw(14)}`);
    if (draw(4) === 0) words.push(`--map-groups=${draw(12)}:${draw(12)}:${draw(9)} --map-group=${draw(14)}`);
    return words.join(' ');
  });
}
