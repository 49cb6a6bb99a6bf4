/** Dumps of routes, addresses and rules that one program saves and the other restores or shows. */
import { join } from 'node:path';
import { repository } from '../../support/requirements.ts';
import { quote } from '../../support/sandbox.ts';
import { differential } from '../../support/twin.ts';

/** The original on both sides; `ip` is the side's own program. */
const ORIGINAL = `$(${quote(join(repository, 'test/oracle.sh'))} --offline)/ip`;

const WORLD = [
  'link set lo up',
  'link add v0 type veth peer name v1',
  '$ for i in v0 v1; do ip link set $i up; done',
  'addr add 10.1.0.1/24 dev v0 label v0:x',
  'addr add 10.1.0.2/24 dev v0 brd +',
  'addr add fd01::1/64 dev v0 nodad',
  'route add 10.2.0.0/16 via 10.1.0.9 mtu 1400',
  'route add 10.3.0.0/16 dev v0 src 10.1.0.2 metric 5',
  'route add blackhole 10.4.0.0/16 table 100',
  'route add fd02::/64 nexthop via fd01::8 nexthop via fd01::9',
  'rule add from 10.0.0.0/8 table 100 prio 50',
  '-6 rule add fwmark 5/7 table 100 prio 60',
];

describe('saved dumps', () => {
  differential('go from one program to the other', [
    ...WORLD,
    ...[
      [ORIGINAL, 'ip'],
      ['ip', ORIGINAL],
    ].flatMap(([from, to]) => [
      `$ ${from} route save table all >routes; ${from} -6 route save >routes6; ${from} addr save >addresses; ${from} rule save >rules; ${from} -6 rule save >rules6`,
      `$ ${to} route showdump <routes; ${to} -6 route showdump <routes6; ${to} addr showdump <addresses`,
      `$ ${to} rule restore <rules; echo $?; ${to} -6 rule restore <rules6; echo $?`,
      `$ ${to} addr restore <addresses; echo $?`,
      '$ ip route flush table main; ip -6 route flush table main; ip route flush table 100; ip rule del prio 50; ip -6 rule del prio 60',
      `$ ${to} rule restore <rules; ${to} -6 rule restore <rules6`,
      `$ ${to} addr flush dev v0; ${to} addr restore <addresses; echo $?`,
      `$ ${to} route restore <routes; echo $?`,
      `$ ${to} route restore <routes6; echo $?`,
      'route show table all',
      '$ ip addr show dev v0; ip rule; ip -6 rule',
    ]),
  ]);

  differential('that are damaged are restored and shown up to the damage', [
    'link add v0 type veth peer name v1',
    '$ for i in v0 v1; do ip link set $i up; done; until ip link show v0 | grep -q LOWER_UP; do sleep 0.1; done',
    'addr add 10.1.0.1/24 dev v0',
    '$ for i in 2 3 4; do ip route add 10.$i.0.0/16 dev v0; done; ip route add 10.5.0.0/16 via 10.1.0.9',
    '$ ip route save >whole; size=$(stat -c %s whole); echo $size',
    ...[5, 40, 100, 200, -3].flatMap(end => [
      `$ head -c ${end} whole >cut; for i in 2 3 4 5; do ip route del 10.$i.0.0/16; done`,
      '$ ip route restore <cut; echo $?; ip route',
      '$ ip route showdump <cut; echo $?',
      '$ ip route restore <whole; echo $?',
    ]),
    // A message that ends in its header.
    "$ { cat whole; printf '\\x14\\0\\0\\0\\x18\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0'; tail -c +5 whole; } >short",
    '$ ip route showdump <short 2>&1 | sort; ip -j route showdump <short',
    // Attributes that do not end where their message does.
    "$ { cat whole; printf '\\x20\\0\\0\\0\\x18\\0\\0\\0aaaaaaaa\\2\\0\\0\\0\\xfe\\0\\0\\1\\0\\0\\0\\0\\xff\\xff\\0\\0'; tail -c +5 whole; } >trailing",
    '$ ip route showdump <trailing; ip route restore <trailing',
    "$ printf '\\x24\\x12\\x31\\x45\\x28\\0\\0\\0\\x18\\0\\0\\0aaaaaaaa\\2\\0\\0\\0\\xfe\\0\\0\\1\\0\\0\\0\\0\\x8\\0\\5\\0\\xa\\1\\0\\x9\\xff\\xff\\0\\0' >via; ip route restore <via",
    "$ { ip addr save; printf '\\x1c\\0\\0\\0\\x14\\0\\0\\0aaaaaaaa\\2\\0\\0\\0\\1\\0\\0\\0\\xff\\xff\\0\\0'; } | ip addr showdump",
  ]);

  differential('begin with their number', [
    '$ ip route save >routes; ip addr save >addresses',
    ...['route restore', 'route showdump', 'addr restore', 'addr showdump', 'rule restore'].flatMap(
      command => [
        `$ for end in 0 1 3; do head -c $end routes | ip ${command}; head -c $end addresses >cut; ip ${command} <cut; done`,
        `$ cat addresses | ip ${command}; ip ${command} <routes`,
        `$ cat routes | ip ${command}; ip ${command} <addresses`,
      ],
    ),
    '$ for object in route addr rule; do ip $object save >/dev/full; done',
  ]);
});
