/** What is measured of `tsip run`: scripts with the original, and the same inside. */
import type { Case } from './cases.ts';

/** How often something is measured whose ratio is promised. */
const ROUNDS = 10;

/** Removes what a script has made. */
const empty = [
  "$original netns | sed 's/ .*//; s/.*/netns delete &/' | $original -batch -",
  "$original -br link | sed -n 's/^\\([dv][0-9]*\\)[@ ].*/link del \\1/p' | $original -batch -",
].join('; ');

/** What it leaves behind, without what the kernel reports a little later. */
const state = [
  "$original -br -4 addr | sed 's/@[^ ]*//; s/ \\(UP\\|DOWN\\|UNKNOWN\\|LOWERLAYERDOWN\\) / /; s/  */ /g; s/ $//' | sort",
  "$original netns | sed 's/ .*//' | sort",
].join('; ');

interface Script {
  readonly name: string;
  /** How often the lines are repeated, with numbers from 0 in `$i`. */
  readonly count: number;
  /** Lines of a script. */
  readonly lines: readonly string[];
  readonly limit: number;
}

/** A script of repeated lines, in which every `ip` becomes the original for the original. */
function script({ name, count, lines, limit }: Script): Case {
  const written = lines.map(line => `echo "${line}"`).join('; ');
  return {
    name: `tsip run: ${name}`,
    world: `for ((i = 0; i < ${count}; i++)); do ${written}; done >ours; sed "s|\\bip |$original |g" ours >theirs`,
    prepare: empty,
    check: state,
    contenders: { tsip: '$tsip run sh ours', original: 'sh theirs' },
    rounds: ROUNDS,
    limit: { original: limit },
  };
}

const labLines = (inside: (words: string) => string) => [
  'ip netns add n$i',
  'ip link add v$i type veth peer name w$i',
  'ip link set w$i netns n$i',
  'ip addr add 10.$((i / 200)).$((i % 200)).1/24 dev v$i',
  'ip link set v$i up',
  inside('addr add 10.$((i / 200)).$((i % 200)).2/24 dev w$i'),
  inside('link set w$i up'),
  'ip netns exec n$i true',
];

const LAB = 200;
const CALLERS = 20;
const CALLS = 2000;

export const runCases: readonly Case[] = [
  {
    name: 'tsip run: start',
    contenders: { tsip: '$tsip run true', original: 'true', node: '$node -e 0' },
    rounds: 40,
    limit: { node: 2 },
  },
  script({
    name: 'a script of 1000 lines',
    count: 250,
    lines: [
      'ip link add v$i address 02:00:00:00:$((i / 100)):$((i % 100)) type veth peer name w$i',
      'ip addr add 10.$((i / 200)).$((i % 200)).1/24 dev v$i',
      'ip link set v$i up',
      'ip -br link show v$i',
    ],
    limit: 0.75,
  }),
  script({
    name: `a lab of ${LAB} namespaces, -n`,
    count: LAB,
    lines: labLines(words => `ip -n n$i ${words}`),
    limit: 0.9,
  }),
  script({
    name: `a lab of ${LAB} namespaces, netns exec`,
    count: LAB,
    lines: labLines(words => `ip netns exec n$i ip ${words}`),
    limit: 0.9,
  }),
  {
    name: `tsip run: ${CALLS} calls, ${CALLERS} at once`,
    world: `seq ${CALLS / 2} >numbers`,
    prepare: empty,
    check: state,
    contenders: {
      tsip: `$tsip run xargs -a numbers -P ${CALLERS} -I{} sh -c 'ip link add d{} type ifb && ip link set d{} up'`,
      original: `xargs -a numbers -P ${CALLERS} -I{} sh -c "$original link add d{} type ifb && $original link set d{} up"`,
    },
    rounds: ROUNDS,
    limit: { original: 1 },
  },
];
