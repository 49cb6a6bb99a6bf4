import { differential } from './twin.ts';

const cgroups = '$ mkdir -p /run/cg; mount -t cgroup2 none /run/cg';

describe('ip vrf', () => {
  differential('lists none and finds none where there is none', [
    'link add v0 type veth peer name v1',
    'vrf',
    'vrf show',
    'vrf lst',
    '-j vrf list',
    '-br vrf s',
    'vrf show v0',
    "vrf show ''",
    'vrf show aaaaaaaaaaaaaaaaaaaaaaa',
    'vrf pids v0',
    'vrf pids nosuch',
  ]);

  differential('tells the VRF of a process by its cgroup', [
    cgroups,
    // The hierarchy is the machine's: a folder of this run's own, and nothing left behind.
    '$ d=$(mktemp -d /run/cg/tsip-vrf-XXXXXX); mkdir -p $d/vrf/red/below; sleep 60 & p=$!; ' +
      'echo $p >$d/vrf/red/cgroup.procs; ip vrf identify $p; ip -j vrf id $p; ' +
      'echo $p >$d/vrf/red/below/cgroup.procs; ip vrf identify $p; ' +
      'echo $p >/run/cg/cgroup.procs; kill $p; wait $p 2>/dev/null; ' +
      'rmdir $d/vrf/red/below $d/vrf/red $d/vrf $d',
    'vrf identify',
    'vrf identify 1',
    'vrf identify 0x1',
  ]);

  differential('complains as the original does', [
    'vrf identify foo',
    'vrf identify 99999999',
    'vrf identify 1 2',
    'vrf identify -5',
    'vrf identify 0',
    "vrf identify ''",
    'vrf pids',
    'vrf pids red blue',
    'vrf show red blue',
    'vrf exec',
    'vrf exec red',
    'vrf exec nosuch true',
    'vrf foo',
    'vrf help',
  ]);
});
