/**
 * The package as package managers install it, with Node and coreutils alone on the path, under each Node that is
 * supported. It takes minutes and the registry, so it runs with TSIP_INSTALL=1 only.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'mocha';
import { IGNORED, MANAGERS, type Manager, registryVariables } from '../../native/managers.ts';
import { nodeRelease, whyAbsent } from '../../native/node-releases.ts';
import { type Release, release } from '../../native/release.ts';
import { needs, skip, unshareFlags } from '../../support/requirements.ts';

const COREUTILS = ['cat', 'dirname', 'env', 'id', 'mkdir', 'mount', 'readlink', 'sed', 'sh', 'true', 'uname'];
/** The oldest that is supported, the releases of Node 20 that take each other's compiled code, and the newest of each line. */
const NODES = ['20.19.0', '20.19.6', '20.20.2', '22.23.5', '24.22.3', '26.12.1'];

const LIBRARY = `const { Network } = require('tsip');
  Network.open().then(async network => {
    for await (const { name } of network.links.list()) if (name === 'lo') console.log('library', name);
    network.close();
    const { Network: imported } = await import('tsip');
    console.log(imported === Network);
  });`;

describe('the package, installed', function () {
  this.timeout(600_000);
  let folder: string;
  let archive: string;
  let released: Release;
  let path: string;

  before(function () {
    if (process.env.TSIP_INSTALL !== '1')
      skip(this, 'it takes minutes and the registry: runs with TSIP_INSTALL=1');
    needs(this, 'root', 'namespaces');
    released = release(this);
    folder = mkdtempSync('/var/lib/tsip-install-');
    chmodSync(folder, 0o755);
    // A name without its version, so that managers have no other archive of that name in their caches.
    archive = join(folder, 'tsip.tgz');
    copyFileSync(released.archive, archive);
    path = join(folder, 'path');
    mkdirSync(path);
    for (const name of COREUTILS)
      symlinkSync(spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim(), join(path, name));
    symlinkSync(process.execPath, join(path, 'node'));
  });

  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  function run(
    words: readonly string[],
    cwd: string,
    searched: string,
    variables: Readonly<Record<string, string>> = {},
  ) {
    const [program = '', ...rest] = words;
    const env = { PATH: searched, HOME: folder, CI: 'true', ...variables };
    const { stdout, stderr, status, error } = spawnSync(program, rest, {
      cwd,
      env,
      encoding: 'utf8',
      timeout: 500_000,
    });
    assert.equal(status, 0, `${words.join(' ')}: ${error ?? ''}${stdout}${stderr}`);
    return stdout;
  }

  /** Installs the package into a new project. */
  function install(
    context: Context,
    title: string,
    { from, words, files = {} }: Manager,
    flags: readonly string[],
  ): string {
    const project = join(folder, `${title}${flags.length}`.replace(/[^a-z0-9]+/g, '-'));
    const tools = join(folder, `tools-${from.replace(/\W+/g, '-')}`);
    mkdirSync(tools, { recursive: true });
    mkdirSync(project);
    const manifest = { name: 'project', private: true, dependencies: { tsip: `file:${archive}` } };
    for (const [name, text] of Object.entries({ 'package.json': JSON.stringify(manifest), ...files }))
      writeFileSync(join(project, name), text);
    const get = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--prefix', tools, from];
    const fetched = spawnSync('npm', get, { cwd: tools, encoding: 'utf8' });
    if (fetched.status !== 0) {
      const absent = whyAbsent(from, fetched.stderr);
      if (absent !== undefined) skip(context, absent);
      throw new Error(`npm cannot get ${from} from the registry: ${fetched.stderr}`);
    }
    run(
      [...words, ...flags],
      project,
      `${join(tools, 'node_modules/.bin')}:${process.env.PATH}`,
      registryVariables(),
    );
    return project;
  }

  /** The programs and the library at work, in a fresh network. */
  function use(project: string, prefix: readonly string[], searched: string): void {
    const line = (...words: string[]) => [...prefix, ...words].join(' ');
    const script = [
      'set -e',
      'mount -t tmpfs -o mode=755 none /run',
      line('tsip', '-V'),
      line('tsip', 'link', 'show', 'lo'),
      line('tsip', 'netns', 'add', 'red'),
      line('tsip', 'link', 'add', 'left', 'type', 'veth', 'peer', 'right', 'netns', 'red'),
      line('tsip', 'netns', 'exec', 'red', 'cat', '/proc/net/dev', '>/run/devices'),
      "sed -n 's/^ *right:.*/right is inside/p' /run/devices",
      line('tsip', 'map', 'help', '>/run/help'),
      line('tsunshare', '--uts', 'true'),
    ].join('\n');
    const words = ['/usr/bin/unshare', ...unshareFlags, '/bin/sh', '-c', script];
    const stdout = run(words, project, searched);
    assert.match(stdout, /^ip utility, .*\n1: lo: [\s\S]*right is inside\n$/);
  }

  for (const [title, manager] of Object.entries(MANAGERS))
    for (const flags of [[], [manager.withoutScripts]])
      it(`works by ${[title, ...flags].join(' ')}`, function () {
        const project = install(this, title, manager, flags);
        const tools = join(folder, `tools-${manager.from.replace(/\W+/g, '-')}/node_modules/.bin`);
        if (manager.exec === undefined) {
          use(project, [], `${join(project, 'node_modules/.bin')}:${path}`);
          assert.equal(run(['node', '-e', LIBRARY], project, path), 'library lo\ntrue\n');
        } else {
          use(project, manager.exec, `${tools}:${path}`);
          assert.match(
            run(['yarn', 'node', '-e', LIBRARY], project, `${tools}:${path}`),
            /library lo\ntrue\n$/,
          );
        }
      });

  it('has all that belongs into it, is small, and passes the checkers of packages', () => {
    assert.deepEqual([released.problems, released.findings], [[], []]);
  });

  it('works from a folder that is read-only, for another user', function () {
    const project = install(this, 'read only', MANAGERS.npm!, [IGNORED]);
    const script = `mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec setpriv --reuid 65534 --clear-groups "$0/node_modules/.bin/tsip" link show lo`;
    const words = ['/usr/bin/unshare', ...unshareFlags, '/bin/sh', '-c', script, project];
    assert.match(run(words, project, `${path}:/usr/bin:/bin`), /^1: lo: /);
  });

  it('works where there is nothing but Node and the package', function () {
    const project = install(this, 'bare', MANAGERS.npm!, [IGNORED]);
    const script = [
      'set -e; root=$1/root; mkdir "$root"; mount -t tmpfs none "$root"; cd "$root"',
      'mkdir -p lib lib64 usr/lib usr/bin proc dev tsip etc',
      'for folder in lib lib64 usr/lib tsip; do [ ! -e "/$folder" ] || mount --rbind "/$folder" "$folder"; done',
      'mount --bind "$1" tsip; cp "$2" usr/bin/node; mount -t proc none proc',
      'exec chroot . "/tsip/node_modules/tsip/native/$3/tsip" link show lo',
    ].join('\n');
    const words = ['/usr/bin/unshare', ...unshareFlags, '/bin/bash', '-c', script, 'bash', project];
    assert.match(run([...words, process.execPath, process.arch], project, process.env.PATH!), /^1: lo: /);
  });

  for (const version of NODES)
    it(`works with Node ${version}`, function () {
      const node = nodeRelease(this, version);
      const project = install(this, `node ${version}`, MANAGERS.npm!, [IGNORED]);
      const own = join(folder, `path-${version}`);
      mkdirSync(own);
      for (const name of COREUTILS) symlinkSync(join(path, name), join(own, name));
      symlinkSync(node, join(own, 'node'));
      for (let time = 0; time < 2; time++) use(project, [], `${join(project, 'node_modules/.bin')}:${own}`);
      assert.equal(run(['node', '--no-warnings', '-e', LIBRARY], project, own), 'library lo\ntrue\n');
    });
});
