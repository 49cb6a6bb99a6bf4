/** Files of names in which every number with a built-in name has another one: in every place where it is printed or read. */
import { differential, type Step } from '../../support/twin.ts';

/** Names `PREFIX-NUMBER` for numbers, as a file of names has them. */
function renamed(prefix: string, numbers: readonly number[], hexadecimal = false): string {
  return numbers
    .map(number => `${hexadecimal ? `0x${number.toString(16)}` : number}\t${prefix}-${number}\n`)
    .join('');
}

const PROTOCOLS = [0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 42, 186, 187, 188, 189, 192, 99];
const FILES = {
  rt_tables: renamed('table', [0, 253, 254, 255, 77]),
  rt_protos: renamed('protocol', PROTOCOLS),
  rt_scopes: renamed('scope', [0, 200, 253, 254, 255, 7]),
  rt_realms: renamed('realm', [0, 5, 6]),
  rt_dsfield: renamed('field', [0, 4, 8, 0x10, 0x28], true),
  rt_addrprotos: renamed('address-protocol', [0, 1, 2, 3, 9]),
  group: renamed('group', [0, 5]),
  nl_protos: renamed('netlink', [0, 4]),
  'protodown_reasons.d/reasons.conf': renamed('reason', [0, 3]),
};

/** Makes what has numbers with names. */
const WORLD: readonly Step[] = [
  '$ echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6',
  'link set lo up',
  'link add v0 type ifb',
  'link set v0 up',
  'link set v0 group group-5',
  'addr add 10.0.0.1/24 dev v0 scope scope-7 proto address-protocol-9',
  'addr add 10.0.0.2/24 dev v0 proto 2',
  'addr add 10.0.0.3/24 dev v0 proto kernel_ra',
  'route add 10.5.0.0/16 dev v0 proto protocol-99 scope scope-253 table table-77',
  'route add 10.6.0.0/16 dev v0 proto static scope link realm realm-5',
  'route add 10.7.0.0/16 dev v0 proto 4 scope 253 tos field-16',
  'route add 10.8.0.0/16 dev v0 table main proto kernel',
  'route add 10.9.0.0/16 dev v0 table table-254',
  'route add blackhole 10.10.0.0/16 table local realms realm-5/realm-6',
  'rule add from 1.2.3.4 table table-255 protocol protocol-3 tos field-4 realms realm-6',
  'rule add from 1.2.3.5 table local protocol boot',
  'rule add from 1.2.3.6 table 77 suppress_ifgroup group-5',
  'neigh add 10.0.0.9 lladdr 02:00:00:00:00:01 dev v0 proto protocol-4',
  'nexthop add id 5 dev v0 proto protocol-2',
  'link set v0 protodown on protodown_reason reason-3 on',
];

const LISTS: readonly Step[] = [
  'link',
  'addr',
  'route',
  'route show table all',
  'route show table table-255',
  'route show table local',
  'route show proto protocol-2',
  'route show proto kernel',
  'route show scope scope-253',
  'route show scope link table all',
  'route show tos field-16',
  'rule',
  'rule show table table-77',
  'rule show protocol protocol-3',
  'neigh',
  'neigh show proto protocol-4',
  'nexthop',
  'nexthop show proto protocol-2',
  'addr show scope scope-7',
  'addr show scope global',
  'addr show proto address-protocol-9',
  'addr show proto kernel_ra',
  'link show group group-5',
  'link show group default',
  'route get 10.0.0.9',
  'link show dev v0',
];

/** Files in both folders and in folders below them: what hides what, and what ends the reading of a file. */
const FOLDERS = `
mount -t tmpfs none /usr/share; mount -t tmpfs none /etc/iproute2
for table in rt_tables rt_protos rt_addrprotos protodown_reasons group rt_realms rt_dsfield rt_scopes; do
  mkdir -p /usr/share/iproute2/$table.d /etc/iproute2/$table.d
done
cd /usr/share/iproute2
put() { printf -- "$2" >"$1"; }
put rt_tables '253 vdefault\\n70 v70\\n71 v71\\n72 twice\\n73 twice\\n328 twice\\n74 v74\\n74 again74\\n'
put rt_tables.d/a.conf '71 a71\\n75 a75\\n'; put rt_tables.d/b.conf '76 b76\\n'
put rt_tables.d/.h.conf '77 hidden\\n'; put rt_tables.d/c.txt '78 txt\\n'
put /etc/iproute2/rt_tables.d/b.conf '79 etcb79\\n70 etcb70\\n'
put rt_protos '50 vendor50\\n'
put /etc/iproute2/rt_protos '  50 p50\\n# comment\\n\\n0x33 p51 more\\n52 p52\\nbad line\\n53 p53\\n'
put rt_protos.d/x.conf '54 pd54\\n300 big\\n-1 minus\\n4 st\\n'; put /etc/iproute2/rt_protos.d/y.conf '55\\n56 pd56\\n'
put rt_addrprotos '5 ap5\\n0 apzero\\n'; put rt_addrprotos.d/z.conf '6 apd6\\n'
put /etc/iproute2/rt_addrprotos.d/z2.conf '5 apd5\\n'
put group '5 g5\\n6 g6\\n6 g66\\n'; put group.d/x.conf '7 gd7\\n'
put rt_realms '5 r5\\n'; put rt_realms.d/x.conf '6 rd6\\n'
put rt_dsfield '0x10 f10\\n0x10 f10b\\n20 dec20\\n0x00 zero\\n0x30 same\\n0x40 same\\n'; put rt_dsfield.d/x.conf '0x50 fd\\n'
put rt_scopes '7 s7\\n'; mkdir /etc/iproute2/rt_scopes
put protodown_reasons.d/r.conf '2 vr2\\n'; put /etc/iproute2/protodown_reasons.d/e.conf '3 er3\\n'
cd /mnt/work
`;

/** A line that has those files. */
const among = (commands: string) => `$ unshare -m bash -c '. ./folders; ${commands}'`;

/** A batch of the things that numbers of those files are given to, by number and by name. */
const NUMBERED = [
  'link set lo up',
  ...[70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 253, 328].map(table => `rule add from 1.1.1.1 table ${table}`),
  ...[4, 50, 51, 52, 53, 54, 55, 56, 44, 255].map(
    number => `rule add from 1.1.2.1 protocol ${number} table 70`,
  ),
  ...[0, 4, 8, 5, 12, 16, 20].map(dscp => `rule add from 1.1.3.1 dscp ${dscp} table 70`),
  ...'vdefault v70 etcb70 v71 a71 twice v74 again74 etcb79 default'
    .split(' ')
    .map(t => `rule add iif lo table ${t}`),
  ...'p50 p52 pd54 st'.split(' ').map(protocol => `rule add iif lo protocol ${protocol} table 70`),
  ...'f10b dec20 same fd zero'.split(' ').map(dscp => `rule add iif lo dscp ${dscp} table 70`),
  ...[0, 1, 5, 6, 7].map(number => `addr add 10.0.${number}.1/24 dev lo proto ${number} scope 7`),
  'link set lo group g6',
  'route add 10.9.0.0/16 dev lo realms 5/6',
].join('\n');

/** Words that are no names there. */
const UNKNOWN = [
  'table b76',
  'table hidden',
  'protocol vendor50',
  'protocol p53',
  'protocol big',
  'protocol static',
  'dscp f10',
];

// The sandboxes have their own /etc, but /usr is that of the machine.
const files = Object.fromEntries(
  Object.entries(FILES).map(([file, text]) => [`/etc/iproute2/${file}`, text]),
);

describe('names of files', () => {
  differential(
    'take the place of built-in ones wherever numbers are printed and read',
    [...WORLD, ...['', '-d ', '-N ', '-j -d '].flatMap(options => LISTS.map(list => `${options}${list}`))],
    { files },
  );

  differential(
    'come from /etc or else from /usr/share, and for some tables from folders of files',
    [
      among('ip -force -batch numbered'),
      ...['', '-j ', '-N '].map(options =>
        among(['rule', 'addr', 'route'].map(list => `ip ${options}-d ${list}`).join('; ')),
      ),
      among(UNKNOWN.map(words => `ip rule add iif lo ${words} priority 5`).join('; ')),
      among(
        'ip link set lo group gd7; ip link set lo group g66; ip -o link show group g6; ip route get 10.9.0.1',
      ),
      among(
        'ip link add v0 type veth; for reason in vr2 er3 no; do ip link set v0 protodown_reason $reason off; done',
      ),
    ],
    { files: { folders: FOLDERS, numbered: `${NUMBERED}\n` }, needs: ['root'] },
  );

  differential(
    'are read when the first number without a built-in name is printed',
    [
      'rule add iif lo dscp 0 priority 7',
      'rule add iif lo dscp 0 priority 9',
      'rule',
      'rule add iif lo dscp 4 priority 8',
      'rule',
      '-N rule',
      '-j rule',
    ],
    { files: { '/etc/iproute2/rt_dsfield': '0x00 zero\n0x10 four\n' } },
  );

  const withNul = ['7 a\\0b', '8\\0 c\\n7 a', '7 \\0a\\n7 a', '\\0 \\n7 a', '7 a # \\0x', '7\\0\\n7 a'];
  differential(
    'end a line at a NUL',
    withNul.flatMap(text => [
      `$ printf '${text}\\n' >/etc/iproute2/rt_tables`,
      'route add blackhole 10.0.0.0/8 table a',
      'route show table 7',
      'route flush table 7',
    ]),
    { files: { '/etc/iproute2/rt_tables': '' } },
  );
});
