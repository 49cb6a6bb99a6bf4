/** `ip stats` compared with the original on the real kernel; test/corpus/stats.test.ts has counters of every kind. */
import { differential, line } from '../../support/twin.ts';

const NO_STATE = { state: false };

const world = [
  'link set lo up',
  'link add br0 type bridge',
  'link add v0 type veth peer name v1',
  'link set v0 master br0',
];

describe('ip stats', () => {
  differential(
    'shows groups, subgroups and suites of one device and of all',
    [
      ...world,
      'stats',
      'stats show',
      '-s stats',
      '-d stats',
      '-j stats',
      '-j -p stats show dev br0',
      '-o stats show dev br0',
      '-o stats show group offload',
      '-c=always stats show dev lo',
      'stats show dev lo',
      '-s stats show dev lo',
      '-s -s stats show dev lo',
      '-d stats show dev lo',
      '-h stats show dev lo',
      '-j -s stats show dev lo group link',
      ...['link', 'xstats', 'xstats_slave', 'offload', 'afstats'].flatMap(group => [
        `stats show group ${group}`,
        `stats show dev v0 group ${group}`,
      ]),
      'stats show dev v0 group offload subgroup cpu_hit',
      'stats show dev v0 group offload subgroup hw_stats_info',
      'stats show dev v0 group offload subgroup l3_stats subgroup cpu_hit',
      'stats show dev v0 group afstats subgroup mpls',
      'stats show dev br0 group xstats subgroup bridge',
      'stats show dev br0 group xstats subgroup bridge suite stp suite mcast',
      'stats show dev br0 group xstats subgroup bridge subgroup bond suite 802.3ad',
      'stats show dev v0 group xstats_slave subgroup bridge suite stp group link',
      'stats show dev lo group link group link group offload subgroup cpu_hit subgroup cpu_hit',
      'stats show dev if1 group link',
    ],
    NO_STATE,
  );

  differential(
    'has hardware count, or not',
    [
      ...world,
      'stats set dev lo l3_stats on',
      'stats show dev lo group offload',
      '-j stats show dev lo group offload',
      'stats set dev lo l3_stats on',
      'stats set dev lo l3_stats off',
      'stats show dev lo group offload',
      'stats set dev lo l3_stats',
      'stats set dev lo l3_stats xx',
      'stats set dev lo l3_stats o',
      'stats set dev lo l3_stats on l3_stats off',
      'stats set dev lo l3_stats on dev v0',
      'stats set dev lo dev lo',
      'stats set dev nope l3_stats on',
      'stats set dev if99 l3_stats on',
      'stats set dev nope x',
      'stats set l3_stats on',
      'stats set dev lo',
      'stats set',
      'stats set l3_stats on x',
      'stats set dev lo l3 on',
    ],
    NO_STATE,
  );

  differential(
    'refuses what makes no sense',
    [
      ...world,
      'stats x',
      "stats ''",
      'stats h',
      'stats help',
      'stats help x',
      'stats sh',
      'stats se',
      'stats list',
      'stats -d',
      'stats show help',
      'stats set help',
      'stats show h',
      'stats show lo',
      'stats show de lo',
      'stats show dev',
      'stats show dev nope',
      'stats show dev if99 group link',
      '-j stats show dev if99 group link',
      "stats show dev ''",
      'stats show dev lo dev v0',
      'stats show dev lo group link dev',
      'stats show group',
      'stats show subgroup',
      'stats show suite',
      'stats show group l',
      'stats show group xx dev nope',
      'stats show dev nope group xx',
      'stats show dev lo subgroup bridge',
      'stats show dev lo suite stp',
      'stats show group link subgroup x',
      'stats show group link suite x',
      'stats show group link suite x y',
      'stats show group junk',
      'stats show group junk y',
      'stats show group junk group',
      'stats show group junk suite x y',
      'stats show group junk subgroup x suite z group link',
      'stats show group offload subgroup mpls y',
      'stats show group offload subgroup mpls group link y',
      'stats show group offload subgroup cpu_hit subgroup junk suite x y',
      'stats show group xstats subgroup bridge suite junk suite stp y',
      'stats show group xstats subgroup bridge suite stp suite junk y',
      'stats show group junk help',
      'stats show group offload suite x',
      'stats show group offload subgroup cpu_hit suite x',
      'stats show group afstats subgroup mpls suite x',
      'stats show group xstats subgroup xx',
      'stats show group xstats subgroup bridge suite xx',
      'stats show group xstats subgroup bridge group link suite stp',
    ],
    NO_STATE,
  );

  differential(
    'counts the word show as one -s for the lines after it',
    ['', '-s', '-d', '-s -d', '-j'].map(options =>
      line(`${options} -batch -`, {
        stdin:
          'link show lo\nstats\nlink show lo\nstats show dev lo\nlink show lo\nstats show dev lo\nlink show lo\n',
      }),
    ),
    NO_STATE,
  );

  differential(
    'ends a batch where the original does',
    [
      'stats x',
      'stats show x',
      'stats show dev nope',
      'stats show group x',
      'stats set dev lo',
      'stats set dev lo l3_stats foo',
    ].map(words => line('-force -batch -', { stdin: `${words}\nstats show dev lo group link\n` })),
    NO_STATE,
  );
});
