/** kill -9 of the engine of `tsip run` and of its clients at varying moments: no call is made twice, nothing is left behind. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { alone } from '../../support/twin.ts';

const program = readFileSync(resolve(import.meta.dirname, 'killed.py'), 'utf8');
const files = { killed: program };
/** Moments; TSIP_EXHAUSTIVE=1 tries more. */
const MOMENTS = process.env.TSIP_EXHAUSTIVE === '1' ? 200 : 12;
const SEED = process.env.TSIP_SEED ?? 'tsip run';
/** Time for so many moments, each of which starts a dozen programs, on a busy machine. */
const limitFor = (moments: number) => 20_000 + moments * 5_000;
const MESSAGE = 'ip: tsip run has ended in the middle of this call\n';

interface Moment {
  /** Calls that have ended well. */
  readonly known: number;
  /** Devices that there are: each call makes one. */
  readonly made: number;
  readonly said: string;
  readonly left: readonly string[];
}

function momentsOf(stdout: string): Moment[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Moment);
}

describe('tsip run', () => {
  alone(
    'makes no call twice and loses none that has ended when its engine is killed',
    async sandbox => {
      const { stdout, stderr, timedOut } = await sandbox.run(`$ python3 killed engine ${MOMENTS} '${SEED}'`, {
        timeoutMs: limitFor(MOMENTS),
      });
      assert.deepEqual([stderr, timedOut], ['', false]);
      const moments = momentsOf(stdout);
      assert.equal(moments.length, MOMENTS);
      for (const moment of moments) {
        // The call under way has been made or not, and says that it does not know.
        const isInterrupted = moment.said === MESSAGE;
        assert.ok(isInterrupted || moment.said === '', moment.said);
        const unknown = moment.made - moment.known;
        assert.ok(unknown === 0 || (isInterrupted && unknown === 1), JSON.stringify(moment));
        assert.deepEqual(moment.left, []);
      }
    },
    { files, timeoutMs: limitFor(MOMENTS + 2) },
  );

  alone(
    'makes a folder for its socket only where it may not mount',
    async sandbox => {
      for (const [rights, made] of [
        ['', 0],
        ['setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin', 1],
      ] as const) {
        const { stdout, stderr } = await sandbox.run(
          `$ ${rights} strace -f -qq -e trace=mkdir -o trace tsip run ip -br link | wc -l; grep -c /tsip-run- trace`,
        );
        assert.deepEqual([stdout, stderr], [`1\n${made}\n`, ''], rights);
      }
    },
    { needs: ['root', 'strace'] },
  );

  alone(
    'goes on, and makes no call twice, when its clients are killed',
    async sandbox => {
      const rounds = MOMENTS / 2;
      const { stdout, stderr, timedOut } = await sandbox.run(
        `$ tsip -j run --summary-to summary python3 killed clients ${rounds} '${SEED}'`,
        { timeoutMs: limitFor(rounds) },
      );
      assert.deepEqual([stderr, timedOut], ['', false]);
      const moments = momentsOf(stdout);
      assert.equal(moments.length, rounds);
      for (const { known, made, said } of moments) {
        assert.ok(made >= known && made <= 12, `${known} ${made}`);
        assert.equal(said, '');
      }
      const { left } = JSON.parse((await sandbox.run('$ cat summary')).stdout) as {
        left: { devices: string[] };
      };
      assert.deepEqual(left.devices, []);
    },
    { files, timeoutMs: limitFor(MOMENTS + 2) },
  );
});
