import { differential } from '../../support/twin.ts';

const DEVICES = [
  'link add d0 type veth peer name d1',
  'link add name i0 type ifb',
  'link set d0 up',
  '$ echo 2 >/proc/sys/net/ipv6/conf/d0/accept_ra; echo 2 >/proc/sys/net/ipv6/conf/d1/accept_ra',
];

describe('ip token', () => {
  differential('sets, shows and deletes tokens', [
    ...DEVICES,
    'token',
    'token set ::1:2 dev d0',
    'token',
    'token list dev d0',
    'token get dev d1',
    'token show d1',
    'token get x dev d0 y dev nosuch',
    'token l de d0',
    '-j token',
    '-j -p token lst',
    '-o token',
    '-br token',
    '-4 token',
    '-c=always token',
    'token set dev d0 fe80::1:3/64',
    'token get dev d0',
    'token add ::5 ignored dev d0 dev nosuch',
    'token s',
    'token set default dev d0',
    'token',
    '-4 token a ::7 dev d0',
    'token del ::7 dev d0 dev nosuch',
    'token',
    'token set ::7 dev if2',
    'token d dev d0',
    'token',
  ]);

  differential('complains as the original does', [
    ...DEVICES,
    'token set ::1 dev lo',
    'token set ::1 dev i0',
    'token set ::1 dev if77',
    'token set any dev d0',
    'token set dev d0',
    'token set dev d0 dev nosuch ::1',
    'token set dev d0 zz',
    'token set ::5',
    'token set ::5 d d0',
    'token set ::1 dev',
    'token set',
    'token set 1.2.3.4 dev d0',
    "token set '' dev d0",
    'token set ::1/129 dev d0',
    'token set ::1 dev nosuch',
    'token del',
    'token del d0',
    'token del dev',
    'token get dev nosuch',
    'token list dev',
    'token change ::5 dev d0',
    "token ''",
    'token help',
  ]);

  differential('goes on and ends in a batch as the original does', [
    ...DEVICES,
    "$ printf 'token set ::5 dev d0\\ntoken\\ntoken get dev nosuch\\ntoken\\n' | ip -b -",
    "$ printf 'token set ::5\\ntoken\\ntoken set zz dev d0\\ntoken\\n' | ip -force -b -",
    "$ printf 'token set ::5\\ntoken\\n' | ip -b -",
  ]);
});
