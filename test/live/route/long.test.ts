/** Lists that are so long that another thread reads them while this one prints, compared with the original. */
import assert from 'node:assert/strict';
import { alone, differential } from '../../support/twin.ts';

/** Some 75 datagrams. */
const COUNT = 40_000;

const lines = [
  '$ ip link set lo up',
  `$ for ((i = 0; i < ${COUNT}; i++)); do echo "route add 10.$((i >> 8)).$((i & 255)).1 dev lo"; done | ip -batch -`,
];

describe('a long list', () => {
  differential('of routes is that of the original', [
    ...lines,
    'route',
    '-j route',
    '-o -d route show to root 10.7.0.0/16',
    'route show nosuch',
    '$ ip route | head -n 20000 | sha1sum',
    '$ ip route flush table main; ip route',
  ]);

  alone(
    'of routes is received by another thread from some datagram on',
    async sandbox => {
      for (const line of lines) assert.equal((await sandbox.run(line)).stderr, '');
      const { stdout } = await sandbox.run(
        '$ strace -f -qq -e trace=recvmsg -o trace ip route | wc -l; cut -d " " -f 1 trace | uniq -c | wc -l',
        { timeoutMs: 60_000 },
      );
      assert.equal(stdout, `${COUNT}\n2\n`);
    },
    { needs: ['root', 'strace'] },
  );
});
