/**
 * `ip tunnel` against a kernel with tunnels that a preloaded library pretends (support/capture/fake-tunnels.c): the requests
 * that it prints on standard error are compared with everything else.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { buildPreload, preloadPath } from '../../support/capture/preload.ts';
import { needs, repository } from '../../support/requirements.ts';
import { assertDescribed } from '../../support/strict-schemas.ts';
import { alone, differential, line, type Step } from '../../support/twin.ts';

const makeDevices = `$ python3 ${join(repository, 'test/live/link/tun-types.py')}`;

interface Ipv4Fields {
  name?: string;
  link?: number;
  flags?: readonly [input: number, output: number];
  keys?: readonly [input: number, output: number];
  version?: number;
  tos?: number;
  fragment?: number;
  ttl?: number;
  protocol?: number;
  addresses?: string;
}

/** Hex digits of struct ip_tunnel_parm. */
function ipv4Tunnel(fields: Ipv4Fields = {}): string {
  const bytes = Buffer.alloc(52);
  bytes.write(fields.name ?? 'x');
  bytes.writeInt32LE(fields.link ?? 0, 16);
  bytes.writeUInt16LE(fields.flags?.[0] ?? 0, 20);
  bytes.writeUInt16LE(fields.flags?.[1] ?? 0, 22);
  bytes.writeUInt32BE(fields.keys?.[0] ?? 0, 24);
  bytes.writeUInt32BE(fields.keys?.[1] ?? 0, 28);
  bytes[32] = fields.version ?? 0x45;
  bytes[33] = fields.tos ?? 0;
  bytes.writeUInt16BE(fields.fragment ?? 0x4000, 38);
  bytes[40] = fields.ttl ?? 0;
  bytes[41] = fields.protocol ?? 47;
  bytes.write(fields.addresses ?? '', 44, 'hex');
  return bytes.toString('hex');
}

interface Ipv6Fields {
  link?: number;
  protocol?: number;
  encapLimit?: number;
  hopLimit?: number;
  flow?: number;
  bits?: number;
  flags?: readonly [input: number, output: number];
  keys?: readonly [input: number, output: number];
}

/** Hex digits of struct ip6_tnl_parm2. */
function ipv6Tunnel(fields: Ipv6Fields = {}): string {
  const bytes = Buffer.alloc(76);
  bytes.write('x');
  bytes.writeInt32LE(fields.link ?? 0, 16);
  bytes[20] = fields.protocol ?? 41;
  bytes[21] = fields.encapLimit ?? 4;
  bytes[22] = fields.hopLimit ?? 64;
  bytes.writeUInt32BE(fields.flow ?? 0, 24);
  bytes.writeUInt32LE(fields.bits ?? 0, 28);
  bytes.write('20010db8000000000000000000000001', 48, 'hex');
  bytes.writeUInt16LE(fields.flags?.[0] ?? 0, 64);
  bytes.writeUInt16LE(fields.flags?.[1] ?? 0, 66);
  bytes.writeUInt32BE(fields.keys?.[0] ?? 0, 68);
  bytes.writeUInt32BE(fields.keys?.[1] ?? 0, 72);
  return bytes.toString('hex');
}

const ROUTERS =
  '00000000000000004000000000000000' +
  '0a000001010000000000000000000000' +
  '0a000002000000000000000000000000' +
  '00000000000000000000000000000000' +
  '0a000003030000000000000000000000';
const rapid = (relay: string) =>
  `20010db8000000000000000000000000${relay}2000${relay === '00000000' ? '0000' : '0800'}`;

/** A line of `ip` to a kernel whose answers are `answers`. */
function pretending(words: string, answers: Readonly<Record<string, string>> = {}, stdin?: string): Step {
  const env = { LD_PRELOAD: preloadPath('fake-tunnels'), ...answers };
  return line(words, stdin === undefined ? { env } : { env, stdin });
}

const lines = (text: string) => text.trim().replace(/^ +/gm, '');

/** Lines of tunnels over IPv4, over IPv6, and about routers and prefixes; none of them ends a batch. */
const requestsOverIpv4 = lines(`
  tunnel add x mode ipip
  tunnel add x mode ip/ip mode ipip remote 1.2.3.4 local 5.6 dev lo
  tunnel add x remote any local all mode gre/ip
  tunnel a name mode mode sit ttl 255
  tunnel add x mode ipv6/ip hoplimit 010 tos CS1
  tunnel add x mode isatap local 1.2.3.4 hlim 0x10
  tunnel add x mode vti key 1.2.3 tos inherit
  tunnel add x mode gre ikey 5 tclass 10 ttl 9 ttl inherit
  tunnel add x mode gre okey 0xffffffff tos inherit/10
  tunnel add x mode gre seq icsum tos 10/20
  tunnel add x mode gre iseq ocsum d 0x10
  tunnel add x mode vti oseq csum tos inherit/12
  tunnel add x mode gre nopmtudisc
  tunnel add x mode gre nopmtudisc pmtudisc ttl 5
  tunnel add x mode gre remote 224.1.1.1 local 1.2.3.4
  tunnel add x mode gre remote 224.1.1.1 local 1.2.3.4 ikey 3
  tunnel add x mode ipip remote 224.1.1.1 local 1.2.3.4 local 1.2.3.5
  tunnel add gre1
  tunnel add ipip1
  tunnel add sit1
  tunnel add isatap1
  tunnel add vti1
  tunnel add tunl1
  tunnel add gre1 key 5
  tunnel add x mode gre dev nosuch
  tunnel add x mode gre dev if7
  tunnel add x mode ipip key 5
  tunnel add x mode sit okey 5 dev nosuch
  tunnel add x mode gre remote 224.1.1.1
  tunnel add x mode ipip ttl 3 nopmtudisc
  tunnel add
  tunnel add x
  tunnel change mode gre
  tunnel change mode gre x ttl 4
  tunnel change x
  tunnel del
  tunnel del x
  tunnel d x mode gre
  tunnel delete mode vti
  tunnel del remote 1.2.3.4
  tunnel show x mode gre
  tunnel show mode gre key 5
  tunnel show gre1
  tunnel prl dev x prl-default 1.2.3.4
  tunnel prl prl-nodefault any dev x
  tunnel p dev x prl-delete 1.2
  tunnel prl dev x
  tunnel 6rd dev x 6rd-prefix 2002::/16 6rd-relay_prefix 10.0.0.0/8
  tunnel 6 dev x 6rd-prefix any
  tunnel 6rd 6rd-relay_prefix 10/8 dev x dev y
  tunnel 6rd dev x 6rd-prefix 2002::1 6rd-reset
  tunnel 6rd dev x`);

const requestsOverIpv6 = lines(`
  tunnel add x
  tunnel add x mode ip6ip6 remote ::1 local 2::2 dev lo
  tunnel add x mode ipv6/ipv6 remote any encaplimit none
  tunnel add x mode ipip6 encaplimit 255
  tunnel add x mode ip4ip6 encaplimit none encaplimit 5
  tunnel add x mode ip/ipv6 hoplimit 5
  tunnel add x mode ipv4/ipv6 ttl 0
  tunnel add x mode any hlim 0x10 tclass 0x20
  tunnel add x mode any/ipv6 tclass ff flowlabel fffff
  tunnel add x mode ip6gre tc 20 fl 12345 tos inherit
  tunnel add x mode gre/ipv6 flowlabel 5 flowlabel inherit ds 7
  tunnel add x mode vti6 key 5
  tunnel add x mode vti6 mode ip6gre ikey 1.2.3.4
  tunnel add x mode ip6gre mode vti6 okey 3
  tunnel add x dscp inherit allow-localremote
  tunnel add x allow-localremote noallow-localremote seq csum
  tunnel add
  tunnel add x dev nosuch
  tunnel change
  tunnel change mode vti6
  tunnel change mode ip6gre hoplimit 9 x tclass 1
  tunnel change x
  tunnel del
  tunnel del x
  tunnel del mode vti6
  tunnel show x
  tunnel show x mode ip6gre hoplimit 5 tclass 6`);

describe('ip tunnel', () => {
  before(function () {
    needs(this, 'compiler');
    buildPreload('fake-tunnels');
  });

  differential('asks the kernel for what the original asks', [
    pretending('-force -batch -', {}, requestsOverIpv4),
    pretending('-6 -force -batch -', {}, requestsOverIpv6),
    pretending(
      '-force -batch -',
      {},
      'tunnel add x mode ip6gre\ntunnel del x mode any\ntunnel show x mode ip6ip6\n',
    ),
    pretending('-0 tunnel add x mode vti6'),
    pretending('-force -batch -', { FAKE_CHANGE: '-17' }, requestsOverIpv4),
  ]);

  differential('changes what a tunnel is', [
    ...[
      ipv4Tunnel({ name: 'zz' }),
      ipv4Tunnel({ protocol: 4, flags: [1, 0], ttl: 5 }),
      ipv4Tunnel({ protocol: 0 }),
      ipv4Tunnel({ protocol: 50 }),
    ].map(FAKE_TUNNEL =>
      pretending(
        '-force -batch -',
        { FAKE_TUNNEL },
        'tunnel change x\ntunnel change name x remote 1.2.3.4 ttl 7\ntunnel c x key 5\ntunnel change x nopmtudisc\n',
      ),
    ),
    pretending('tunnel change x mode ipip', { FAKE_TUNNEL: ipv4Tunnel() }),
    pretending('tunnel change x ttl 5', { FAKE_TUNNEL: ipv4Tunnel({ version: 0x46 }) }),
    pretending('tunnel change x name y', { FAKE_TUNNEL: ipv4Tunnel() }),
    ...[ipv6Tunnel(), ipv6Tunnel({ bits: 0x7f, flow: 0xffffff })].map(FAKE_TUNNEL =>
      pretending(
        '-6 -force -batch -',
        { FAKE_TUNNEL },
        'tunnel change x\ntunnel c x tclass 3 key 5\ntunnel change x flowlabel 5 encaplimit 7\n' +
          'tunnel change x noallow-localremote mode vti6\ntunnel change hoplimit 3 x\n',
      ),
    ),
  ]);

  differential('shows tunnels over IPv4', [
    `${makeDevices} tn 768 t6 769 no 65534`,
    ...[
      ipv4Tunnel(),
      ipv4Tunnel({ flags: [0xb0, 0xb0], keys: [9, 9], tos: 1, ttl: 64 }),
      ipv4Tunnel({ flags: [0x20, 0x20], keys: [5, 6], tos: 0x11, link: 1, fragment: 0 }),
      ipv4Tunnel({ protocol: 4, flags: [0, 0x20], keys: [0, 7], tos: 0x48, addresses: '0102030405060708' }),
      ipv4Tunnel({ protocol: 137, tos: 0x10, link: 99, name: 'other' }),
      ipv4Tunnel({ protocol: 6, flags: [0x90, 0x90] }),
    ].flatMap(FAKE_TUNNEL =>
      ['', '-j ', '-o -s ', '-j -s '].map(options => pretending(`${options}tunnel`, { FAKE_TUNNEL })),
    ),
    pretending('-c=always tunnel show x mode gre', {
      FAKE_TUNNEL: ipv4Tunnel({ flags: [0x10, 0], link: 1 }),
    }),
    pretending('-j -s tunnel show x mode gre', { FAKE_TUNNEL: ipv4Tunnel({ flags: [0x10, 0] }) }),
    pretending('-N tunnel show mode gre', { FAKE_TUNNEL: ipv4Tunnel({ tos: 0x48 }) }),
    ...[rapid('0a000000'), rapid('00000000'), '00'.repeat(24), '-19'].flatMap(FAKE_6RD =>
      ['', '-j -p '].map(options =>
        pretending(`${options}tunnel show`, {
          FAKE_TUNNEL: ipv4Tunnel({ protocol: 41, flags: [1, 0], fragment: 0, link: 1 }),
          FAKE_6RD,
          FAKE_ROUTERS: ROUTERS,
        }),
      ),
    ),
    pretending('tunnel', { FAKE_TUNNEL: ipv4Tunnel({ protocol: 41, flags: [1, 0] }) }),
    pretending('-j tunnel', { FAKE_TUNNEL: '-22' }),
    pretending('-s tunnel show tn', { FAKE_TUNNEL: ipv4Tunnel({ name: 'tn' }) }),
    ...['remote 1.2.3.4', 'local 5.6.7.8 remote 1.2.3.4', 'dev lo', 'ttl 9 seq', 'no'].map(words =>
      pretending(`tunnel show ${words}`, { FAKE_TUNNEL: ipv4Tunnel({ addresses: '0506070801020304' }) }),
    ),
    'tunnel',
    '-j tunnel',
  ]);

  differential('shows tunnels over IPv6', [
    `${makeDevices} tn 768 t6 769 g6 823`,
    ...[
      ipv6Tunnel(),
      ipv6Tunnel({ bits: 0xffff, flow: 0xffffffff, link: 1, protocol: 4 }),
      ipv6Tunnel({
        protocol: 47,
        flags: [0xb0, 0xb0],
        keys: [3, 3],
        flow: 0xab12345,
        hopLimit: 0,
        encapLimit: 0,
      }),
      ipv6Tunnel({ protocol: 0, flags: [1, 0x20], keys: [0, 3], link: 99 }),
      ipv6Tunnel({ protocol: 51 }),
    ].flatMap(FAKE_TUNNEL =>
      ['', '-j ', '-o -s ', '-j -s -p '].map(options => pretending(`${options}-6 tunnel`, { FAKE_TUNNEL })),
    ),
    pretending('-c=always -6 tunnel show x', { FAKE_TUNNEL: ipv6Tunnel({ link: 1 }) }),
    pretending('-j -6 tunnel show x remote 3::3', {
      FAKE_TUNNEL: ipv6Tunnel({ protocol: 47, flags: [0x80, 0] }),
    }),
    pretending('-s -6 tunnel show x', { FAKE_TUNNEL: ipv6Tunnel() }),
    ...[
      'remote 2001:db8::1',
      'remote 2001:db8::2',
      'mode ipip6',
      'mode any dev lo',
      'hoplimit 64 encaplimit 4',
      'hoplimit 65',
      'encaplimit 5',
      'tclass 7',
      'tclass 5',
      'flowlabel 0x31',
      'flowlabel 0x30',
      'tclass inherit dscp inherit',
      'dscp inherit',
      'key 5 csum',
    ].map(words =>
      pretending(`-6 tunnel show ${words}`, { FAKE_TUNNEL: ipv6Tunnel({ bits: 2, flow: 0x700031 }) }),
    ),
  ]);

  alone('prints tunnels with --strict-json as their schema says', async sandbox => {
    const made = await sandbox.run(`${makeDevices} tn 768 t6 769`);
    assert.equal(made.status, 0, made.stderr);
    const overIpv4 = { keys: [9, 9], tos: 0x48, ttl: 64, link: 1, fragment: 0 } as const;
    const shown: readonly (readonly [words: string, answers: Record<string, string>, keys: string])[] = [
      [
        'tunnel',
        { FAKE_TUNNEL: ipv4Tunnel({ ...overIpv4, flags: [0xb0, 0xb0] }) },
        'ifname mode remote local dev ttl tos nopmtudisc key flags',
      ],
      [
        'tunnel show x mode gre',
        { FAKE_TUNNEL: ipv4Tunnel({ flags: [0x20, 0x20], keys: [5, 6] }) },
        'ifname mode remote local ikey okey flags',
      ],
      [
        'tunnel',
        {
          FAKE_TUNNEL: ipv4Tunnel({ protocol: 41, flags: [1, 0] }),
          FAKE_6RD: rapid('0a000000'),
          FAKE_ROUTERS: ROUTERS,
        },
        'ifname mode remote local pdr pr pdr_2 6rd-prefix 6rd-prefixlen 6rd-relay_prefix 6rd-relay_prefixlen',
      ],
      [
        '-6 -s tunnel',
        { FAKE_TUNNEL: ipv6Tunnel({ bits: 0xffff, link: 1, protocol: 4 }) },
        'ifname mode remote local link ip6_tnl_f_ign_encap_limit hoplimit ip6_tnl_f_use_orig_tclass ' +
          'ip6_tnl_f_use_orig_flowlabel flowinfo ip6_tnl_f_rcv_dscp_copy ip6_tnl_f_allow_local_remote',
      ],
      [
        '-6 tunnel show x',
        { FAKE_TUNNEL: ipv6Tunnel({ protocol: 47, flags: [0xb0, 0xb0], keys: [3, 3], flow: 0xab12345 }) },
        'ifname mode remote local encap_limit hoplimit tclass flowlabel flowinfo key flags',
      ],
    ];
    for (const [words, answers, keys] of shown) {
      const env = { LD_PRELOAD: preloadPath('fake-tunnels'), ...answers };
      const { stdout, status } = await sandbox.run(`--strict-json ${words}`, { env });
      assert.equal(status, 0, words);
      const [tunnel, ...others] = assertDescribed(stdout, 'tunnel', words) as object[];
      assert.deepEqual([Object.keys(tunnel!).join(' '), others], [keys, []], words);
    }
  });

  differential('complains as the original does', [
    ...[
      'add x mode',
      'add x mode foo',
      'add x mode gre mode ipip',
      'add x mode gre mode any',
      'add x mode ip6ip6 mode sit',
      'add x remote foo',
      'add x local ::1',
      'add x dev',
      'add x ttl 256',
      'add x tos foo',
      'add x tos inherit/foo',
      'add x key foo',
      'add x ikey 1.2.3.4.5',
      'add x y',
      'add a/b',
      'add hel',
      'foo',
      'prl',
      'prl foo',
      'prl dev x prl-default 1.2.3.4 prl-delete 1.2.3.5',
      'prl dev x prl-default foo',
      'prl dev a/b',
      '6rd foo',
      '6rd dev x 6rd-prefix 1.2.3.4/8',
      '6rd 6rd-reset',
      'help',
      'help mode any',
    ].map(words => `tunnel ${words}`),
    ...[
      'add x mode gre',
      'add x remote 1.2.3.4',
      'add x hoplimit inherit',
      'add x tclass CS1',
      'add x flowlabel 100000',
      'add x dscp 5',
      'add x fwmark 5',
      'prl dev x',
      'show mode foo',
    ].map(words => `-6 tunnel ${words}`),
    '-0 tunnel',
    '-B tunnel help',
    'tunnel add x mode gre',
    '-6 tunnel show lo',
    'tunnel del lo',
  ]);
});
