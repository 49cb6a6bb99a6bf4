/** Hints where they belong: at a terminal, or on demand, after the original's words; never in a pipe. */
import assert from 'node:assert/strict';
import { alone } from '../../support/twin.ts';

/** Runs a program with all its descriptors on a terminal and copies what it writes. */
const onTerminal = "python3 -c 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)'";

describe('hints', () => {
  alone("come after the original's line at a terminal, and in no pipe", async sandbox => {
    await sandbox.run('link add v0 type veth peer name v1');
    const line = 'tsip link add v0 type veth';
    const refused = 'RTNETLINK answers: File exists\n';
    const hint = 'hint: there is a device "v0" already: a veth, down, in this namespace\n';
    const piped = await sandbox.run(`$ ${line}`, { env: { TSIP_HINTS: undefined } });
    assert.deepEqual([piped.stderr, piped.status], [refused, 2]);
    const shown = await sandbox.run(`$ ${onTerminal} ${line} </dev/null; echo $?`, {
      env: { TSIP_HINTS: undefined },
    });
    assert.equal(shown.stdout.replaceAll('\r', ''), `${refused}${hint}2\n`);
    const silenced = await sandbox.run(`$ ${onTerminal} ${line} </dev/null`, {
      env: { TSIP_HINTS: 'never' },
    });
    assert.equal(silenced.stdout.replaceAll('\r', ''), refused);
    const demanded = await sandbox.run(`$ ${line}`, { env: { TSIP_HINTS: 'always' } });
    assert.deepEqual([demanded.stderr, demanded.stdout, demanded.status], [refused + hint, '', 2]);
    const odd = await sandbox.run(`$ ${line}`, { env: { TSIP_HINTS: 'perhaps' } });
    assert.equal(odd.stderr, refused);
  });

  alone('know this system', async sandbox => {
    for (const line of [
      'netns add red',
      '-n red link add inner type veth peer name other',
      '$ touch /run/netns/old',
    ])
      await sandbox.run(line);
    const cases: readonly (readonly [line: string, hint: RegExp])[] = [
      ['netns add red', /there is a namespace "red" already/],
      ['netns add old', /"old" is a file without a namespace/],
      ['-n old link', /"old" is stale/],
      ['netns exec old true', /"old" is stale/],
      ['netns exec rde true', /did you mean "red"/],
      ['link show inner', /in the namespace red/],
      ['link add inner netns red type veth', /a veth, down, in the namespace red/],
      ['link add n type veth', /"n" was read as the keyword "nomaster"/],
      ['link add br type bridge', /"br" was read as the keyword "broadcast"/],
      ['link add x type brige', /did you mean "bridge"/],
      ['lnik', /did you mean "link"/],
      ['-detials link', /did you mean "--details"/],
      ['link add 12345678901234567 type veth', /a name has 15 bytes at most/],
    ];
    for (const [line, hint] of cases) {
      const plain = await sandbox.run(line);
      const { stderr, stdout, status } = await sandbox.run(line, { env: { TSIP_HINTS: 'always' } });
      const lines = stderr.trimEnd().split('\n');
      assert.match(lines.at(-1)!, hint, line);
      assert.match(lines.at(-1)!, /^hint: /, line);
      assert.equal(stderr.slice(0, stderr.lastIndexOf('hint: ')), plain.stderr, line);
      assert.deepEqual([stdout, status], [plain.stdout, plain.status], line);
    }
  });

  alone('name file, line and column in a batch', async sandbox => {
    const env = { TSIP_HINTS: 'always' };
    const stdin = 'link\n  addr add 10.0.0.300/24 dev lo\n';
    const failed = 'Error: any valid prefix is expected rather than "10.0.0.300/24".\n';
    const plain = await sandbox.run('-batch -', { stdin });
    assert.deepEqual([plain.stderr, plain.status], [failed, 1]);
    const hinted = await sandbox.run('-batch -', { stdin, env });
    assert.equal(
      hinted.stderr,
      `${failed}hint: -:2:12: 300 in 10.0.0.300 is more than 255, the most that one of the four numbers can be\n`,
    );
    const { stderr } = await sandbox.run('--strict-json -batch -', { stdin });
    const { line, column } = JSON.parse(stderr.trim().split('\n').at(-1)!);
    assert.deepEqual([line, column], [2, 12]);
  });

  alone('come after each line of a forced batch, about what there is then', async sandbox => {
    const stdin = [
      'link add v0 type veth peer name v1',
      'link add v0 type veth peer name v1',
      'addr add 10.0.0.1/24 dev v0',
      'addr add 10.0.0.1/24 dev v0',
      'link set v0 name v5',
      'link set v0 up',
      'addr add 10.0.0.2/24 dev v5',
    ].join('\n');
    const failed = (line: number) => `Command failed -:${line}\n`;
    const taken = 'RTNETLINK answers: File exists\n';
    const assigned = 'Error: ipv4: Address already assigned.\n';
    const absent = 'Cannot find device "v0"\n';
    const plain = await sandbox.run('-force -batch -', { stdin });
    assert.equal(plain.stderr, `${taken}${failed(2)}${assigned}${failed(4)}${absent}${failed(6)}`);
    await sandbox.run('link delete v5');
    const hinted = await sandbox.run('-force -batch -', { stdin, env: { TSIP_HINTS: 'always' } });
    assert.equal(
      hinted.stderr,
      `${taken}hint: -:2:1: there is a device "v0" already: a veth, down, in this namespace\n${failed(2)}` +
        `${assigned}hint: -:4:1: the device has this address already; 'address replace' sets its lifetimes and flags\n${failed(4)}` +
        `${absent}hint: -:6:10: there is no device "v0" here; did you mean "v1"?\n${failed(6)}`,
    );
    assert.match((await sandbox.run('addr show v5')).stdout, /inet 10\.0\.0\.2\/24/);
  });

  alone('--check reports all that is wrong in a batch, and changes nothing', async sandbox => {
    const lines = [
      'netns add red',
      'link add v0 type veth peer name v1',
      'link set v0 netns red',
      'link set v1 upp',
      'addr add 10.0.0.1/24 dev v1',
      'addr add 10.0.0.1/33 dev v1',
      'foo bar',
      'link set \\',
      '   v1 mtu abc',
      'monitor',
      'netns exec red false',
    ];
    await sandbox.run(`$ printf '%s\\n' ${lines.map(line => `'${line}'`).join(' ')} > /run/lines`);
    const wrong = [
      '/run/lines:4:13: Error: either "dev" is duplicate, or "upp" is garbage.',
      '/run/lines:6:10: Error: any valid prefix is expected rather than "10.0.0.1/33".',
      '/run/lines:7:1: Object "foo" is unknown, try "ip help".',
      '/run/lines:9:11: Error: argument "abc" is wrong: Invalid "mtu" value',
    ];
    for (const options of [
      '-batch /run/lines --check',
      '-batch --check /run/lines',
      '--check -b /run/lines',
    ]) {
      const { stdout, stderr, status } = await sandbox.run(options);
      assert.deepEqual([stdout, stderr, status], ['', `${wrong.join('\n')}\n`, 1]);
    }
    assert.equal((await sandbox.run('netns list')).stdout, '');
    const right = await sandbox.run('-batch - --check', {
      stdin: 'netns add red\nlink set v9 netns red up\nroute\n',
    });
    assert.deepEqual([right.stderr, right.status], ['', 0]);
    assert.equal((await sandbox.run('--check link')).status, 1);
  });

  alone(
    'name the missing capability',
    async sandbox => {
      const env = { TSIP_HINTS: 'always' };
      const { stderr } = await sandbox.run('link add v0 type veth', { env, user: 'nobody' });
      assert.match(
        stderr,
        /^hint: this takes CAP_NET_ADMIN in user:\[\d+\], which user 65534 does not have/m,
      );
    },
    { needs: ['root'] },
  );
});
