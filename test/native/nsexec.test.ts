import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { FORK_SIGNALS, type Plan, type Step } from '../../src/kernel/plans/plan.ts';
import { needs, skip } from '../support/requirements.ts';
import { buildNsexec, nsexec, runStarts, type Start, startOf } from './plans.ts';

const REFUSED = 125;

function plan(...steps: Step[]): Plan {
  return { program: 'test', failure: 9, steps };
}

/** A step that shows that the plan has been begun. */
const begun: Step = { step: 'print', descriptor: 1, text: 'begun\n' };
const end: Step = { step: 'exit', status: 0 };

function run(...steps: Step[]) {
  const { statuses, stdout, stderr } = runStarts([startOf(plan(...steps))]);
  return { status: statuses[0], stdout, stderr };
}

describe('nsexec', () => {
  it('does the steps in order and ends with a status', () => {
    const { status, stdout } = run(
      begun,
      { step: 'print', descriptor: 1, text: 'then\n' },
      { step: 'exit', status: 7 },
    );
    assert.deepEqual([status, stdout], [7, 'begun\nthen\n']);
  });

  it('ends with the phrase and the status of a step that fails', () => {
    const { status, stdout, stderr } = run(
      { step: 'chdir', path: '/nonexistent', fails: 'cannot go' },
      begun,
      end,
    );
    assert.deepEqual([status, stdout, stderr], [9, '', 'test: cannot go: No such file or directory\n']);
  });

  it('goes on after a warning, and after a failure that does not matter', () => {
    const { status, stdout, stderr } = run(
      { step: 'chdir', path: '/nonexistent', warns: 'not there' },
      { step: 'chdir', path: '/nonexistent' },
      begun,
      end,
    );
    assert.deepEqual(
      [status, stdout, stderr],
      [0, 'begun\n', 'test: not there: No such file or directory\n'],
    );
  });

  it('prints phrases alone where the program has no name to show', () => {
    const { stderr } = runStarts([
      startOf({
        program: '',
        failure: 255,
        steps: [{ step: 'open', slot: 0, path: '/x', fails: 'no "x"' }, end],
      }),
    ]);
    assert.equal(stderr, 'no "x": No such file or directory\n');
  });

  it('runs steps on condition of open slots', () => {
    const say = (text: string, condition: object): Step => ({
      step: 'print',
      descriptor: 1,
      text,
      ...condition,
    });
    const { stdout } = run(
      { step: 'open', slot: 3, path: '/' },
      { step: 'open', slot: 4, path: '/nonexistent' },
      say('a', { if: [3] }),
      say('b', { if: [4] }),
      say('c', { if: [3, 4] }),
      say('d', { unless: [4] }),
      say('e', { unless: [4, 3] }),
      say('f', { if: [3], unless: [4] }),
      end,
    );
    assert.equal(stdout, 'adf');
  });

  it('becomes the program at the end of its command line, with its own environment', () => {
    const exec: Step = {
      step: 'exec',
      argv: ['env'],
      missing: 127,
      otherwise: 126,
      fails: 'failed to execute env',
    };
    const { stdout } = runStarts([startOf(plan(exec))]);
    assert.match(stdout, /^PATH=/m);
    assert.doesNotMatch(stdout, /NSEXEC_PLAN|failed/);
  });

  it('distinguishes a missing program from one that cannot be executed', () => {
    const exec = (program: string): Step => ({
      step: 'exec',
      argv: [program],
      missing: 3,
      otherwise: 4,
      fails: 'no',
    });
    const { statuses, stderr } = runStarts([startOf(plan(exec('/nonexistent'))), startOf(plan(exec('/')))]);
    assert.deepEqual(statuses, [3, 4]);
    assert.equal(stderr, 'test: no: No such file or directory\ntest: no: Permission denied\n');
  });

  it('runs helpers when they are released, and ends with the status of one that fails', () => {
    const helper: Step[] = [
      { step: 'helper', index: 0, fails: 'fork failed' },
      { step: 'print', descriptor: 1, text: 'helper\n' },
      { step: 'chdir', path: '/nonexistent', fails: 'helper cannot go' },
      { step: 'end' },
    ];
    const { status, stdout, stderr } = run(...helper, begun, { step: 'release', index: 0 }, begun, end);
    assert.deepEqual(
      [status, stdout, stderr],
      [9, 'begun\nhelper\n', 'test: helper cannot go: No such file or directory\n'],
    );
  });

  it('leaves no helper behind when it fails before releasing it', () => {
    const helper = (index: number): Step[] => [
      { step: 'helper', index, fails: 'fork failed' },
      { step: 'print', descriptor: 1, text: 'helper\n' },
      { step: 'end' },
    ];
    // The runner's pipe ends only when the helpers, which have it open, have ended, too.
    const { status, stdout } = run(
      ...helper(0),
      ...helper(1),
      { step: 'chdir', path: '/x', fails: 'no' },
      end,
    );
    assert.deepEqual([status, stdout], [9, '']);
  });

  it('waits for the child of a fork and ends as it does', () => {
    const fork: Step[] = [
      { step: 'fork', signals: 1, deathSignal: 9, fails: 'fork failed' },
      { step: 'print', descriptor: 1, text: 'parent\n' },
      { step: 'wait', stops: 0, fails: '' },
    ];
    const shell = (script: string): Step => ({
      step: 'exec',
      argv: ['sh', '-c', script],
      missing: 127,
      otherwise: 126,
    });
    const starts = ['exit 3', 'kill -TERM $$', 'kill -INT $$', 'kill -KILL $$'].map(script =>
      startOf(plan(...fork, shell(script))),
    );
    const { statuses, stdout } = runStarts(starts);
    assert.deepEqual(statuses, [3, -15, -2, -9]);
    assert.equal(stdout, 'parent\n'.repeat(4));
  });

  it('ends a child whose time is up, and what it has started in its group', () => {
    const limited = (milliseconds: number, ...argv: string[]): Plan => ({
      program: 'test',
      failure: 9,
      steps: [
        { step: 'fork', signals: FORK_SIGNALS.forward, deathSignal: 9, fails: 'fork' },
        { step: 'limit', milliseconds, fails: 'limit' },
        { step: 'wait', stops: 0 },
        { step: 'process-group', fails: 'group' },
        { step: 'exec', argv, missing: 127, otherwise: 126, fails: 'exec' },
      ],
    });
    const { statuses, stdout } = runStarts([
      startOf(limited(50, 'sh', '-c', 'sleep 1000; echo late')),
      startOf(limited(50, 'sh', '-c', "trap '' TERM; while :; do sleep 0.05; done")),
      startOf(limited(1_000_000, 'sh', '-c', 'exit 5')),
      startOf(limited(1_000_000, 'sh', '-c', 'kill -USR1 $$')),
    ]);
    assert.deepEqual([statuses, stdout], [[124, 124, 5, -10], '']);
    const alone = run({ step: 'limit', milliseconds: 10, fails: 'no child' }, end);
    assert.deepEqual([alone.status, alone.stderr], [9, 'test: no child: No such process\n']);
  });

  it('gives a program groups and variables', function () {
    needs(this, 'root');
    const { stdout, status } = run(
      { step: 'groups', ids: '7,65533,4294967294', fails: 'groups' },
      { step: 'setgid', id: 8, fails: 'setgid' },
      { step: 'clear-environment', fails: 'clear' },
      { step: 'variable', name: 'PATH', value: '/bin:/usr/bin', fails: 'variable' },
      { step: 'variable', name: 'A', value: 'b=c', fails: 'variable' },
      { step: 'exec', argv: ['sh', '-c', 'id -G; echo "$A"; env | grep -c .'], missing: 127, otherwise: 126 },
    );
    const [groups, variable] = stdout.split('\n');
    assert.deepEqual([groups, variable, status], ['8 7 65533 4294967294', 'b=c', 0]);
    for (const ids of ['x', ',1', '1 2'])
      assert.equal(
        run({ step: 'groups', ids, fails: 'groups' }, end).stderr,
        'test: groups: Invalid argument\n',
      );
  });

  it('stays small while it waits', () => {
    const script = "sed -n 's/^VmRSS:[^0-9]*//p; s/^Name:.//p' /proc/$PPID/status";
    const { stdout } = run(
      { step: 'fork', signals: 0, deathSignal: 0, fails: 'fork failed' },
      { step: 'wait', stops: 1, fails: '' },
      { step: 'exec', argv: ['sh', '-c', script], missing: 127, otherwise: 126 },
    );
    const [name, size] = stdout.split('\n');
    assert.equal(name, 'test');
    assert.ok(Number.parseInt(size!, 10) < 2048, `${size} resident`);
  });

  describe('with a broken plan', () => {
    const good = startOf(
      plan(
        begun,
        { step: 'open', slot: 3, path: '/', fails: 'x', unless: [3, 30] },
        { step: 'helper', index: 1, fails: 'x' },
        { step: 'end' },
        { step: 'release', index: 1 },
        { step: 'fork', signals: 0, deathSignal: 0 },
        { step: 'wait', stops: 0 },
        { step: 'write', path: '/nonexistent', text: 'x', openFails: 'y' },
        { step: 'exec', argv: ['true'], missing: 127, otherwise: 126 },
      ),
    );
    /** `good` with the words after the count replaced, and the count that belongs to them. */
    const withWords = (words: readonly string[]): Start => ({
      argv: good.argv,
      words: [`NSEXEC_PLAN=${words.length}`, ...words],
    });
    const words = good.words.slice(1);

    function assertRefused(starts: readonly Start[]): void {
      const { statuses, stdout } = runStarts(starts);
      assert.deepEqual(
        statuses.map((status, index) => (status === REFUSED ? 'refused' : starts[index])),
        starts.map(() => 'refused'),
      );
      assert.equal(stdout, '', 'nothing has been begun');
    }

    it('refuses it whole, wherever it ends early', () => {
      assertRefused(words.map((_, length) => withWords(words.slice(0, length))));
    });

    it('refuses counts of words that are not there', () => {
      const counts = ['', 'x', '-1', '0', '2', '99999', '99999999999999999999', '3x', ' 3', '0x3'];
      assertRefused([
        ...counts.map(count => ({ ...good, words: [`NSEXEC_PLAN=${count}`, ...words] })),
        { ...good, words: [] },
      ]);
    });

    it('refuses other words where it knows better', () => {
      const replaced = (index: number, word: string) =>
        withWords(words.map((old, at) => (at === index ? word : old)));
      const at = (word: string) => words.indexOf(word);
      assertRefused([
        ...['x', '', '-1', '256', '1.5'].map(status => replaced(1, status)),
        ...['x', '-1', '1x'].map(limit => replaced(2, limit)),
        ...['', 'opem', 'OPEN', 'open ', 'exec'].map(name => replaced(at('open'), name)),
        ...['+', '-', '3', '+x', '+32', '-99999999999999999999', '+3x', '++3', '+3+'].map(condition =>
          replaced(at('-3-30'), condition),
        ),
        ...['x', ' !', '.'].map(outcome => replaced(at('-3-30') + 1, outcome)),
        ...['', 'x', '-1', '32', '3x', '99999999999999999999', '0x3'].map(slot =>
          replaced(at('-3-30') + 2, slot),
        ),
        ...['2', '-1', ''].map(helper => replaced(at('release') + 3, helper)),
      ]);
    });

    it('refuses forked parts that do not close, and plans that do not end', () => {
      const helper: Step = { step: 'helper', index: 0 };
      const close: Step = { step: 'end' };
      const fork: Step = { step: 'fork', signals: 0, deathSignal: 0 };
      const wait: Step = { step: 'wait', stops: 0 };
      const broken: Step[][] = [
        [],
        [begun],
        [helper, end],
        [close, end],
        [fork, end],
        [wait, end],
        [helper, fork, close, wait, end],
        [helper, helper, close, close, end],
        [fork, close, end],
        [helper, wait, end],
        [{ ...helper, if: [1] }, close, end],
        [helper, { ...close, unless: [1] }, end],
        [begun, { ...end, if: [1] }],
        [begun, { step: 'release', index: 0 }],
      ];
      assertRefused(
        broken
          .map(steps => startOf(plan(begun, ...steps)))
          .slice(1)
          .concat(startOf(plan())),
      );
    });

    it('does not execute words that are not there', () => {
      const exec: Step = { step: 'exec', argv: [], missing: 3, otherwise: 4, fails: 'no' };
      const starts = [
        startOf(plan(exec)),
        startOf(plan(exec), []),
        startOf(plan({ step: 'run', missing: 1, otherwise: 1, fails: 'no' }, end)),
      ];
      // Without words the kernel adds an empty one.
      assert.deepEqual(runStarts(starts).statuses, [9, 3, 9]);
    });

    it('survives whatever words it is given', function () {
      this.timeout(120_000);
      const sanitized = buildNsexec([
        '-g',
        '-O1',
        '-fsanitize=address,undefined',
        '-fno-sanitize-recover=all',
      ]);
      if (typeof sanitized === 'string') skip(this, 'no compiler with sanitizers');
      try {
        const starts = Array.from({ length: 250 }, (_, seed) => damaged(good, seed));
        const { statuses, stderr } = runStarts(starts, { program: sanitized.program, timeoutMs: 100_000 });
        assert.doesNotMatch(stderr, /Sanitizer|runtime error/);
        const killed = statuses.findIndex(status => status < 0);
        assert.equal(killed, -1, `ended by a signal: ${JSON.stringify(starts[killed])}`);
        assert.ok(statuses.filter(status => status === REFUSED).length > 125);
      } finally {
        sanitized.remove();
      }
    });
  });

  it('holds on: prints its process id, leaves what has started it, and ends by SIGTERM', async () => {
    const { statuses, stdout } = runStarts([
      startOf(plan(...held({ step: 'exit', status: 0 })), ['title', 'word']),
    ]);
    const pid = Number(/^(\d+)\n$/.exec(stdout)?.[1]);
    assert.deepEqual([statuses, pid > 1], [[0], true]);
    const words = () => readFileSync(`/proc/${pid}/cmdline`, 'latin1').replace(/\0+$/, '');
    try {
      // The end of its standard output comes before it has cleared its words, which is the last that it does.
      while (words() !== 'title') await sleep(10);
      const opened = readdirSync(`/proc/${pid}/fd`).map(name => [
        name,
        readlinkSync(`/proc/${pid}/fd/${name}`),
      ]);
      assert.deepEqual(
        opened,
        [0, 1, 2].map(number => [`${number}`, '/dev/null']),
      );
      const [, , , session] = statOf(pid);
      assert.equal(session, `${pid}`);
    } finally {
      process.kill(pid, 'SIGTERM');
    }
    while (existsSync(`/proc/${pid}`) && statOf(pid)[0] !== 'Z') await sleep(10);
  });

  it('is clean under valgrind', function () {
    this.timeout(120_000);
    needs(this, 'valgrind', 'namespaces');
    const debugged = buildNsexec(['-g', '-O0']);
    if (typeof debugged === 'string') skip(this, 'no compiler');
    try {
      const starts = [...everyStep(), held(...END_HOLDER)].map(steps => startOf(plan(...steps)));
      const { stderr, statuses } = runStarts(starts, {
        program: debugged.program,
        wrapper: [valgrind(), '-q', '--error-exitcode=99', '--leak-check=no', '--track-fds=no'],
        within: ['unshare', '-Urmnpf', '--mount-proc', '--kill-child'],
        timeoutMs: 100_000,
      });
      // Ioctls and system calls newer than valgrind are no mistake of ours.
      const mistakes = stderr.replace(
        /^==\d+== Warning: noted but unhandled ioctl.*\n(==\d+== {4}.*\n)*/gm,
        '',
      );
      assert.doesNotMatch(mistakes, /^==\d+==/m);
      assert.ok(!statuses.includes(99) && !statuses.includes(REFUSED), `${statuses}`);
      assert.equal(statuses.at(-1), -SIGTERM);
    } finally {
      debugged.remove();
    }
  });

  it('has no debugging symbols and needs no library where the C library can be linked in', () => {
    const { size, mode } = statSync(nsexec);
    assert.ok(size < 1_200_000, `${size} bytes`);
    assert.ok(mode & 0o111);
  });
});

/** A plan whose child stays, while its parent does these steps and, unless it has ended, waits. */
function held(...steps: readonly Step[]): Step[] {
  return [
    { step: 'fork', signals: FORK_SIGNALS.leave, deathSignal: 0, fails: 'fork' },
    ...steps,
    { step: 'wait', stops: 0, fails: 'wait' },
    { step: 'hold', fails: 'hold' },
  ];
}

const SIGTERM = 15;
/** Steps of the parent of a process that stays: end it when it has left its streams. */
const END_HOLDER: readonly Step[] = [
  { step: 'argument', text: 'sh' },
  { step: 'argument', text: '-c' },
  {
    step: 'argument',
    text: [
      'read holder rest </proc/$PPID/task/$PPID/children',
      'until [ "$(readlink /proc/$holder/fd/2)" = /dev/null ]; do sleep 0.1; done',
      'sleep 0.5',
      'kill -TERM "$holder"',
    ].join('; '),
  },
  { step: 'run', missing: 127, otherwise: 126, fails: 'run' },
];

/** State, parent, group and session of a process. */
function statOf(pid: number): readonly string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ', 4);
}

/** Debian's valgrind is a shell script, which loses words of the environment that are no variables. */
function valgrind(): string {
  return existsSync('/usr/bin/valgrind.bin') ? '/usr/bin/valgrind.bin' : '/usr/bin/valgrind';
}

/** A start with some of its words changed, lost, doubled or swapped; the same for the same seed. */
function damaged(start: Start, seed: number): Start {
  let state = Math.imul(seed + 1, 2_654_435_761) >>> 0;
  const draw = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  const words = [...start.words];
  for (let changes = 1 + draw(3); changes > 0; changes--) {
    const at = draw(words.length);
    const word = words[at]!;
    const kinds: (() => void)[] = [
      () => words.splice(at, 1),
      () => words.splice(at, 0, word),
      () => words.splice(at, 1, words[draw(words.length)]!),
      () => words.splice(at, 1, word.slice(0, draw(word.length + 1))),
      () => words.splice(at, 1, `${word}${String.fromCharCode(1 + draw(255))}`),
      () => words.splice(at, 1, String(draw(2) ? draw(40) : -draw(2 ** 31))),
      () => words.splice(at, 1, 'x'.repeat(draw(9000))),
    ];
    kinds[draw(kinds.length)]!();
  }
  return { argv: start.argv.slice(0, draw(3)), words };
}

/** Plans that together have every step; in a separate world, where they may do what they like. */
function everyStep(): Step[][] {
  const proc = { path: '/proc/self/uid_map', text: 'x', openFails: 'open', fails: 'write' } as const;
  const program: Step = { step: 'exec', argv: ['true'], missing: 127, otherwise: 126, fails: 'exec' };
  return [
    [
      { step: 'pidfd', slot: 8, pid: 1 },
      { step: 'check-pidfd', pid: 1, inode: '1', warns: 'check' },
      { step: 'check-pidfd', pid: 99999999, inode: '1', warns: 'check' },
      { step: 'namespace-by-id', slot: 4, ioctl: 4, id: '12345', handleFails: 'handle', warns: 'id' },
      { step: 'user-namespace', slot: 9, pidfd: 8 },
      { step: 'parent', slot: 10, from: 9 },
      { step: 'socket-namespace', slot: 4, pidfd: 8, descriptor: 0, warns: '' },
      { step: 'open', slot: 4, path: '/proc/self/ns/net' },
      { step: 'open', slot: 4, path: '/proc/self/ns/net' },
      { step: 'setns', slot: 4, type: 0 },
      { step: 'setns', slot: 5, type: 0 },
      { step: 'target', slot: 0, type: 0x10000000, fails: 'user' },
      { step: 'target', slot: 4, type: 0x40000000, fails: 'net' },
      { step: 'target', slot: 6, type: 0x20000, fails: 'mnt' },
      { step: 'enter', pidfd: 8, warns: 'enter' },
      program,
    ],
    [
      { step: 'default-action', signal: 17 },
      { step: 'default-action', signal: -1 },
      { step: 'unshare', flags: 0x20000, fails: 'unshare' },
      {
        step: 'mount',
        source: 'none',
        target: '/mnt',
        type: 'tmpfs',
        flags: 0,
        data: 'size=1m',
        fails: 'mount',
      },
      { step: 'make-private', target: '/mnt', fails: 'private' },
      { step: 'make-private', target: '/usr', fails: 'private' },
      { step: 'umount', target: '/mnt', flags: 2, fails: 'umount' },
      { step: 'replace-sysfs', source: 'name', target: '/sys', warns: 'sysfs' },
      { step: 'write', ...proc, warns: 'write' },
      { step: 'write', ...proc, path: '/nonexistent', warns: 'write' },
      { step: 'open', slot: 1, path: '/', fails: 'open' },
      { step: 'fchdir', slot: 1, fails: 'fchdir' },
      { step: 'chroot', path: '.', fails: 'chroot' },
      { step: 'chdir', path: '/', fails: 'chdir' },
      { step: 'find-cgroup', slot: 2, pid: 1, warns: '' },
      { step: 'find-cgroup', slot: 2, pid: 0, warns: '' },
      { step: 'join-cgroup', slot: 2, warns: '' },
      { step: 'setgroups' },
      { step: 'setgroups-again' },
      { step: 'setgid', id: 0, fails: 'setgid' },
      { step: 'setuid', id: 0, fails: 'setuid' },
      { step: 'setgid-of', slot: 1 },
      { step: 'setuid-of', slot: 1 },
      { step: 'setuid-of', slot: 3, warns: '' },
      { step: 'follow-context', pid: 1, warns: '' },
      { step: 'open', slot: 5, path: '/proc/self/environ', fails: 'open' },
      { step: 'environment', slot: 5, fails: '' },
      { step: 'keep-capabilities', fails: '' },
      program,
    ],
    [
      { step: 'helper', index: 0, fails: 'fork' },
      { step: 'argument', text: 'sh' },
      { step: 'argument', text: '-c' },
      { step: 'argument', text: 'exit 0' },
      { step: 'run', missing: 127, otherwise: 126, fails: 'run' },
      { step: 'end' },
      { step: 'release', index: 0, fails: '' },
      { step: 'release', index: 1, fails: '' },
      { step: 'fork', signals: 2, deathSignal: 9, fails: 'fork' },
      { step: 'print', descriptor: 1, text: 'parent\n' },
      { step: 'wait', stops: 1, fails: '' },
      program,
    ],
    [
      { step: 'fork', signals: 1, deathSignal: 0, fails: 'fork' },
      { step: 'wait', stops: 0, fails: '' },
      { step: 'shell', missing: 127, otherwise: 126, fails: '' },
    ],
    [{ step: 'exit', status: 0 }],
  ];
}
