/**
 * What our programs were started with and must hand on, though Node changes it at its start: signals, limits,
 * descriptors, environment.
 */
import assert from 'node:assert/strict';
import { linesOfOurs, samePrograms } from '../../support/programs.ts';

const setUp = `
target A /usr/bin/unshare -m -u -i -n -C -T
ip netns add a
cat >/mnt/bin/with-signals <<'X'
#!/usr/bin/python3
# with-signals BLOCKED IGNORED PROGRAM...: numbers with commas between them.
import os, signal, sys
blocked, ignored = ([int(word) for word in words.split(',') if word] for words in sys.argv[1:3])
for number in range(1, 65):
    if number not in (9, 19, 32, 33):
        signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)
signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
os.execvp(sys.argv[3], sys.argv[3:])
X
chmod 755 /mnt/bin/with-signals
`;

/**
 * Every signal that can be ignored and blocked, but SIGCHLD, about which there is a separate test: the originals are
 * started by dash, which resets that one.
 */
const all = Array.from({ length: 64 }, (_, index) => index + 1)
  .filter(number => ![9, 17, 19, 32, 33].includes(number))
  .join();

const starters = [
  'nsenter -t $A -n',
  'nsenter -t $A -p',
  'unshare -u',
  'unshare -f',
  'unshare --forward-signals',
  'unshare --kill-child',
  'unshare --map-users=0:0:5',
  'ip netns exec a',
  'ip -all netns exec',
];

describe('a program in other namespaces', () => {
  const options = { setUp, requirements: ['root'] } as const;

  samePrograms(
    'finds signals ignored and blocked as they were',
    [
      ...['', '1,2,3,15', '13', '25', '10,12', '34,64', all].flatMap(set => [
        `with-signals '${set}' '' nsenter -t $A -n grep ^Sig[BI] /proc/self/status`,
        `with-signals '' '${set}' nsenter -t $A -n grep ^Sig[BI] /proc/self/status`,
      ]),
      ...starters.flatMap(words => [
        `with-signals 1,2,13,15,17,34 3,10,13,20,25 ${words} grep ^Sig[BI] /proc/self/status`,
        `with-signals '' 2,13 ${words} sh -c 'exit 3'`,
        `nohup ${words} sh -c 'kill -HUP $$; echo still here'`,
      ]),
      ...['', '-force'].map(
        force =>
          `printf 'netns exec a grep ^Sig[BI] /proc/self/status\\nnetns exec a sh -c "exit 4"\\nnetns\\n' | with-signals 1,2,17 3,13 ip ${force} -b -`,
      ),
      'with-signals "" 13 ip -o link | true; echo ${PIPESTATUS[@]}',
      'with-signals "" 13 nsenter -V | true; echo ${PIPESTATUS[@]}',
      '{ bash -c "ulimit -f 0; exec ip link show lo >file"; echo $?; } 2>/dev/null',
    ],
    options,
  );

  samePrograms(
    'finds the limit of open files as it was, also when it was set just before',
    [
      ...[...starters, 'ip netns exec a nsenter -t $A -n unshare -u'].map(
        words => `ulimit -Sn 33; exec ${words} sh -c 'ulimit -Sn; ulimit -Hn'`,
      ),
      'ulimit -n 64; exec nsenter -t $A -n sh -c "ulimit -Sn; ulimit -Hn"',
    ],
    options,
  );

  samePrograms(
    'finds closed what was closed',
    [
      ...['<&-', '>&-', '2>&-', '<&- >&- 2>&-'].flatMap(closing => [
        ...['nsenter -t $A -n', 'nsenter -t $A -p', 'unshare -f', 'ip netns exec a'].map(
          words => `${words} bash -c 'ls /proc/$$/fd >/mnt/work/fds' ${closing}; echo $?; cat fds`,
        ),
        `ip -o link ${closing}; echo $?`,
        `ip link show nothing ${closing}; echo $?`,
        `ip netns add x ${closing}; echo $?; ip netns del x ${closing}; echo $?`,
        ...['ip netns', 'ip -V', 'nsenter -V', 'nsenter --bogus', 'unshare --bogus'].map(
          words => `${words} ${closing}; echo $?`,
        ),
        `nsenter --help ${closing} >/dev/null; echo $?`,
      ]),
      ...['nsenter -V', 'ip -V', 'ip link', 'ip netns', 'nsenter --help'].map(
        words => `${words} >/dev/full; echo $?`,
      ),
      ...[
        'ip link show nothing',
        'ip link nonsense',
        'ip netns exec nothing true',
        'ip -n nothing link',
        'nsenter --bogus',
      ].map(words => `${words} 2>/dev/full; echo $?`),
    ],
    { ...options, timeoutMs: 240_000 },
  );

  // What the originals do was seen by running them without the shell script that starts them here.
  linesOfOurs(
    'has SIGCHLD ignored as it was, unless the original wants to wait for a child',
    [
      ...['ip netns exec a', 'nsenter -t $A -n', 'nsenter -t $A -p', 'unshare -u', 'unshare -f'].map(
        words => `with-signals '' 17 ${words} sed -n 's/^SigIgn:.*\\(.\\)....$/\\1/p' /proc/self/status`,
      ),
      "with-signals '' 17 ip -all netns exec sh -c 'exit 3'",
      "printf 'netns exec a true\nnetns\n' | with-signals '' 17 ip -force -b -",
    ],
    ({ stdout, stderr, status }, index) => {
      const ignored = ['1', '1', '0', '0', '0'];
      const isWaiting = index >= ignored.length;
      assert.deepEqual(
        [stdout.trim(), stderr, status],
        isWaiting
          ? [index === ignored.length ? 'netns: a' : '', 'waitpid: No child processes\n', 1]
          : [ignored[index], '', 0],
      );
    },
    options,
  );

  // While it runs, ours is Node, which takes the name and the words on when it has started; that of the original shows the
  // loader that the tests start it by.
  const watched = (command: string, signals: string) =>
    `{ ${command} ip netns monitor >monitored & for i in {1..1000}; do [[ $(</proc/$!/comm) == ip && $(tr "\\0" " " </proc/$!/cmdline) == "ip netns monitor"* ]] && break; sleep 0.01; done; ` +
    `tr "\\0" " " </proc/$!/cmdline | sed "s/ *$//"; ${signals}; wait $!; echo " $?"; } 2>/dev/null`;
  linesOfOurs(
    'is known by its name and words, and ended by the signals that end the original',
    [
      watched('', 'kill -USR1 $!'),
      watched('', 'kill -TERM $!'),
      watched('with-signals "" 1,10,15', 'kill -HUP $!; kill -USR1 $!; kill -TERM $!; kill -USR2 $!'),
    ],
    ({ stdout }, index) =>
      assert.equal(stdout, `ip netns monitor ${[128 + 10, 128 + 15, 128 + 12][index]}\n`),
    options,
  );

  const forNode =
    'NODE_EXTRA_CA_CERTS=/x NODE_CHANNEL_FD=3 NODE_OPTIONS= NODE_DEBUG=module,fs NODE_PATH=/x NODE_UNIQUE_ID=3 ' +
    "NODE_ICU_DATA=/x NODE_V8_COVERAGE=/x OPENSSL_CONF=/etc/passwd TSIP_START='a b' NODE_=1 NODE=2";

  samePrograms(
    'has the environment that there was, and nothing that was meant for it is obeyed before',
    [
      ...starters.map(words => `${forNode} ${words} /usr/bin/env | grep -e NODE -e TSIP -e SSL | sort`),
      'A=$(printf %0100000d 0) B=$A; export A B; ip netns exec a bash -c "echo \\${#A} \\${#B}"',
    ],
    options,
  );

  linesOfOurs(
    'has it in the same order, and whatever it holds',
    [
      ...starters.map(
        words =>
          `export ${forNode}; odd-environment $(type -P ${words.split(' ')[0]}) ${words.replace(/^\w+/, '')} ` +
          "/bin/cat /proc/self/environ | sed -z '1s/^\\n*netns: a\\n//' >ours; " +
          'odd-environment /bin/cat /proc/self/environ | cmp - ours && echo same',
      ),
      'ulimit -Sn 9; exec ip netns exec a sh -c "ulimit -Sn"',
    ],
    ({ stdout, stderr }, index) =>
      assert.deepEqual([stdout, stderr], [index < starters.length ? 'same\n' : '9\n', '']),
    {
      setUp: `${setUp}
cat >/mnt/bin/odd-environment <<'X'
#!/usr/bin/python3
import ctypes, os, sys
def strings(words): return (ctypes.c_char_p * (len(words) + 1))(*words, None)
odd = [b'A=1', b'noequals', b'=x', b'B=\\xff\\n2', b'A=3', b'', b'\\1=1', b'NODE_X', b'TSIP_START=']
own = [os.fsencode(f'{name}={value}') for name, value in os.environ.items()]
words = [os.fsencode(word) for word in sys.argv[1:]]
ctypes.CDLL(None).execve(words[0], strings(words), strings(odd + own))
X
chmod 755 /mnt/bin/odd-environment`,
      requirements: ['root'],
    },
  );
});
