/**
 * The package under other runtimes than the official Node of this machine: a Node that is linked with musl, as in Alpine's
 * images; Node for arm64; Bun. They are fetched from the registry, so this runs with TSIP_INSTALL=1 only.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'mocha';
import { nodeRelease, whyAbsent } from '../../native/node-releases.ts';
import { release } from '../../native/release.ts';
import { needs, repository, skip, unshareFlags } from '../../support/requirements.ts';

/** pnpm as one executable, which is a Node of Alpine's with a program in it. */
const MUSL_NODE = '@pnpm/linuxstatic-x64@11.21.0';
/** What the program loads on demand: lab files, arguments and tables. */
const PACKAGES = ['yaml', 'yargs', 'yargs-parser', 'cli-table3', 'ipaddr.js', 'string-width'];
/** What follows this in an executable says whether it has a program in it. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:';
const MUSL_LOADER = '/lib/ld-musl-x86_64.so.1';

/** The programs in a fresh network; `tsip` is a function that the script has before. */
const USE = `
  tsip -V
  tsip link show lo
  tsip link set lo up
  tsip netns add red
  tsip link add left type veth peer right netns red
  tsip -n red link show right
  tsip --trace link set left up 2>&1 | sed -n 's/:.*netlink.node.*//p; s/^  error 0.*/acknowledged/p'
  tsip -o link show left | sed -n 's/.*,UP[,>].*/left is up/p'
`;
const USED =
  /^ip utility, .*\n1: lo: [\s\S]*\n2: right@if2: [\s\S]*link-netnsid 0\n((?:note\n)?)acknowledged\nleft is up\n$/;

/** What else there is, with what is known of it: programs, maps, labs, scripts. */
const BUN_USE = `
  tsip netns add red
  tsip netns add blue
  tsip link add left type veth peer right netns red
  tsip link set left netns blue
  tsip -n red addr add 10.0.0.1/24 dev right
  tsip netns list | sort
  tsip netns exec red sed -n 's/^ *right:.*/right is inside/p' /proc/net/dev
  nsenter --net=/run/netns/red sed -n 's/^ *right:.*/right is inside/p' /proc/net/dev
  tsip map red blue | sort
  printf 'link add d0 type ifb\\nlink add d1 type ifb\\n' | tsip -batch -
  tsip monitor link >/run/events & monitor=$!
  until [ -s /run/events ]; do tsip link set d0 up; tsip link set d0 down; done
  kill $monitor; wait $monitor || true
  sed -n '1s/^[0-9]*: d0: .*/d0 has changed/p' /run/events
  echo '{"nodes": {"a": {}, "b": {}}, "links": ["a -- b"]}' >/run/pair.json
  tsip lab run /run/pair.json -- echo in the lab
  tsip -j run --summary-to /run/summary sh -c 'ip -br link show lo >/dev/null; ip netns exec red true; nsenter --net=/run/netns/red true'
  sed 's/,"failures".*//' /run/summary
`;
const BUN_USED = `blue (id: 1)
red (id: 0)
right is inside
right is inside
blue  (id 1)
red  (id 0)
└─ left  veth  down  ⇄ right in red
└─ right  veth  down  10.0.0.1/24  ⇄ left in blue
d0 has changed
in the lab
{"calls":3,"made_by_themselves":0
`;

const LIBRARY = `const { createRequire } = require('node:module');
  const { Network } = createRequire('/tsip/x.js')('tsip');
  Network.open().then(async network => {
    const events = network.watch(['link'])[Symbol.asyncIterator]();
    const next = events.next();
    await network.links.add({ kind: 'bridge', name: 'br0' });
    const { value } = await next;
    console.log(value.action, value.value.name);
    await events.return?.();
    network.close();
  });`;

describe('the package elsewhere', function () {
  this.timeout(600_000);
  let folder: string;
  let project: string;

  before(function () {
    if (process.env.TSIP_INSTALL !== '1')
      skip(this, 'it takes minutes and the registry: runs with TSIP_INSTALL=1');
    needs(this, 'root', 'namespaces');
    const { archive } = release(this);
    folder = mkdtempSync('/var/lib/tsip-elsewhere-');
    chmodSync(folder, 0o755);
    project = join(folder, 'tsip');
    mkdirSync(join(project, 'node_modules/tsip'), { recursive: true });
    unpack(archive, join(project, 'node_modules/tsip'));
    for (const name of PACKAGES)
      symlinkSync(join(repository, 'node_modules', name), join(project, 'node_modules', name));
  });

  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  /** Archive of a package of the registry. */
  function fetched(context: Context, name: string): string {
    const scratch = mkdtempSync(join(folder, 'fetched-'));
    const words = ['pack', '--loglevel=error', '--prefer-offline', '--pack-destination', scratch, name];
    const { status, stderr } = spawnSync('npm', words, { encoding: 'utf8', timeout: 500_000 });
    const absent = status === 0 ? undefined : whyAbsent(name, stderr);
    if (absent !== undefined) skip(context, absent);
    assert.equal(status, 0, `npm cannot fetch ${name}: ${stderr}`);
    return join(scratch, readdirSync(scratch)[0]!);
  }

  function unpack(archive: string, target: string): void {
    mkdirSync(target, { recursive: true });
    const { status } = spawnSync('tar', ['xf', archive, '-C', target, '--strip-components=1']);
    assert.equal(status, 0);
  }

  /** Runs a script of bash in fresh namespaces. */
  function inside(script: string, ...words: string[]): string {
    const all = [...unshareFlags, '/bin/bash', '-c', `set -e\n${script}`, 'bash', ...words];
    const { stdout, stderr, status } = spawnSync('unshare', all, { encoding: 'utf8', timeout: 500_000 });
    assert.equal(status, 0, stdout + stderr);
    assert.equal(stderr, '');
    return stdout;
  }

  it('works with a Node of musl, where there is nothing but that', function () {
    if (process.arch !== 'x64') return skip(this, 'the registry has a Node of musl for x64 only');
    if (!existsSync(MUSL_LOADER) || spawnSync('musl-gcc', ['--version']).error)
      return skip(this, 'no musl (Debian: musl-tools)');
    const root = join(folder, 'root');
    for (const name of ['lib', 'usr/bin', 'proc', 'sys', 'run', 'tsip', 'etc'])
      mkdirSync(join(root, name), { recursive: true });
    unpack(fetched(this, MUSL_NODE), join(folder, 'pnpm'));
    const bytes = readFileSync(join(folder, 'pnpm/pnpm'));
    bytes[bytes.indexOf(FUSE) + FUSE.length] = '0'.charCodeAt(0);
    writeFileSync(join(root, 'usr/bin/node'), bytes, { mode: 0o755 });
    const lib = join(root, 'lib');
    copyFileSync(MUSL_LOADER, join(root, MUSL_LOADER));
    symlinkSync('ld-musl-x86_64.so.1', join(lib, 'libc.musl-x86_64.so.1'));
    for (const name of ['libstdc++.so.6', 'libgcc_s.so.1']) {
      const printed = spawnSync('cc', [`-print-file-name=${name}`], { encoding: 'utf8' }).stdout.trim();
      copyFileSync(printed, join(lib, name));
    }
    const shim = join(repository, 'test/native/libstdcxx-on-musl.c');
    const words = ['-shared', '-fPIC', '-O1', shim, '-o', join(lib, 'ld-linux-x86-64.so.2')];
    const compiled = spawnSync('musl-gcc', words, { encoding: 'utf8' });
    assert.equal(compiled.status, 0, compiled.stderr);
    const prepare = `mount --bind "$1" "$1"; cd "$1"; mount --bind "$2" tsip
      mount -t proc none proc; mount -t sysfs none sys; mount -t tmpfs none run
      tsip() { chroot . /tsip/node_modules/tsip/native/x64/tsip "$@"; }`;
    const found = USED.exec(inside(prepare + USE, root, project));
    assert.equal(found?.[1], '', 'the binding of the netlink package is loaded');
    const printed = inside(`${prepare}\nchroot . /usr/bin/node -e "$3"`, root, project, LIBRARY);
    assert.equal(printed, 'set br0\n');
    const report = 'console.log(process.report.getReport().sharedObjects.join())';
    assert.match(inside(`${prepare}\nchroot . /usr/bin/node -e "$3"`, root, project, report), /ld-musl/);
  });

  it('works with Node for arm64', function () {
    if (process.arch !== 'x64') return skip(this, 'this machine is no x64');
    if (spawnSync('qemu-aarch64', ['--version']).error)
      return skip(this, 'no qemu-aarch64 (Debian: qemu-user)');
    const node = nodeRelease(this, '24.22.3', 'arm64');
    // The launcher starts what it is for: without binfmt_misc this machine cannot.
    const prepare = `mount -t tmpfs none /run; node=$1; package=$2; root=\${TSIP_ARM64_ROOT:-/usr/aarch64-linux-gnu}
      tsip() { qemu-aarch64 -L "$root" "$node" "$package/dist/bin/start.cjs" tsip "$@"; }`;
    const found = USED.exec(inside(prepare + USE, node, join(project, 'node_modules/tsip')));
    assert.equal(found?.[1], '', 'the binding of the netlink package is loaded');
  });

  it('works with Bun in place of Node, on our own sockets', function () {
    const bun = join(folder, 'bun');
    unpack(fetched(this, `@oven/bun-linux-${process.arch === 'x64' ? 'x64' : 'aarch64'}@1`), bun);
    const path = join(bun, 'path');
    mkdirSync(path);
    for (const name of ['node', 'bun']) symlinkSync(join(bun, 'bin/bun'), join(path, name));
    const prepare = `mount -t tmpfs none /run; PATH=$1:$PATH; package=$2/node_modules/tsip/native/${process.arch}
      tsip() { "$package/tsip" "$@"; }; nsenter() { "$package/tsnsenter" "$@"; }\n`;
    const found = USED.exec(inside(prepare + USE, path, project));
    assert.equal(found?.[1], 'note\n', 'the trace says that our own sockets are used');
    const library = LIBRARY.replace('/tsip/x.js', join(project, 'x.js'));
    assert.equal(inside('"$1/bun" -e "$2"', path, library), 'set br0\n');
    const script = 'mount -t tmpfs none /run; "$1/bun" "$2/node_modules/tsip/bin/tsip" link show lo';
    assert.match(inside(script, path, project), /^1: lo: /);
    assert.equal(inside(prepare + BUN_USE, path, project), BUN_USED);
    const both = `const { Network } = require('tsip'); import('tsip').then(m => console.log(m.Network === Network))`;
    assert.equal(inside('cd "$2" && "$1/bun" -e "$3"', path, project, both), 'true\n');
  });
});
