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
      ['-detials link', /did you mean "details"/],
      ['link add 12345678901234567 type veth', /IFLA_IFNAME \(ifname\)/],
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
