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
});
