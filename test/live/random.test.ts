/**
 * Lines drawn by lot: words of the grammars with values right and wrong, run by the original and by ours in twin
 * sandboxes. The same seed draws the same lines; TSIP_SEED takes another one, TSIP_LINES more of them.
 */
import { differential } from './twin.ts';

const SEED = Number(process.env.TSIP_SEED ?? 1);
const LINES = Number(process.env.TSIP_LINES ?? 150);

/** Numbers from 0 up to `limit`, the same ones for the same seed (mulberry32). */
function lot(seed: number): (limit: number) => number {
  let state = seed;
  return limit => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** What `<name>` in a phrase may be, itself with names; `[...]` is there or not, `{...}` some times. */
const GRAMMAR: Readonly<Record<string, readonly string[]>> = {
  line: ['<link>', '<link>', '<address>', '<route>', '<rule>', '<neighbour>', '<nexthop>', '<show>'],
  link: [
    'link add <name> {<setting>} type <kind>',
    'link <change> <device> {<setting>}',
    'link set <device> type <kind>',
    'link del <device>',
    'link <junk>',
  ],
  change: ['set', 'set', 'set dev', 'change', 'replace'],
  setting: [
    'up',
    'down',
    'mtu <number>',
    'address <lladdr>',
    'txqueuelen <number>',
    'master <device>',
    'nomaster',
    'alias <word>',
    'group <number>',
    'arp <switch>',
    'multicast <switch>',
    'promisc <switch>',
    'name <name>',
    'gso_max_size <number>',
    'index 1<digit>',
    '<junk>',
  ],
  kind: [
    'veth [peer name <name>]',
    'bridge {<bridge>}',
    'vxlan id <number> {<vxlan>}',
    'macvlan [mode <mode>]',
    'macvtap [mode <mode>]',
    'ifb',
    'dummy',
    '<junk>',
  ],
  bridge: [
    'stp_state <digit>',
    'forward_delay <number>',
    'vlan_filtering <digit>',
    'ageing_time <number>',
    'priority <number>',
    '<junk>',
  ],
  vxlan: [
    'remote <host>',
    'local <host>',
    'dstport <number>',
    'dev <device>',
    'ttl <number>',
    '[no]learning',
    'group 239.1.1.<digit>',
    '<junk>',
  ],
  mode: ['bridge', 'private', 'vepa', 'passthru', 'source', '<junk>'],
  address: [
    'address add <prefix> dev <device>',
    'address <make> <prefix> dev <device> {<ofaddress>}',
    'address del <prefix> dev <device>',
    'address flush dev <device>',
    'address add <junk>',
  ],
  ofaddress: [
    'scope <scope>',
    'label <device>:<digit>',
    'broadcast <host>',
    'peer <prefix>',
    'metric <number>',
    'nodad',
    'noprefixroute',
    'valid_lft <lifetime>',
    'preferred_lft <lifetime>',
    '<junk>',
  ],
  make: ['add', 'add', 'replace', 'change', 'append'],
  lifetime: ['forever', '0', '9<digit>000'],
  scope: ['link', 'host', 'global', 'link', '<number>', '<junk>'],
  route: [
    'route add <target> dev <device>',
    'route add <target> via 10.0.0.<digit>',
    'route <make> [<type>] <target> {<ofroute>}',
    'route del <target> {<ofroute>}',
    'route get <host>',
  ],
  type: ['blackhole', 'unreachable', 'prohibit', 'local', 'throw'],
  target: ['default', '<prefix>', '<prefix>', '<host>', '<junk>'],
  ofroute: [
    'via <host>',
    'dev <device>',
    'dev <device>',
    'metric <number>',
    'table <number>',
    'src <host>',
    'scope <scope>',
    'proto <protocol>',
    'mtu <number>',
    'onlink',
    'tos <number>',
    'nhid <digit>',
    'nexthop via <host> dev <device> weight <digit>',
    '<junk>',
  ],
  protocol: ['static', 'boot', 'kernel', '<number>', '<junk>'],
  rule: [
    'rule add pref 1<digit>00 [from <prefix>] table <digit>',
    'rule add {<ofrule>}',
    'rule add pref <number> from <prefix> {<ofrule>}',
    'rule del {<ofrule>}',
  ],
  ofrule: [
    'from <prefix>',
    'to <prefix>',
    'pref <number>',
    'table <number>',
    'fwmark <number>',
    'iif <device>',
    'oif <device>',
    'ipproto <protocol>',
    'sport <number>',
    'uidrange <digit>-<number>',
    'tos <number>',
    'suppress_prefixlength <number>',
    'not',
    '<junk>',
  ],
  neighbour: [
    'neighbour <make> <host> [lladdr <lladdr>] dev <device> {<ofneighbour>}',
    'neighbour del <host> dev <device>',
    'neighbour get <host> dev <device>',
  ],
  ofneighbour: ['nud <nud>', 'proxy', 'router', 'extern_learn', 'protocol <protocol>', '<junk>'],
  nud: ['permanent', 'reachable', 'noarp', 'stale', '<junk>'],
  nexthop: [
    'nexthop <make> id <digit> [via <host>] [dev <device>] {<ofnexthop>}',
    'nexthop <make> id 2<digit> group <digit>/<digit>,<digit>',
    'nexthop del id <digit>',
    'nexthop get id <digit>',
  ],
  ofnexthop: ['blackhole', 'onlink', 'proto <protocol>', 'fdb', '<junk>'],
  show: ['<view> <list>', '-d <list>', '<list>'],
  view: ['-j', '-o', '-br', '-d -j', '-N', '-4', '-6', '-s -j'],
  list: [
    'link',
    'link show <device>',
    'link show type <kind>',
    'address',
    'address show dev <device>',
    'route',
    'route show table all',
    'rule',
    'neighbour',
    'nexthop',
  ],
  device: ['v0', 'v0', 'v0', 'v1', 'v1', 'br0', 'br0', 'n0', 'n1', 'lo', 'nothing'],
  name: ['n0', 'n1', 'n2', 'n3', 'v0', 'a.name.that.is.too.long'],
  host: ['10.0.<digit>.<digit>', '10.0.0.<digit>', 'fd00::<digit>', '0', '10.1', '300.1.1.1', '::1'],
  prefix: ['<host>/24', '<host>/32', '10.<digit>.0.0/16', 'fd00:<digit>::/64', '<host>/<number>', 'default'],
  lladdr: ['02:00:00:00:00:0<digit>', '02:00:00:00:01:1<digit>', '01:02', 'x'],
  number: [
    '<digit>',
    '1<digit>',
    '1<digit>',
    '1<digit>00',
    '1<digit>00',
    '0x1<digit>',
    '65536',
    '-1',
    '4294967296',
    'x',
    '070',
    '<digit>.5',
  ],
  digit: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  switch: ['on', 'off', 'on', '1'],
  word: ['some', 'text'],
  junk: ['junk', 'dev', 'help?', 'ty', '-1', 'via', 'type', '0'],
};

/** A line of `ip`, drawn by `draw`. */
function phrase(text: string, draw: (limit: number) => number): string {
  return text
    .replace(/\{(.*?)\}/g, (_, part: string) => Array(draw(4)).fill(part).join(' '))
    .replace(/\[(.*?)\]/g, (_, part: string) => (draw(2) === 0 ? part : ''))
    .replace(/<(\w+)>/g, (_, name: string) => {
      const choices = GRAMMAR[name]!;
      return phrase(choices[draw(choices.length)]!, draw);
    });
}

/** Devices and addresses that lines may find. */
const WORLD = [
  'link add v0 address 02:00:00:00:00:a0 type veth peer name v1 address 02:00:00:00:00:a1',
  'link add br0 address 02:00:00:00:00:b0 type bridge',
  'address add 10.0.0.1/24 dev v0',
  'address add fd00::1/64 dev v0 nodad',
  ...['lo', 'v0', 'v1'].map(device => `link set ${device} up`),
];

describe(`lines drawn by lot, seed ${SEED}`, () => {
  const draw = lot(SEED);
  const lines = Array.from({ length: LINES }, () => phrase('<line>', draw).replace(/ +/g, ' ').trim());
  differential('do what they do with the original', [...WORLD, ...lines]);
});
