/** `tsip --rootless` and `tsip rootless`, as an ordinary user without capabilities. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { needs, repository } from '../../support/requirements.ts';
import type { Result, RunOptions, Sandbox } from '../../support/sandbox.ts';
import { alone } from '../../support/twin.ts';

const RUN = '/mnt/work/run';

/** A user with a folder for what it keeps. */
class User {
  readonly #sandbox: Sandbox;

  private constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  static async in(sandbox: Sandbox): Promise<User> {
    const user = new User(sandbox);
    await user.succeed(`mkdir -m 700 ${RUN}`);
    return user;
  }

  run(line: string, options: RunOptions = {}): Promise<Result> {
    const env = { XDG_RUNTIME_DIR: RUN, HOME: RUN, ...options.env };
    return this.#sandbox.run(['$', line].join(' '), { timeoutMs: 60_000, user: 'nobody', ...options, env });
  }

  async succeed(line: string, options: RunOptions = {}): Promise<string> {
    const { stdout, stderr, status } = await this.run(line, options);
    assert.equal(stderr, '', line);
    assert.equal(status, 0, line);
    return stdout;
  }
}

/** The commands of the README, one a line. */
function readmeLines(): string[] {
  const readme = readFileSync(join(repository, 'README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('\n## Scripts\n'));
  return /^```\n([\s\S]*?)^```$/m.exec(section)![1]!.trim().split('\n');
}

describe('tsip --rootless', function () {
  this.timeout(180_000);

  alone(
    'makes namespaces that stay from call to call, until they are stopped',
    async sandbox => {
      const user = await User.in(sandbox);
      const none = await user.run('tsip rootless');
      assert.deepEqual([none.stdout, none.status], ['not running\n', 1]);
      let last = '';
      for (const line of readmeLines()) last = await user.succeed(line, { env: { TSIP_ROOTLESS: '1' } });
      assert.match(last, / 0% packet loss/);
      assert.equal(await user.succeed('tsip --rootless netns list | sort'), 'blue\nred\n');
      // As ip the option is the same; there is nothing of it outside.
      assert.equal(await user.succeed('ip --rootless netns list | sort'), 'blue\nred\n');
      assert.equal(await user.succeed('tsip netns list'), '');
      // The kernel takes a moment to report that a device is up which packets have passed already.
      await user.succeed(
        'for turn in {1..200}; do tsip --rootless -n blue link show b0 | grep -q "state UP" && break; done',
      );
      assert.match(
        await user.succeed('tsip --rootless map'),
        /b0 {2}veth {2}up {2}10\.0\.0\.2\/24 {2}⇄ r0 in red/,
      );
      assert.match(
        await user.succeed('tsip rootless'),
        /^running: process \d+\ndirectory: \/mnt\/work\/run\/tsip\nusers: 0 is 65534 outside\ngroups: 0 is 65534 outside\nnamespaces: blue red\nprograms: none\n$/,
      );
      const [state] = JSON.parse(await user.succeed('tsip -j rootless status')) as { running: boolean }[];
      assert.equal(state!.running, true);
      await user.succeed('tsip --rootless netns delete red');
      await user.succeed('tsip rootless stop');
      assert.equal(await user.succeed(`ls ${RUN}/tsip`), 'lock\n');
      assert.equal((await user.run('tsip rootless stop')).stderr, 'There are no namespaces of --rootless.\n');
    },
    { needs: ['root', 'ping'] },
  );

  alone(
    'passes on words, variables, the folder, streams and the exit code, and is inside once',
    async sandbox => {
      const user = await User.in(sandbox);
      await user.succeed('tsip --rootless netns add red');
      const words = `sh -c 'cat; pwd; echo "$X $1"; tsip --rootless netns list; id -u; exit 7' sh "a  b"`;
      const shown = await user.run(`tsip --rootless netns exec red ${words}`, {
        stdin: 'read\n',
        cwd: '/mnt/work',
        env: { X: 'x' },
      });
      assert.equal(shown.stderr, '');
      assert.equal(shown.stdout, 'read\n/mnt/work\nx a  b\nred\n0\n');
      assert.equal(shown.status, 7);
      // A call inside is made where it is.
      const inside =
        'TSIP_ROOTLESS=1 tsip netns exec red sh -c "tsip link add d0 type bridge; tsip --rootless -br link"';
      assert.match(await user.succeed(inside), /^d0 /m);
      assert.doesNotMatch(await user.succeed('tsip --rootless -br link'), /^d0 /m);
    },
    { needs: ['root'] },
  );

  alone(
    'serves scripts and labs',
    async sandbox => {
      const user = await User.in(sandbox);
      const script =
        'ip netns add red; ip link add v0 type veth peer name v1 netns red; nsenter --net=$TSIP_NETNS_DIR/red ip -br link show v1';
      const shown = await user.run(`tsip --rootless run --summary sh -c '${script}'`);
      assert.equal(shown.status, 0, shown.stderr);
      assert.match(shown.stdout, /^v1@/);
      assert.match(shown.stderr, /^4 calls, 0 failed, 0 made by themselves$/m);
      await user.run('cat >lab.yaml', {
        cwd: '/mnt/work',
        stdin:
          'lab: pair\nnodes: { a: {}, b: {} }\nlinks: [a 10.0.0.1/24 -- b 10.0.0.2/24]\nchecks: [a ping b]\n',
      });
      for (const line of [
        'apply lab.yaml',
        'check pair',
        'diff pair',
        'exec pair a -- ping -c1 b',
        'destroy pair',
      ])
        await user.succeed(`tsip --rootless lab ${line}`, { cwd: '/mnt/work' });
      // A script that is served outside asks for it in one of its lines.
      const mixed = await user.run(
        `tsip run sh -c 'tsip --rootless netns list; TSIP_ROOTLESS=1 ip netns list'`,
      );
      assert.equal(mixed.stdout, 'red (id: 0)\nred (id: 0)\n', mixed.stderr);
    },
    { needs: ['root', 'ping'] },
  );

  alone(
    'starts one process, however many calls come at once',
    async sandbox => {
      const user = await User.in(sandbox);
      await user.succeed('for n in 1 2 3 4; do tsip --rootless netns add n$n & done; wait');
      assert.equal(await user.succeed('tsip --rootless netns list | sort | tr "\\n" " "'), 'n1 n2 n3 n4 ');
      assert.equal(await user.succeed('pgrep -c -x tsip-rootless'), '1\n');
    },
    { needs: ['root'] },
  );

  alone(
    'says that its process has ended, and makes the namespaces again',
    async sandbox => {
      const user = await User.in(sandbox);
      await user.succeed('tsip --rootless netns add red');
      const pid = (await user.succeed('pgrep -x tsip-rootless')).trim();
      await user.succeed(`kill -KILL ${pid}`);
      const again = await user.run('tsip --rootless netns list');
      assert.equal(
        again.stderr,
        `tsip: --rootless: process ${pid}, which held the namespaces of --rootless, has ended, and they with it: they are made again\n`,
      );
      assert.deepEqual([again.stdout, again.status], ['', 0]);
      // A record that is damaged, or of another process, is none.
      for (const text of ['nonsense', '1 1 1', `$$ 1 1`, '']) {
        await user.succeed(`echo "${text}" >${RUN}/tsip/holder`);
        assert.equal((await user.run('tsip --rootless netns list')).status, 0);
      }
      await user.succeed('pkill -x tsip-rootless; true');
    },
    { needs: ['root'] },
  );

  alone(
    'ends programs inside only if that is asked for',
    async sandbox => {
      const user = await User.in(sandbox);
      await user.succeed('tsip --rootless netns add red');
      await user.succeed(
        'mkfifo go; (tsip --rootless netns exec red sh -c "echo in >go; exec sleep 1000" &) ; read -r line <go',
        {
          cwd: '/mnt/work',
        },
      );
      const refused = await user.run('tsip rootless stop');
      assert.match(refused.stderr, /^(sh|sleep)\[\d+\] is inside; --kill ends it\.\n$/);
      assert.equal(refused.status, 1);
      assert.match(await user.succeed('tsip rootless status'), /^programs: (sh|sleep)\[\d+\]$/m);
      await user.succeed('tsip rootless stop --kill=KILL');
      assert.equal((await user.run('tsip rootless')).status, 1);
    },
    { needs: ['root'] },
  );

  alone(
    'maps the ids that the user has',
    async sandbox => {
      const user = await User.in(sandbox);
      await user.succeed('tsip rootless start');
      const { stdout } = await user.run('tsip rootless');
      assert.match(stdout, /^users: 0 is 65534 outside, 1-1000 are 300000-300999$/m);
      assert.match(stdout, /^groups: 0 is 65534 outside, 1-1000 are 300000-300999$/m);
      assert.equal(
        await user.succeed('tsip --rootless netns add red && tsip --rootless netns exec --user 7 red id -u'),
        '7\n',
      );
      assert.equal((await user.run('tsip rootless start')).stderr, 'The namespaces are there already.\n');
      await user.succeed('tsip rootless stop');
      await user.succeed('tsip rootless start --ids one');
      assert.match(await user.succeed('tsip rootless'), /^users: 0 is 65534 outside$/m);
      await user.succeed('tsip rootless stop');
      assert.match(
        (await user.run('PATH=/mnt/bin tsip rootless start --ids many')).stderr,
        /newuidmap and newgidmap/,
      );
    },
    {
      needs: ['root', 'newuidmap'],
      files: { '/etc/subuid': 'nobody:300000:1000\n', '/etc/subgid': '65534:300000:1000\n' },
    },
  );

  alone(
    'refuses folders that others could change, and words that are wrong',
    async sandbox => {
      const user = await User.in(sandbox);
      const refuses = async (setUp: string, text: RegExp, env: RunOptions['env'] = {}) => {
        await sandbox.run(`$ rm -rf ${RUN}/tsip; ${setUp}`);
        const { stdout, stderr, status } = await user.run('tsip --rootless netns list', { env });
        assert.match(stderr, text);
        assert.deepEqual([stdout, status, stderr.split('\n').length], ['', 255, 2]);
      };
      await refuses(`mkdir -m 777 ${RUN}/tsip`, /has to be a folder of user 65534 alone \(mode 0700\)/);
      await refuses(
        `mkdir -m 755 ${RUN}/tsip; chown nobody ${RUN}/tsip`,
        /has to be a folder of user 65534 alone/,
      );
      await refuses(`ln -s /mnt/work ${RUN}/tsip`, /has to be a folder of user 65534 alone/);
      await refuses('', /XDG_RUNTIME_DIR is \/run, which user 65534 does not have alone/, {
        XDG_RUNTIME_DIR: '/run',
      });
      await refuses('', /XDG_RUNTIME_DIR is \/nowhere, where there is no folder/, {
        XDG_RUNTIME_DIR: '/nowhere',
      });
      for (const words of ['nonsense', 'stop --nonsense', 'start --ids', 'start --ids three', 'status more'])
        assert.equal((await user.run(`tsip rootless ${words}`)).status, 255, words);
      const strict = await user.run('tsip --strict-json --rootless link', {
        env: { XDG_RUNTIME_DIR: '/run' },
      });
      assert.equal((JSON.parse(strict.stderr) as { code: number }).code, 255);
      assert.match((await user.run('tsip rootless help')).stdout, /^Usage: ip /);
    },
    { needs: ['root'] },
  );

  alone(
    'completes what is inside, and says that devices of the host are not',
    async sandbox => {
      const user = await User.in(sandbox);
      const complete = 'tsip --get-yargs-completions bash --rootless netns exec r';
      assert.equal(await user.succeed(complete), '');
      assert.equal((await user.run('pgrep -x tsip-rootless')).stdout, '');
      await user.succeed('tsip --rootless netns add red');
      assert.match(await user.succeed(complete), /^red\t/m);
      assert.match(
        await user.succeed('tsip --get-yargs-completions bash rootless ""'),
        /^status\t[\s\S]*^stop\t/m,
      );
      const shown = await user.run('tsip --rootless link set eth7 netns red', {
        env: { TSIP_HINTS: 'always' },
      });
      assert.match(
        shown.stderr,
        /^hint: .*those of the host, as physical ones, are out of reach of --rootless$/m,
      );
    },
    { needs: ['root'] },
  );

  it('says which setting forbids it', function () {
    needs(this, 'root');
    // The limit is one of a user namespace, so that of the test alone is changed.
    const script =
      'echo 0 >/proc/sys/user/max_user_namespaces; export XDG_RUNTIME_DIR=$(mktemp -d); "$1" --rootless netns list; echo $?; rm -r "$XDG_RUNTIME_DIR"';
    const { stdout, stderr } = spawnSync(
      'unshare',
      ['-U', '-r', 'sh', '-c', script, 'sh', join(repository, 'native', process.arch, 'tsip')],
      { encoding: 'utf8' },
    );
    assert.match(
      stderr,
      /^tsip: --rootless: .*user\.max_user_namespaces is 0, there may be none; "sudo sysctl -w user\.max_user_namespaces=15000" permits it \(tsip: unshare failed: No space left on device\)\n$/,
    );
    assert.equal(stdout, '255\n');
  });
});
