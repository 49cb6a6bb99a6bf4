/**
 * Bulk reads of the library, compared with what a Node developer does without it: `ip -j` as a child, and JSON.parse. In a new
 * network namespace: `unshare -n npx tsx bench/library.ts`, with the programs and the library built. Prints the first
 * call, the median of ten, and their ratios.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Network } from '../src/index.ts';
import { originals } from '../test/support/requirements.ts';

const ROUNDS = 10;
const LONG_OUTPUT = 2 ** 28;
const run = promisify(execFile);

/** The original without the shell that its wrapper is. */
function originalWords(): string[] {
  const file = join(originals(), 'ip');
  const wrapped = /^#!\/bin\/sh\nexec (.*) "\$@"\n$/.exec(readFileSync(file, 'latin1'))?.[1];
  return (wrapped?.replace('"${0##*/}"', 'ip') ?? file).split(' ');
}

async function ip(...words: string[]): Promise<string> {
  const [program = 'ip', ...before] = originalWords();
  return (await run(program, [...before, ...words], { maxBuffer: LONG_OUTPUT })).stdout;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}

/** Measures in turn, so that both see the same machine. */
async function compare(name: string, read: () => Promise<unknown>, words: readonly string[]): Promise<void> {
  const ours: number[] = [];
  const child: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await timed(read));
    child.push(await timed(async () => JSON.parse(await ip('-j', ...words))));
  }
  const ratio = median(ours.map((ms, at) => ms / child[at]!));
  const first = ours[0]! / child[0]!;
  console.log(
    `${name}: ${median(ours).toFixed(1)} ms (first ${ours[0]!.toFixed(1)}), child ${median(child).toFixed(1)} ms; ` +
      `${ratio.toFixed(2)} times (first ${first.toFixed(2)})`,
  );
}

await using network = await Network.open();
await network.links.add({ kind: 'veth', name: 'd0', up: true, peer: { name: 'd1' } });
await network.links.change('d1', { up: true });
const hosts = (second: number) =>
  Array.from({ length: 10_000 }, (_, index) => `10.${second}.${index >> 8}.${index & 255}/32`);
await Promise.all(hosts(2).map(destination => network.routes.add({ destination, device: 'd0' })));
await compare('10,000 routes', () => network.routes.all(), ['route']);
await Promise.all(hosts(1).map(address => network.addresses.add({ device: 'd0', address })));
await compare('10,000 addresses', () => network.addresses.all(), ['addr']);
for (let pair = 0; pair < 500; pair++)
  await network.links.add({ kind: 'veth', name: `v${pair}`, peer: { name: `w${pair}` } });
await compare('1,003 links', () => network.links.all(), ['link']);
