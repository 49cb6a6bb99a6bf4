/**
 * The library compared with what a Node developer does without it: `ip` as a child with JSON.parse, `ip -batch`, and
 * pyroute2 where Python has it. `npm run bench -- library [--only REGEXP] [--rounds N] [--large]`, with the programs
 * built. Contenders run in turn in one new network namespace. Prints medians, the first calls, and the medians of the
 * ratios of neighbouring runs with their limits; with `--large` also a million routes. Exits with 1 above a limit.
 */
import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs, promisify } from 'node:util';
import { Namespace, Network } from '../src/index.ts';
import { originals, repository } from '../test/support/requirements.ts';
import { median } from './rows.ts';

const LONG_OUTPUT = 2 ** 28;
const BULK = 10_000;
const PAIRS = 500;
const EVENTS = 20_000;
const OPENINGS = 200;
const MILLION = 1_000_000;

const run = promisify(execFile);
const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '7' },
    large: { type: 'boolean', default: false },
    inside: { type: 'boolean', default: false },
  },
});
const wanted = new RegExp(options.only);
const rounds = Number(options.rounds);
let isWithinLimits = true;

/** The original without the shell that its wrapper is. */
function originalWords(): string[] {
  const file = join(originals(), 'ip');
  const wrapped = /^#!\/bin\/sh\nexec (.*) "\$@"\n$/.exec(readFileSync(file, 'latin1'))?.[1];
  return (wrapped?.replace('"${0##*/}"', 'ip') ?? file).split(' ');
}

const [program = 'ip', ...before] = originalWords();

async function ip(...words: string[]): Promise<string> {
  return (await run(program, [...before, ...words], { maxBuffer: LONG_OUTPUT })).stdout;
}

function batch(lines: readonly string[]): void {
  const how = { input: `${lines.join('\n')}\n`, maxBuffer: LONG_OUTPUT };
  execFileSync(program, [...before, '-force', '-batch', '-'], how);
}

async function timed(work: () => unknown): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

interface Row {
  readonly name: string;
  readonly ours: () => unknown;
  /** What it is compared with; a number is a fixed limit in milliseconds. */
  readonly other: readonly [name: string, work: () => unknown] | number;
  /** Between the runs. */
  readonly reset?: () => unknown;
  /** At most so many times the other; undefined where the other is a number. */
  readonly limit?: number;
  readonly first?: FirstCall;
}

/** The first call in a process: of the collection whose `all()` it is, and of the words after `ip -j`. */
interface FirstCall {
  readonly collection: 'routes' | 'addresses' | 'links';
  readonly words: string;
  readonly limit: number;
}

const built = join(repository, 'dist/lib/index.js');

/** Milliseconds of the first call in fresh processes, ours as it is installed, in turn: medians. */
function firstCalls({ collection, words }: FirstCall): [own: number, other: number] {
  const own = `import { Network } from ${JSON.stringify(built)};
    const network = await Network.open();
    const begin = performance.now();
    await network.${collection}.all();
    console.log(performance.now() - begin);`;
  const other = `import { execFile } from 'node:child_process';
    import { promisify } from 'node:util';
    const begin = performance.now();
    const { stdout } = await promisify(execFile)(...${JSON.stringify([program, [...before, '-j', words]])}, { maxBuffer: ${LONG_OUTPUT} });
    JSON.parse(stdout);
    console.log(performance.now() - begin);`;
  const run = (code: string) =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }));
  const times = Array.from({ length: rounds }, () => [run(own), run(other)] as const);
  return [median(times.map(([ms]) => ms)), median(times.map(([, ms]) => ms))];
}

/** Measures in turn, so that both see the same machine. */
async function measure({ name, ours, other, reset, limit, first }: Row): Promise<void> {
  if (!wanted.test(name)) return;
  const own: number[] = [];
  const others: number[] = [];
  for (let round = 0; round < rounds; round++) {
    own.push(await timed(ours));
    await reset?.();
    if (typeof other !== 'number') others.push(await timed(other[1]));
    if (typeof other !== 'number') await reset?.();
  }
  if (typeof other === 'number') {
    report(name, `${median(own).toFixed(3)} ms, at most ${other}`, median(own) <= other);
    return;
  }
  const ratio = median(own.map((ms, at) => ms / others[at]!));
  const [ownFirst, otherFirst] = first === undefined ? [own[0]!, others[0]!] : firstCalls(first);
  const firstRatio = ownFirst / otherFirst;
  const isWithin =
    (limit === undefined || ratio <= limit) && (first === undefined || firstRatio <= first.limit);
  report(
    name,
    `${median(own).toFixed(1)} ms, ${other[0]} ${median(others).toFixed(1)} ms: ${ratio.toFixed(2)} times` +
      `${limit === undefined ? '' : `, at most ${limit}`}; first call ${ownFirst.toFixed(1)} ms, ${firstRatio.toFixed(2)} times` +
      `${first === undefined ? '' : `, at most ${first.limit}`}`,
    isWithin,
  );
}

function report(name: string, text: string, isWithin: boolean): void {
  isWithinLimits &&= isWithin;
  console.log(`${name}${isWithin ? '' : '   OVER THE LIMIT'}\n  ${text}`);
}

const hosts = (second: number) =>
  Array.from({ length: BULK }, (_, index) => `10.${second}.${index >> 8}.${index & 255}/32`);
const jsonOf = (words: string) => async () => JSON.parse(await ip('-j', ...words.split(' ')));

if (!options.inside) {
  const isAlone = process.getuid?.() === 0 ? ['-n'] : ['-U', '-r', '-n'];
  const words = [...isAlone, process.execPath, ...process.execArgv, import.meta.filename];
  const { status } = spawnSync('unshare', [...words, ...process.argv.slice(2), '--inside'], {
    stdio: 'inherit',
    env: { ...process.env, NODE_EXTRA_CA_CERTS: undefined },
  });
  process.exit(status ?? 1);
}
const network = await Network.open();
await all();
network.close();
process.exitCode = isWithinLimits ? 0 : 1;

async function all(): Promise<void> {
  batch(['link add d0 type veth peer name d1', 'link set d0 up', 'link set d1 up']);
  await readings();
  await changes();
  await events();
  if (options.large) await largeTable();
}

async function readings(): Promise<void> {
  const ordinary = 'execFile ip -j and JSON.parse';
  batch(hosts(2).map(destination => `route add ${destination} dev d0`));
  await measure({
    name: '10,000 routes by all()',
    ours: () => network.routes.all(),
    other: [ordinary, jsonOf('route')],
    limit: 0.5,
    first: { collection: 'routes', words: 'route', limit: 0.8 },
  });
  batch(hosts(2).map(destination => `route del ${destination} dev d0`));
  batch(hosts(1).map(address => `addr add ${address} dev d0`));
  await measure({
    name: '10,000 addresses by all()',
    ours: () => network.addresses.all(),
    other: [ordinary, jsonOf('addr')],
    limit: 0.5,
    first: { collection: 'addresses', words: 'addr', limit: 0.8 },
  });
  batch(['addr flush dev d0']);
  batch(Array.from({ length: PAIRS }, (_, pair) => `link add v${pair} type veth peer name w${pair}`));
  await measure({
    name: '1,003 devices by all()',
    ours: () => network.links.all(),
    other: [ordinary, jsonOf('link')],
    limit: 0.6,
    first: { collection: 'links', words: 'link', limit: 1 },
  });
  batch(Array.from({ length: PAIRS }, (_, pair) => `link del v${pair}`));
}

async function changes(): Promise<void> {
  const destinations = Array.from({ length: BULK }, (_, at) => `20.${at >> 8}.${at & 255}.0/24`);
  const lines = destinations.map(destination => `route add ${destination} dev d0`);
  await measure({
    name: '10,000 routes by add in one Promise.all',
    ours: () =>
      Promise.all(destinations.map(destination => network.routes.add({ destination, device: 'd0' }))),
    other: ['ip -force -batch', () => batch(lines)],
    reset: () => network.routes.flush({ protocol: 'boot', family: 'inet' }),
    limit: 1.5,
  });
  await measure({
    name: 'one change, awaited',
    ours: () => network.links.change('d0', { mtu: 1400 }),
    other: ['execFile ip link set', () => ip('link', 'set', 'd0', 'mtu', '1400')],
    limit: 0.1,
  });
  const addresses = Array.from({ length: PAIRS }, (_, at) => `10.3.${at >> 8}.${at & 255}/32`);
  await measure({
    name: '500 addresses one by one',
    async ours() {
      for (const address of addresses) await network.addresses.add({ device: 'd0', address });
    },
    other: pyroute2() ?? [
      '500 lines of ip -force -batch (there is no pyroute2 here)',
      () => batch(addresses.map(address => `addr add ${address} dev d0`)),
    ],
    reset: () => network.addresses.flush({ device: 'd0', family: 'inet' }),
    ...(pyroute2() === undefined ? {} : { limit: 1 }),
  });
  await using namespace = await Namespace.create();
  await measure({
    name: `a network opened and closed, of ${OPENINGS}`,
    async ours() {
      for (let count = 0; count < OPENINGS; count++) (await namespace.network()).close();
    },
    other: OPENINGS * 0.2,
  });
}

/** The same by pyroute2: a process that waits for a line, does the job and answers. */
function pyroute2(): readonly [string, () => unknown] | undefined {
  if (spawnSync('python3', ['-c', 'import pyroute2']).status !== 0) return undefined;
  const script = `
import sys
from pyroute2 import IPRoute
ipr = IPRoute()
index = ipr.link_lookup(ifname='d0')[0]
for line in sys.stdin:
    for at in range(${PAIRS}):
        ipr.addr('add', index=index, address=f'10.3.{at >> 8}.{at & 255}', prefixlen=32)
    print('done', flush=True)
`;
  let child: ChildProcess | undefined;
  return [
    'pyroute2',
    async () => {
      child ??= spawn('python3', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
      child.unref();
      child.stdin?.write('\n');
      if (child.stdout) await once(child.stdout, 'data');
    },
  ];
}

async function events(): Promise<void> {
  const destinations = Array.from({ length: EVENTS / 2 }, (_, at) => `20.${at >> 8}.${at & 255}.0/24`);
  const lines = ['add', 'del'].flatMap(verb =>
    destinations.map(destination => `route ${verb} ${destination} dev d0`),
  );
  const make = () => {
    const words = [...before, '-force', '-batch', '-'];
    spawn(program, words, { stdio: ['pipe', 'ignore', 'inherit'] }).stdin.end(`${lines.join('\n')}\n`);
  };
  await measure({
    name: '20,000 events by a watch',
    async ours() {
      let count = 0;
      using watcher = network.watch(['route'], { receiveBuffer: 2 ** 26 });
      make();
      for await (const event of watcher) if (event.group === 'route' && ++count === EVENTS) break;
    },
    other: [
      'ip monitor as a child, read line by line',
      async () => {
        const words = ['-oL', program, ...before, '-rcvbuf', String(2 ** 26), '-o', 'monitor', 'route'];
        const monitor = spawn('stdbuf', words, { stdio: ['ignore', 'pipe', 'inherit'] });
        const reader = createInterface({ input: monitor.stdout })[Symbol.asyncIterator]();
        // It listens when it reports a first change.
        const first = setInterval(() => batch(['route replace 30.0.0.0/24 dev d0']), 20);
        await reader.next();
        clearInterval(first);
        make();
        for (let count = 0; count < EVENTS; ) {
          const { value, done } = await reader.next();
          if (done) break;
          if (/\b20\.\d/.test(value)) count++;
        }
        monitor.kill();
        await once(monitor, 'exit');
      },
    ],
    reset: () => network.routes.flush({ protocol: 'boot', family: 'inet' }),
  });
}

/** A million routes, each reader in a process by itself because of its memory. */
async function largeTable(): Promise<void> {
  const lines = Array.from(
    { length: MILLION },
    (_, at) => `route add 20.${at >> 16}.${(at >> 8) & 255}.${at & 255}/32 dev d0`,
  );
  batch(lines);
  const tsip = join(repository, 'native', process.arch, 'tsip');
  const readers = {
    list: ['let count = 0; for await (const _ of network.routes.list()) count++;', 2, 110],
    all: ['const { length: count } = await network.routes.all();', 3, 600],
  } as const;
  const printing = { stdio: ['ignore', 'ignore', 'inherit'] as 'ignore'[] };
  const plain = await timed(() => execFileSync(tsip, ['route'], printing));
  for (const [job, [count, limit, megabytes]] of Object.entries(readers)) {
    const words = ['--input-type=module', '-e', largeScript(count)];
    const printed = execFileSync(process.execPath, words, { cwd: repository, encoding: 'utf8' });
    const [ms, peak] = printed.split(' ').map(Number);
    const ratio = ms! / plain;
    report(
      `1,000,000 routes by ${job}`,
      `${ms!.toFixed(0)} ms, tsip route ${plain.toFixed(0)} ms: ${ratio.toFixed(2)} times, at most ${limit}; ` +
        `${peak!.toFixed(0)} MB, at most ${megabytes}`,
      ratio <= limit && peak! <= megabytes,
    );
  }
}

/** The library as it is installed, in a process that does nothing else; prints milliseconds and peak memory. */
function largeScript(count: string): string {
  return `
    import { Network } from 'tsip';
    const network = await Network.open();
    const begin = performance.now();
    ${count}
    const ms = performance.now() - begin;
    if (count < ${MILLION}) throw new Error(count + ' routes');
    console.log(ms + ' ' + process.resourceUsage().maxRSS / 1024);
    network.close();
  `;
}
