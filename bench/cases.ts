/** What is measured. A case is data: a world to build, and command lines for contenders in it. */
import { runCases } from './run-cases.ts';

/** Commands may say `$tsip`, `$original` (ip of iproute2), `$tsnsenter`, `$nsenter` (of util-linux) and `$node`. */
export interface Case {
  readonly name: string;
  /** Shell text that builds the world, once, with the original. */
  readonly world?: string;
  /** Shell text that is run before each measured command. */
  readonly prepare?: string;
  /** Shell text that prints what the commands leave behind: it must be the same after each. */
  readonly check?: string;
  /** What they print must be the same too, but for what bare Node prints. */
  readonly contenders: {
    readonly tsip: string;
    readonly original: string;
    /** Bare Node, where the cost of starting is the question. */
    readonly node?: string;
    /** A script that calls the original for each line, where a batch is the question. */
    readonly script?: string;
  };
  readonly rounds: number;
  /** How many times longer than another contender, or than bare Node and the original together, tsip may take. */
  readonly limit?: {
    readonly original?: number;
    readonly node?: number;
    readonly both?: number;
    readonly script?: number;
  };
}

/** A case that is measured with once, twice, four and eight times as many items. */
export interface Growth {
  readonly name: string;
  /** How many items there are at first. */
  readonly count: number;
  readonly caseOf: (count: number) => Case;
}

/** The lines of a batch, one for each `$i` below `count`. */
function lines(count: number, line: string): string {
  return `for ((i = 0; i < ${count}; i++)); do echo "${line}"; done`;
}

/** The world that the original makes of so many lines. */
function made(count: number, line: string): string {
  return `${lines(count, line)} | $original -batch -`;
}

const device =
  '$original link add d0 type veth peer name d1; $original link set d0 up; $original link set d1 up';

/** The same words for both programs. */
function both(words: string): Case['contenders'] {
  return { tsip: `$tsip ${words}`, original: `$original ${words}` };
}

const routeLine = 'route add 10.$((i >> 16)).$((i >> 8 & 255)).$((i & 255))/32 dev d0';
const addressLine = 'addr add 10.1.$((i >> 8)).$((i & 255))/32 dev d0';
const pairLine = 'link add v$i type veth peer name w$i';
const ruleLine = 'rule add from 10.1.$((i >> 8)).$((i & 255)) table 7';
const neighbourLine = 'neigh add 10.1.$((i >> 8)).$((i & 255)) lladdr 02:00:00:00:00:01 dev d0';
const nextHopLine = 'nexthop add id $((i + 1)) dev d0';

/** Devices by name, without what is chosen by chance or counted on: addresses and indices. */
const linkState = "$original -o link | sed 's/^[0-9]*: //; s/@if[0-9]*//; s/ link.ether.*//' | sort";

/** A list of what `count` lines make in the world `device`. */
function show(words: string, what: string, count: number, line: string): Case {
  return {
    name: `${count} ${what}: ${words}`,
    world: `${device}; ${made(count, line)}`,
    contenders: both(words),
    rounds: 7,
    limit: { original: 1.8 },
  };
}

/** A list of `count` devices: half as many pairs. */
function showLinks(words: string, count: number): Case {
  return {
    name: `${count} links: ${words}`,
    world: made(count / 2, pairLine),
    contenders: both(words),
    rounds: 10,
    limit: { original: 1.8 },
  };
}

interface BatchOptions {
  readonly name: string;
  /** Each is repeated `count` times. */
  readonly lines: readonly string[];
  readonly words?: string;
  /** Undoes it before each run. */
  readonly undo: string;
  readonly state: string;
  readonly rounds?: number;
  readonly limit?: number;
}

function batch(count: number, options: BatchOptions): Case {
  const { name, words = '-force -batch', undo, state, rounds = 5, limit = 1.1 } = options;
  const written = options.lines.map(line => lines(count, line)).join('; ');
  return {
    name: `${count * options.lines.length} lines, ${words}: ${name}`,
    world: `${device}; { ${written}; } >lines`,
    prepare: undo,
    check: state,
    contenders: both(`${words} lines`),
    rounds,
    limit: { original: limit },
  };
}

const addRoutes = (words: string, limit: number) => (count: number) =>
  batch(count, {
    name: 'route add',
    lines: [routeLine],
    words,
    undo: '$original route flush dev d0',
    state: '$original route',
    limit,
  });

const addAddresses = (count: number) =>
  batch(count, {
    name: 'addr add',
    lines: [addressLine],
    undo: '$original addr flush dev d0',
    state: '$original -4 addr show dev d0 | sed 1,2d',
  });

const addPairs = (count: number) =>
  batch(count, {
    name: 'link add type veth',
    lines: [pairLine],
    undo: "$original -br link | sed -n 's/^\\(v[0-9]*\\)@.*/link del \\1/p' | $original -batch -",
    state: linkState,
    rounds: 2,
  });

const addNamespaces = (count: number) =>
  batch(count, {
    name: 'netns add',
    lines: ['netns add n$i'],
    undo: '$original -all netns delete',
    state: '$original netns | sort',
    rounds: 3,
  });

const addAndDeleteNamespaces = (count: number) =>
  batch(count, {
    name: 'netns add, netns delete',
    lines: ['netns add n$i', 'netns delete n$i'],
    undo: ':',
    state: '$original netns; ls /run/netns',
    rounds: 3,
  });

const addRules = (count: number) =>
  batch(count, {
    name: 'rule add',
    lines: [ruleLine],
    undo: "sed 's/add/del/' lines | $original -force -batch - 2>/dev/null",
    state: '$original rule',
  });

const flushRoutes = (count: number): Case => ({
  name: `${count} routes: route flush`,
  world: device,
  prepare: made(count, routeLine),
  check: '$original route',
  contenders: both('route flush dev d0'),
  rounds: 5,
  limit: { original: 2 },
});

/** What makes and removes one of the namespaces of a lab. In one of them something runs by what `inside` makes of it. */
function labLines(inside: (command: string) => string): {
  readonly build: string[];
  readonly remove: string[];
} {
  return {
    build: [
      'netns add n$i',
      'link add v$i type veth peer name eth0 netns n$i',
      'link set v$i master br0 up',
      inside('link set eth0 up'),
      inside('addr add 10.0.$((i >> 8)).$((i & 255))/16 dev eth0'),
      inside('route add default via 10.0.255.254'),
    ],
    remove: ['link delete v$i', 'netns delete n$i'],
  };
}

/**
 * `count` namespaces, each with a pair of devices to one bridge, an address and a default route: in one batch of ours,
 * in one of the original, which can enter a namespace only as a program, and in a script that calls the original.
 */
function lab(count: number, isRemoved: boolean): Case {
  const written = (inside: (command: string) => string) => {
    const { build, remove } = labLines(inside);
    const parts = isRemoved ? [build, remove] : [build];
    const repeated = parts.map(
      part => `for ((i = 0; i < ${count}; i++)); do ${part.map(echo).join('; ')}; done`,
    );
    return `{ echo link add br0 type bridge; echo link set br0 up; ${repeated.join('; ')}; ${isRemoved ? 'echo link delete br0; ' : ''}}`;
  };
  const echo = (line: string) => `echo "${line}"`;
  return {
    name: `a lab of ${count} namespaces, ${isRemoved ? 'built and torn down' : 'built'}: one batch`,
    world: [
      `${written(command => `-n n$i ${command}`)} >ours`,
      `${written(command => `netns exec n$i $original ${command}`)} >theirs`,
      // -n stands before the object there.
      `${written(command => `-n n$i ${command}`)} | sed "s|^|$original |" >script`,
    ].join('; '),
    prepare: [
      "$original netns | sed 's/ .*//; s/.*/netns delete &/' | $original -batch -",
      "$original -br link | sed -n 's/^\\(v[0-9]*\\)@.*/link del \\1/p; s/^br0 .*/link del br0/p' | $original -batch -",
    ].join('; '),
    check: [
      "$original netns | sed 's/ .*//' | sort",
      // The kernel reports the state of a bridge a little later.
      `${linkState} | sed 's/ state [A-Z]*//'`,
      `$original -all netns exec $original -o -4 addr show dev eth0 | sed 's/^[0-9]*: //' | sort`,
      '$original -all netns exec $original route | sort',
      `$original -all netns exec $original -o link | sed 's/^[0-9]*: //; s/@if[0-9]*//; s/ link.ether.*//' | sort`,
    ].join('; '),
    contenders: {
      tsip: '$tsip --line-netns -force -batch ours',
      original: '$original -force -batch theirs',
      script: 'bash script',
    },
    rounds: 3,
    limit: { original: 1, script: 0.5 },
  };
}

export const cases: readonly Case[] = [
  ...['link show lo', '-d link show lo', 'addr', 'route', 'netns list', 'link set lo up'].map(words => ({
    name: `start: ${words}`,
    contenders: { ...both(words), node: '$node -e 0' },
    rounds: 40,
    limit: { node: 1.3 },
  })),
  addRoutes('-force -batch', 0.7)(100_000),
  addRoutes('-batch', 2)(100_000),
  addAddresses(10_000),
  addPairs(1000),
  addNamespaces(500),
  addAndDeleteNamespaces(500),
  ...runCases,
  lab(200, false),
  lab(200, true),
  {
    name: 'a program in a named namespace: netns exec',
    world: '$original netns add red',
    contenders: { ...both('netns exec red true'), node: '$node -e 0' },
    rounds: 40,
    limit: { both: 1.2 },
  },
  {
    name: "a program in a process's namespace: nsenter -n",
    world: '/usr/bin/unshare -n sleep 100000 >/dev/null 2>&1 & echo $! >target',
    contenders: {
      tsip: '$tsnsenter -t $(<target) -n true',
      original: '$nsenter -t $(<target) -n true',
      node: '$node -e 0',
    },
    rounds: 40,
    limit: { both: 1.2 },
  },
  ...[1000, 4000].flatMap(count =>
    ['link', '-d link', '-j -d -s link'].map(words => showLinks(words, count)),
  ),
  ...['route', '-j route'].map(words => show(words, 'routes', 100_000, routeLine)),
  show('addr', 'addresses', 10_000, addressLine),
  flushRoutes(10_000),
];

/** Each kind of dump and batch. */
export const growths: readonly Growth[] = [
  ...['link', '-d link', '-j -d -s link'].map(words => ({
    name: words,
    count: 500,
    caseOf: (count: number) => showLinks(words, count),
  })),
  ...(
    [
      ['route', 'routes', 12_500, routeLine],
      ['-j route', 'routes', 12_500, routeLine],
      ['addr', 'addresses', 1250, addressLine],
      ['neigh', 'neighbours', 1250, neighbourLine],
      ['rule', 'rules', 500, ruleLine],
      ['nexthop', 'next hops', 1250, nextHopLine],
    ] as const
  ).map(([words, what, count, line]) => ({
    name: words,
    count,
    caseOf: (times: number) => show(words, what, times, line),
  })),
  { name: 'route flush', count: 1250, caseOf: flushRoutes },
  { name: '-force -batch: route add', count: 12_500, caseOf: addRoutes('-force -batch', 0.7) },
  { name: '-batch: route add', count: 12_500, caseOf: addRoutes('-batch', 2) },
  { name: '-force -batch: addr add', count: 1250, caseOf: addAddresses },
  { name: '-force -batch: rule add', count: 500, caseOf: addRules },
  { name: '-force -batch: link add type veth', count: 125, caseOf: addPairs },
  { name: '-force -batch: netns add, netns delete', count: 50, caseOf: addAndDeleteNamespaces },
  { name: 'a lab', count: 20, caseOf: count => lab(count, true) },
];
