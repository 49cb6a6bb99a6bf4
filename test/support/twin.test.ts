/** The harness of the differential tests: that it accepts equal programs, and nothing else. */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { difference } from './difference.ts';
import { isMomentaryDifference } from './moments.ts';
import { alignTimers, Placeholders } from './placeholders.ts';
import { needs, originals } from './requirements.ts';
import { originalPrograms, type Programs, quote, Sandbox, words } from './sandbox.ts';
import {
  compareRepeatedly,
  compareRuns,
  line,
  type Step,
  start,
  stop,
  type TwinOptions,
  until,
} from './twin.ts';

const folders: string[] = [];

/** The original `ip`, with shell text run before it. */
function otherwise(script: string): Programs {
  const folder = mkdtempSync(join(tmpdir(), 'tsip-other-'));
  folders.push(folder);
  chmodSync(folder, 0o755);
  writeFileSync(
    join(folder, 'ip'),
    `#!/bin/bash\nip=${quote(originals())}/ip\n${script}\nexec "$ip" "$@"\n`,
    { mode: 0o755 },
  );
  return { name: 'another', folder, files: { ip: 'ip' } };
}

/** Compares the original with itself, changed by `script`. */
async function against(script: string, steps: readonly Step[], options?: TwinOptions): Promise<string> {
  const programs = [originalPrograms(), otherwise(script)] as const;
  return (await compareRuns(programs, steps, { stateWithinMs: 300, ...options })).report;
}

describe('the differential harness', function () {
  this.timeout(60_000);

  before(function () {
    needs(this, 'namespaces', 'oracle');
  });

  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  it('finds no difference between the original and itself', async () => {
    const { report } = await compareRuns(
      [originalPrograms(), originalPrograms()],
      [
        'link add v0 type veth peer name v1',
        'netns add a',
        'link set v1 netns a',
        'link set v0 up',
        '-n a link set v1 up',
        'addr add 10.1.1.1/24 dev v0 valid_lft 100 preferred_lft 50',
        '-d addr',
        '-j -p -d -n a addr',
        start('watch', 'monitor link'),
        'link add br0 type bridge',
        'link set v0 master br0',
        '-d link show br0',
        '-6 route show table all',
        'maddr',
        stop('watch'),
        '$ ip netns exec a readlink /proc/self/ns/net',
        line('-b -', { stdin: 'link\naddr\n' }),
        ['link', 'set', 'nothing\udc80', 'up'],
        'netns del a',
        until('link show v0', { status: 1 }),
        'link',
        'nonsense',
      ],
    );
    assert.equal(report, '');
  });

  it('sees one blank more at the end of a line', async () => {
    const report = await against('"$ip" "$@" | sed "s/qlen 1000/& /"; exit', ['link show lo']);
    assert.match(report, /\$ ip link show lo\n {2}stdout differs:/);
    assert.match(report, /- 1: lo: .*qlen 1000\n.*\+ 1: lo: .*qlen 1000·\n/);
  });

  it('sees a missing newline, another stream and another exit code', async () => {
    assert.match(await against('printf %s "$("$ip" "$@")"; exit', ['link show lo']), /stdout differs/);
    assert.match(await against('exec 2>&1', ['link show x']), /stdout differs[\s\S]*stderr differs/);
    assert.match(await against('"$ip" "$@"; exit 2', ['link show x']), /exit code differs:\n +- 1\n +\+ 2/);
  });

  it('sees an effect that no line shows, here and in other namespaces', async () => {
    const steps = ['netns add a', 'link add v0 type veth peer name v1', 'link set v1 netns a'];
    const secretly = (command: string) =>
      against(`"$ip" "$@"; code=$?; [ "$1" = link ] && ${command}; exit $code`, steps);
    assert.match(await secretly('"$ip" link set v0 mtu 1400'), /v0\.mtu = 1500\n.*v0\.mtu = 1400/);
    assert.match(await secretly('"$ip" -n a link set lo up'), /-n a ip -d link: lo\.flags/);
    assert.match(await secretly('"$ip" addr add 10.0.0.1/8 dev v0'), /\+ ip -d route show table all/);
    assert.match(await secretly('"$ip" rule add table 7'), /\+ ip -d rule/);
    assert.match(await secretly('"$ip" netns set a 12'), /netns list-id/);
    assert.match(await secretly('mount --make-private /run/netns'), /mount \/run\/netns/);
    assert.match(await secretly('touch /run/netns/b'), /file \/run\/netns\/b/);
  });

  it('sees which of two random addresses is shown', async () => {
    const swap = '"$ip" "$@" | if [ "$1" = -br ]; then tac; else cat; fi; exit';
    const steps = ['link add v0 type veth peer name v1', '-br link show type veth'];
    assert.match(await against(swap, steps), /<mac/);
    const same = '[ "$1" = -br ] && "$ip" "$@" | awk \'{ $3 = "02:11:22:33:44:55" } 1\' && exit';
    assert.match(await against(same, steps), /stdout differs/);
  });

  it('does not take a given address for a random one', async () => {
    const steps = ['link add v0 address 02:00:00:00:00:07 type veth', 'link show v0'];
    assert.match(
      await against('[ "$2" = show ] && "$ip" "$@" | sed s/:07/:08/ && exit', steps),
      /stdout differs:[\s\S]*- .*:07/,
    );
  });

  it('lets timers differ by what time may pass, not more', async () => {
    const steps = ['addr add 10.0.0.1/8 dev lo valid_lft 100 preferred_lft 100', 'addr show lo'];
    const minus = (seconds: number) =>
      `[ "$2" = add ] && set -- addr add 10.0.0.1/8 dev lo valid_lft ${100 - seconds} preferred_lft ${100 - seconds}`;
    assert.equal(await against(minus(1), steps), '');
    assert.match(await against(minus(10), steps), /valid_lft 100sec/);
  });

  it('ends a line that hangs, and says so', async () => {
    const report = await against('sleep 100', [line('link', { timeoutMs: 200 })], { state: false });
    assert.match(report, /\+ did not end in time/);
  });

  it('masks and sorts where it is asked to, and only there', async () => {
    const shuffled = '[ "$1" = link ] && echo $$ && "$ip" "$@" | tac && exit; [ "$1" = link ] || echo 1';
    const masked = line('link', {
      mask: [{ pattern: /^\d+\n/, because: 'a pid' }],
      unordered: 'the test says so',
    });
    const report = await against(`[ "$1" = -V ] || { ${shuffled}; }`, [masked, 'addr']);
    assert.match(report, /\$ ip addr/);
    assert.match(report, /\$ ip link\n {2}stdout differs/); // the original prints no number: nothing to mask
    assert.equal(
      await against('"$ip" "$@" | tac; exit', [line('link', { unordered: 'the test says so' })]),
      '',
    );
  });

  it('does not compare the words of a help text, but whether there is one', async () => {
    assert.equal(await against('[ $2 = help ] && { echo "Usage: mine" >&2; exit 255; }', ['link help']), '');
    assert.match(
      await against('[ $2 = help ] && { echo "Usage: mine"; exit 255; }', ['link help']),
      /stdout differs/,
    );
    assert.match(
      await against('[ $2 = help ] && { echo "!" >&2; "$ip" "$@"; exit; }', ['link help']),
      /stderr differs/,
    );
  });

  it('compares what a line in the background printed, and its end', async () => {
    const steps = [start('watch', 'monitor link'), 'link add v0 type veth', stop('watch')];
    assert.equal(await against('', steps), '');
    assert.match(
      await against('[ $1 = monitor ] && { trap "exit 3" INT; "$ip" "$@" & wait; }', steps),
      /the end of watch\n {2}exit code/,
    );
    assert.match(
      await against('[ $1 = monitor ] && set -- -o "$@"', steps),
      /the end of watch\n {2}stdout differs/,
    );
  });

  it('waits in vain for what does not come, and fails', async () => {
    await assert.rejects(
      against('', [until('link show v0', { stdout: /UP/, withinMs: 300 })]),
      /waited 300 ms in vain for: link show v0/,
    );
  });

  it('repeats what differs only in what the kernel shows for a moment, twice at most', async () => {
    const repeated = async (script: string) => {
      let repeats = 0;
      const programs = [originalPrograms(), otherwise(script)] as const;
      const report = await compareRepeatedly(programs, ['link show lo'], { state: false }, () => repeats++);
      return { repeats, isEqual: report === '' };
    };
    const replaced = (by: string) => `"$ip" "$@" | sed "s/state DOWN/${by}/"; exit`;
    assert.deepEqual(await repeated(''), { repeats: 0, isEqual: true });
    assert.deepEqual(await repeated(replaced('state UP')), { repeats: 2, isEqual: false });
    assert.deepEqual(await repeated(replaced('state UP mtu 5')), { repeats: 0, isEqual: false });
    const once = `[ -e seen ] || { touch seen; ${replaced('state UP')}; }`;
    // Each repeat has new sandboxes, so that the file must lie outside of them.
    const file = join(mkdtempSync(join(tmpdir(), 'tsip-once-')), 'seen');
    folders.push(dirname(file));
    assert.deepEqual(await repeated(once.replaceAll('seen', quote(file))), { repeats: 1, isEqual: true });
  });

  it('runs lines as an ordinary user, with variables, a directory, input and files', async function () {
    needs(this, 'root');
    const sandbox = await Sandbox.open(originalPrograms(), {
      files: { 'below/file': 'text\udcff', '/etc/netns/a/hosts': '192.0.2.1 there\n' },
      sysctl: { 'net.ipv4.ip_forward': '1' },
    });
    try {
      const shown = await sandbox.run(
        '$ id -u; grep CapEff /proc/self/status; echo "$A|$HOME"; pwd; cat - file',
        {
          user: 'nobody',
          cwd: 'below',
          env: { A: "it's", HOME: undefined },
          stdin: 'in\n',
        },
      );
      assert.equal(shown.stdout, "65534\nCapEff:\t0000000000000000\nit's|\n/mnt/work/below\nin\ntext\udcff");
      assert.equal((await sandbox.run('netns add a', { user: 'nobody' })).status, 1);
      await sandbox.run('netns add a');
      const inside = await sandbox.run('$ ip netns exec a cat /etc/hosts; cat /proc/sys/net/ipv4/ip_forward');
      assert.equal(inside.stdout, '192.0.2.1 there\n1\n');
      const open = await sandbox.run('$ ls /proc/self/fd; ulimit -Sn; exec 3</dev/null; cat <&3');
      assert.deepEqual(open, { stdout: '0\n1\n2\n3\n1024\n', stderr: '', status: 0, timedOut: false });
      assert.equal((await sandbox.run(['link', 'add', "q'\udc80", 'type', 'veth'])).stderr, '');
      assert.match((await sandbox.run('link')).stdout, /q'\udc80@/);
    } finally {
      await sandbox.close();
    }
  });
});

describe('words of a command line', () => {
  it('are split as a shell splits them', () => {
    assert.deepEqual(words(`a  "b c" d'e f'g '' \\" "\t"`), ['a', 'b c', 'de fg', '', '"', '\t']);
    assert.throws(() => words("a 'b"), /no closing '/);
  });

  it('are quoted so that bash gets the same bytes', () => {
    assert.equal(quote('a/b.c'), 'a/b.c');
    assert.equal(quote("it's"), "'it'\\''s'");
    assert.equal(quote('\udcff\n'), "$'\\xff\\x0a'");
    assert.equal(quote(''), "''");
  });
});

describe('placeholders', () => {
  it('let an age be missing where it is 0', () => {
    const [young, old] = ['a src b users 2 mtu 9', 'a src b users 2 age 1sec mtu 9'];
    assert.equal(alignTimers(young, old), young);
    assert.equal(alignTimers(old, young), old);
    assert.equal(alignTimers('users 12 age 1sec x', 'users 12 x'), 'users 12 age 1sec x');
    for (const other of ['a src b users 3 age 1sec mtu 9', 'a src b users 2 age 9sec mtu 9'])
      assert.notEqual(alignTimers(young, other), young);
    assert.equal(alignTimers('{"users":2,"age":1}', '{"users":2}'), '{"users":2,"age":1}');
  });

  it('number random values as they appear and keep them apart', () => {
    const names = new Placeholders('');
    const text =
      'aa:bb:cc:dd:ee:01 aa:bb:cc:dd:ee:02 aa:bb:cc:dd:ee:01 ff:ff:ff:ff:ff:ff 8000.aa:bb:cc:dd:ee:2 net:[17]';
    assert.equal(names.apply(text), '<mac 1> <mac 2> <mac 1> ff:ff:ff:ff:ff:ff 8000.<mac 2> net:[<inode 1>]');
    assert.equal(names.apply('8000.aa:bb:cc:dd:ee:02'), '8000.<mac 2> (padded)');
    assert.equal(names.apply('fe80::a8bb:ccff:fedd:ee01/64 fe80::/64'), '<local 1>/64 fe80::/64');
  });

  it('do not touch other hexadecimal text', () => {
    const text = 'aa:bb:cc:dd:ee:01:02:03 2001:db8::aa:bb:cc:dd 0:0:0:0';
    assert.equal(new Placeholders('').apply(text), text);
  });
});

describe('differences', () => {
  it('show only what differs, and blanks at the end', () => {
    assert.equal(difference('a\nb\nc\nd', 'a\nb \nc\nd'), '  a\n- b\n+ b·\n  c');
    assert.equal(difference('', 'a\n'), '+ a\n  ');
  });

  it('are momentary where only the kernel changes something by itself', () => {
    const shown = '2: v0: <UP,LOWER_UP> mtu 1500 state UP\n3: v1: <UP> mtu 1500 state DOWN';
    assert.equal(isMomentaryDifference(shown, shown), false);
    assert.equal(isMomentaryDifference(shown, shown.replace(',LOWER_UP', '')), true);
    assert.equal(isMomentaryDifference(shown, shown.replace('state DOWN', 'state UP')), true);
    assert.equal(isMomentaryDifference(shown, shown.replace('1500', '1400')), false);
    assert.equal(isMomentaryDifference(shown, shown.replace('<UP>', '<>')), false);
    assert.equal(isMomentaryDifference(shown, shown.split('\n').reverse().join('\n')), false);
    const routes = ['fe80::/64 dev v0', 'fe80::/64 dev v1', 'fd00::/8 dev v0'];
    assert.equal(
      isMomentaryDifference(routes.join('\n'), [routes[1], routes[0], routes[2]].join('\n')),
      true,
    );
    assert.equal(
      isMomentaryDifference(routes.join('\n'), [routes[0], routes[2], routes[1]].join('\n')),
      false,
    );
    const entry = (dst: string, dev: string) => `{"dst":"${dst}","dev":"${dev}"}`;
    const [own, one, other] = [
      entry('2001:db8::/64', 'v0'),
      entry('fe80::/64', 'v0'),
      entry('fe80::/64', 'v1'),
    ];
    const list = (...entries: string[]) => `[${entries.join(',')}]\n`;
    const pretty = (...entries: string[]) =>
      list(...entries)
        .replaceAll(/[{,}]/g, '$&\n  ')
        .replaceAll('}\n  ,\n  {', '},{');
    for (const print of [list, pretty]) {
      assert.equal(isMomentaryDifference(print(own, one, other), print(own, other, one)), true);
      assert.equal(isMomentaryDifference(print(own, one, other), print(one, own, other)), false);
      assert.equal(isMomentaryDifference(print(own, one, other), print(own, one)), false);
      assert.equal(isMomentaryDifference(print(own, one, other), print(own, other, one).trimEnd()), false);
    }
    const amongLines = (...entries: string[]) => `route show\n${list(...entries)}[0]\n`;
    assert.equal(isMomentaryDifference(amongLines(own, one, other), amongLines(own, other, one)), true);
    assert.equal(isMomentaryDifference(amongLines(own, one, other), amongLines(one, own, other)), false);
  });

  it('align timers only where they stand in the same words', () => {
    assert.equal(alignTimers('valid_lft 10sec', 'valid_lft 9sec'), 'valid_lft 10sec');
    assert.equal(alignTimers('valid_lft 10sec', 'valid_lft 2sec'), 'valid_lft 2sec');
    assert.equal(alignTimers('valid_lft forever', 'valid_lft 2sec'), 'valid_lft 2sec');
  });
});
