/** nsenter against the original: every option, every complaint, and what the program that it starts sees. */
import assert from 'node:assert/strict';
import { as, job, linesOfOurs, samePrograms, terminal } from '../../support/programs.ts';
import { quote } from '../../support/sandbox.ts';

/** A: a process in namespaces of all kinds but user and PID. B: the same and a user namespace where it is root. */
const setUp = `
target A /usr/bin/unshare -m -u -i -n -C -T
target B /usr/bin/unshare -m -u -i -n -C -T -U -r
target C setpriv --reuid 65534 --regid 65534 --clear-groups /usr/bin/unshare -U -r -n -m
export SHELL=/mnt/bin/view
mkdir -p /mnt/work/folder
`;

function nsenter(...options: readonly string[]): string[] {
  return options.map(words => `nsenter ${words}`);
}

describe('nsenter', () => {
  const options = { setUp, requirements: ['root'] } as const;

  samePrograms(
    'enters each namespace of a process',
    nsenter(
      ...['-m', '-u', '-i', '-n', '-C', '-T', '-p', '-mu', '-miunCT', '-a'].map(
        kinds => `-t $A ${kinds} view`,
      ),
      ...['-U', '-Un', '-Up', '-a', '-aF', '-UmuinCTp', '-m'].map(kinds => `-t $B ${kinds} view`),
      '--target $A --mount --uts --ipc --net --pid --cgroup --time view',
      '--target=$B --user --net view',
      '-at$A view',
      '-t$A -n -- view',
      '-t $A -t $B -n view',
      '-a -t $$ view',
    ),
    options,
  );

  samePrograms(
    'enters namespaces that files stand for',
    nsenter(
      '-n/proc/$A/ns/net view',
      '-n=/proc/$A/ns/net view',
      '--net=/proc/$A/ns/net view',
      '-m/proc/$A/ns/mnt -u=/proc/$A/ns/uts --ipc=/proc/$A/ns/ipc view',
      '-U/proc/$B/ns/user -n/proc/$B/ns/net view',
      '--net=/proc/$B/ns/net -U=/proc/$B/ns/user view',
      '--user=/proc/$B/ns/user -m -t $B -u view',
      '-n -u --uts=/proc/$B/ns/uts --mount -t $B view',
      '-a -t $A --net=/proc/$B/ns/net view',
      '-n -n/proc/self/ns/net -t $A view',
      '-n/proc/self/ns/net -n -t $A view',
      '-n/proc/self/ns/net -n/proc/$A/ns/net view',
      '-p/proc/self/ns/pid view',
      '-T/proc/$A/ns/time -C/proc/$A/ns/cgroup view',
      '-m/proc/$A/ns/mnt -t 99999999 view',
      '-U/proc/self/ns/user view',
    ),
    options,
  );

  samePrograms(
    'complains about files that are no namespaces, or not the right one',
    nsenter(
      '--net=',
      '-n=',
      '-n/nonexist',
      '--net=/etc/passwd true',
      '-n/etc true',
      '--net=/proc/$A/ns/uts true',
      '--user=/proc/$A/ns/net true',
      '--mount==/x true',
      '-n==/x true',
      '-muin -t $A',
      '-n/nonexist -u/nonexist2 true',
      '-n/proc/self/ns/net -u/nonexist2 true',
      '-n/nonexist --bogus',
      '--bogus -n/nonexist',
      '-n/nonexist --help',
      '-n/nonexist -V',
      '-n/proc/self/ns/net -V',
      '-n/proc/self/ns/net -t x',
      '-t x -n/nonexist',
    ),
    options,
  );

  samePrograms(
    'finds namespaces by their identity numbers',
    nsenter(
      ...[
        'x',
        '',
        '-1',
        ' 5',
        '+1',
        '5 ',
        '0x1',
        '99999999999999999999',
        '18446744073709551615',
        '0',
        '4026531834x',
      ].map(id => `-n:'${id}' true`),
      '--net=:1 true',
      '-n=:1 true',
      '-m:1 true',
      '-U:1 true',
      '-T:1 true',
      'true -n:1',
      ...['net', 'user', 'mnt', 'uts', 'ipc', 'cgroup', 'pid', 'time'].map(
        kind => `--${kind === 'mnt' ? 'mount' : kind}=:$(namespace-id /proc/$A/ns/${kind}) view`,
      ),
    ),
    {
      ...options,
      setUp: `${setUp}
cat >/mnt/bin/namespace-id <<'X'
#!/usr/bin/env python3
import fcntl, struct, sys
with open(sys.argv[1]) as file:
    print(struct.unpack('Q', fcntl.ioctl(file, 0x8008b70d, bytes(8)))[0])
X
chmod 755 /mnt/bin/namespace-id`,
    },
  );

  samePrograms(
    'complains about targets that are none',
    nsenter(
      '-t',
      ...[
        'x',
        '0',
        '-1',
        '99999999999',
        '1:x',
        '1:',
        ':1',
        '0x1',
        "''",
        "'5 '",
        '2147483648',
        '-5:1',
        '++5',
        '1e2',
      ].map(target => `-t ${target} -n true`),
      ...['99999999', '4194303', '2147483647'].map(target => `-t ${target} -n true`),
      '-t 99999999 -a true',
      '-t 99999999 -m --user-parent -N 1 true',
      '-t 99999999 -r -m true',
      '-t 99999999 -r -n/proc/self/ns/net true',
      '-t 99999999 -w -n/proc/self/ns/net true',
      '-t 99999999 -e -n/proc/self/ns/net true',
      '-t 99999999 -c -n/proc/self/ns/net true',
      '-t 99999999 -S follow -n/proc/self/ns/net true',
      '-t 99999999 --user-parent -n/proc/self/ns/net true',
      '-t 99999999 --user-parent true',
      '-t 99999999 -N 1 true',
      '-t 99999999 -e',
      '-t $A:1 -n',
      '-t $A:1:2 -n true',
      '-t $A:0 -n true',
      '-t $A:0x1 -n true',
      '-t $A:-1 -n true',
      '-t $A:99999999999999999999 -n true',
      '-t $A:1 --bogus',
      "-t ' '$A -n true",
      '-t +$A -n true',
      '-t 00$A -n true',
      '-t $A:$(pidfd-inode $A) -n view',
      '-t $A:$(pidfd-inode $B) -n view',
      '-t $B:$(pidfd-inode $B) -a view',
    ),
    {
      ...options,
      setUp: `${setUp}
printf '#!/usr/bin/env python3\nimport os, sys\nprint(os.fstat(os.pidfd_open(int(sys.argv[1]))).st_ino)\n' >/mnt/bin/pidfd-inode
chmod 755 /mnt/bin/pidfd-inode`,
    },
  );

  samePrograms(
    'complains about options as getopt does',
    nsenter(
      ...[
        '--bogus',
        '--bogus=1',
        '-X',
        '-nX',
        '--us=x',
        '--us',
        '--n',
        '--n=3',
        '--=',
        '--=x',
        '--w',
        '--ne',
        '--set',
      ],
      ...[
        '--help=3',
        '--version=x',
        '--al=3',
        '--no-fork=1',
        '--env=1',
        '--preserve-credentials=',
        '-',
        '- -n',
      ],
      ...[
        '--setuid',
        '-S',
        '-G',
        '-N',
        '--net-socket',
        '--target',
        '-n -t',
        '-tn',
        '-n -- -t',
        '--p',
        '--fo=2',
        '-:',
      ],
      "-$'\\303\\251'",
      "--$'\\303\\251'",
      "--mo$'\\377'",
      '-X -h',
      '-V -h',
      '-V -X',
      '-VX',
      '-hX >/dev/null',
      '--vers',
      '--follow-con -t $A -n view',
      '--pre -n -t $A view',
      '-t $A --time=/proc/$A/ns/time view',
      '-- view',
      '--',
    ),
    options,
  );

  samePrograms(
    'complains about what is missing, and about what does not go together',
    nsenter(
      ...[
        '',
        '-n',
        '-t $A',
        '-t $A true',
        '-F -t $A true',
        '-Z',
        '-S 1 true',
        '--keep-caps',
        '-a',
        '-e',
        '-r -n',
        '-c',
        '-c -n',
      ],
      ...[
        '-e -n/proc/self/ns/net true',
        '-c -n/proc/self/ns/net true',
        '-r -n/proc/self/ns/net true',
        '-w -n/proc/self/ns/net true',
      ],
      ...[
        '-S follow',
        '-S follow -n',
        '-S follow -u/proc/self/ns/uts -n',
        '--setuid=follow -n/proc/self/ns/net id',
      ],
      ...[
        '--user-parent',
        '--user-parent -n',
        '--user-parent --user=/proc/$B/ns/user true',
        '-N 0',
        '-N 0 -n',
        '-N -5 true',
      ],
      ...[
        '-w/tmp -W/tmp',
        '-a -w/tmp -W/tmp',
        '-n -W/tmp -w/nonexist',
        '-n -w -W',
        '-n -W -t $A -w',
        '-n -w/nonexist -W/tmp',
      ],
      '-e -t $A true',
      '-r -w -e -S follow -t $A true',
      '-r/nonexist -t $A',
      '-c -t $A true',
    ),
    options,
  );

  samePrograms(
    'becomes the users and groups that are given',
    nsenter(
      ...[
        ' 5',
        '+5',
        '5 ',
        '-',
        '18446744073709551615',
        '18446744073709551616',
        '-0',
        ' -5',
        '4294967301',
        '05',
        '0x5',
        '',
        'x',
      ].map(id => `-n -t $A -S '${id}' view`),
      ...['1x', 'foo', '-5', '4294967295', '3'].map(id => `-n -t $A -G ${id} view`),
      '-S5 -t $A -n view',
      '-S -G -t $A -n view',
      '-S 5 -G 6 -t $A -n view',
      '--preserve-credentials -S 3 -n -t $A view',
      '--preserve-credentials -G 3 -n -t $A view',
      '-S follow -G follow -n -t $A view',
      '-S follow -G 4 -n -t $B view',
      '-S follow -G follow -t $C -n view',
      '-S follow -G follow -t $C -U -n view',
      '-G follow -U -t $B view',
      '-S 4 -U -t $B view',
      '-U -t $B -S 4 -G 5 view',
      '-U -t $B -G 0 -S 0 view',
      '-S 4 -U --preserve-credentials -t $B view',
      '-U -t $B --preserve-credentials view',
      '-U -t $B --keep-caps view',
      '-U -t $B --keep-caps --preserve-credentials view',
      '-a -t $B --keep-caps -S 0 view',
      '--keep-caps -n -t $A view',
    ),
    options,
  );

  samePrograms(
    'changes root and working directory',
    [
      ...nsenter(
        '-r -n -t $A view',
        '-w -n -t $A view',
        '-r -w -m -n -t $A view',
        '-m -t $A pwd',
        '-m -w -t $A pwd',
        '-r/mnt -n -t $A /bin/pwd',
        '-r/nonexist -t $A -n',
        '-r=/tmp -n -t $A true',
        '--root=/ -n -t $A view',
        '--root= -n -t $A true',
        '-r/etc/passwd -n -t $A true',
        '-w/nonexist -t $A -n true',
        '-w=/tmp -n -t $A pwd',
        '--wd=/tmp -n -t $A pwd',
        '--wd==/usr -t $A -n pwd',
        '--wd= -n -t $A true',
        '--wd -n -t $A pwd',
        '-w/etc/passwd -n -t $A true',
        '--wdns=/nonexist -n -t $A pwd',
        '--wdns -n -t $A pwd',
        '--wdns= -n -t $A pwd',
        '--wdns==/usr -n -t $A pwd',
        '-W/tmp -n -t $A pwd',
        '-W=/usr -n -t $A pwd',
        '-W -n -t $A pwd',
        '-r -W/usr -t $B -a pwd',
        '-r/mnt -W/work -n -t $A /bin/pwd',
      ),
      'mkdir -p jail/bin jail/lib jail/lib64 jail/usr; for d in bin lib lib64 usr; do mount --bind /$d jail/$d; done',
      'cd folder; nsenter -r/mnt/work/jail -n -t $A pwd -P',
      'cd folder; nsenter -r/mnt/work/jail -n -w/mnt/work -t $A pwd',
      'cd folder; nsenter -r/mnt/work/jail -n -W/usr -t $A pwd',
      'nsenter --root=/mnt/work/jail -n -t $A sh -c "ls /; cd /; pwd"',
    ],
    options,
  );

  samePrograms(
    'takes the environment of the target, in its order',
    [
      'nsenter -t $E -n -e env',
      'nsenter -t $E -n -e',
      'env -i nsenter -t $A -n /usr/bin/env',
      'nsenter -t $D -n -e /usr/bin/env | cat -A',
      'nsenter -t $D -n -e',
      'nsenter -t $F -n -e /usr/bin/env',
      'nsenter -t $G -n -e /usr/bin/env',
    ],
    {
      ...options,
      setUp: `${setUp}
target E env -i PATH=/mnt/bin:/usr/bin:/bin SHELL=/mnt/bin/view ONE=1 TWO=2 EMPTY= /usr/bin/unshare -n
cat >/mnt/bin/odd-environment <<'X'
#!/usr/bin/env python3
import ctypes, sys
words = [word.encode() + b'\\0' for word in sys.argv[1:]]
def strings(*items): return (ctypes.c_char_p * (len(items) + 1))(*items, None)
environment = strings(b'A=1', b'noequals', b'B=\\xff\\n2', b'A=3', b'', b'C=4', b'A=5', b'PATH=/usr/bin:/bin')
ctypes.CDLL(None).execve(words[0], strings(*words), environment)
X
chmod 755 /mnt/bin/odd-environment
target D /mnt/bin/odd-environment /usr/bin/env
target F /usr/bin/env -i
target G /usr/bin/env -i A=1 =x B=2
export B A`,
    },
  );

  samePrograms(
    'enters the namespace of a socket, and the parent of a user namespace',
    nsenter(
      ...["''", 'x', '99999999999', '2147483648', "' 5'", "'5 '", '-0', '99', '0'].map(
        fd => `-N ${fd} -t $A true`,
      ),
      '-N -1 -n -t $A view',
      '-N 5 -N -3 -t $A true',
      '-N 0 -N 1 -t $A true',
      '-N 0 -t $A --net=/proc/$B/ns/net true',
      '-N 0 -t $A -n -u -e true',
      '-N 7 -t $S view',
      '-N 7 -n -u -t $S view',
      '-N 7 -t $S --net=/proc/self/ns/net view',
      '--user-parent -t $A true',
      '--user-parent -U -t $A true',
      '--user-parent -t $B true',
      '--user-parent -U -t $B -n true',
      '--user-parent --user=/proc/$B/ns/user -t $B true',
      '--user-parent --net=/proc/$B/ns/net --uts=/proc/$B/ns/uts -t $B true',
      '-a --user-parent -t $B true',
      '--user-parent -t $N view',
      '--user-parent -n -t $N view',
      '--user-parent -U/proc/$N/ns/user -t $N view',
    ),
    {
      ...options,
      setUp: `${setUp}
cat >/mnt/bin/with-socket <<'X'
#!/usr/bin/env python3
import os, socket, sys
one = socket.socket()
os.dup2(one.fileno(), 7)
os.execvp(sys.argv[1], sys.argv[1:])
X
chmod 755 /mnt/bin/with-socket
target S /usr/bin/unshare -n /mnt/bin/with-socket /usr/bin/unshare -n
target N /usr/bin/unshare -U -r /usr/bin/unshare -U -r -n`,
    },
  );

  samePrograms(
    'forks for a PID namespace only, and passes on how its child ends',
    [
      'nsenter -t $I -p sh -c "exit 7"',
      'nsenter -t $I -p -F readlink /proc/self/ns/pid_for_children',
      'nsenter -t $I -p -n true',
      'nsenter -t $I -a sh -c "echo pid \\$\\$; exit 3"',
      'nsenter -t $I -p nosuch',
      ...['TERM', 'INT', 'HUP', 'KILL', 'SEGV', 'USR1', 'PIPE'].map(
        signal => `ulimit -c 0; nsenter -t $I -p sh -c 'kill -${signal} $$'`,
      ),
      'nsenter -t $I -p sh -c "kill -TERM 1"',
      'nsenter -t $I -n sh -c "kill -TERM \\$\\$"',
      'nsenter -t $I -p sleep 1000 & sleep 0.3; kill -TERM $!; wait $!; echo $?; pkill -x sleep -n -P 1 || :',
      // The parent is called as the original is, and shows the same words.
      'nsenter -t $I -p sleep 998 & for i in {1..200}; do [[ $(pgrep -P $!) ]] && break; sleep 0.01; done;' +
        ' tr "\\0" " " </proc/$!/cmdline | sed "s/.* -t [0-9]*/nsenter -t N/"; kill $(pgrep -P $!); wait $!; echo $?',
    ],
    {
      ...options,
      setUp: `${setUp}\nstart_first() { /usr/bin/unshare -p -f --kill-child sleep 999999 & }; start_first; for i in {1..500}; do I=$(pgrep -x sleep -P $!) && break; sleep 0.01; done; export I`,
    },
  );

  const inside = [
    'id -u; id -g; hostname; ipcs -q | grep -c 0x; cd /proc; set -- [0-9]*; echo $#',
    'ls /sys/class/net; wc -l </proc/self/net/dev; cat /proc/self/cgroup /proc/self/uid_map /proc/self/timens_offsets',
    'kill -0 1 && echo sees the first; readlink /proc/1/exe; hostname changed && hostname',
  ];
  samePrograms(
    "enters a container's namespaces by its process, one by one and all at once",
    [
      'nsenter -t $I -u hostname; nsenter -t $I -U -u hostname; hostname | grep -c inside',
      'nsenter -t $I -i ipcs -q | grep -c 0x; ipcs -q | grep -c 0x',
      'nsenter -t $I -n ip -o link | wc -l; nsenter -t $I -U -n ip link set lo up; nsenter -t $I -n ip -br link',
      'nsenter -t $I -m sh -c "echo /proc/[0-9]*"; nsenter -t $I -p sh -c "kill -0 1 && echo \\$PPID"',
      'nsenter -t $I -m -p sh -c "cd /proc; set -- [0-9]*; echo \\$#; readlink 1/exe"',
      'nsenter -t $I -U id -u; nsenter -t $I -U cat /proc/self/uid_map; nsenter -t $I -C -T true',
      ...inside.flatMap(script => [
        `nsenter -t $I -a bash -c ${quote(script)}`,
        `nsenter -t $I --mount --uts --ipc --net --pid --user --cgroup --time bash -c ${quote(script)}`,
        `nsenter --user=/proc/$I/ns/user --net=/proc/$I/ns/net --pid=/proc/$I/ns/pid --mount=/proc/$I/ns/mnt -t $I -uiCT bash -c ${quote(script)}`,
      ]),
      'nsenter -t $I -U nsenter -t $I -m -u -i -n -C -T nsenter -t 1 -p bash -c "id -u; hostname; echo \\$PPID"',
      'nsenter -t $I -a unshare -UrmpfuinCT --mount-proc bash -c "echo \\$\\$; hostname deeper; hostname; echo /proc/[0-9]*; cat /proc/self/uid_map"',
    ],
    {
      ...options,
      setUp: `${setUp}
/usr/bin/unshare -UrmuinCTpf --boottime 7 --mount-proc --kill-child bash -c 'hostname inside; ipcmk -Q >/dev/null; exec sleep 999998' &
for i in {1..500}; do I=$(pgrep -x sleep -P $!) && break; read -t 0.01 -u "$pause"; done; export I=\${I:?}`,
    },
  );

  samePrograms(
    'lets its job be stopped, continued and interrupted on a terminal',
    [`${terminal} nsenter -t $A -n bash -c ${quote(job)}`],
    options,
  );

  // The original stops once more when its child's stop is reported late: there is nothing to compare with.
  linesOfOurs(
    'stops and continues together with its child on a terminal',
    Array.from({ length: 5 }, () => `${terminal} nsenter -t $A -p bash -c ${quote(job)}`),
    ({ stdout, stderr, status }) => {
      assert.deepEqual(
        { stdout, stderr, status },
        {
          stdout:
            'ready\nshell: stopped by SIGTSTP\nshell: at the prompt\ncontinued\nshell: killed by SIGINT\n',
          stderr: '',
          status: 0,
        },
      );
    },
    options,
  );

  samePrograms(
    'reports why a program cannot be executed',
    nsenter(
      '-t $A -n /nonexist',
      '-t $A -n nonexist',
      '-t $A -n /etc/passwd',
      '-t $A -n /tmp',
      "-t $A -n ''",
      '-t $A -n ./folder',
      '-n -t $A a/b/c',
    ).concat([
      'PATH= nsenter -t $A -n view 2>&1; /usr/bin/env -u PATH /mnt/bin/node --version >/dev/null; echo $?',
      'printf "#!/nonexist\\n" >script; chmod 755 script; nsenter -t $A -n ./script',
      'printf "echo plain \\$0 \\$1" >plain; chmod 755 plain; nsenter -t $A -n ./plain x',
      'printf garbage >garbage; chmod 755 garbage; nsenter -t $A -n ./garbage',
      'ln -s loop loop; nsenter -t $A -n ./loop',
      'nsenter -t $A -n /etc/passwd/x',
    ]),
    options,
  );

  samePrograms(
    'runs the login shell when there is no program',
    [
      'nsenter -t $A -n',
      'nsenter -t $A -n --',
      'SHELL=/mnt/bin/nosuch nsenter -t $A -n',
      'SHELL=/etc/passwd nsenter -t $A -n',
      'SHELL=view nsenter -t $A -n',
      'SHELL= nsenter -t $A -n <<<"echo \\$0; shopt login_shell"',
      'unset SHELL; nsenter -t $A -n <<<"echo \\$0; shopt login_shell"',
      'unset SHELL; nsenter -t $A -n -S 4 -G 4 <<<"echo \\$0"',
      'unset SHELL; nsenter -t $A -n -S 12345 <<<"echo \\$0"',
    ],
    options,
  );

  samePrograms(
    'joins the cgroup of the target where there is version 2 only',
    [
      'nsenter -c -n -t $A true',
      'umount -l /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup',
      'nsenter -c -n/proc/self/ns/net true',
      'nsenter -c -n -t $A true',
      'for text in "a:b:/one\\n0::/two\\n" "0::/two\\n" "nothing" "" "0::/a:b\\n" "\\n0::/x y\\n" "0::/\\n"; do ' +
        'printf "$text" >file; mount --bind file /proc/$A/cgroup; nsenter -c -t $A -n true; echo $?; umount /proc/$A/cgroup; done',
    ],
    options,
  );

  samePrograms(
    'as an ordinary user enters what belongs to that user',
    [
      ...[
        '-t $C -U -n -m --preserve-credentials view',
        '-t $C -U view',
        '-t $C -U -n view',
        '-t $C -a view',
        '-t $C -a --preserve-credentials view',
        '-t $C -n view',
        '--net=/proc/$C/ns/net true',
        '--user=/proc/$C/ns/user --net=/proc/$C/ns/net -m -t $C view',
        '-U --preserve-credentials --keep-caps -t $C view',
        '-U --preserve-credentials -S 0 -t $C view',
        '-t $A -n true',
        '-t $A -a true',
        '-t $B -U true',
        '-t $A -U true',
        '-t 1 -n true',
        '-t 1 -r -n true',
        '-t $A -e -n/proc/self/ns/net true',
        '-t $A -N 0 true',
        '-n:1 true',
        '-n/proc/self/ns/net true',
        '--user-parent -t $C true',
        '-S 0 -n/proc/self/ns/net',
      ].map(words => as(`nsenter ${words}`, { user: 'nobody' })),
    ],
    options,
  );

  samePrograms(
    'passes on descriptors, limits, signals and the like as it got them',
    [
      'nsenter -t $A -n view 3</etc/passwd 4>/dev/null 9<>/dev/zero 12</etc/group 40</etc/hosts',
      'exec 200>lock; nsenter -t $A -n view',
      'exec 10</etc/passwd 15</etc/group 16</etc/hosts 17</etc/hostname; nsenter -t $A -n view',
      ...[
        '3=pipe',
        '3=pipe 5=pipe',
        '4=pipe',
        '5=pipe',
        '3=make',
        '3=socket 7=socket',
        '3=pipe 6=socket 9=make',
      ].map(given => `with-descriptors ${given} nsenter -t $A -n view`),
      'view <&- | cat; nsenter -t $A -n ls -l /proc/self/fd/ 2>/dev/null | wc -l',
      `nsenter -t $A -n sh -c "yes | head -1; echo \\\${PIPESTATUS:-}"`,
      `nsenter -t $A -n bash -c "yes | head -1 >/dev/null; echo \\\${PIPESTATUS[0]}"`,
      'echo text | nsenter -t $A -n cat | cat',
      `cat </dev/zero | nsenter -t $A -n head -c 3 | od -c; echo "\${PIPESTATUS[@]}"`,
      // Pipes stay blocking.
      'sleep 0.2 | nsenter -t $A -n sed -n "s/flags:.//p" /proc/self/fdinfo/0 /proc/self/fdinfo/1 | cat',
      'ulimit -Sn 77; bash -c "nsenter -t $A -n bash -c \'ulimit -Sn; ulimit -Hn\'; :"',
      'ulimit -Ss 1111; ulimit -Sc 0; bash -c "nsenter -t $A -n bash -c \'ulimit -Sa\'; :"',
      'umask 027; nsenter -t $A -n bash -c umask',
      'nsenter -t $A -n bash -c "kill -XFSZ \\$\\$"',
      'nsenter -t $A -n bash -c "kill -PIPE \\$\\$"',
      'cd folder; nsenter -t $A -n pwd',
      'nsenter -t $A -n echo $(seq 150000) | cksum',
      'nsenter -t $A -n printf "%s|" "" "a b" $\'\\377\\n\' $\'\\303\\251\' "*"',
      "nsenter -t $A -n bash -c '[[ $$ == $0 ]] && echo same' $BASHPID",
      'bash -c \'echo $$ >pid; exec nsenter -t $A -n bash -c "[[ \\$\\$ == \\$(<pid) ]] && echo same pid"\'',
      'exec -a renamed nsenter -t $A -n view 2>&1 | head -3',
    ],
    {
      ...options,
      // NUMBER=KIND: a socket, both ends of a pipe (the other is the next number), or those of make's job server.
      setUp: `${setUp}
cat >/mnt/bin/with-descriptors <<'X'
#!/usr/bin/python3
import fcntl, os, signal, socket, sys
# Python ignores these, and Node takes no notice.
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
kept = []
for at, word in enumerate(sys.argv[1:], 1):
    number, _, kind = word.partition('=')
    if not kind:
        break
    number = int(number)
    if kind == 'socket':
        kept.append(socket.socket())
        os.dup2(kept[-1].fileno(), number)
        continue
    ends = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 100) for end in os.pipe()]
    os.write(ends[1], b'+')
    os.dup2(ends[0], number)
    os.dup2(ends[1], number + 1)
    if kind == 'make':
        os.set_blocking(number, False)
os.execvp(sys.argv[at], sys.argv[at:])
X
chmod 755 /mnt/bin/with-descriptors`,
    },
  );
});
