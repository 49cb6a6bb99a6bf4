/** What `ip netns` says and leaves behind when the kernel fails it in the middle, against the original. */
import { differential, type Step } from '../../support/twin.ts';

/** A line whose system call fails: the `when`-th of its name. */
const failing = (call: string, error: string, when: number | string, words: string): Step =>
  `$ strace -f -qq -o /dev/null -e inject=${call}:error=${error}:when=${when} ip ${words}`;

const options = { needs: ['strace'] as const };
const left = '$ ls /run/netns; grep -c /run/netns /proc/self/mountinfo';

describe('ip netns with failing system calls', function () {
  this.timeout(120_000);

  differential(
    'makes a name or leaves nothing of it',
    [
      failing('flock', 'EBUSY', 1, 'netns add a'),
      failing('unshare', 'ENOSPC', 1, 'netns add b'),
      left,
      // The run directory is shared by now, so the first mount(2) is that, the second binds the namespace.
      ...[1, 2].flatMap(when => [
        failing('mount', 'EPERM', when, 'netns add b'),
        failing('mount', 'EPERM', when, 'netns attach b 1'),
        left,
      ]),
      '$ umount -R -l /run/netns; rm -r /run/netns',
      ...[1, 2, 3, 4, 5].flatMap(when => [
        failing('mount', 'EPERM', when, 'netns add b'),
        left,
        '$ umount -R -l /run/netns; rm -r /run/netns',
      ]),
      failing('mount', 'EINVAL', '1+', 'netns add b'),
      failing('unlink', 'EBUSY', 1, 'netns delete b'),
      `$ strace -f -qq -o /dev/null -e inject=unlink:error=EBUSY -e inject=unshare:error=ENOSPC ip netns add c`,
      left,
    ],
    options,
  );

  differential(
    'does not run the program where it should not',
    [
      'netns add a',
      ...['netns exec a echo wrong', '-n a netns identify', '-all netns exec echo wrong'].flatMap(words => [
        failing('setns', 'EPERM', 1, words),
        failing('unshare', 'ENOMEM', 1, words),
        failing('mount', 'EPERM', 1, words),
        failing('mount', 'EPERM', 2, words),
      ]),
      failing('umount2', 'EPERM', 1, 'netns exec a echo right'),
      failing('umount2', 'EPERM', 1, '-n a netns identify'),
    ],
    options,
  );

  differential(
    'says that a socket, a device and a folder are no namespaces',
    [
      '$ mkdir -p /run/netns/folder && mknod /run/netns/device c 1 3',
      '$ python3 -c "import socket; socket.socket(socket.AF_UNIX).bind(\'/run/netns/socket\')"',
      ...['folder', 'device', 'socket'].flatMap(name => [
        `netns exec ${name} echo wrong`,
        `-n ${name} netns`,
        `link set lo netns ${name}`,
      ]),
      '$ rm -r /run/netns/folder /run/netns/device /run/netns/socket',
    ],
    {},
  );

  differential(
    'watches or says why not',
    [
      failing('/inotify_init', 'EMFILE', 1, 'netns monitor'),
      failing('inotify_add_watch', 'ENOSPC', 1, 'netns monitor'),
    ],
    options,
  );
});
