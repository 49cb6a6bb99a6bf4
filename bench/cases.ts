/** What is measured. A case is data: a world to build, and command lines for contenders in it. */

/** Commands may say `$tsip`, `$original` (ip of iproute2), `$tsnsenter`, `$nsenter` (of util-linux) and `$node`. */
export interface Case {
  readonly name: string;
  /** Shell text that builds the world, once, with the original. */
  readonly world?: string;
  /** Shell text that is run before each measured command. */
  readonly prepare?: string;
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
  return `for ((i = 0; i < ${count / 2}; i++)); do echo "link add v$i type veth peer name w$i"; done | $original -batch -`;
}

/** `count` IPv4 routes through one device. */
function routes(count: number, device = 'd0'): string {
  return (
    `for ((i = 0; i < ${count}; i++)); do echo "route add 10.$((i >> 16)).$((i >> 8 & 255)).$((i & 255))/32 dev ${device}"; ` +
    'done | $original -batch -'
  );
}

const device =
  '$original link add d0 type veth peer name d1; $original link set d0 up; $original link set d1 up';

/** The same words for both programs. */
function both(words: string): Case['contenders'] {
  return { tsip: `$tsip ${words}`, original: `$original ${words}` };
}

export const cases: readonly Case[] = [
  {
    name: 'start: link show lo',
    contenders: { ...both('link show lo'), node: '$node -e 0' },
    rounds: 40,
    limit: { node: 1.5 },
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
      limit: { original: 3 },
    })),
  ]),
  ...['route', '-j route'].map(words => ({
    name: `100000 routes: ${words}`,
    world: `${device}; ${routes(100_000)}`,
    contenders: both(words),
    rounds: 7,
    limit: { original: 2.5 },
    limitMegabytes: 150,
  })),
  {
    name: '10000 addresses: addr',
    world: `${device}; for ((i = 0; i < 10000; i++)); do echo "addr add 10.1.$((i >> 8)).$((i & 255))/32 dev d0"; done | $original -batch -`,
    contenders: both('addr'),
    rounds: 10,
    limit: { original: 3 },
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
