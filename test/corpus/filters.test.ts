/** Lists by every filter: what a filter selects, and what of it is not shown because the filter has said it. */
import { linkMessages, original, requests } from '../support/capture/capture.ts';
import { needs } from '../support/requirements.ts';
import { assertSame, sweepTimeout } from '../support/sweep.ts';

interface Lists {
  /** Lines that make what is listed. */
  readonly made: readonly string[];
  /** The command that lists it, before the filters. */
  readonly show: readonly string[];
  readonly filters: readonly string[];
}

const LISTS: Readonly<Record<string, Lists>> = {
  routes: {
    made: [
      'route add 10.1.0.0/16 via 10.0.0.1 dev eth0 src 10.0.0.5 metric 7 proto static',
      'route add 10.2.0.0/16 via inet6 fd00::9 dev eth0',
      'route add 10.3.0.0/16 dev eth1 scope link realms 3/4 tos 0x10 proto 99',
      'route add 10.4.0.0/16 realms 4 nexthop via 10.0.0.1 dev eth0 nexthop via inet6 fd00::9 dev eth1 weight 3',
      'route add blackhole 10.5.0.0/16 metric 0',
      'route add 10.6.0.0/16 dev eth0 table 100',
      'route add local 10.7.0.1 dev lo table local scope host proto kernel',
      'route add 10.8.0.0/16 nhid 7',
      'route add default via 10.0.0.1 dev eth0 src 10.0.0.6',
      '-6 route add fd01::/16 via fd00::9 dev eth0 src fd00::5 metric 7 pref high',
      '-6 route add fd02::/16 dev eth1 from fd03::/16 proto static table 100',
      '-M route add 100 as 200 via inet 10.0.0.1 dev eth0',
      '-M route add 101 via inet6 fd00::9 dev eth1',
    ],
    show: ['route show', 'route show table all', '-6 route show', '-M route show', '-4 route show table 0'],
    filters: [
      ...['', 'via 10.0.0.1', 'via inet6 fd00::9', 'via inet 10.0.0.1', 'via fd00::9', 'via 10.0.0.0/24'],
      ...[
        'via inet6 fd00::/64',
        'via any',
        'via default',
        'via inet6 default',
        'src 10.0.0.5',
        'src fd00::5',
      ],
      ...['src 10.0.0.0/24', 'src any', 'dev eth0', 'oif eth1', 'iif eth0', 'metric 7', 'metric 0', 'mark 0'],
      ...[
        'realms 3/4',
        'realms 3/',
        'realms 4',
        'realms 0x30004',
        'realms 0',
        'tos 0x10',
        'tos 0',
        'proto static',
      ],
      ...['proto 99', 'proto all', 'proto 0', 'scope link', 'scope all', 'scope global', 'type blackhole'],
      ...[
        'type local',
        'type unicast',
        'type 0',
        'table 100',
        'table local',
        'table 0',
        'table all',
        'table main',
      ],
      ...[
        'root 10.0.0.0/8',
        'match 10.1.2.3',
        'exact 10.1.0.0/16',
        '10.1.0.0/16',
        'default',
        'exact default',
      ],
      ...[
        'to root fd00::/8',
        'to match fd01::1',
        'from fd03::/16',
        'from root fd00::/8',
        'from match fd03::1',
      ],
      ...['from any', 'from default', 'cached', 'table cache', 'root 0/0', 'root any', 'match any'],
      ...['via 10.0.0.1 dev eth0', 'table 100 dev eth0', 'proto static metric 7', 'realms 3/4 dev eth1'],
    ],
  },
  neighbours: {
    made: [
      'neigh add 10.0.0.1 dev eth0 lladdr 02:00:00:00:00:01',
      'neigh add 10.0.0.2 dev eth1 lladdr 02:00:00:00:00:02 nud reachable router proto static',
      'neigh add 10.0.0.3 dev eth0 nud failed',
      'neigh add 10.0.0.4 dev eth0 nud none proto 99',
      'neigh add 10.0.0.5 dev eth0 nud noarp extern_learn',
      'neigh add proxy 10.0.0.6 dev eth0',
      'neigh add proxy 10.0.0.7',
      'neigh add fd00::1 dev eth0 nud stale lladdr 02:00:00:00:00:03 managed',
    ],
    show: ['neigh show', '-4 neigh show', '-6 neigh show'],
    filters: [
      ...[
        '',
        'dev eth0',
        'dev eth1',
        'nomaster',
        'master br0',
        'unused',
        'nud all',
        'nud none',
        'nud failed',
      ],
      ...['nud permanent', 'nud noarp', 'nud reachable nud stale', 'nud 0', 'proxy', 'proxy dev eth0'],
      ...['proto static', 'proto 99', 'proto 0', 'proto all', 'proto unspec', 'to 10.0.0.0/30', '10.0.0.2'],
      ...['fd00::/8', 'any', 'default', 'dev eth0 proto 99', 'dev eth0 nud all to 10.0.0.3'],
    ],
  },
  rules: {
    made: [
      'rule add from 10.0.0.0/8 table 100 pref 5',
      'rule add to 10.1.0.0/16 iif eth0 oif eth1 table 200 pref 6 proto static',
      'rule add not fwmark 1/0xff tos 0x10 table main pref 7',
      'rule add uidrange 1-5 ipproto tcp sport 5-6 dport 80 table 100 pref 8',
      'rule add dscp 8 table 100 pref 9 suppress_prefixlength 0',
      'rule add l3mdev pref 10',
      'rule add tun_id 7 goto 20 pref 11',
      'rule add blackhole pref 12 realms 3/4',
      '-6 rule add from fd00::/8 flowlabel 5 table 100 pref 13',
    ],
    show: ['rule show', '-6 rule show'],
    filters: [
      ...[
        '',
        'from 10.0.0.0/8',
        'from 10.1.0.0/16',
        'from all',
        'to 10.1.0.0/16',
        'dst 10.0.0.0/8',
        '10.1.0.0/16',
      ],
      ...[
        'pref 5',
        'priority 6',
        'order 7',
        'tos 0x10',
        'dsfield 0',
        'fwmark 1',
        'fwmark 1/0xff',
        'fwmark 0',
      ],
      ...[
        'iif eth0',
        'dev eth0',
        'oif eth1',
        'l3mdev',
        'uidrange 1-5',
        'tun_id 7',
        'tun_id 0',
        'ipproto tcp',
      ],
      ...[
        'ipproto 0',
        'sport 5-6',
        'dport 80',
        'dport 80/0xffff',
        'dscp 8',
        'dscp 8/0x3f',
        'flowlabel 5',
        'not',
      ],
      ...['table 100', 'lookup main', 'table 0', 'proto static', 'proto all', 'from fd00::/8'],
    ],
  },
  'next hops': {
    made: [
      'nexthop add id 1 via 10.0.0.1 dev eth0 proto static',
      'nexthop add id 2 dev eth1',
      'nexthop add id 3 blackhole',
      'nexthop add id 4 group 1,5/2 type resilient buckets 8',
      'nexthop add id 5 group 1/3 fdb',
      'nexthop add id 6 via fd00::1 dev eth0 proto 99',
    ],
    show: ['nexthop show', '-6 nexthop show'],
    filters: [
      '',
      'dev eth0',
      'master br0',
      'groups',
      'fdb',
      'proto 99',
      'proto 4',
      'proto 0',
      'id 1',
      'id 4 dev eth0',
    ],
  },
  addresses: {
    made: [
      'addr add 10.0.0.1/24 dev eth0 label eth0:a brd +',
      'addr add 10.0.0.2/24 dev eth0 peer 10.0.0.3/32 scope link',
      'addr add 10.1.0.1/16 dev eth1 proto 9 metric 5',
      'addr add 10.2.0.1/16 dev eth1 valid_lft 100 preferred_lft 50',
    ],
    show: ['addr show'],
    filters: [
      ...[
        '',
        'dev eth0',
        'dev eth1',
        'to 10.0.0.0/8',
        'to 10.1.0.1',
        'scope link',
        'scope global',
        'scope all',
      ],
      ...['label eth0:*', 'label x', 'proto 9', 'permanent', 'dynamic', 'nodad', '-permanent', 'up', 'down'],
      ...['dev eth0 scope link', 'dev eth0 label eth0:a', 'dev eth0 to 10.0.0.0/8', 'dev eth1 proto 9'],
    ],
  },
};

const VIEWS = ['', '-j', '-d', '-j -d', '-N', '-o'];

const words = (line: string) => line.split(' ').filter(word => word !== '');

describe('lists by each filter are those of the original', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  for (const [title, { made, show, filters }] of Object.entries(LISTS)) {
    it(`of ${title}`, async function () {
      this.timeout(5 * sweepTimeout);
      // What asks for an object to be made is what reports it, too.
      const objects = made.flatMap(line => requests(original(words(line))));
      const replies = Buffer.concat([linkMessages(), ...objects]);
      const lines = show.flatMap(command =>
        filters.map((filter, index) => {
          const view = VIEWS[(index + command.length) % VIEWS.length]!;
          return words(`${view} ${command} ${filter}`);
        }),
      );
      await assertSame(lines, { replies });
    });
  }
});
