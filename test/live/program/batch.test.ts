/** Batches compared with the original: forced ones, whose changes are gathered, must do and report what one line after the other would. */
import assert from 'node:assert/strict';
import { alone, differential, line } from '../../support/twin.ts';

const NAMES = ['v0', 'v1', 'w0', 'w1', 'br0', 'x'];

/** Lines that change links and what depends on them, some of them in vain; the same for the same seed. */
function changes(seed: number, count: number): string {
  let state = seed;
  const below = (limit: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 16) % limit;
  };
  const name = () => NAMES[below(NAMES.length)];
  const kinds: readonly (() => string)[] = [
    () => `link add ${name()} type veth peer name ${name()}`,
    () => `link add ${name()} netns far type veth peer name ${name()}`,
    () => `link add ${name()} type veth peer name ${name()} netns far`,
    () => `link add ${name()} type bridge`,
    () => `link add link ${name()} name ${name()} type vlan id ${1 + below(9)}`,
    () => `link add index ${200 + below(4)} name ${name()} type bridge`,
    () => `link set ${name()} ${['up', 'down'][below(2)]}`,
    () => `link set dev ${name()} mtu ${1300 + below(100)}`,
    () => `link set ${name()} address 02:00:00:00:00:0${below(9)}`,
    () => `link set ${name()} address 02:00:00:00:01`,
    () => `link set ${name()} master keep`,
    () => `link set ${name()} nomaster`,
    () => `link set ${name()} name ${name()}`,
    () => `link set ${name()} netns far`,
    () => `link set ${name()} group ${below(3)}`,
    () => `link set group ${1 + below(2)} up`,
    () => `link set ${name()} type bridge stp_state ${below(2)}`,
    () => `link set ${name()} alias a${below(9)}`,
    () => `link del ${name()}`,
    () => `addr add 10.0.${below(4)}.${below(3)}/24 dev ${name()}`,
    () => `addr del 10.0.${below(4)}.1/24 dev ${name()}`,
    () => `route add 10.${below(9)}.0.0/16 dev ${name()}`,
    () => `route add 10.${below(9)}.0.0/16 via 10.0.${below(4)}.9`,
    () => `neigh replace 10.0.0.9 lladdr 02:00:00:00:00:01 dev n0`,
    () => `nexthop add id ${1 + below(4)} dev n0`,
    () => `nexthop del id ${1 + below(4)}`,
    () => `rule add from 10.${below(9)}.0.0/16 table 7`,
    () => `rule add iif ${name()} table 7`,
    () => `netns exec far ip link del ${name()}`,
    () => 'rule show table 7',
    // Whether a carrier is there is a matter of time, so no devices are shown.
    () => `link show dev ${name()} type vcan`,
  ];
  // Changes are more frequent than what has them made at once.
  const length = kinds.length;
  return Array.from(
    { length: count },
    () => `${kinds[below(below(4) === 0 ? length : length - 3)]!()}\n`,
  ).join('');
}

describe('ip -batch', () => {
  for (const seed of [1, 2, 3, 4]) {
    differential(`a forced batch changes links as one line after the other would (${seed})`, [
      'netns add far',
      'link add n0 up type veth peer name n1',
      'link set n1 up',
      'link add keep address 02:00:00:00:00:01 up type bridge',
      line('-force -batch -', { stdin: changes(seed, 250), timeoutMs: 60_000 }),
    ]);
  }

  differential('a forced batch reports each failed line after what has failed in it', [
    'link add v0 type veth peer name v1',
    line('-force -batch -', {
      stdin: [
        'link add v0 type veth peer name v1',
        'addr add 10.0.0.1/24 dev v0',
        'addr add 10.0.0.1/24 dev v0',
        'link set nosuch up',
        'route add 10.1.0.0/16 dev v0',
        'route add 10.2.0.0/16 dev nosuch',
        'link set v0 name v1',
        'link set v0 address 02:00',
        'rule del table 99',
        'nexthop del id 7',
        'link show v0 up',
        'link del v0',
        'link del v0',
        'addr del 10.0.0.1/24 dev v1',
        '',
      ].join('\n'),
    }),
  ]);

  for (const force of ['', '-force ']) {
    differential(`some refusals end a batch: ip ${force}-batch`, [
      'link add v0 type veth peer name v1',
      ...[
        'neigh del 10.0.0.1 dev v0',
        'neigh add 10.0.0.1 lladdr 00:11 dev v0',
        'neigh get 10.0.0.1 dev v0',
        'ntable change name arp_cache dev v0 thresh1 5',
        'maddr del 33:33:00:00:00:09 dev nosuch',
        'addrlabel del prefix 1::/64 label 9',
        'token set ::5 dev lo',
      ].map(refused => line(`${force}-batch -`, { stdin: `link set v1 up\n${refused}\nlink show lo\n` })),
    ]);
  }

  for (const options of ['-j', '-j -p', '-j -force', ''])
    differential(`what goes to the same place stands in the same order: ip ${options} -batch`, [
      line(`$ ip ${options} -batch - 2>&1`, {
        stdin: 'link show lo\naddr show dev lo\nlink show nosuch\nroute\nlink nosuch\n',
      }),
    ]);

  const TEXTS = [
    ...[
      'link show lo\\',
      'link show lo\\\n',
      'link show nope\\\n',
      '\\',
      '\\\n',
      'link show lo\n\\\n\\\nlink show nope\\',
    ],
    ...['link show lo # x \\\nlink show nope\n', 'link show lo # x \\', 'link show nope\nlink show \\\n'],
    ...[
      'link show lo\\\\\nnope\n',
      'link show \\\r\nlo\n',
      'link sh\\ow lo\n',
      'link show lo\r\nlink show nope\r\n',
    ],
    ...[
      'link show lo\0nope\nlink show lo\n',
      '\0link show lo\nlink show nope\n',
      'link show \0\\\nlo\n',
      'link show lo\0',
    ],
    ...[
      'link show \\\nlo\0xx\nlink show lo\n',
      'link show "lo\0"\nlink show lo\n',
      'link show lo\0\\',
      'link show #\0\nlink\n',
    ],
    ...[
      'link show lo\\\0\nlink show lo\n',
      'link show \\\n\0\nlink show nope\n',
      'link \0show\0 nope\nlink show lo\n',
    ],
  ];
  differential(
    'ends lines at NULs, and continues them, as the original does',
    TEXTS.flatMap(stdin => ['', '-force '].map(force => line(`${force}-batch -`, { stdin }))),
    { state: false },
  );

  differential('ends where a file cannot be read', [
    '-batch .',
    '-force -batch /proc',
    '-batch /proc/self/mem',
    '-batch /nope',
    '$ ip -batch - 0>written',
    '$ ip -batch - </run',
  ]);

  differential('descriptors of many namespaces wait for a forced batch', [
    'netns add far',
    line('$ ulimit -Sn 96; ulimit -Hn 96; exec ip -force -batch -', {
      stdin: Array.from(
        { length: 200 },
        (_, index) => `link add v${index} type veth peer name w${index} netns far\n`,
      ).join(''),
      timeoutMs: 60_000,
    }),
    '$ ip -br link | wc -l',
    'netns exec far ip link set w199 up',
    line('-force -batch -', {
      stdin: Array.from({ length: 200 }, (_, index) => `link del v${index}\n`).join(''),
      timeoutMs: 60_000,
    }),
    'link',
  ]);

  alone('a driver has each line done before it writes the next', async sandbox => {
    const { stdout, stderr, status } = await sandbox.run(
      `$ mkfifo lines; tsip -force -batch lines & exec 5>lines
       await() { for ((turn = 0; turn < 1000; turn++)); do "$@" >/dev/null 2>&1 && return; read -t 0.01 <> <(:); done; echo "not: $*"; }
       echo 'link add v0 type veth peer name v1' >&5; await test -e /proc/sys/net/ipv4/conf/v0
       echo 'link set v0 up' >&5; await tsip addr add 10.0.0.1/24 dev v0
       echo 'route add 10.9.0.0/16 via 10.0.0.9 dev v0 onlink' >&5; await eval 'tsip route | grep 10.9'
       echo 'link del v0' >&5; await test ! -e /proc/sys/net/ipv4/conf/v0
       exec 5>&-; wait`,
    );
    assert.deepEqual({ stdout, stderr, status }, { stdout: '', stderr: '', status: 0 });
  });

  describe('of more than 1000 lines', () => {
    // Progress appears only in a program that has run for 100 ms, however fast the machine is.
    const WAIT = 'netns exec a sleep 0.2\n';
    const long = (count: number, rest = '') =>
      `${'link set lo up\n'.repeat(count - 1)}link set nosuch up\n${rest}`;

    alone('shows on a terminal how far it is, and leaves nothing of it there', async sandbox => {
      const { stdout: terminal } = await sandbox.run(
        `$ cat >lines; tsip netns add a; ${onTerminal} sh -c 'tsip -force -batch lines >out 2>&1 2>/dev/tty'; test ! -s out`,
        { stdin: `${WAIT}${long(1001)}`, env: { TSIP_HINTS: 'never' } },
      );
      const [before, progress = ''] = terminal.split(ERASE);
      assert.equal(before, '');
      assert.match(progress, /^\d+ lines, \d+\/s, [01] errors?$/);
      assert.equal(remaining(terminal), 'Cannot find device "nosuch"\nCommand failed lines:1002\n');
    });

    alone('shows it neither earlier nor in a pipe', async sandbox => {
      const short = await sandbox.run(`$ cat >lines; ${onTerminal} tsip -force -batch lines`, {
        stdin: long(1000),
        env: { TSIP_HINTS: 'never' },
      });
      assert.equal(
        short.stdout.replaceAll('\r\n', '\n'),
        'Cannot find device "nosuch"\nCommand failed lines:1000\n',
      );
      const { stdout, stderr } = await sandbox.run('-force -batch -', { stdin: long(5000) });
      assert.deepEqual([stdout, stderr], ['', 'Cannot find device "nosuch"\nCommand failed -:5000\n']);
    });

    alone('keeps out of the way of what goes to the same terminal', async sandbox => {
      const stdin = WAIT + long(1500, `link show lo\nnetns exec a echo from a program\n${long(1500)}rule\n`);
      const env = { TSIP_HINTS: 'never' };
      const quiet = await sandbox.run('$ cat >lines; tsip netns add a; tsip -force -batch lines 2>&1', {
        stdin,
        env,
      });
      const { stdout } = await sandbox.run(`$ ${onTerminal} tsip -force -color=never -batch lines`, { env });
      assert.match(stdout, /\d+ lines, /);
      const sorted = (text: string) => text.split('\n').sort();
      assert.deepEqual(sorted(remaining(stdout)), sorted(quiet.stdout));
    });
  });
});

/** Runs a program with all its descriptors on a terminal and copies what it writes. */
const onTerminal = "python3 -c 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)'";

const ERASE = '\r\u001b[K';

/** What stays on a terminal when lines have been erased. */
function remaining(terminal: string): string {
  const [last = '', ...erased] = terminal.replaceAll('\r\n', '\n').split(ERASE).reverse();
  const kept = erased.reverse().map(text => text.slice(0, text.lastIndexOf('\n') + 1));
  return [...kept, last].join('');
}
