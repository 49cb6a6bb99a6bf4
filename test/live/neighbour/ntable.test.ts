/** `ip ntable` compared with the original. */
import { differential, line, type Mask } from '../../support/twin.ts';

const DRAWN: readonly Mask[] = [
  {
    pattern: /(?<=reachable"?[: ] ?)\d+(?=,"base|,\s+"base| base)/g,
    because: 'the kernel draws it randomly',
  },
];
const CHANCE = { mask: DRAWN };
const COUNTS = {
  mask: [
    ...DRAWN,
    { pattern: /\d\d:\d\d:\d\d/g, because: 'the two sides run at different moments' },
    {
      pattern:
        /(?<=(entries|allocs|destroys|hash_grows|res_failed|lookups|hits|runs|fulls|ucast|mcast)"?[: ])\d+/g,
      because: 'all namespaces count together',
    },
  ],
};

describe('ip ntable', () => {
  differential('shows and changes parameters', [
    'link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02',
    line('ntable xyz', CHANCE),
    line('ntable', CHANCE),
    line('ntable show', CHANCE),
    line('ntable show dev v0', CHANCE),
    line('ntable show name arp_cache', CHANCE),
    line('ntable show name ndisc_cache dev lo', CHANCE),
    line('ntable show name nosuch', CHANCE),
    line('ntable show dev nosuch', CHANCE),
    line('ntable show dev v0 name arp_cache', CHANCE),
    line('ntable show foo', CHANCE),
    line('ntable show name', CHANCE),
    line('ntable show dev none', CHANCE),
    line('ntable show none', CHANCE),
    line('-4 ntable show dev lo', CHANCE),
    line('-j -4 ntable', CHANCE),
    line('-j -p -4 ntable', CHANCE),
    line('-o -4 ntable', CHANCE),
    line('-c -4 ntable', CHANCE),
    line('ntbl show dev lo name arp_cache', CHANCE),
    'ntable change',
    'ntable change name arp_cache',
    'ntable change name arp_cache thresh1 64',
    'ntable change name arp_cache thresh2 65 thresh3 66 gc_int 31000',
    'ntable change name arp_cache dev v0 base_reachable 31000 retrans 2000 gc_stale 61000 delay_probe 6000 queue 11 app_probes 1 ucast_probes 4 mcast_probes 5 mcast_reprobes 2 anycast_delay 1100 proxy_delay 900 proxy_queue 65 locktime 1100',
    'ntable change name arp_cache dev v0 thresh1 5',
    'ntable change name nosuch thresh1 5',
    'ntable change name arp_cache thresh1 foo',
    'ntable change name arp_cache thresh1 -1',
    'ntable change name arp_cache queue foo',
    'ntable change name arp_cache foo 5',
    'ntable change name arp_cache dev nosuch queue 5',
    'ntable change name arp_cache dev v0',
    'ntable change thresh1 5',
    'ntable change dev v0 queue 5',
    'ntable change name arp_cache thresh1',
    'ntable change name arp_cache name ndisc_cache thresh1 5',
    'ntable change name arp_cache thresh1 5 thresh1 6',
    'ntable change name ndisc_cache dev v0 reachable 5',
    line('ntable set name arp_cache thresh1 64', CHANCE),
    'ntable chg name arp_cache thresh1 64',
    'ntable change name arp_cache dev v0 queue 0',
    'ntable change name arp_cache dev v0 delay_probe 4294967295',
    'ntable change name arp_cache dev v0 delay_probe 4294967296',
    'ntable change name arp_cache dev v0 delay_probe 1',
    'ntable change name arp_cache t 64',
    'ntable change n arp_cache thresh1 64',
    line('-4 ntable', CHANCE),
    line('ntable change name arp_cache dev v0 queue 5', { user: 'nobody' }),
    line('-s -4 ntable show name arp_cache dev none', COUNTS),
    line('-s -j -4 ntable show name arp_cache dev none', COUNTS),
  ]);

  // So many that the kernel needs more than one datagram, unless it knows that a large one is received.
  const devices = Array.from({ length: 20 }, (_, at) => `link add v${at} type veth peer name w${at}\n`).join(
    '',
  );
  differential('shows all tables of many devices', [
    line('-batch -', { stdin: devices }),
    line('ntable', CHANCE),
    line('-j ntable', CHANCE),
    line('ntable show dev w19', CHANCE),
    line('ntable show name ndisc_cache', CHANCE),
  ]);
});
