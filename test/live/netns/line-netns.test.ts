/** `--line-netns`: lines of a batch that begin with the network namespace that they are for. */
import assert from 'node:assert/strict';
import type { Sandbox } from '../../support/sandbox.ts';
import { alone, differential, line } from '../../support/twin.ts';

const FORMS = ['-line-netns -batch -', '-force --line-netns -batch -'];

/** Runs a batch that must neither fail nor say anything on stderr; answers what it prints. */
async function succeed(sandbox: Sandbox, options: string, lines: readonly string[]): Promise<string> {
  const stdin = `${lines.join('\n')}\n`;
  const { stdout, stderr, status } = await sandbox.run(options, { stdin, timeoutMs: 60_000 });
  assert.deepEqual({ stderr, status }, { stderr: '', status: 0 });
  return stdout;
}

async function output(sandbox: Sandbox, commandLine: string): Promise<string> {
  const { stdout, stderr, status } = await sandbox.run(commandLine);
  assert.deepEqual({ stderr, status }, { stderr: '', status: 0 }, commandLine);
  return stdout;
}

describe('ip -line-netns', () => {
  differential('is needed for a namespace before a command', [
    'netns add a',
    line('-batch -', { stdin: '-n a link\n' }),
    line('-force -batch -', { stdin: '-netns a link\nlink show lo\n' }),
  ]);

  for (const options of FORMS) {
    alone(
      `runs each line where it says, and the others where the batch runs: ip ${options}`,
      async sandbox => {
        const printed = await succeed(sandbox, options, [
          'netns add a',
          'netns add b',
          'link add br0 type bridge',
          ...['a', 'b'].flatMap((name, index) => [
            `link add v${name} type veth peer name eth0 netns ${name}`,
            `link set v${name} master br0 up`,
            `-n ${name} link set eth0 up`,
            `--netns ${name} addr add 10.0.0.${index + 1}/24 dev eth0`,
            `-net ${name} route add default via 10.0.0.9`,
            `-n ${name} neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev eth0`,
            `-n ${name} rule add from 10.${index}.0.0/16 table 7`,
            `-n ${name} nexthop add id ${index + 1} dev eth0`,
            `-n ${name} maddr add 33:33:00:00:00:09 dev eth0`,
          ]),
          '-n a link add a0 netns b type veth peer name a1',
          '-n b link set a0 name b0',
          '-n a netns exec b cat /proc/self/comm',
          '-n a netns exec b ip -o link show b0',
          'rule',
          'link show type bridge up',
          'link set br0 up',
          '-n a rule show table 7',
          '-n b rule show table 7',
          '-n b nexthop',
          '-n b neigh',
          '-n a maddr show dev eth0',
          '-n b vrf',
          '-n b netconf show dev eth0',
        ]);
        assert.match(printed, /^cat\n\d+: b0@if\d+: /);
        assert.match(printed, /^0:\tfrom all lookup local\n32766:/m);
        assert.match(
          printed,
          /^32765:\tfrom 10.0.0.0\/16 lookup 7\n32765:\tfrom 10.1.0.0\/16 lookup 7\nid 2 dev eth0/m,
        );
        assert.match(printed, /^10.0.0.9 dev eth0 lladdr 02:00:00:00:00:09 PERMANENT ?\n\d+:\teth0\n/m);
        assert.match(printed, /link {2}33:33:00:00:00:09 static/);
        assert.match(printed, /No VRF has been configured\ninet eth0 /);
        const addresses = (name: string) => output(sandbox, `-n ${name} -4 -br addr show dev eth0`);
        assert.match(await addresses('a'), /10.0.0.1\/24/);
        assert.match(await addresses('b'), /10.0.0.2\/24/);
        assert.match(await output(sandbox, '-n b route'), /^default via 10.0.0.9 dev eth0 \n/);
        assert.match(await output(sandbox, '-n a -br link'), /^lo .*\neth0@.*\na1@.*\n$/);
        assert.match(await output(sandbox, '-br link'), /^lo .*\nbr0 .*\nva@.*\nvb@.*\n$/);
        assert.equal(await output(sandbox, '-4 route'), '');
      },
    );

    alone(
      `says what is wrong with a namespace as -n does, of its line alone: ip ${options}`,
      async sandbox => {
        await sandbox.shell('tsip netns add a; touch /run/netns/file');
        const lines = [
          '-n a link set lo up',
          'REPLACED',
          '-n a link set nosuch up',
          '-n a link set lo mtu 60000',
        ];
        for (const name of ['nosuch', 'file', '../x', '/run/netns/a']) {
          const alike = await sandbox.run(`-n ${name} link`);
          const stdin = `${lines.join('\n').replace('REPLACED', `-n ${name} link`)}\n`;
          const { stdout, stderr, status } = await sandbox.run(options, { stdin });
          const goesOn = options.startsWith('-force');
          const rest = goesOn ? 'Cannot find device "nosuch"\nCommand failed -:3\n' : '';
          assert.deepEqual(
            { stdout, stderr, status },
            { stdout: '', stderr: `${alike.stderr}Command failed -:2\n${rest}`, status: 1 },
          );
          assert.equal(/mtu 60000/.test(await output(sandbox, '-n a link')), goesOn);
          await sandbox.shell('tsip -n a link set lo mtu 65536');
        }
      },
    );

    alone(`never takes a namespace for another that had its name: ip ${options}`, async sandbox => {
      const mark = (text: string) => `-n a link set lo alias ${text}`;
      const shown = (text: string) => text.match(/(?<=alias )\w+/g);
      const printed = await succeed(sandbox, options, [
        'netns add a',
        mark('first'),
        'netns del a',
        'netns add a',
        '-n a link show lo',
        mark('second'),
        '-n a netns del a',
        'netns add a',
        '-n a link show lo',
        mark('third'),
        'netns add other',
        'netns exec other ip netns del a',
        'netns add a',
        '-n a link show lo',
        mark('fourth'),
        '-n a link show lo',
      ]);
      assert.deepEqual(shown(printed), ['fourth']);
      assert.equal(printed.match(/^1: lo:/gm)?.length, 4);
    });

    alone(`sees that others have replaced a namespace: ip ${options}`, async sandbox => {
      const lines = [
        '-n a link set lo alias before',
        'monitor file wait',
        '-n a link show lo',
        '-n a link set lo alias after',
      ];
      const { stdout, status } = await sandbox.run(
        `$ mkfifo wait; tsip netns add a; printf '%s\\n' ${lines.map(text => `'${text}'`).join(' ')} >lines
         tsip ${options.replace(/-$/, 'lines')} & exec 5>wait
         tsip netns del a; tsip netns add a; exec 5>&-; wait $!`,
      );
      assert.equal(status, 0);
      assert.match(stdout, /^1: lo:/);
      assert.doesNotMatch(stdout, /alias/);
      assert.match(await output(sandbox, '-n a link'), /alias after/);
    });
  }

  alone('finds many namespaces again with few descriptors, and leaks none', async sandbox => {
    const names = Array.from({ length: 300 }, (_, index) => `n${index}`);
    const everywhere = (text: string) => names.map(name => `-n ${name} ${text}`);
    const count = "netns exec n0 sh -c 'ls /proc/$PPID/fd | wc -l'";
    const stdin = [
      ...names.map(name => `netns add ${name}`),
      '-n n0 link set lo up',
      count,
      ...everywhere('addr add 10.0.0.1/32 dev lo'),
      ...everywhere('link set lo mtu 60000 up'),
      ...everywhere('addr add 10.0.0.2/32 dev lo'),
      count,
      '',
    ].join('\n');
    for (const options of ['', '-force']) {
      const { stdout, stderr, status } = await sandbox.run(
        `$ ulimit -Sn 400; ulimit -Hn 400; cat >lines; exec tsip ${options} -line-netns -batch lines`,
        { stdin, timeoutMs: 60_000 },
      );
      assert.deepEqual({ stderr, status }, { stderr: '', status: 0 });
      const [before, after] = stdout.split('\n');
      assert.equal(after, before);
      for (const name of ['n0', 'n150', 'n299'])
        assert.match(
          await output(sandbox, `-n ${name} addr`),
          /lo: .*UP.* mtu 60000 (.*\n)*.*10.0.0.1\/32 (.*\n)*.*10.0.0.2\/32/,
        );
      await output(sandbox, '-all netns delete');
    }
  });

  alone('names devices as the namespace of the line does', async sandbox => {
    const printed = await succeed(sandbox, '-force -line-netns -batch -', [
      'netns add a',
      'netns add b',
      '-n a link add v0 type veth peer name v1',
      '-n b link add pad type bridge',
      '-n b link add v0 type veth peer name v1',
      '-n a link set v0 up',
      '-n b link set v0 up',
      '-n a link set v1 up',
      '-n b link set v1 up',
      '-n a addr add 10.0.0.1/24 dev v0',
      '-n b addr add 10.0.0.2/24 dev v0',
      '-n b route add 10.9.0.0/16 dev v1',
      '-n a route',
      '-n b route',
    ]);
    assert.equal(
      printed,
      '10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 \n' +
        '10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.2 \n10.9.0.0/16 dev v1 scope link \n',
    );
  });

  alone('makes and shows TUN devices where the line says', async sandbox => {
    const printed = await succeed(sandbox, '-line-netns -batch -', [
      'netns add a',
      '-n a tuntap add t0 mode tun',
      'tuntap',
      '-n a tuntap',
      '-n a link set t0 up',
      'tuntap add t1 mode tap one_queue',
      'tuntap',
    ]);
    assert.equal(printed, 't0: tun persist\nt1: tap one_queue persist\n');
  });

  alone('is reported in documents, traced and held back as other lines are', async sandbox => {
    await sandbox.shell('tsip netns add a');
    const stdin = '-n a link set lo up\n-n nosuch link\n';
    const strict = await sandbox.run('--strict-json -force -line-netns -batch -', { stdin });
    assert.deepEqual(JSON.parse(strict.stderr), {
      code: 1,
      errno: 'ENOENT',
      text: 'Cannot open network namespace "nosuch": No such file or directory',
      hint: JSON.parse(strict.stderr).hint,
      line: 2,
      column: 4,
    });
    await sandbox.shell('tsip -n a link set lo down');
    const held = await sandbox.run('--dry-run -force -line-netns -batch -', { stdin });
    assert.match(held.stderr, /^not sent: RTM_NEWLINK.*\n.*index=1 flags=IFF_UP/);
    assert.match(await output(sandbox, '-n a link'), /state DOWN/);
    const traced = await sandbox.run('--trace -force -line-netns -batch -', { stdin });
    assert.match(traced.stderr, /setns\("net:\[\d+\]", CLONE_NEWNET\) = 0\n/);
    assert.match(await output(sandbox, '-n a link'), /UP/);
  });

  alone(
    'says what it may not to an ordinary user, as -n does',
    async sandbox => {
      await sandbox.shell('tsip netns add a');
      const stdin = '-n a link\nlink show lo\n';
      const alike = await sandbox.run('-n a link', { user: 'nobody' });
      const { stdout, stderr, status } = await sandbox.run('-force -line-netns -batch -', {
        stdin,
        user: 'nobody',
      });
      assert.equal(stderr, `${alike.stderr}Command failed -:1\n`);
      assert.match(stdout, /^1: lo:/);
      assert.equal(status, 1);
    },
    { needs: ['root'] },
  );

  alone('wants a command after the namespace', async sandbox => {
    await sandbox.shell('tsip netns add a');
    for (const [stdin, stderr, status] of [
      ['-n a\nlink\n', 'Command line is not complete. Try option "help"\n', 255],
      ['-n\n', 'Cannot open network namespace "(null)": No such file or directory\nCommand failed -:1\n', 1],
      ['-n a -n a link\n', 'Object "-n" is unknown, try "ip help".\nCommand failed -:1\n', 1],
      ['-N a link\n', 'Object "-N" is unknown, try "ip help".\nCommand failed -:1\n', 1],
    ] as const) {
      const result = await sandbox.run('-line-netns -batch -', { stdin });
      assert.deepEqual(result, { stdout: '', stderr, status, timedOut: false });
    }
  });
});
