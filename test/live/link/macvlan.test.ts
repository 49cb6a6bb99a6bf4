/** macvlan, macvtap and ifb on the real kernel. */
import { differential, line } from '../../support/twin.ts';

const modes = ['bridge', 'vepa', 'private', 'passthru', 'source'];
const shows = [
  '-d link show x0',
  '-d -j link show x0',
  '-br link show type macvlan',
  '-o -d link show type macvtap',
];

describe('links on top of a link', () => {
  for (const kind of ['macvlan', 'macvtap']) {
    differential(`${kind} is made in every mode`, [
      'link add eth9 address 02:00:00:00:00:09 type veth peer name eth8',
      ...modes.flatMap(mode => [
        `link add x0 link eth9 address 02:00:00:00:00:01 type ${kind} mode ${mode}`,
        ...shows,
        'link del x0',
      ]),
    ]);

    differential(`${kind} is changed`, [
      'link add eth9 type veth peer name eth8',
      'link set eth9 up',
      'link set eth8 up',
      `link add link eth9 name x0 address 02:00:00:00:00:01 type ${kind}`,
      'link set x0 up',
      '-d link show x0',
      `link set x0 type ${kind} mode source`,
      `link set x0 type ${kind} macaddr add 02:00:00:00:00:11`,
      `link set x0 type ${kind} macaddr add 02:00:00:00:00:12`,
      '-d link show x0',
      '-d -j -p link show x0',
      `link set x0 type ${kind} macaddr del 02:00:00:00:00:11`,
      `link set x0 type ${kind} macaddr set 02:00:00:00:00:21 02:00:00:00:00:22`,
      '-d link show x0',
      `link set x0 type ${kind} macaddr flush`,
      `link set x0 type ${kind} bcqueuelen 7`,
      '-d link show x0',
      `link set x0 type ${kind} mode bridge`,
      '-d link show x0',
      'link set x0 netns nothing',
      'netns add a',
      'link set x0 netns a',
      '-n a -d link show x0',
      'link del eth9',
      '-n a link show x0',
    ]);

    differential(`${kind} refuses what the original refuses`, [
      'link add eth9 type veth peer name eth8',
      `link add x0 type ${kind}`,
      `link add x0 link eth9 type ${kind} mode`,
      `link add x0 link eth9 type ${kind} mode nonsense`,
      `link add x0 link eth9 type ${kind} nonsense`,
      `link add x0 link eth9 type ${kind} mode bridge nopromisc`,
      `link add x0 link eth9 type ${kind} mode passthru nopromisc`,
      '-d link show x0',
      `link set x0 type ${kind} mode bridge`,
      `link add x1 link eth9 type ${kind}`,
      `link set eth9 type ${kind} mode bridge`,
      `link set x0 type ${kind} macaddr add x`,
      `link set x0 type ${kind} macaddr`,
      `link add x2 link lo type ${kind}`,
      `link add x2 link nothing type ${kind}`,
    ]);
  }

  differential('ifb is made, with its own queues', [
    'link add x0 type ifb',
    'link add x1 numtxqueues 3 numrxqueues 4 type ifb',
    'link set x0 up',
    '-d link show type ifb',
    '-d -j link show type ifb',
    line('-batch -', { stdin: 'link set x1 up\nlink show x1\nlink del x1\n' }),
    'link add x2 type ifb nonsense',
    'link',
  ]);
});
