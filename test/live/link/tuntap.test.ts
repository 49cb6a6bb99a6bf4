import { differential } from '../../support/twin.ts';

const FRESH_SYS = '$ umount -l /sys; mount -t sysfs none /sys';

describe('ip tuntap', () => {
  differential('makes, shows and deletes persistent devices', [
    FRESH_SYS,
    'tuntap',
    '-j tuntap show',
    'tuntap add dev t0 mode tun',
    'tuntap add mode tap',
    'tuntap add t1 mode tap user root group daemon',
    'tuntap add name t2 mode tun pi one_queue vnet_hdr multi_queue user 65534 group 3',
    'tap a t3 m tap us 1 gr 2',
    'tuntap show',
    '-j tuntap list',
    '-j -p tuntap lst',
    '-c=always tuntap',
    'tap show dev t1',
    'tuntap del dev t0 mode tap',
    'tuntap del dev t0 mode tun',
    'tuntap delete t1 mode tap',
    'tuntap del nosuch mode tun',
    'tuntap',
  ]);

  differential('shows what is attached', [
    FRESH_SYS,
    'tuntap add t0 mode tun multi_queue',
    `$ exec 2>/dev/null; python3 -c '
import fcntl, os, struct, subprocess
fd = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(fd, 0x400454ca, struct.pack("16sH22x", b"t0", 0x1101))
for options in (["-d"], ["-d", "-j"], ["-d", "-j", "-p"]):
    text = subprocess.run(["ip", *options, "tuntap"], stdout=subprocess.PIPE).stdout.decode()
    print(text.replace(str(os.getpid()), "PID"))
'`,
  ]);

  differential('is silent about the descriptor by which it lists its own folder in /proc', [
    FRESH_SYS,
    'tuntap add t0 mode tun',
    '-d tuntap',
    '-d -j tuntap show',
    "tuntap add t1 mode ''",
    'tuntap add t1 mode t',
    'tuntap del t1 mode tu',
  ]);

  differential('says on stderr what sysfs does not show', ['tuntap add t0 mode tun', 'tuntap show']);

  differential('complains as the original does', [
    'tuntap add t0 mode tun',
    'tuntap add t0 mode tun',
    'tuntap add t0 mode tap',
    'tuntap add t3',
    'tuntap add',
    'tuntap add dev t5 mode foo',
    'tuntap add dev t5 mode',
    'tuntap add dev t5 mode tun mode tap',
    'tuntap add dev t5 mode tun user nosuch',
    'tuntap add dev t5 mode tun group nosuch',
    'tuntap add dev t5 mode tun user 5x',
    'tuntap add dev t6 mode tun user -1',
    'tuntap add dev t7 mode tun user 4294967295',
    'tuntap add dev aaaaaaaaaaaaaaaaaaaaa mode tun',
    'tuntap add dev t5 mode tun foo',
    'tuntap add dev t8 dev t9 mode tun',
    "tuntap add '' mode tun",
    'tuntap add a/b mode tun',
    'tuntap del t0 mode tun user root',
    'tuntap foo',
  ]);
});
