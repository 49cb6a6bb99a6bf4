/** What is measured. A case is data: a world to build, and command lines for contenders in it. */

/** Commands may say `$tsip`, `$original` (ip of iproute2), `$tsnsenter`, `$nsenter` (of util-linux) and `$node`. */
export interface Case {
  readonly name: string;
  /** Shell text that builds the world, once, with the original. */
  readonly world?: string;
  /** Shell text that is run before each measured command. */
  readonly prepare?: string;
  /** Shell text that prints what the commands leave behind: it must be the same after each. */
  readonly check?: string;
  readonly contenders: {
    readonly tsip: string;
    readonly original: string;
    /** Bare Node, where the cost of starting is the question. */
    readonly node?: string;
  };
  readonly rounds: number;
  /** How many times longer than the original, than bare Node, or than both together, tsip may take at most. */
  readonly limit?: { readonly original?: number; readonly node?: number; readonly both?: number };
  /** Peak resident memory that tsip may take at most. */
  readonly limitMegabytes?: number;
}

/** `count` links: half as many pairs of veth devices. */
function links(count: number): string {
  return `${lines(count / 2, 'link add v$i type veth peer name w$i')} | $original -batch -`;
}

/** The lines of a batch, one for each `$i` below `count`. */
function lines(count: number, line: string): string {
  return `for ((i = 0; i < ${count}; i++)); do echo "${line}"; done`;
}

/** A line that adds an IPv4 route. */
const routeLine = 'route add 10.$((i >> 16)).$((i >> 8 & 255)).$((i & 255))/32 dev d0';

/** `count` IPv4 routes through one device. */
function routes(count: number): string {
  return `${lines(count, routeLine)} | $original -batch -`;
}

const device =
  '$original link add d0 type veth peer name d1; $original link set d0 up; $original link set d1 up';

/** The same words for both programs. */
function both(words: string): Case['contenders'] {
  return { tsip: `$tsip ${words}`, original: `$original ${words}` };
}

/** A batch of `count` lines, undone by `undo` before each run. */
function batch(name: string, count: number, line: string, words: string, undo: string, state: string): Case {
  return {
    name: `${count} lines, ${words}: ${name}`,
    world: `${device}; ${lines(count, line)} >lines`,
    prepare: undo,
    check: state,
    contenders: both(`${words} lines`),
    rounds: 5,
  };
}

const routeBatch = (words: string) =>
  batch('route add', 100_000, routeLine, words, '$original route flush dev d0', '$original route');

export const cases: readonly Case[] = [
  ...['link show lo', 'addr', 'route', 'netns list'].map(words => ({
    name: `start: ${words}`,
    contenders: { ...both(words), node: '$node -e 0' },
    rounds: 40,
    limit: { node: 1.3 },
  })),
  { ...routeBatch('-force -batch'), limit: { original: 0.7 } },
  { ...routeBatch('-batch'), limit: { original: 2 } },
  {
    ...batch(
      'addr add',
      10_000,
      'addr add 10.1.$((i >> 8)).$((i & 255))/32 dev d0',
      '-force -batch',
      '$original addr flush dev d0',
      '$original -4 addr',
    ),
    limit: { original: 1.1 },
  },
  {
    ...batch(
      'link add type veth',
      1000,
      'link add v$i type veth peer name w$i',
      '-force -batch',
      "$original -br link | sed -n 's/^\\(v[0-9]*\\)@.*/link del \\1/p' | $original -batch -",
      "$original -br link | grep -c '^v'",
    ),
    rounds: 2,
    limit: { original: 1.1 },
  },
  {
    ...batch(
      'netns add',
      500,
      'netns add n$i',
      '-force -batch',
      '$original -all netns delete',
      '$original netns | sort',
    ),
    rounds: 3,
    limit: { original: 1.1 },
  },
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
  ...[1000, 4000].flatMap((count): Case[] => [
    ...['link', '-d link', '-j -d -s link'].map(words => ({
      name: `${count} links: ${words}`,
      world: links(count),
      contenders: both(words),
      rounds: 10,
      limit: { original: 1.8 },
    })),
  ]),
  ...['route', '-j route'].map(words => ({
    name: `100000 routes: ${words}`,
    world: `${device}; ${routes(100_000)}`,
    contenders: both(words),
    rounds: 7,
    limit: { original: 1.8 },
    limitMegabytes: 150,
  })),
  {
    name: '10000 addresses: addr',
    world: `${device}; ${lines(10_000, 'addr add 10.1.$((i >> 8)).$((i & 255))/32 dev d0')} | $original -batch -`,
    contenders: both('addr'),
    rounds: 10,
    limit: { original: 1.8 },
  },
  {
    name: '10000 routes: route flush',
    world: device,
    prepare: routes(10_000),
    contenders: both('route flush dev d0'),
    rounds: 5,
    limit: { original: 2 },
  },
];
