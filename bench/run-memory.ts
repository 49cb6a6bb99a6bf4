/** Memory of the engine of `tsip run` after many calls: what it keeps of a call shows. A row of `npm run bench`. */
import { ourPrograms, Sandbox } from '../test/support/sandbox.ts';

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
    const isGood = more - fewer <= LIMIT_MEGABYTES;
    console.log(
      `\n${NAME}${isGood ? '' : '   OVER THE LIMIT'}\n  ${fewer.toFixed(1)} MB after ${FEWER} calls, ` +
        `${more.toFixed(1)} MB after ${MORE}: ${(more - fewer).toFixed(1)} MB more, at most ${LIMIT_MEGABYTES}`,
    );
    return isGood;
  } finally {
    await sandbox.close();
  }
}
