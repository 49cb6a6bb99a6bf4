/**
 * `tsip lab`, the rows `lab:` of `npm run bench`: a star of hosts with addresses, made, looked at and removed, next to one
 * batch of tsip that makes the same, and to Mininet where Debian has it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { repository } from '../test/support/requirements.ts';
import { ourPrograms, quote, Sandbox } from '../test/support/sandbox.ts';
import { median, Rows } from './rows.ts';

const ROUNDS = 5;
const [FEW, MANY, MOST] = [50, 200, 1000];
/** Seconds for the largest lab, and to validate its file. */
const MOST_APPLIED = 8;
const MOST_VALIDATED = 0.3;
const TO_MININET = { apply: 0.2, destroy: 0.1 };
const TO_BATCH = 1.3;
const PLAN_TO_APPLY = 0.5;

const MININET = ['mininet', 'bridge-utils', 'net-tools', 'ethtool'];

/** Bash: `timed NAME COMMAND...` prints how long a command takes; Mininet says itself when it is up. */
const FUNCTIONS = `
timed() {
  local name=$1 begin=\${EPOCHREALTIME/./}; shift
  "$@" >/dev/null || { echo "fails with $?: $*" >&2; exit 1; }
  echo "$name $((\${EPOCHREALTIME/./} - begin))"
}
star() {
  timed "apply $1" tsip lab apply "star$1.yaml" --name star
  timed "plan $1" tsip lab plan "star$1.yaml" --name star
  timed "destroy $1" tsip lab destroy star
}
batch() {
  timed "batch $1" tsip --line-netns -batch "star$1.batch"
  ip netns list | sed 's/ .*//; s/^/netns delete /' | ip -batch -
}
mininet() {
  local begin=\${EPOCHREALTIME/./} up end
  # With the system's ip. It sets limits of the host, which it must not here; its programs close all descriptors there may be.
  up=$(PATH=\${PATH#/mnt/bin:} unshare -m sh -c 'ulimit -n 1024; mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys && exec "$@"' sh \\
    /usr/bin/python3 "$MININET" "$1" 2>mininet.log) || { cat mininet.log >&2; exit 1; }
  end=\${EPOCHREALTIME/./} up=\${up/./}
  echo "mininet up $1 $((up - begin))"
  echo "mininet down $1 $((end - up))"
}`;

const rows = new Rows();

/** Measures it if `wanted` matches; returns whether all is within its limits. */
export async function measureLab(wanted: RegExp, rounds = ROUNDS): Promise<boolean> {
  const sizes = [FEW, MANY, MOST].filter(count => wanted.test(`lab: ${count} hosts`));
  if (sizes.length === 0) return true;
  const folder = mkdtempSync(join(tmpdir(), 'tsip-bench-lab-'));
  try {
    const mininet = getMininet(folder);
    if (typeof mininet === 'string') rows.print('lab: Mininet', `left out: ${mininet}`);
    for (const count of sizes) {
      const script = [
        FUNCTIONS,
        `for ((round = 0; round < ${count === MOST ? 1 : rounds}; round++)); do`,
        `star ${count}; batch ${count}; timed 'validate ${count}' tsip lab validate star${count}.yaml`,
        typeof mininet === 'string' || count === MOST ? '' : `mininet ${count}`,
        'done',
      ];
      const times = await timesOf(script.join('\n'), count, typeof mininet === 'string' ? {} : mininet);
      print(count, times);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return rows.isWithinLimits;
}

/** The variables by which Mininet and what it starts are found, unpacked from Debian's packages; or why they are not. */
function getMininet(folder: string): Readonly<Record<string, string>> | string {
  const run = (command: string, ...words: string[]) =>
    spawnSync(command, words, { cwd: folder, encoding: 'utf8' });
  const { status, stderr } = run('apt-get', '-qq', 'download', ...MININET);
  if (status !== 0) return `there is no package: ${(stderr ?? 'no apt-get').trim().split('\n')[0]}`;
  const root = join(folder, 'root');
  mkdirSync(root);
  for (const name of readdirSync(folder).filter(file => file.endsWith('.deb')))
    run('dpkg-deb', '-x', name, root);
  if (!existsSync('/usr/bin/python3')) return 'there is no /usr/bin/python3';
  return {
    PYTHONDONTWRITEBYTECODE: '1',
    MININET: resolve(repository, 'bench/mininet-star.py'),
    PYTHONPATH: join(root, 'usr/lib/python3/dist-packages'),
    ADDED_PATH: ['sbin', 'usr/sbin', 'usr/bin'].map(name => join(root, name)).join(':'),
  };
}

/** Runs a script in a sandbox where there are the files of a star; name -> microseconds of each round. */
async function timesOf(
  script: string,
  count: number,
  env: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const sandbox = await Sandbox.open(ourPrograms());
  try {
    writeFileSync(join(sandbox.folder, `star${count}.yaml`), starFile(count));
    writeFileSync(join(sandbox.folder, `star${count}.batch`), starBatch(count));
    const words = `cd ${quote(sandbox.folder)}; PATH=$PATH:$ADDED_PATH; ${script}`;
    const { stdout, stderr, status } = await sandbox.run(`$ bash -c ${quote(words)}`, {
      env,
      timeoutMs: 900_000,
    });
    if (status !== 0) throw new Error(stderr);
    const times = new Map<string, number[]>();
    for (const line of stdout.trim().split('\n')) {
      const at = line.lastIndexOf(' ');
      const name = line.slice(0, at);
      times.set(name, [...(times.get(name) ?? []), Number(line.slice(at + 1))]);
    }
    return times;
  } finally {
    await sandbox.close();
  }
}

const addressOf = (number: number) => `10.0.${Math.floor(number / 256)}.${number % 256}/16`;

function starFile(count: number): string {
  const nodes = Array.from(
    { length: count },
    (_, at) => `  h${at + 1}: {devices: {eth0: {to: lan, address: ${addressOf(at + 1)}}}}\n`,
  );
  return `networks: {lan: {}}\nnodes:\n${nodes.join('')}`;
}

function starBatch(count: number): string {
  const lines = ['netns add lan', '-n lan link add lan type bridge', '-n lan link set lan up'];
  for (let number = 1; number <= count; number++)
    lines.push(
      `netns add h${number}`,
      `-n h${number} link set lo up`,
      `-n lan link add p${number} master lan type veth peer name eth0 netns h${number}`,
      `-n lan link set p${number} up`,
      `-n h${number} addr add ${addressOf(number)} dev eth0`,
      `-n h${number} link set eth0 up`,
    );
  return `${lines.join('\n')}\n`;
}

function print(count: number, times: ReadonlyMap<string, readonly number[]>): void {
  const of = (name: string) => times.get(`${name} ${count}`) ?? [];
  const seconds = (name: string) => `${(median(of(name)) / 1e6).toFixed(2)} s`;
  const compare = (name: string, other: string, title: string, limit: number) => {
    if (of(other).length === 0) return;
    const ratio = median(of(name).map((time, at) => time / of(other)[at]!));
    rows.print(
      `lab: ${count} hosts: ${name}`,
      `${seconds(name)}, ${title} ${seconds(other)}: ${ratio.toFixed(2)} times, at most ${limit}`,
      ratio <= limit,
    );
  };
  compare('apply', 'mininet up', 'Mininet', TO_MININET.apply);
  compare('apply', 'batch', 'one batch', TO_BATCH);
  compare('destroy', 'mininet down', 'Mininet', TO_MININET.destroy);
  compare('plan', 'apply', 'apply', PLAN_TO_APPLY);
  rows.print(`lab: ${count} hosts: destroy`, seconds('destroy'));
  if (count !== MOST) return;
  for (const [name, limit] of [
    ['apply', MOST_APPLIED],
    ['validate', MOST_VALIDATED],
  ] as const)
    rows.print(
      `lab: ${count} hosts: ${name}`,
      `${seconds(name)}, at most ${limit} s`,
      median(of(name)) <= limit * 1e6,
    );
}
