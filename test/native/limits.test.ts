/** Small limits of descriptors, memory and processes: a program works, or says in one line what it lacks. */
import assert from 'node:assert/strict';
import { quote } from '../support/sandbox.ts';
import { alone } from '../support/twin.ts';

/** A call of each program, and of what opens more files or starts more threads than most. */
const calls = [
  'tsip link show lo',
  'tsip -force -batch lines',
  'tsip map',
  'tsip run true',
  'tsip netns exec a true',
  'tsunshare -U true',
  'tsnsenter --net=/run/netns/a true',
];

/** `setpriv`: root may start any number of processes. It may not enter a namespace, and says so in one line. */
const asUser = 'setpriv --reuid 54321 --clear-groups prlimit --nproc=';

const limits: readonly { title: string; values: readonly number[]; under: (value: number) => string }[] = [
  {
    title: 'open files (ulimit -n)',
    values: [...Array.from({ length: 23 }, (_, index) => 3 + index), 64],
    under: value => `ulimit -n ${value}; exec`,
  },
  {
    title: 'memory (ulimit -v)',
    values: [1_000, 5_000, 100_000, 700_000, 900_000, 1_050_000, 1_126_399, 1_126_400, 1_300_000],
    under: value => `ulimit -v ${value}; exec`,
  },
  {
    title: 'processes (ulimit -u)',
    values: Array.from({ length: 14 }, (_, index) => index),
    under: value => `exec ${asUser}${value}`,
  },
];

/** Runs the call that is its last word with the limit before, and prints what it printed and its exit code. */
const TRY = 'out=$(bash -c "$1" 2>err </dev/null); status=$?; printf "%s\\0" "$out" "$(cat err)" $status';

describe('with a small limit', () => {
  for (const { title, values, under } of limits)
    alone(
      `of ${title} a program works, or says in one line what it lacks`,
      async sandbox => {
        await sandbox.run('netns add a');
        await sandbox.run('$ chmod 777 .; chmod 644 lines');
        const succeeded = new Set<string>();
        let refusals = 0;
        for (const value of values) {
          const scripts = calls.map(call => `${under(value)} ${call}`);
          const all = scripts.map(script => `set -- ${quote(script)}; ${TRY}`).join('\n');
          const answers = (await sandbox.run(`$ ${all}`)).stdout.split('\0');
          for (const [index, script] of scripts.entries()) {
            const [stdout, stderr, status] = answers.slice(3 * index);
            assert.ok(Number(status) < 128 || status === '255', `${script}: ended by a signal: ${status}`);
            if (status === '0') {
              assert.equal(stderr, '', script);
              succeeded.add(calls[index]!);
              continue;
            }
            refusals++;
            assert.match(stderr!, /^[^\n]+$/, script);
            assert.doesNotMatch(stderr!, /internal error|^ {4}at |Node\.js v|FATAL|terminate called/, script);
            assert.deepEqual([stdout, status === '1' || status === '255'], ['', true], script);
          }
        }
        assert.ok(refusals > 0, 'the smallest limit is too small');
        const isUser = title.startsWith('processes');
        for (const call of calls)
          assert.ok(
            succeeded.has(call) || (isUser && call.includes('netns')),
            `${call} works with the largest limit`,
          );
      },
      { needs: ['root'], files: { lines: 'link show lo\nroute show\nlink show lo\n' }, timeoutMs: 600_000 },
    );
});
