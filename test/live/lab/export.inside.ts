/** Export of labs in private namespaces, by the library: see export.test.ts, which runs this file. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ipWords } from '../../../src/commands/lab/ip-words.ts';
import { NETWORKS } from '../../../src/lab/desired.ts';
import { exportNamespaces } from '../../../src/lab/export/lab-file.ts';
import type { LabDevice, LabFile, LabNode } from '../../../src/lab/format/shape.ts';
import { NamedLab } from '../../../src/lab/lab.ts';
import { loadLab } from '../../../src/lab/load.ts';

const RUNS = Number(process.env['TSIP_LINES'] ?? 12);
const SEED = process.env['TSIP_SEED'];

const load = (file: LabFile, name: string) => loadLab(file, ipWords, { name });

/** Exports a lab by what the kernel has of it alone. */
async function exported(name: string, isMinimal: boolean) {
  const { store } = new NamedLab(name, ipWords);
  const namespaces = store.names().map(name => ({ name, descriptor: store.open(name)! }));
  try {
    return await exportNamespaces(namespaces, ipWords, { lab: name, networks: NETWORKS, isMinimal });
  } finally {
    store.release();
  }
}

const RATES = ['10mbit', '1gbit', '64kbit', '2500kbit'];
const KINDS = [
  'bridge',
  'bridge stp_state 1 priority 100 ageing_time 1000',
  'bridge mcast_snooping 0 group_fwd_mask 8',
  'vxlan id ID dstport 4789 local 10.255.0.1 nolearning',
  'vxlan id ID dstport 8472 remote 10.255.0.9 ttl 7 tos inherit noudpcsum ageing 30',
  'vxlan id ID dstport 4790 srcport 1000 2000 proxy l2miss maxaddress 50',
  'vxlan id ID dstport 4791 remote fd00::9 udp6zerocsumtx df set',
  'vxlan external dstport 4792',
];
const SYSCTLS: readonly (readonly [string, string])[] = [
  ['net.ipv4.ip_default_ttl', '32'],
  ['net.ipv4.conf.all.rp_filter', '2'],
  ['net.ipv4.conf.default.accept_redirects', '0'],
  ['net.core.somaxconn', '77'],
  ['net.ipv6.conf.all.accept_ra', '0'],
  ['net.ipv4.tcp_rmem', '4096 100000 200000'],
];

/** What is drawn of a node; names and addresses follow from its number. */
const nodeShape = fc.record({
  kinds: fc.uniqueArray(fc.nat(KINDS.length - 1), { maxLength: 3 }),
  networks: fc.uniqueArray(fc.nat(1), { maxLength: 2 }),
  mtu: fc.constantFrom(undefined, 1300, 1450),
  rate: fc.constantFrom(undefined, ...RATES),
  isDown: fc.boolean(),
  hasDad: fc.boolean(),
  forward: fc.constantFrom(undefined, true),
  sysctls: fc.uniqueArray(fc.nat(SYSCTLS.length - 1), { maxLength: 3 }),
  more: fc.uniqueArray(
    fc.constantFrom('route', 'route6', 'multipath', 'rule', 'rule6', 'neighbour', 'stack', 'address'),
    {
      maxLength: 6,
    },
  ),
});
type NodeShape = typeof nodeShape extends fc.Arbitrary<infer T> ? T : never;

const labShape = fc.record({
  nodes: fc.array(nodeShape, { minLength: 1, maxLength: 4 }),
  mtu: fc.constantFrom(undefined, 1400),
  bridge: fc.constantFrom(undefined, 'stp_state 1 forward_delay 300', 'ageing_time 500 group_fwd_mask 8'),
  cables: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 4 }),
});

function labOf({
  nodes,
  mtu,
  bridge,
  cables,
}: typeof labShape extends fc.Arbitrary<infer T> ? T : never): LabFile {
  const made = nodes.map((shape, at): [string, LabNode] => [`n${at}`, nodeOf(shape, at)]);
  const links = cables.flatMap(([one, other], at) => {
    if (one >= nodes.length || other >= nodes.length) return [];
    return [`n${one}:a${at} 10.200.${at}.1/30 -- n${other}:b${at} fd00:200:${at}::2/64`];
  });
  const settings = { ...(mtu && { mtu }), ...(bridge && { bridge }) };
  return { networks: { net0: settings, net1: {} }, nodes: Object.fromEntries(made), links };
}

function nodeOf(shape: NodeShape, at: number): LabNode {
  const devices: Record<string, LabDevice> = { lo: { address: `10.255.${at}.1/32` } };
  for (const network of shape.networks)
    devices[`eth${network}`] = {
      to: `net${network}`,
      address: [`10.${network}.0.${at + 1}/24`, `fd00:${network}::${at + 1}/64`],
      ...(shape.mtu && { mtu: shape.mtu }),
      ...(shape.rate && { impair: { rate: shape.rate } }),
      ...(shape.hasDad && { dad: true }),
      ...(network === 1 && shape.isDown && { up: false }),
    };
  for (const kind of shape.kinds)
    devices[`k${kind}`] = {
      type: KINDS[kind]!.replace('ID', String(at * 20 + kind)),
      address: `10.5${kind}.${at}.1/24`,
    };
  const has = (word: NodeShape['more'][number]) => shape.more.includes(word);
  const first = shape.networks[0];
  const isUsable = first !== undefined && !(first === 1 && shape.isDown);
  const gateway = `10.${first}.0.250`;
  if (has('stack') && first !== undefined)
    devices['mv'] = {
      type: 'macvlan mode bridge',
      link: `eth${first}`,
      address: '10.90.0.1/24',
      up: !shape.isDown,
    };
  if (has('address'))
    devices['extra'] = {
      type: 'bridge',
      address: [
        '10.91.0.1/24 brd 10.91.0.255',
        '10.92.0.1 peer 10.92.0.2/32',
        'fd00:91::1/64 noprefixroute',
        '10.93.0.1/24 metric 7',
      ],
    };
  const routes = ['blackhole 10.77.0.0/16'];
  if (isUsable && has('route'))
    routes.push(
      `default via ${gateway}`,
      `10.80.0.0/16 via ${gateway} metric 9 mtu 1200 advmss 1100`,
      `10.81.0.0/24 via ${gateway} table 44`,
    );
  if (isUsable && has('multipath'))
    routes.push(`10.82.0.0/16 nexthop via ${gateway} weight 2 nexthop via 10.${first}.0.251`);
  if (isUsable && has('route6'))
    routes.push(
      `default via fd00:${first}::fa`,
      'unreachable fd00:dead::/32',
      `fd00:88::/64 via fd00:${first}::fb metric 20`,
    );
  const rules: string[] = [];
  if (has('rule'))
    rules.push(
      'from 10.1.2.0/24 lookup 44 pref 900',
      'fwmark 0x10/0xff lookup 45 pref 901',
      'from all iif lo lookup 46 pref 902',
    );
  if (has('rule6')) rules.push('-6 from all lookup 47 pref 903', 'to fd00:5::/48 unreachable pref 904');
  const neighbours =
    isUsable && has('neighbour') ? [`${gateway} lladdr 02:00:00:00:00:99 dev eth${first}`] : [];
  return {
    ...(shape.forward && { forward: true }),
    sysctls: Object.fromEntries(shape.sysctls.map(at => SYSCTLS[at]!)),
    devices,
    routes,
    rules,
    neighbours,
  };
}

describe('the file of a lab that is exported', () => {
  it('is the lab, and makes the same again elsewhere', async function () {
    this.timeout(600_000);
    await fc.assert(
      fc.asyncProperty(labShape, async shape => {
        const lab = labOf(shape);
        try {
          await new NamedLab('from', ipWords).apply(await load(lab, 'from'));
          const { file, lost } = await exported('from', false);
          assert.deepEqual(lost, []);
          const { changes, foreign } = await new NamedLab('from', ipWords).plan(await load(file, 'from'), {
            hasForeign: true,
          });
          assert.deepEqual([changes, foreign], [[], []]);
          await new NamedLab('to', ipWords).apply(await load(file, 'to'));
          const again = await new NamedLab('to', ipWords).plan(await load(file, 'to'), { hasForeign: true });
          assert.deepEqual([again.changes, again.foreign], [[], []]);
          const [one, other] = [await exported('from', true), await exported('to', true)];
          assert.deepEqual({ ...other.file, lab: 'from' }, one.file);
        } finally {
          for (const name of ['from', 'to']) await new NamedLab(name, ipWords).destroy();
        }
      }),
      { numRuns: RUNS, endOnFailure: true, ...(SEED && { seed: Number(SEED) }) },
    );
  });
});
