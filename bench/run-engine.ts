/**
 * The engine of `tsip run`, two rows of `npm run bench`: its memory after many calls, which shows what it keeps of a call,
 * and how long each of its first calls takes to list many addresses.
 */
import { ourPrograms, quote, Sandbox } from '../test/support/sandbox.ts';
import { median, Rows } from './rows.ts';

const NAME = 'tsip run: memory of the engine';
const FEWER = 1000;
const MORE = 10_000;
const LIMIT_MEGABYTES = 5;

/** Calls of several kinds, answered and failing; prints the resident memory in KiB at both counts. */
const SCRIPT = `memory() { sed -n 's/^VmRSS:[^0-9]*\\([0-9]*\\) kB/\\1/p' /proc/\${TSIP_RUN%%:*}/status; }
calls() {
  for ((turn = $1; turn < $2; turn += 8)); do
    ip link add d0 type ifb; ip addr add 10.0.0.1/24 dev d0; ip link set d0 up; ip -j -d addr show d0 >/dev/null
    ip link show nope 2>/dev/null; ip -n red link set lo up; ip netns exec red true; ip link del d0
  done
}
ip netns add red
calls 0 ${FEWER}; memory; calls ${FEWER} ${MORE}; memory`;

/** Measures it if `wanted` matches; returns whether it is within its limit. */
export async function measureRunMemory(wanted: RegExp): Promise<boolean> {
  if (!wanted.test(NAME)) return true;
  const sandbox = await Sandbox.open(ourPrograms());
  try {
    const { stdout, stderr } = await sandbox.run('$ tsip run bash -c "$SCRIPT"', {
      env: { SCRIPT },
      timeoutMs: 900_000,
    });
    const [fewer, more] = stdout
      .trim()
      .split('\n')
      .map(kib => Number(kib) / 1024);
    if (!fewer || !more) throw new Error(`no figures: ${stdout}${stderr}`);
    const rows = new Rows();
    rows.print(
      NAME,
      `${fewer.toFixed(1)} MB after ${FEWER} calls, ${more.toFixed(1)} MB after ${MORE}: ` +
        `${(more - fewer).toFixed(1)} MB more, at most ${LIMIT_MEGABYTES}`,
      more - fewer <= LIMIT_MEGABYTES,
    );
    return rows.isWithinLimits;
  } finally {
    await sandbox.close();
  }
}

const LIST_NAME = 'tsip run: -j addr of 1000 devices, third call';
const LIST_ROUNDS = 10;
const LISTS = 6;
const THIRD = 2;
const LIMIT_TO_ORIGINAL = 1.5;

/** Prints how many microseconds each of the calls takes, of `$1`. */
const LIST_SCRIPT = `for ((turn = 0; turn < ${LISTS}; turn++)); do
  begin=\${EPOCHREALTIME/./}; $1 -j addr >/dev/null; echo $((\${EPOCHREALTIME/./} - begin))
done`;

/** The same, next to the command `original`. */
export async function measureRunLists(wanted: RegExp, original: string): Promise<boolean> {
  if (!wanted.test(LIST_NAME)) return true;
  const sandbox = await Sandbox.open(ourPrograms());
  try {
    const run = async (command: string) => {
      const { stdout, stderr } = await sandbox.run(`$ ${command}`, {
        env: { LIST_SCRIPT },
        timeoutMs: 60_000,
      });
      const times = stdout.trim().split('\n').map(Number);
      if (times.length !== LISTS) throw new Error(`no figures: ${stdout}${stderr}`);
      return times;
    };
    await sandbox.run(
      `$ for ((i = 0; i < 500; i++)); do echo link add v$i type veth peer name w$i; done | ${original} -batch -`,
    );
    const ratios: number[][] = [];
    for (let round = 0; round < LIST_ROUNDS; round++) {
      const ours = await run('tsip run bash -c "$LIST_SCRIPT" bash ip');
      const theirs = median(await run(`bash -c "$LIST_SCRIPT" bash ${quote(original)}`));
      ratios.push(ours.map(time => time / theirs));
    }
    const each = Array.from({ length: LISTS }, (_, call) => median(ratios.map(round => round[call]!)));
    const rows = new Rows();
    rows.print(
      LIST_NAME,
      `${each.map(ratio => ratio.toFixed(2)).join(', ')} times the original, at most ${LIMIT_TO_ORIGINAL}`,
      each[THIRD]! <= LIMIT_TO_ORIGINAL,
    );
    return rows.isWithinLimits;
  } finally {
    await sandbox.close();
  }
}
