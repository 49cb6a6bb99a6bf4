/** `ip netns` and `ip -n` against the original: names, ids, processes, messages, exit codes, mounts. */
import { differential, line, start, stop, until } from '../../support/twin.ts';

const long = 'x'.repeat(255);

/** A file that is no namespace among the names, which the original lists like one. */
const stale = '$ touch /run/netns/stale';

/** Peer groups of the mounts below /run, numbered as they appear: who sees whose mounts. */
const peers = `$ awk '$5 ~ "^/run" {
  for (field = 7; $field != "-"; field++) {
    split($field, part, ":")
    if (!(part[2] in number)) number[part[2]] = ++count
    $field = part[1] ":" number[part[2]]
  }
  print $5, $7, $8
}' /proc/self/mountinfo`;

describe('ip netns', () => {
  differential('abbreviates its commands as the original does', [
    ...['l', 'li', 's', 'sho', 'ls', 'lst', 'list-', 'a', 'd', 'del', 'i', 'p', 'e', 'se', 'at'].map(
      word => `netns ${word}`,
    ),
    ...['x', 'lists', 'addx', 'L', "''"].map(word => `netns ${word}`),
    'netns list and more',
    '-all netns list a/b',
  ]);

  differential('refuses bad names, whatever the command', [
    ...["''", '.', '..', 'a/b', '../x', `${long}x`].map(name => `netns add ${name}`),
    ...['list', 'list-id', 'help', 'add', 'set', 'delete', 'identify', 'pids', 'exec', 'attach', 'x'].map(
      word => `netns ${word} a/b`,
    ),
    '-all netns add a/b',
    ...['...', '-f', "'a b'", long].map(name => `netns add ${name}`),
    ['netns', 'add', 'caf\udce9'],
    ['netns', 'add', '"\\\n\t'],
    'netns list',
    '-j netns list',
    '-j -p netns list',
    '-o -br -c netns list',
    ['netns', 'delete', 'caf\udce9'],
    'netns exec -f ip netns identify',
    ['netns', 'exec', '"\\\n\t', 'ip', 'netns', 'identify'],
    '-all netns delete',
    'netns list',
    '-j netns list',
  ]);

  differential('misses its arguments as the original does', [
    ...['add', 'set', 'set a', 'delete', 'pids', 'exec', 'exec a', 'attach', 'attach a'].map(
      words => `netns ${words}`,
    ),
    ...['add', 'set', 'attach', 'pids', 'exec', 'identify a b'].map(words => `-all netns ${words}`),
    'netns identify 1 2',
    'netns pids a b',
  ]);

  differential('adds, attaches and deletes', [
    'netns add a ignored',
    'netns add a',
    'netns add b',
    peers,
    '$ ls -l /run/netns | cut -c1-10',
    ...['0', '-5', 'x', '1x', "''", '4294967297', '99999999', '-1', '0x7ffffff'].map(
      pid => `netns attach c ${pid}`,
    ),
    '$ ls /run/netns',
    start('inside', '$ exec ip netns exec a sleep 1000'),
    until('$ ip netns pids a | grep -q .'),
    '$ ip netns attach c $(<inside.pid)',
    '$ ip netns attach c $(<inside.pid)',
    '$ ip netns exec c ip netns identify; ip netns identify $(<inside.pid)',
    '$ [ "$(ip netns pids a)" = $(<inside.pid) ] && ip netns pids c | grep -c .',
    'netns delete a also ignored',
    'netns delete a',
    '$ ip netns identify $(<inside.pid)',
    'netns list',
    peers,
    'netns delete nothing',
    stale,
    'netns delete stale',
    '$ mkdir /run/netns/folder',
    'netns delete folder',
    '-all netns delete',
    'netns list',
    stop('inside', 'TERM'),
  ]);

  differential('makes the run directory its own shared mount, wherever it is', [
    '$ mount --make-shared /run',
    peers,
    'netns add a',
    peers,
    '$ umount -R -l /run/netns; rm -r /run/netns; mkdir /run/netns; mount -t tmpfs none /run/netns',
    'netns add b',
    peers,
    '$ mount --make-private /run/netns',
    'netns add c',
    peers,
    '$ umount -R -l /run/netns; rm -r /run/netns; mount --make-slave /run',
    'netns add d',
    peers,
    'netns exec d ip netns add inner',
    'netns list',
    'netns exec inner true',
    'netns exec d ip netns delete inner',
    peers,
  ]);

  differential('says what is wrong with the run directory', [
    '$ touch /run/netns',
    ...['list', 'add a', 'attach a 1', 'identify', 'pids a', 'delete a', 'set a 1'].map(
      words => `netns ${words}`,
    ),
    '-j netns list',
    '-all netns exec true',
    '-all netns delete',
    '$ rm /run/netns; mount -o remount,ro /run',
    ...['list', 'add a', 'identify', 'monitor'].map(words => `netns ${words}`),
    '-all netns exec true',
    '-all netns delete',
    '$ mount -o remount,rw /run; mkdir /run/netns; mount -o remount,ro /run',
    'netns add a',
    '-j netns list',
    '-j -p netns',
  ]);

  differential('lists files that are no namespaces, and says so twice', [
    'netns add a',
    stale,
    '$ mkdir /run/netns/folder',
    'netns list',
    '-j netns list',
    'netns list-id',
    'netns list-id target-nsid 9',
    ...['stale', 'folder'].flatMap(name => [
      `netns exec ${name} true`,
      `netns pids ${name}`,
      `netns set ${name} 3`,
      `-n ${name} link`,
    ]),
    'netns identify',
    '-all netns exec true',
  ]);

  differential('gives and shows ids', [
    'netns add a',
    'netns add b',
    'netns add c',
    'netns set a auto',
    'netns set a 5',
    'netns set b 7 ignored',
    ...['-1', 'x', "''", 'aut', '2147483648', '99999999999', '0x'].map(nsid => `netns set c ${nsid}`),
    'netns set nothing x',
    'netns set nothing 1',
    'netns set c 0x7fffffff',
    'netns list',
    '-j netns',
    '-j -p netns',
    'netns list-id',
    '-j netns list-id',
    '-j -p netns list-id',
    '-o netns list-id',
    'netns list-id nsid 7',
    '-j netns list-id nsid 2147483647',
    'netns list-id nsid 8',
    '-j netns list-id nsid 8',
    '$ touch /run/netns/also-a; mount --bind /run/netns/a /run/netns/also-a',
    'netns list',
    'netns list-id',
    'netns pids also-a',
    'netns exec a ip netns identify',
    'netns delete also-a',
    'netns delete a',
    'netns list-id nsid 7',
  ]);

  differential('shows the ids that another namespace gives', [
    'netns add a',
    'netns add b',
    'netns add c',
    'netns set a 0',
    'netns set c 10',
    '-n a netns set b 5',
    '-n a netns set c 6',
    'netns list-id target-nsid 0',
    '-j netns list-id target-nsid 0',
    '-j -p netns list-id target-nsid 0',
    'netns list-id target-nsid 0 nsid 10',
    'netns list-id nsid 0 target-nsid 10',
    '-j netns list-id target-nsid 10 nsid 0',
    'netns list-id target-nsid 9',
    '-j netns list-id target-nsid 9',
    'netns list-id target-nsid 9 nsid 0',
    '-n a netns list',
    '-n a netns list-id',
    '-n a link',
  ]);

  differential('names the namespaces that devices point into', [
    'netns add a',
    stale,
    'link show lo',
    'link add v0 type veth peer name v1 netns a',
    'link show v0',
    '-o link show v0',
    '-br link show v0',
    '-j link show v0',
    'addr show v0',
    '-n a link show v1',
    'netns add b',
    'link add v2 type veth peer name v3 netns b',
    'link show v2',
    'netns exec a ip link add v6 type veth peer name v7',
    'netns exec a ip link set v7 netns b',
    'netns list-id target-nsid 0',
    '-j netns list-id target-nsid 0',
    '-n a netns list-id',
  ]);

  differential('takes ids of another namespace for its own where the original does', [
    start('inside', '$ exec /usr/bin/unshare -n sleep 1000'),
    until('$ [ "$(readlink /proc/$(<inside.pid)/ns/net)" != "$(readlink /proc/self/ns/net)" ]'),
    'netns add without-id',
    'netns add a',
    stale,
    'netns set a 5',
    'netns add t',
    'netns set t 20',
    '$ ip netns attach u $(<inside.pid); ip netns set u 50',
    'netns list-id target-nsid 20 nsid 50',
    'netns delete u',
    'netns list-id target-nsid 20 nsid 50',
    '-j netns list-id target-nsid 20 nsid 50',
    '$ ip netns attach u $(<inside.pid); ip -n t netns set u 5; ip netns delete u',
    'netns list-id target-nsid 20',
    'netns list-id target-nsid 20 nsid 50',
    '$ ip netns attach own $$; ip -n t netns set own 20',
    'netns list-id target-nsid 20',
    '-j netns list-id target-nsid 20',
    stop('inside', 'TERM'),
  ]);

  differential('knows names in a batch as long as the original does', [
    // A namespace with an id and, at times, without a name.
    start('inside', '$ exec /usr/bin/unshare -n sleep 1000'),
    until('$ [ "$(readlink /proc/$(<inside.pid)/ns/net)" != "$(readlink /proc/self/ns/net)" ]'),
    'netns add a',
    stale,
    'netns add b',
    'netns set a 3',
    '$ ip netns attach c $(<inside.pid); ip netns set c 50; ip netns delete c',
    'link add v0 type veth peer name v1 netns a',
    ...[
      'list-id nsid 3|list-id nsid 3|list-id nsid 3|list-id nsid 3',
      'list-id nsid 50|list-id nsid 50|list-id nsid 3|list-id nsid 3|list-id nsid 3',
      'list-id|list-id',
      'list|list|list-id|list-id',
      'list-id nsid 50|attach c PID|list-id nsid 50|delete c|list-id nsid 50|list-id nsid 50',
      'attach c PID|list|delete c|list-id nsid 50|list-id nsid 50',
      'attach c PID|list-id nsid 50|list|delete c|list|list-id',
      'exec a ip link show v1|list-id nsid 3|exec a ip netns list|list-id nsid 3',
    ].map(
      batch =>
        `$ printf 'netns %s\\n' ${batch
          .split('|')
          .map(words => `"${words}"`)
          .join(' ')} | sed "s/PID/$(<inside.pid)/" | ip -b -`,
    ),
    line('-b -', {
      stdin: 'link show v0\nnetns list-id nsid 3\nlink show v0\nnetns list-id nsid 3\nlink show v0\n',
    }),
    stop('inside', 'TERM'),
  ]);

  differential('reports ids as they are given and lost, with names', [
    'netns add a',
    stale,
    start('watch', 'monitor nsid'),
    'netns set a 31',
    'netns add b',
    'netns set b 32',
    'netns delete a',
    // Namespaces that the kernel ends together end in any order.
    until('$ ! ip netns list-id | grep "nsid 31"'),
    'netns delete b',
    until('$ ! ip netns list-id | grep .'),
    stop('watch'),
  ]);

  differential('reads the words after list-id as the original does', [
    ...['nsid', 'target-nsid'].flatMap(word =>
      ['', 'x', '-1', '2147483648', "''", `0 ${word}`, `0 ${word} 1`].map(
        rest => `netns list-id ${word} ${rest}`,
      ),
    ),
    'netns list-id nsid x target-nsid y',
    '$ for words in t nsi help "nsid 0 help"; do ip netns list-id $words 2>/dev/null; echo $?; done',
    '$ ip netns help >/dev/null 2>&1; echo $?; ip netns h 2>/dev/null; ip -j netns help 2>/dev/null',
  ]);

  differential('identifies processes', [
    'netns identify',
    '-j netns identify',
    'netns add a',
    'netns identify',
    'netns exec a ip netns identify',
    ...['x', '-1', '+1', '1x', "' 1'", '0', '0001', '99999999', '99999999999999999999999', 'self'].map(
      pid => `netns identify ${pid}`,
    ),
    '$ ip netns exec a bash -c "ip netns identify \\$\\$; ip -j netns pids a >pids; grep -c . pids"',
    'netns pids nothing',
    '$ umount -l /proc; ip netns identify; ip netns pids a; ip netns list; mount -t proc proc /proc',
  ]);

  differential('watches names come and go', [
    // The original keeps its output back unless it goes to a terminal.
    start('watch', '$ exec script -qfec "ip netns mon" typed'),
    until('$ grep -qs inotify /proc/[0-9]*/fdinfo/*'),
    'netns add a',
    ['netns', 'add', 'caf\udce9'],
    'netns add a',
    'netns delete a',
    '$ mkdir /run/netns/folder; mv /run/netns/folder /run/netns/moved; rmdir /run/netns/moved',
    stale,
    until('$ grep -q stale typed'),
    stop('watch', 'TERM'),
    '$ grep -a "add\\|delete" typed | grep -v Script | od -c',
    '$ ls -ld /run/netns | cut -c1-10; ip netns monitor a/b',
  ]);

  differential('does as a user may', [
    'netns add a',
    ...[
      'netns list',
      'netns add x',
      'netns attach x 1',
      'netns delete a',
      '-all netns delete',
      'netns set a 3',
      'netns set nothing 3',
      'netns list-id',
      'netns identify',
      'netns identify 1',
      'netns pids a',
      'netns exec a true',
      'netns exec nothing true',
      '-all netns exec true',
      '-n a link',
      '-n nothing link',
    ].map(words => line(words, { user: 'nobody' })),
    stale,
    '$ chmod 0 /run/netns/stale',
    line('netns list', { user: 'nobody' }),
    '$ chmod 0 /run/netns',
    ...[
      'netns list',
      '-j netns',
      'netns add x',
      '-all netns exec true',
      '-all netns delete',
      'netns identify',
    ].map(words => line(words, { user: 'nobody' })),
    line('netns monitor', { user: 'nobody' }),
    '$ chmod 755 /run/netns; umount -R -l /run/netns; rm -r /run/netns',
    line('netns add x', { user: 'nobody' }),
    line('netns list', { user: 'nobody' }),
  ]);

  differential(
    'does all a user may want in a user namespace',
    [
      line(
        `$ /usr/bin/unshare -Urnm bash -c '
        ip netns add a; mount -t tmpfs none /run
        ip netns add a; ip netns add b; ip netns set a 4; ip netns list
        ip -n a link; ip -n a netns set b 9; ip -n a netns list-id
        ip netns exec a grep Cap /proc/self/status
        ip netns exec a grep -c " /sys .*sysfs a rw" /proc/self/mountinfo
        ip -all netns exec ls /sys/class/net
        ip netns exec a ip netns identify
        ip netns delete a; ip -all netns delete; ip netns list'`,
        { user: 'nobody' },
      ),
    ],
    { needs: ['root'] },
  );
});
