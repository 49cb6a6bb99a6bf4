/**
 * Words of addresses, neighbours, routes, rules and nexthops with values of every type, as in the original. The words come
 * from the grammars: each command gets every keyword of its object, and what its own keywords lead to.
 */
import assert from 'node:assert/strict';
import { linkMessages } from '../support/capture/capture.ts';
import { commandsWithGrammar, grammarOf, keywordPlaces } from '../support/grammars.ts';
import { needs } from '../support/requirements.ts';
import { assertSame, linesWith, sweepTimeout } from '../support/sweep.ts';

interface Sweep {
  readonly title: string;
  /** What stands before and after the words. */
  readonly before: string;
  readonly after?: string;
  /** Also tries the keywords that follow its keywords: those of an encapsulation. */
  readonly isDeep?: boolean;
}

/** Object -> what is tried of it: by command, as {@link commandsWithGrammar} calls it. */
const SWEEPS: Readonly<Record<string, Readonly<Record<string, readonly Sweep[]>>>> = {
  address: {
    'address add': [
      { title: 'address add', before: 'addr add 10.0.0.1/24 dev eth0', isDeep: true },
      { title: 'address add of IPv6', before: 'addr add fd00::1/64', after: 'dev eth0' },
    ],
    'address change': [{ title: 'address change', before: 'addr change fd00::1/64', after: 'dev eth0' }],
    'address replace': [{ title: 'address replace', before: 'addr replace 10.0.0.1', after: 'dev eth0' }],
    'address delete': [{ title: 'address del', before: 'addr del', after: 'dev eth0' }],
    'address show': [{ title: 'address show', before: 'addr show', isDeep: true }],
    'address flush': [{ title: 'address flush', before: 'addr flush' }],
  },
  neighbour: {
    'neighbour add': [{ title: 'neighbour add', before: 'neigh add 10.0.0.1 dev eth0', isDeep: true }],
    'neighbour change': [{ title: 'neighbour change', before: 'neigh change dev eth0', after: 'fd00::1' }],
    'neighbour replace': [{ title: 'neighbour replace', before: '-6 neigh replace', after: 'dev eth0' }],
    'neighbour delete': [{ title: 'neighbour del', before: 'neigh del', after: 'dev eth0' }],
    'neighbour get': [{ title: 'neighbour get', before: 'neigh get', after: 'dev eth0' }],
    'neighbour show': [{ title: 'neighbour show', before: 'neigh show', isDeep: true }],
    'neighbour flush': [{ title: 'neighbour flush', before: 'neigh flush' }],
  },
  route: {
    'route add': [
      { title: 'route add', before: 'route add 10.0.0.0/8 dev eth0', isDeep: true },
      { title: 'route add of IPv6', before: '-6 route add', after: 'dev eth0', isDeep: true },
      { title: 'a hop of route', before: 'route add default nexthop' },
    ],
    'route change': [{ title: 'route change', before: 'route change default' }],
    'route replace': [{ title: 'route replace', before: '-6 route replace fd00::/8', after: 'dev eth0' }],
    'route prepend': [{ title: 'route prepend', before: 'route prepend', after: 'via 10.0.0.1' }],
    'route append': [{ title: 'route append', before: 'route append fd00::/8 via fd01::1' }],
    'route test': [{ title: 'route test', before: 'route test 10.0.0.0/8' }],
    'route delete': [{ title: 'route del', before: 'route del' }],
    'route list': [{ title: 'route show', before: 'route show', isDeep: true }],
    'route flush': [{ title: 'route flush', before: 'route flush', isDeep: true }],
    'route get': [{ title: 'route get', before: 'route get 10.0.0.1' }],
  },
  rule: {
    'rule add': [
      { title: 'rule add', before: 'rule add', isDeep: true },
      { title: 'rule add of IPv6', before: '-6 rule add from fd00::/8' },
    ],
    'rule delete': [{ title: 'rule del', before: 'rule del' }],
    'rule list': [{ title: 'rule show', before: 'rule show', isDeep: true }],
    'rule flush': [{ title: 'rule flush', before: 'rule flush' }],
  },
  nexthop: {
    'nexthop add': [{ title: 'nexthop add', before: 'nexthop add', after: 'dev eth0', isDeep: true }],
    'nexthop replace': [{ title: 'nexthop replace', before: 'nexthop replace id 5' }],
    'nexthop delete': [{ title: 'nexthop del', before: 'nexthop del' }],
    'nexthop get': [{ title: 'nexthop get', before: 'nexthop get' }],
    'nexthop list': [{ title: 'nexthop show', before: 'nexthop show' }],
    'nexthop flush': [{ title: 'nexthop flush', before: 'nexthop flush' }],
    'nexthop bucket list': [{ title: 'nexthop bucket', before: 'nexthop bucket show' }],
    'nexthop bucket get': [{ title: 'nexthop bucket get', before: 'nexthop bucket get' }],
  },
};

/** What is saved is written as bytes, which the capture of ours does not have; live/route/saved.test.ts has it. */
const SAVED = / save$/;

/** Where the original sends memory that it has not written, and programs of eBPF, which ours refuses in one line. */
const EXCLUDED = / encap ila | seg6local end/;

/** Words that are no keywords where they are tried: of other places, of types, of older versions, of none. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  route: ['unicast', 'blackhole', 'local', 'lock', 'pervasive'],
  rule: ['unreachable', 'help'],
  nexthop: ['buckets', 'idle_timer', 'unbalanced_timer', 'index'],
};

/** Every keyword that a command of the object begins with, in the order in which they first appear. */
async function keywordsOf(object: string): Promise<Set<string>> {
  const grammars = await Promise.all(Object.keys(SWEEPS[object]!).map(grammarOf));
  const words = grammars.flatMap(({ keywords }) => keywords.map(({ word }) => word));
  return new Set([...words, ...(OTHERS[object] ?? []), 'nonsense']);
}

async function linesOf(object: string, command: string, sweep: Sweep): Promise<string[][]> {
  const { before, after = '', isDeep = false } = sweep;
  const lines = linesWith(await keywordsOf(object), before, after);
  if (!isDeep) return lines;
  const [, ...below] = keywordPlaces(await grammarOf(command));
  const deeper = below.flatMap(place =>
    linesWith([...place.keywords, 'nonsense'], [before, ...place.before].join(' '), after),
  );
  return [...lines, ...deeper].filter(words => !EXCLUDED.test(words.join(' ')));
}

const LONG = 'x'.repeat(249);

/** Lines that differed once, which the samples of the sweeps may not contain. */
const FOUND = [
  ...[
    'seg6 tunsrc fd00::1',
    'seg6 tunsrc tunsrc mode encap',
    'seg6 mode inline tunsrc fd00::1 segs fd00::2',
    'seg6 mode encap tunsrc x segs fd00::1',
    'seg6 mode encap tunsrc fd00::1 tunsrc fd00::2',
    'ioam6 freq 1/234567890123 mode inline trace prealloc type 0x800000 ns 1 size 12',
    'ioam6 freq 12345678/123456 mode inline trace prealloc type 0x800000 ns 1 size 12',
    'ioam6 freq 0000001/0000002 mode inline trace prealloc type 0x800000 ns 1 size 12',
    'ioam6 freq 00000001/0000002 mode inline trace prealloc type 0x800000 ns 1 size 12',
  ].map(words => `route add fd01::/16 encap ${words} dev eth0`),
  '-6 neigh add any dev eth0',
  '-4 neigh get default dev eth0',
  'neigh add any dev eth0',
  'neigh add 10.0.0.1 dev eth0 nud 17',
  'neigh show nud 255',
  'neigh show nud 64',
  'neigh add proxy help',
  'neigh get to help dev eth0',
  'neigh flush to help',
  'rule add t 5',
  'rule add dscp 08',
  'rule add dscp 3f/07',
  'rule show dscp ef',
  'rule add dscp 1ff',
  `route add 10.0.0.0/8 dev eth0 congctl ${LONG}`,
  `route add 10.0.0.0/8 dev eth0 mtu 5 congctl lock ${LONG} mtu 6`,
  `route add 10.0.0.0/8 dev eth0 congctl ${LONG.slice(1)} mtu 6`,
  `addr add 10.0.0.1/24 dev eth0 label ${LONG} brd +`,
];

describe('values of every type have the same effect as in the original', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  for (const [object, commands] of Object.entries(SWEEPS)) {
    it(`for every command of ${object} that has keywords`, async () => {
      const found = await commandsWithGrammar(object);
      assert.deepEqual(Object.keys(commands).sort(), found.filter(command => !SAVED.test(command)).sort());
    });

    for (const [command, sweeps] of Object.entries(commands)) {
      for (const sweep of sweeps) {
        it(`after ${sweep.title}`, async function () {
          this.timeout(sweepTimeout);
          await assertSame(await linesOf(object, command, sweep), { replies: linkMessages() });
        });
      }
    }
  }

  it('in lines that differed once', async function () {
    this.timeout(sweepTimeout);
    await assertSame(
      FOUND.map(line => line.split(' ')),
      { replies: linkMessages() },
    );
  });

  it('where a route uses a next hop object that the kernel refuses to report', async () => {
    // 10.0.0.0/8 nhid 77
    const route = Buffer.from(
      `34000000180000000000000000000000 02080000fe030001 00000000 080001000a000000 08001e004d000000 08000f00fe000000`.replaceAll(
        ' ',
        '',
      ),
      'hex',
    );
    const lines = ['-d route', '-o -d route', '-j -d route', 'route'].map(line => line.split(' '));
    await assertSame(lines, { replies: Buffer.concat([linkMessages(), route, route]) });
  });
});
