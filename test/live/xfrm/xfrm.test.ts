/** `ip xfrm` compared with the original: policies, and states that only have an SPI, which this kernel takes. */
import { differential, line, start, stop } from '../../support/twin.ts';

const NO_STATE = { state: false };
/** When a state or policy was made and used. */
const TIMED = {
  mask: [{ pattern: /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, because: 'the second in which it was made' }],
};

describe('ip xfrm', () => {
  differential(
    'reserves, shows, completes and deletes states',
    [
      'xfrm state',
      'xfrm state count',
      'xfrm state allocspi src 10.0.0.1 dst 10.0.0.2 proto esp min 256 max 256',
      'xfrm state allocspi src 10.0.0.1 dst 10.0.0.2 proto esp min 256 max 256',
      'xfrm state allocspi src fd00::1 dst fd00::2 proto ah mode tunnel reqid 7 seq 9 min 512 max 512',
      'xfrm state allocspi src 10.0.0.1 dst 10.0.0.3 proto comp min 100 max 100 mark 3 mask 7',
      '-0 xfrm state allocspi proto esp min 301 max 301',
      'xfrm state allocspi src 10.0.0.1 dst 10.0.0.4 proto comp min 70000 max 70001',
      'xfrm state allocspi src 10.0.0.1 dst 10.0.0.4 proto hao min 5 max 5',
      'xfrm state allocspi src 10.0.0.5 dst 10.0.0.6 proto esp min 300 max 300 dir in pcpu-num 0',
      'xfrm state',
      line('-s xfrm state', TIMED),
      line('-o -s xfrm state', TIMED),
      '-j xfrm state',
      '-d xfrm state list nokeys',
      '-4 xfrm state',
      '-6 xfrm state list',
      'xfrm state list proto esp',
      'xfrm state list src 10.0.0.0/24 mode transport',
      'xfrm state list dst fd00::/8 reqid 7',
      'xfrm state list spi 256',
      'xfrm state get src 10.0.0.1 dst 10.0.0.2 proto esp spi 256',
      'xfrm state get dst 10.0.0.9 proto esp spi 256',
      'xfrm state add src 10.0.0.1 dst 10.0.0.2 proto esp spi 256 enc cbc(aes) 0x00112233445566778899aabbccddeeff',
      'xfrm state update src 10.0.0.1 dst 10.0.0.2 proto esp spi 256 enc cbc(aes) 0x00112233445566778899aabbccddeeff',
      'xfrm state add src fd00::1 dst fd00::2 proto hao mode ro coa fd00::3',
      'xfrm state add src 10.0.0.1 dst 10.0.0.2 proto ipsec-any',
      'xfrm state count',
      '-s xfrm state count',
      'xfrm state delete dst 10.0.0.3 proto comp spi 100 src 10.0.0.1',
      'xfrm state delete src 10.0.0.1 dst 10.0.0.3 proto comp spi 100 mark 3 mask 7',
      'xfrm state delete src 10.0.0.1 dst 10.0.0.3 proto comp spi 100',
      'xfrm state flush proto ah',
      'xfrm state',
      '-s -s xfrm state deleteall proto comp',
      '-s -s xfrm state deleteall',
      'xfrm state count',
      'xfrm state flush',
      '-s -s xfrm state flush',
    ],
    NO_STATE,
  );

  differential(
    'makes, shows, changes and deletes policies',
    [
      'link add v0 type veth peer name v1',
      'xfrm policy add src 10.0.0.0/8 dst 10.1.0.0/16 dir out tmpl src 192.0.2.1 dst 192.0.2.2 proto esp mode tunnel',
      'xfrm policy add src 10.0.0.0/8 dst 10.1.0.0/16 dir out',
      'xfrm policy add src 10.0.0.0/8 dst 10.1.0.0/16 proto tcp sport 5 dport 6 dir in priority 7 action block flag localok icmp',
      'xfrm policy add src fd00::/8 dst ::/0 proto ipv6-icmp type 128 code 0 dir fwd mark 3 mask 7 if_id 9',
      'xfrm policy add dst 10.0.0.1 dev v0 proto gre key 1.2.3.4 dir out limit byte-soft 5 limit time-hard 1000',
      'xfrm policy add dir in ptype sub index 16 tmpl proto ah reqid 3 level use tmpl proto comp level required mode beet',
      'xfrm policy add dir in index 24 tmpl src 192.0.2.2 dst 192.0.2.1 proto esp spi 5 reqid 3 mode transport',
      'xfrm policy add dir in ctx system_u:object_r:ipsec_t:s0',
      'xfrm policy add dir in offload packet dev v0',
      'xfrm policy',
      line('-s xfrm policy', TIMED),
      line('-o -s xfrm policy', TIMED),
      '-j xfrm policy list',
      '-4 xfrm policy',
      '-6 xfrm policy',
      'xfrm policy list dir in',
      'xfrm policy list proto tcp sport 5',
      'xfrm policy list dev v0',
      'xfrm policy list nosock ptype sub',
      'xfrm policy get dir in index 24',
      'xfrm policy get src 10.0.0.0/8 dst 10.1.0.0/16 dir out',
      'xfrm policy get src 10.0.0.0/8 dst 10.1.0.0/17 dir out',
      'xfrm policy get src fd00::/8 dst ::/0 proto ipv6-icmp type 128 code 0 dir fwd mark 3 mask 7 if_id 9',
      'xfrm policy update src 10.0.0.0/8 dst 10.1.0.0/16 dir out priority 99',
      'xfrm policy count',
      '-s xfrm policy count',
      '-s -s xfrm policy count',
      'xfrm policy delete dir in index 24',
      'xfrm policy delete dir in index 24',
      'xfrm policy delete dst 10.0.0.1 dev v0 proto gre key 1.2.3.4 dir out',
      'xfrm policy',
      '-s -s xfrm policy deleteall dir out',
      '-s -s xfrm policy deleteall',
      'xfrm policy flush ptype sub',
      'xfrm policy flush',
      'xfrm policy',
    ],
    NO_STATE,
  );

  differential(
    'sets what holds for all policies',
    [
      'xfrm policy getdefault',
      'xfrm policy setdefault in block fwd allow out accept',
      'xfrm policy getdefault',
      'xfrm policy setdefault in accept',
      'xfrm policy getdefault',
      'xfrm policy set hthresh4 24 32 hthresh6 64 128',
      '-s -s xfrm policy count',
      'xfrm policy set hthresh4 33 32',
    ],
    NO_STATE,
  );

  differential(
    'ends a batch at the first list and the first failure',
    [
      line('-batch -', { stdin: 'xfrm state count\nxfrm state list\nxfrm state count\n' }),
      line('-force -batch -', { stdin: 'xfrm policy count\nxfrm policy\nxfrm state count\n' }),
      line('-force -batch -', { stdin: 'xfrm state delete\nxfrm state count\n' }),
      line('-batch -', {
        stdin: 'xfrm policy add dir in\nxfrm state flush\nxfrm policy get dir in index 3\nlink\n',
      }),
      line('-batch -', { stdin: 'xfrm state deleteall\nxfrm policy deleteall\nxfrm foo\nlink\n' }),
      'xfrm policy',
    ],
    NO_STATE,
  );

  differential(
    'takes the abbreviations of the original, and refuses as it does',
    [
      'x',
      'x s',
      'x p',
      'x p a dir in',
      'x p d dir in index 0',
      'x s al src 10.0.0.1 dst 10.0.0.2 proto esp min 256 max 256',
      'x s d src 10.0.0.1 dst 10.0.0.2 proto esp spi 256',
      'x s dela',
      'x p se hthresh4 32 32',
      'x p getd',
      'x m foo',
      'xfrm foo',
      'xfrm state foo',
      'xfrm policy foo',
      'xfrm state help',
    ],
    NO_STATE,
  );

  for (const [name, command] of Object.entries({
    everything: 'xfrm monitor',
    'states alone': 'xfrm monitor SA',
    'policies alone': '-o xfrm monitor nokeys policy',
    'all namespaces': 'xfrm monitor all-nsid',
  }))
    differential(
      `monitors ${name}`,
      [
        start('watch', command),
        'xfrm state allocspi src 10.0.0.1 dst 10.0.0.2 proto esp min 256 max 256',
        'xfrm policy add src 10.0.0.0/8 dst 10.1.0.0/16 dir in',
        'xfrm policy update src 10.0.0.0/8 dst 10.1.0.0/16 dir in priority 5',
        'xfrm policy delete src 10.0.0.0/8 dst 10.1.0.0/16 dir in',
        'xfrm policy add dir out',
        'xfrm policy setdefault in block',
        'xfrm state delete src 10.0.0.1 dst 10.0.0.2 proto esp spi 256',
        'xfrm state allocspi src 10.0.0.1 dst 10.0.0.2 proto esp min 257 max 257',
        'xfrm state flush',
        'xfrm policy flush',
        stop('watch'),
      ],
      NO_STATE,
    );
});
