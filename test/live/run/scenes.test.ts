/**
 * `tsip run` in every surrounding in which a call may be: each line does what it does with the originals. The numbers say
 * how many calls the engine has made: calls that cannot reach it count nowhere, as those of another user.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { job } from '../../support/programs.ts';
import { repository } from '../../support/requirements.ts';
import { alone, line, servedDifferential, start, stop, until } from '../../support/twin.ts';

/** Eight calls whose readers wait for a line in a pipe; prints the length of an output, and how much more memory they take. */
const SLOW = `memory() { grep VmRSS /proc/\${TSIP_RUN%%:*}/status | tr -dc 0-9; }
ip -d -j route | wc -c
before=$(memory)
for n in {1..8}; do
  mkfifo hold$n
  (ip -d -j route | (head -c 1; touch reads$n; read <hold$n; wc -c) >out$n) &
done
for n in {1..8}; do until [ -e reads$n ]; do :; done; done
for turn in {1..20}; do ip -br link show lo; done | wc -l
after=$(memory)
for n in {1..8}; do echo >hold$n; done
wait
cat out* | sort -u | wc -l
echo $((after - before))
`;

const AS_NOBODY = 'setpriv --reuid 65534 --regid 65534 --clear-groups';
const NOBODY = `${AS_NOBODY} --inh-caps=-all`;

const DEVICES = ['link add v0 type veth peer name v1', 'link set v0 up'];

describe('a call inside tsip run', () => {
  servedDifferential(
    'is made where its caller is: folder, also one that is deleted or out of reach',
    [
      'netns add red',
      '$ mkdir -p there && cd there && ip -br link',
      '$ mkdir gone && cd gone && rmdir ../gone && ip -br link 2>/dev/null; ip netns exec red pwd 2>/dev/null; echo $?',
      '$ cd /mnt && ip netns exec red pwd',
      '$ mkdir net && touch net/blue && mount --bind /run/netns/red net/blue && cd net && nsenter --net=blue ip -br link && umount blue',
      '$ exec 7</run/netns/red; ip link add d0 netns /proc/self/fd/7 type ifb; ip link add d1 netns /dev/fd/7 type ifb; ip -n red -br link',
      // The engine keeps no folder in use.
      '$ mkdir busy && mount -t tmpfs none busy && cd busy && ip -br link && cd .. && umount busy && rmdir busy && echo free',
      '$ mkdir -p closed/inner && cd closed/inner && chmod 0 .. && ip -br link; chmod 755 ..',
    ],
    { served: 10, startedByThemselves: 2 },
  );

  servedDifferential(
    'sees the root folder and the mounts of its caller',
    [
      'netns add red',
      // The rights of a chroot are those outside; names are looked up inside.
      '$ mkdir root && mount --rbind / root && mount --make-rprivate root && mount -t tmpfs none root/run && chroot root /bin/sh -c "cd /; ip netns; ip -n red link"; umount -l root',
      '$ unshare -m sh -c "mount -t tmpfs none /run; ip netns; ip netns add blue; ip netns"; ip netns',
      '$ unshare -m sh -c "ip netns; ip -br link"',
      '$ unshare -m sh -c "umount /run/netns/red; ip -n red link; ip netns"',
      '$ unshare -m sh -c "mount -t tmpfs none /etc; ip -br link; ip route"',
      'netns exec red ip netns',
      '$ ip netns exec red sh -c "mount -t tmpfs none /mnt/work; ip -br link"',
    ],
    { served: 11, startedByThemselves: 10 },
  );

  servedDifferential(
    'has the rights of its caller',
    [
      ...DEVICES,
      line('link set v0 down', { user: 'nobody' }),
      line('-br link', { user: 'nobody' }),
      '$ setpriv --bounding-set -net_admin ip link set v0 down; ip -br link show v0',
      '$ setpriv --inh-caps -all --bounding-set -all ip netns add red; ip netns',
      '$ setpriv --no-new-privs ip -br link show v0',
      '$ setpriv --regid 1 --clear-groups ip -br link show v0',
      '$ setpriv --groups 7,8 ip -br link show v0',
      '$ unshare -U ip link set v0 down',
      '$ unshare -r ip link set v0 down',
      '$ unshare -rn sh -c "ip link set lo up; ip -br link"',
      '$ ip -br link show v0',
    ],
    { served: 8, startedByThemselves: 4 },
    { needs: ['root'] },
  );

  servedDifferential(
    'is of the user that su, runuser, setpriv and a set-user-ID program have made of its caller',
    [
      ...DEVICES,
      "$ su -s /bin/sh nobody -c 'id -u; ip -br link show v0; ip link set v0 down; ip netns add red; ip -br link show v0'; ip netns",
      "$ runuser -u nobody -- sh -c 'ip -br link show v0; ip link set v0 down; echo $?'",
      `$ ${NOBODY} env -i PATH="$PATH" ip -br link show v0; ${NOBODY} ip link set v0 down; echo $?`,
      // As another user, but with rights over the network.
      `$ ${AS_NOBODY} --inh-caps=-all,+net_admin --ambient-caps=-all,+net_admin ip link set v0 mtu 1400; ip -br link show v0`,
      `$ ${AS_NOBODY} --inh-caps=-all,+net_admin --ambient-caps=-all,+net_admin ip netns add red; echo $?; ip netns`,
      // And back, as by sudo: the right user, who may enter the engine, but with other groups.
      `$ cp "$(command -v setpriv)" become && chmod 4755 become && ${NOBODY} ./become --reuid 0 --regid 0 --groups 7 sh -c 'id -G; ip link set v0 down; ip -br link show v0'`,
      '$ ip -br link show v0',
    ],
    // What another user calls cannot reach the engine.
    { served: 6, startedByThemselves: 2 },
    { needs: ['root'] },
  );

  servedDifferential(
    'is made in the namespaces of its caller',
    [
      'netns add red',
      ...DEVICES,
      '$ unshare -n sh -c "ip link set lo up; ip -br addr; ip link add d0 type ifb; ip -br link show d0"; ip -br link show d0',
      '$ ip netns exec red sh -c "ip link set lo up; ip -br addr; ip link add d0 type ifb"; ip -n red -br link',
      '$ nsenter --net=/run/netns/red ip -br link show lo',
      '$ unshare -p -f ip -br link show lo',
      '$ unshare -p -f --mount-proc ip -br link show lo',
      '$ unshare -u -i -C ip -br link show lo',
      '$ ip netns exec red unshare -n nsenter --net=/run/netns/red ip -br link show lo',
      // The engine keeps no namespace alive: its devices are gone when it is deleted.
      '$ ip link set v1 netns red && ip netns exec red ip -br link show v1 && ip netns del red',
      until('link show v0', { status: 1 }),
      'netns',
    ],
    { served: 29, startedByThemselves: 1 },
  );

  servedDifferential(
    'follows the limits, the mask and the variables of its caller',
    [
      '$ (umask 077; ip netns add red); stat -c %a /run/netns/red; ip netns',
      '$ (ulimit -n 3; ip -br link) 2>/dev/null; (ulimit -c 0; ulimit -s 256; ip -br link)',
      '$ (ulimit -f 1; exec ip -br link show lo >file); echo $?; cat file',
      '$ NO_COLOR=1 ip -br link; env -u LC_ALL ip -br link; TZ=Asia/Tokyo ip -br link; LANG=C ip -br link',
      '$ env -i "$(command -v ip)" -br link',
      '$ ip -c -br link; COLORFGBG=";0" ip -c=always -br link',
    ],
    { served: 6, startedByThemselves: 4 },
  );

  servedDifferential(
    'prints where its caller prints, whatever is open',
    [
      ...DEVICES,
      '$ ip link >&-; echo $?; ip link show nope 2>&-; echo $?; ip link <&-; ip -br link <&- >&- 2>&-; echo $?',
      '$ ip link >/dev/full; echo $?; ip link show nope 2>/dev/full; echo $?',
      '$ exec 5</etc/passwd 6>file; ip -br link; ip netns; read word <&5; echo $word',
      '$ ip -br link >both 2>&1; ip link show nope >>both 2>&1; ip -br link >>both; cat both',
      '$ printf abcdef >file; exec 7<>file; ip -br link show lo >&7; cat file',
      '$ ip -br link | cat; ip link show nope 2>&1 | cat; ip -br link | (sleep 0.2; cat)',
      '$ set -o pipefail; yes "route add 10.0.0.0/8 dev v0" | head -n 0 | ip -batch -; echo $?',
      '$ (trap "" PIPE; ip -br link; ) | true; echo ${PIPESTATUS[1]}',
    ],
    { served: 18, startedByThemselves: 1 },
  );

  servedDifferential(
    'runs in the background, at the same time as others, and inside another run',
    [
      ...DEVICES,
      '$ for n in 1 2 3 4 5; do ip link add index 10$n d$n type ifb & done; wait; ip -br link | wc -l',
      '$ seq 40 | xargs -P 20 -I{} ip route add 10.0.0.{}/32 dev v0; ip route | wc -l',
      '$ sh -c "ip -br link show v0 & wait"; (ip -br link show v0 &) | cat; nohup ip -br link show lo 2>/dev/null',
      start('watch', 'monitor link'),
      'link set v0 down',
      stop('watch'),
    ],
    { served: 53, startedByThemselves: 1 },
  );

  alone(
    'is part of a job that a terminal stops, continues and interrupts',
    async sandbox => {
      const ends: string[] = [];
      for (const words of ['bash job', 'tsip run bash job']) {
        const { stdout, stderr } = await sandbox.run(`$ python3 terminal ${words}`, { timeoutMs: 60_000 });
        assert.equal(stderr, '');
        ends.push(stdout);
      }
      assert.match(ends[0]!, /stopped by SIGTSTP.*continued.*killed by SIGINT/s);
      assert.equal(ends[1], ends[0]);
    },
    {
      files: {
        job: `ip -br link show lo >/dev/null\n${job}\n`,
        terminal: readFileSync(resolve(repository, 'test/support/terminal.py'), 'utf8'),
      },
    },
  );

  alone(
    'waits for a slow reader alone, and in little memory',
    async sandbox => {
      await sandbox.run(
        '$ tsip link set lo up; for n in {0..29999}; do echo "route add 10.$((n / 65536)).$((n / 256 % 256)).$((n % 256)) dev lo"; done >lines; tsip -batch lines',
        { timeoutMs: 60_000 },
      );
      const { stdout, stderr } = await sandbox.run('$ tsip run bash slow', { timeoutMs: 120_000 });
      assert.equal(stderr, '');
      const [bytes, served, kinds, growth] = stdout.trim().split('\n').map(Number);
      assert.deepEqual([served, kinds], [20, 1]);
      // Much less than what is not read.
      assert.ok(growth! < (4 * bytes!) / 1024, `${growth} KiB for 8 times ${bytes} bytes`);
    },
    { files: { slow: SLOW } },
  );
});
