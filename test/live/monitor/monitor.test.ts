import { differential, type Mask, type Step, start, stop } from '../../support/twin.ts';

const quiet: readonly Step[] = ['$ echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6'];

const changes: readonly Step[] = [
  'link add v0 type ifb',
  'link set v0 up mtu 1400',
  'addr add 10.0.0.1/24 dev v0',
  'addr add 10.0.0.2/24 dev v0 valid_lft 1000 preferred_lft 500',
  'route add 10.5.0.0/16 via 10.0.0.9',
  'route add multicast 224.1.0.0/16 dev v0',
  'route add blackhole 10.6.0.0/16',
  'neigh add 10.0.0.9 lladdr 02:00:00:00:00:01 dev v0',
  'neigh del 10.0.0.9 dev v0',
  'rule add from 1.2.3.4 table 77',
  'rule del from 1.2.3.4 table 77',
  'nexthop add id 5 via 10.0.0.3 dev v0',
  'nexthop del id 5',
  'route del 10.5.0.0/16',
  'link set v0 down',
  'link set v0 name w0',
  'link set w0 up',
  'addr add 10.0.0.3/32 dev w0',
  'addr del 10.0.0.3/32 dev w0',
  'link del w0',
  'link add p0 type veth peer name p1',
  'link set p1 name q1',
  'link set q1 alias "the other end"',
  'netns add q',
  'link set q1 netns q',
  '-n q link set q1 mtu 1300',
  'link del p0',
];

/** Watches all changes with one monitor. */
function watching(
  command: string,
  steps: readonly Step[] = changes,
  mask: readonly Mask[] = [],
): readonly Step[] {
  return [...quiet, start('watch', command), ...steps, stop('watch', 'TERM', { mask })];
}

const moments: readonly Mask[] = [
  { pattern: /\d\d:\d\d:\d\d/g, because: 'the two sides run at different moments' },
  { pattern: /\d+ usec|\.\d{6}/g, because: 'the two sides run at different moments' },
];

describe('ip monitor', () => {
  for (const command of [
    'monitor link',
    'monitor label link address route nsid',
    '-d monitor li addr',
    '-o monitor link address route',
    '-br monitor link address',
    '-j monitor link',
    '-4 monitor address route',
    '-c=always monitor label link address route',
    'monitor all-nsid label link nsid',
    'monitor label neigh rule nexthop',
    'monitor r n ru nex',
    '-6 monitor rule address',
    'monitor label dev lo neigh rule',
    'monitor label dev lo link address route nsid',
  ]) {
    differential(`prints what ${command} does`, watching(command));
  }

  differential('prints the time of messages', [
    ...watching('-t monitor link', ['link add v0 type veth'], moments),
    ...watching('-ts monitor label link', ['link del v0'], moments),
  ]);

  differential('complains as the original does', [
    'monitor foo',
    'monitor s',
    'monitor all-nsidx',
    'monitor dev',
    'monitor dev nope',
    'monitor link dev',
    'monitor file',
    'monitor file /nope',
    'monitor file /dev/null',
    'monitor li file /dev/null',
    'monitor show',
  ]);

  differential('goes on after changes that it could not take', [
    ...quiet,
    start('watch', '-rcvbuf 5000 monitor link'),
    '$ kill -STOP $(<watch.pid)',
    '$ for mtu in {1001..1060}; do echo link set lo mtu $mtu; done | ip -batch -',
    '$ kill -CONT $(<watch.pid)',
    'link set lo mtu 2000',
    stop('watch', 'TERM'),
  ]);

  const heard = '$ until [ -s heard ]; do sleep 0.01; done; cat heard';

  for (const signal of ['INT', 'HUP', 'QUIT', 'PIPE']) {
    differential(`ends by SIG${signal} as the original does`, [
      ...quiet,
      start('watch', '$ exec ip monitor link >heard'),
      'link set lo up',
      heard,
      stop('watch', signal),
    ]);
  }

  differential('goes on after a SIGPIPE that its caller ignores', [
    ...quiet,
    start('watch', '$ trap "" PIPE; exec ip monitor link >heard'),
    '$ kill -PIPE $(<watch.pid)',
    'link set lo up',
    heard,
    stop('watch', 'TERM'),
  ]);

  for (const signal of ['INT', 'TERM', 'HUP']) {
    const blocked = `import os, signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIG${signal}])`;
    differential(`goes on after a SIG${signal} that its caller blocks`, [
      ...quiet,
      start('watch', `$ exec python3 -c '${blocked}; os.execvp("ip", ["ip", "monitor", "link"])' >heard`),
      `$ kill -${signal} $(<watch.pid)`,
      'link set lo up',
      heard,
      stop('watch', 'KILL'),
    ]);
  }
});
