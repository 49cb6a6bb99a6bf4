import { buildPreload, preloadPath } from '../../support/capture/preload.ts';
import { needs } from '../../support/requirements.ts';
import { differential } from '../../support/twin.ts';

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

  differential('finds the VRF of a process by its cgroup', [
    cgroups,
    // The hierarchy is the machine's: a folder of this run's own, and nothing left behind.
    '$ d=$(mktemp -d /run/cg/tsip-vrf-XXXXXX); mkdir -p $d/vrf/red/below; sleep 60 & p=$!; ' +
      'echo $p >$d/vrf/red/cgroup.procs; ip vrf identify $p; ip -j vrf id $p; ' +
      'echo $p >$d/vrf/red/below/cgroup.procs; ip vrf identify $p; ' +
      'echo $p >/run/cg/cgroup.procs; kill $p; wait $p 2>/dev/null; ' +
      'rmdir $d/vrf/red/below $d/vrf/red $d/vrf $d',
    'vrf identify',
    'vrf identify 1',
    'vrf identify x 1',
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

  // This kernel may lack VRF devices: a preloaded library reports one, and all else is the kernel's.
  describe('exec', () => {
    before(function () {
      needs(this, 'root', 'compiler');
      buildPreload('fake-rtnetlink');
    });

    const preload = `FAKE_REPLIES=$PWD/vrf LD_PRELOAD=${preloadPath('fake-rtnetlink')}`;
    const files = { vrf: vrfReply('red', 55) };
    const show = "sed -n 's,^0::.*/tsip-vrf-[^/]*,,p' /proc/self/cgroup";
    // The folder is this run's own; what is run in it is a child, and nothing is left behind.
    const inCgroup = (below: string, ...commands: string[]) =>
      `$ d=$(mktemp -d /run/cg/tsip-vrf-XXXXXX); mkdir -p $d${below}; ` +
      `(echo $BASHPID >$d${below}/cgroup.procs; export ${preload}; ${commands.join('; ')}) 2>&1 | ` +
      'sed "s,tsip-vrf-[^/ ]*,FOLDER,"; find $d -depth -type d -exec rmdir {} +';

    differential(
      'runs programs in cgroups of VRFs',
      [
        cgroups,
        inCgroup('', `ip vrf exec red ${show}`, `ip vrf e default ${show}`),
        inCgroup('/a/vrf/blue/below', `ip vrf exec red ${show}`),
        inCgroup('/a/vrf/blue', `ip vrf exec default ${show}`),
        inCgroup('/vrffoo', `ip vrf exec red ${show}`),
        'netns add n',
        inCgroup('', `ip -n n vrf exec red ${show}`),
        inCgroup('/n-ns/vrf/red', `ip -n n vrf exec default ${show}`),
        inCgroup(
          '',
          "ip vrf exec red sh -c 'exit 7'; echo $?",
          'ip vrf exec red nosuch; echo $?',
          'ip vrf exec red /etc/passwd; echo $?',
          "ip vrf exec red sh -c 'echo $0 $#' a b c",
        ),
        inCgroup(
          '',
          `printf '%s\\n' "vrf exec red ${show}" "vrf exec default ${show}" 'vrf exec red false' ` +
            "'vrf exec red nosuch' 'vrf identify' | ip -force -b -; echo $?",
        ),
      ],
      { files },
    );

    differential(
      'binds the sockets of a VRF to its device',
      [
        cgroups,
        inCgroup(
          '',
          `ip vrf exec red env -u LD_PRELOAD python3 -c '
import socket
made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
print(made.getsockopt(socket.SOL_SOCKET, 62)) # SO_BINDTOIFINDEX
'`,
        ),
      ],
      { files },
    );

    differential(
      'says which step failed',
      [
        cgroups,
        ...['1 EPERM', '1 EINVAL', '2 EINVAL'].map(what => {
          const [when, error] = what.split(' ');
          const inject = `-e trace=bpf -e inject=bpf:error=${error}:when=${when}`;
          return inCgroup('', `strace -f ${inject} -o /dev/null ip vrf exec red true; echo $?`);
        }),
      ],
      { files, needs: ['strace'] },
    );
  });

  differential('without a VRF ends in a batch as it does alone, but with another code', [
    "$ for l in 'exec nosuch true' 'show nosuch' 'exec x' 'pids nosuch'; do " +
      `printf 'vrf %s\\nlink show nosuch\\n' "$l" | ip -force -b -; echo $?; ip vrf $l; echo $?; done`,
  ]);
});

/** A message of a VRF device. */
function vrfReply(name: string, index: number): Buffer {
  const attribute = (type: number, payload: Buffer) => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(4 + payload.length, 0);
    head.writeUInt16LE(type, 2);
    return Buffer.concat([head, payload, Buffer.alloc(-payload.length & 3)]);
  };
  const table = Buffer.from([10, 0, 0, 0]);
  const info = Buffer.concat([attribute(1, Buffer.from('vrf\0')), attribute(2, attribute(1, table))]);
  const header = Buffer.alloc(32);
  header.writeUInt16LE(16, 4);
  header.writeUInt16LE(1, 18);
  header.writeInt32LE(index, 20);
  const message = Buffer.concat([header, attribute(3, Buffer.from(`${name}\0`)), attribute(18, info)]);
  message.writeUInt32LE(message.length, 0);
  return message;
}
