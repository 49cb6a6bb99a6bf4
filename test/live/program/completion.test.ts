/** Completion as people meet it: TAB in real shells, and what the programs answer to these. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { repository } from '../../support/requirements.ts';
import { quote, type Sandbox } from '../../support/sandbox.ts';
import { alone } from '../../support/twin.ts';

/** A name of a namespace that would do harm if a shell expanded it. */
const HOSTILE = 'we$(touch harm)`touch harm` "ird';

async function furnish(sandbox: Sandbox): Promise<void> {
  for (const line of [
    'link add eth0 type veth peer name eth1',
    'link property add dev eth0 altname a-name-of-more-than-fifteen-bytes',
    'link add br0 type bridge',
  ])
    assert.equal((await sandbox.run(line)).stderr, '');
}

async function addNamespaces(sandbox: Sandbox): Promise<void> {
  for (const name of ['red', HOSTILE]) assert.equal((await sandbox.run(['netns', 'add', name])).stderr, '');
}

/** What a program answers when a line of `words` is completed at its end. */
async function answer(sandbox: Sandbox, program: string, words: readonly string[]): Promise<string[]> {
  const line = [program, '--get-yargs-completions', 'zsh', ...words].map(quote).join(' ');
  const { stdout, stderr, status } = await sandbox.run(`$ ${line}`);
  assert.deepEqual({ stderr, status }, { stderr: '', status: 0 }, line);
  return stdout.split('\n').slice(0, -1);
}

async function wordsOf(sandbox: Sandbox, program: string, words: readonly string[]): Promise<string[]> {
  return (await answer(sandbox, program, words)).map(line => line.split('\t')[0]!);
}

/** Keys that people type, and the line that comes of them. */
const TYPED: readonly (readonly [keys: string, line: string])[] = [
  ['tsip li\\t', 'tsip link '],
  ['tsip link se\\teth\\t0 u\\t', 'tsip link set eth0 up '],
  ['tsip link set a-n\\t', 'tsip link set a-name-of-more-than-fifteen-bytes '],
  ['tsip -n re\\tlink show lo\\t', 'tsip -n red link show lo '],
  ['tsip addr add fe80::1/64 dev br\\tsc\\tlin\\t', 'tsip addr add fe80::1/64 dev br0 scope link '],
  ['tsip route add default tab\\tmai\\tproto sta\\t', 'tsip route add default table main proto static '],
  ['tsip link add x type vla\\tid 5 gv\\tof\\t', 'tsip link add x type vlan id 5 gvrp off '],
  ['tsip netns exec red tsip link sh\\t', 'tsip netns exec red tsip link show '],
  ['tsip netns exec red tail /proc/filesys\\t', 'tsip netns exec red tail /proc/filesystems '],
  ['tsunshare --prop\\tpri\\t', 'tsunshare --propagation=private '],
  ['tsunshare --kill-child=SE\\t', 'tsunshare --kill-child=SEGV '],
  ['tsnsenter --targ\\t', 'tsnsenter --target='],
  ['tsnsenter --net=/run/netns/r\\t', 'tsnsenter --net=/run/netns/red '],
  ['tsip completion ba\\t', 'tsip completion bash '],
  ['tsip nonsense \\t', 'tsip nonsense '],
  ['tsip link set nowhere mtu \\t', 'tsip link set nowhere mtu '],
];

describe('completion at TAB', () => {
  for (const shell of ['bash', 'zsh', 'fish'] as const)
    alone(
      `in ${shell} completes the word, and runs nothing that a name contains`,
      async sandbox => {
        await furnish(sandbox);
        await addNamespaces(sandbox);
        const quoted = {
          bash: ['netns del we\\$\\(touch\\ harm\\)\\`touch\\ harm\\`\\ \\"ird ', `'${HOSTILE}' `],
          zsh: ['netns del we\\$\\(touch\\ harm\\)\\`touch\\ harm\\`\\ \\"ird ', `'${HOSTILE}' `],
          fish: ['netns del we\\$\\(touch\\ harm\\)`touch\\ harm`\\ \\"ird ', `'${HOSTILE}' `],
        }[shell];
        const typed = [
          ...TYPED,
          ['tsip netns del w\\t', `tsip ${quoted[0]}`],
          ["tsip netns del 'w\\t", `tsip netns del ${quoted[1]}`],
        ] as const;
        const script = resolve(repository, 'test/live/program/complete.py');
        const { stdout, stderr } = await sandbox.run(`$ python3 ${quote(script)} ${shell}`, {
          stdin: typed.map(([keys]) => `${keys}\n`).join(''),
          env: { TERM: shell === 'bash' ? 'dumb' : 'xterm' },
          timeoutMs: 50_000,
        });
        assert.deepEqual(
          stdout.split('\n').slice(0, -1),
          typed.map(([, line]) => line),
        );
        assert.doesNotMatch(stderr, /rror|not found|\n\s+at /);
        assert.equal((await sandbox.run('$ find / -xdev -name harm')).stdout, '');
      },
      { needs: ['root', shell] },
    );

  alone(
    'offers devices of the namespace that the line is about',
    async sandbox => {
      await furnish(sandbox);
      await addNamespaces(sandbox);
      await sandbox.run('link set eth1 netns red');
      const here = await wordsOf(sandbox, 'tsip', ['link', 'set', 'dev', '']);
      assert.deepEqual(here.sort(), ['a-name-of-more-than-fifteen-bytes', 'br0', 'eth0', 'lo']);
      // A type of a route is no option.
      assert.deepEqual(await wordsOf(sandbox, 'tsip', ['route', 'del', '-']), ['--if-present']);
      const there = await wordsOf(sandbox, 'tsip', ['-n', 'red', 'link', 'set', 'dev', '']);
      assert.deepEqual(there.sort(), ['eth1', 'lo']);
      assert.deepEqual(await wordsOf(sandbox, 'tsip', ['-n', 'nowhere', 'link', 'set', 'dev', '']), []);
      assert.deepEqual((await wordsOf(sandbox, 'tsip', ['-n', ''])).sort(), ['red', HOSTILE].sort());
      assert.deepEqual(await wordsOf(sandbox, 'ip', ['link', 'set', 'eth0', 'netns', 'r']), ['red']);
    },
    { needs: ['root'] },
  );

  alone('offers processes with their commands, and where a command begins', async sandbox => {
    const targets = await answer(sandbox, 'tsnsenter', ['-t', '']);
    assert.ok(targets.includes('1\tbash'), targets.join('\n'));
    assert.deepEqual(await answer(sandbox, 'tsnsenter', ['-t', '1', '-a', 'ls', '']), ['\tcommand\t4']);
    assert.deepEqual(await answer(sandbox, 'tsip', ['-br', 'netns', 'exec', 'red', 'ls', '']), [
      '\tcommand\t5',
    ]);
    assert.deepEqual(await answer(sandbox, 'tsip', ['-all', 'netns', 'exec', 'l']), ['\tcommand\t4']);
    assert.deepEqual(await answer(sandbox, 'tsip', ['monitor', 'file', '']), ['\tfiles\t']);
    assert.deepEqual(await answer(sandbox, 'tsnsenter', ['--root=']), ['\tfolders\t--root=']);
    assert.deepEqual(await answer(sandbox, 'tsunshare', ['--no-such-option', '']), []);
  });

  alone(
    'changes nothing, whatever the line would do',
    async sandbox => {
      await furnish(sandbox);
      await addNamespaces(sandbox);
      const state = () =>
        sandbox.run(
          '$ ip -d link; ip addr; ip route show table all; ip rule; ip neigh; ip netns; ls -lA . /run',
        );
      const before = await state();
      for (const line of [
        'netns add new',
        'netns add',
        'netns delete red',
        '-all netns delete',
        'netns exec red touch harm',
        'netns attach new 1',
        'netns set red 7',
        'vrf exec br0 touch harm',
        'link delete eth0',
        'link set eth0 down name other',
        'link add new type bridge',
        'addr flush dev lo',
        'addr add 10.0.0.1/8 dev lo',
        'route flush table all',
        'route flush cache',
        'route restore',
        'route save',
        'rule flush',
        'rule add',
        'neigh flush all',
        'tuntap add tap7 mode tap',
        'tuntap del tap7 mode tap',
        'maddress add 33:33:00:00:00:07 dev lo',
        'token set ::7 dev eth0',
        'monitor',
      ]) {
        await answer(sandbox, 'tsip', [...line.split(' '), '']);
        await answer(sandbox, 'tsip', [...line.split(' ').slice(0, -1), line.split(' ').at(-1)!]);
      }
      await answer(sandbox, 'tsunshare', ['-n', '--net=/run/new', '']);
      assert.deepEqual(await state(), before);
    },
    { needs: ['root'] },
  );

  alone(
    'is silent as an ordinary user, too',
    async sandbox => {
      await addNamespaces(sandbox);
      const run = (line: string) => sandbox.run(`$ ${line}`, { user: 'nobody' });
      assert.deepEqual(await run('tsip --get-yargs-completions zsh -n red link set dev ""'), {
        stdout: '',
        stderr: '',
        status: 0,
        timedOut: false,
      });
      assert.equal((await run('tsip --get-yargs-completions zsh link set dev l')).stdout, 'lo\tdevice\n');
      assert.equal(
        (await run('tsip --get-yargs-completions zsh netns del r')).stdout,
        'red\tnetwork namespace\n',
      );
    },
    { needs: ['root'] },
  );
});

describe('tsip completion', () => {
  alone('prints the script of a shell, also for the names of the originals', async sandbox => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const script = readFileSync(resolve(repository, `completions/tsip.${shell}`), 'utf8');
      assert.equal((await sandbox.run(`$ tsip completion ${shell}`)).stdout, script);
      const more = script.replaceAll(
        'tsip tsnsenter tsunshare',
        'tsip tsnsenter tsunshare ip nsenter unshare',
      );
      assert.notEqual(more, script);
      assert.equal((await sandbox.run(`$ tsip completion ${shell} --originals`)).stdout, more);
      assert.equal((await sandbox.run(`$ ip completion ${shell}`)).stdout, more);
    }
  });

  alone('complains in one line', async sandbox => {
    for (const [line, complaint] of [
      ['completion', 'a shell is required, one of bash, zsh, fish'],
      ['completion csh', '"csh" is unknown, the shell must be one of bash, zsh, fish'],
      ['completion bash zsh', '"zsh" is too much'],
      ['completion bash --zsh', 'Unknown argument: zsh'],
    ] as const)
      assert.deepEqual(await sandbox.run(`$ tsip ${line}`), {
        stdout: '',
        stderr: `completion: ${complaint}, try "tsip completion help".\n`,
        status: 255,
        timedOut: false,
      });
  });
});
