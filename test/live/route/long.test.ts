/** Lists that are so long that another thread reads them while this one prints, compared with the original. */
import { differential } from '../../support/twin.ts';

/** Some 75 datagrams. */
const COUNT = 40_000;

describe('a long list', () => {
  differential('of routes is that of the original', [
    '$ ip link set lo up',
    `$ for ((i = 0; i < ${COUNT}; i++)); do echo "route add 10.$((i >> 8)).$((i & 255)).1 dev lo"; done | ip -batch -`,
    'route',
    '-j route',
    '-o -d route show to root 10.7.0.0/16',
    'route show nosuch',
    '$ ip route | head -n 20000 | sha1sum',
    '$ ip route flush table main; ip route',
  ]);
});
