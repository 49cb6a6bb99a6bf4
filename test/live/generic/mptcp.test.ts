/** `ip mptcp` in namespaces: endpoints, limits, and events of real connections. */
import { join } from 'node:path';
import { repository } from '../../support/requirements.ts';
import { differential, line, type Mask, start, stop, until } from '../../support/twin.ts';

const connect = `$ python3 ${join(repository, 'test/live/generic/connections.py')} mptcp`;

/** A socket of generic netlink has joined a multicast group. */
const listens = until(
  `$ awk '$2 == 16 && $4 != "00000000" { found = 1 } END { exit !found }' /proc/net/netlink`,
);

const random: readonly Mask[] = [
  { pattern: /(?<=token(=|":"0x))[0-9a-f]+/g, because: 'tokens are random' },
  { pattern: /(?<=[sd]port(=|":))(?!5000\b)\d+/g, because: 'ports of clients are chosen by the kernel' },
  { pattern: /\[\d{4}-\d\d-\d\dT[\d:.]+\]/g, because: 'the two sides run at different moments' },
];

describe('ip mptcp', () => {
  differential('changes and shows endpoints', [
    'link set lo up',
    'mptcp endpoint',
    '-j mptcp endpoint',
    'mptcp endpoint add 10.0.0.1',
    'mptcp endpoint add 10.0.0.2 dev lo id 7 subflow backup',
    'mptcp endpoint add fd00::1 port 8080 signal',
    'mptcp endpoint add fd00::2 fullmesh subflow laminar',
    'mptcp endpoint add 10.0.0.1',
    'mptcp endpoint add 10.0.0.4 dev a/b',
    'mptcp endpoint add 10.0.0.4 dev a.name.that.is.too.long',
    'mptcp endpoint show dev nothing',
    'mptcp endpoint add 10.0.0.3 id 7',
    'mptcp endpoint',
    '-d mptcp endpoint show',
    '-j mptcp endpoint',
    '-j -p mptcp e s',
    '-o mptcp endpoint',
    'mptcp endpoint show id 7',
    '-j mptcp endpoint show id 7',
    'mptcp endpoint show id 99',
    '-j mptcp endpoint show id 99',
    'mptcp endpoint show 10.0.0.1',
    'mptcp endpoint change id 7 nobackup',
    'mptcp endpoint change id 7 fullmesh',
    'mptcp endpoint change 10.0.0.1 backup',
    'mptcp endpoint change id 99 backup',
    'mptcp endpoint change',
    'mptcp endpoint',
    'mptcp endpoint del id 7',
    'mptcp endpoint del id 7',
    'mptcp endpoint del id 0 10.0.0.1',
    'mptcp endpoint',
    'mptcp endpoint flush',
    'mptcp endpoint',
  ]);

  // As the kernel's own test does (tools/testing/selftests/net/mptcp/pm_netlink.sh).
  differential('numbers endpoints as the kernel does: after the last, and from the beginning', [
    line('-force -batch -', {
      stdin: [...Array(9).keys()].map(host => `mptcp endpoint add 10.0.1.${host + 1} signal\n`).join(''),
    }),
    'mptcp endpoint',
    'mptcp endpoint flush',
    line('-batch -', {
      stdin: ['', '', ' id 100', '', ' id 254', '', '', '']
        .map((id, at) => `mptcp endpoint add 10.0.1.${at + 1}${id}\n`)
        .join(''),
    }),
    'mptcp endpoint',
    'mptcp endpoint flush',
    line('-batch -', {
      stdin: [...Array(40).keys()]
        .map(at => `mptcp endpoint add 10.0.0.9 id ${at + 216}\nmptcp endpoint del id ${at + 216}\n`)
        .join(''),
    }),
    'mptcp endpoint add 10.0.0.1',
    'mptcp endpoint',
    'mptcp limits set subflows 9 add_addr_accepted 1',
    'mptcp limits set subflows 8 add_addr_accepted 8',
    'mptcp limits',
  ]);

  differential('changes and shows limits', [
    'mptcp limits',
    '-j mptcp limits',
    'mptcp limits set subflows 4',
    'mptcp limits set add_addr_accepted 3',
    'mptcp limits set subflows 9',
    'mptcp limits set subflows 1 add_addr_accepted 2',
    'mptcp limits show',
    '-o mptcp limits',
    'mptcp limits set',
    line('-batch -', { stdin: 'mptcp limits set subflows 2\nmptcp limits\nmptcp endpoint add 10.0.0.1\n' }),
    line('-force -batch -', { stdin: 'mptcp limits set subflows 99\nmptcp limits\nmptcp limits set x 1\n' }),
    'mptcp endpoint',
  ]);

  for (const words of ['mptcp monitor', '-j mptcp monitor', '-o mptcp monitor', '-ts mptcp mon'])
    differential(`prints what happens to connections: ip ${words}`, [
      'link set lo up',
      start('watch', words),
      listens,
      connect,
      stop('watch', words.startsWith('-j') ? 'INT' : 'TERM', {
        mask: random,
        unordered: 'both ends of a connection report, in any order',
      }),
    ]);

  differential('monitors in vain, and ends with success', [
    start('watch', '-j mptcp monitor'),
    listens,
    stop('watch', 'TERM'),
    start('other', '-j -p mptcp monitor'),
    listens,
    stop('other', 'INT'),
  ]);
});
