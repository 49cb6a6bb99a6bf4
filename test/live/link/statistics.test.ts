/** `ip link xstats` and `afstats`, and XDP programs, on the real kernel. */
import { join } from 'node:path';
import { repository } from '../../support/requirements.ts';
import { differential, line, type Mask } from '../../support/twin.ts';

const bridge = [
  'link add br0 type bridge mcast_stats_enabled 1',
  'link add v0 type veth peer name v1',
  'link set v0 master br0',
];

describe('ip link xstats', () => {
  differential(
    'shows the counters of bridges and their ports',
    [
      ...bridge,
      'link xstats type bridge',
      '-j link xstats type bridge',
      '-j -p link xstats type bridge_slave',
      'link xstats type bridge_slave',
      'link xstats type bridge_slave igmp',
      'link xstats type bridge mcast',
      'link xstats type bridge_slave mcast',
      '-j link xstats type bridge mcast stp',
      'link xstats type bridge mc',
      'link xstats type bond mcast',
      'link xstats type bridge_slave stp',
      'link xstats type bridge_slave dev v0',
      'link xstats type bridge_slave dev br0',
      'link xstats type bridge dev br0 igmp',
      'link xstats type bond',
      '-j link xstats type bond_slave lacp',
      'link x t bridge',
    ],
    { state: false },
  );

  differential(
    'refuses what makes no sense',
    [
      ...bridge,
      'link xstats',
      'link xstats help',
      'link xstats nonsense',
      'link xstats type',
      'link xstats type nonsense',
      'link xstats type veth',
      'link xstats type vxlan dev v0',
      'link xstats type bridge nonsense',
      'link xstats type bridge help',
      'link xstats type bond help',
      'link xstats type bridge dev',
      'link xstats type bridge dev nowhere',
      'link xstats type bridge ig',
    ],
    { state: false },
  );
});

describe('ip link afstats', () => {
  differential(
    'shows what a kernel without MPLS counts, and refuses what makes no sense',
    [
      ...bridge,
      'link afstats',
      '-j link afstats',
      'link afstats dev v0',
      'link afstats dev nowhere',
      'link afstats dev',
      'link afstats dev v0 dev v1',
      'link afstats v0',
      'link afstats help',
      'link af',
    ],
    { state: false },
  );
});

describe('an XDP program', () => {
  const pin = `python3 ${join(repository, 'test/live/link/pin-program.py')}`;
  const mask: readonly Mask[] = [
    { pattern: /(?<=\bid"?:? ?)\d+/g, because: 'the kernel numbers programs' },
    { pattern: /(?<=load_time"?:? ?)\d+/g, because: 'they are loaded one after the other' },
  ];
  const show = (words: string) => line(words, { mask });

  differential(
    'is attached, shown, replaced and detached',
    [
      ...bridge,
      '$ mkdir /run/bpf && mount -t bpf none /run/bpf',
      `$ ${pin} /run/bpf/one first && ${pin} /run/bpf/two '' && ${pin} /run/bpf/filter socket 1`,
      'link set v0 xdp pinned /run/bpf/one',
      show('link show v0'),
      show('-d link show v0'),
      show('-j link show v0'),
      show('-j -p -d link show v0'),
      show('-br link show v0'),
      show('addr show v0'),
      show('-j -d addr show v0'),
      'link set v0 xdp pinned /run/bpf/two',
      '-force link set v0 xdp pinned /run/bpf/two',
      show('-d link show v0'),
      'link set v0 xdpgeneric pinned /run/bpf/one',
      'link set v0 xdp pinned /run/bpf/filter',
      'link set v0 xdp off',
      show('link show v0'),
      'link set v0 xdpgeneric pinned /run/bpf/one verbose mtu 1400',
      show('-d link show v0'),
      'link set v0 xdpdrv off',
      'link set v0 xdpgeneric none',
      'link set v0 xdpdrv fd /run/bpf/one',
      show('-d link show v0'),
      'link set v0 xdp pinned /etc/passwd',
      'link add link v1 m0 xdpgeneric pinned /run/bpf/one type macvlan',
      show('-d link show m0'),
    ],
    { state: false, needs: ['root'] },
  );
});
