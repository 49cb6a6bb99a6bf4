/** What is compiled runs on other machines: with another C library, on the other CPU, with other Nodes. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repository, skip } from '../support/requirements.ts';
import { nodeRelease } from './node-releases.ts';

const CPUS = { x64: 'x86_64', arm64: 'aarch64' } as const;
/** The newest versions of symbols that the official Node 20 needs: where it runs, the C and C++ libraries have them. */
const OF_NODE = { GLIBC: '2.28', GLIBCXX: '3.4.21', CXXABI: '1.3.9' } as const;

function output(command: string, ...words: string[]): string {
  const { stdout, status, error } = spawnSync(command, words, { encoding: 'utf8' });
  assert.ok(error === undefined && status === 0, `${command} ${words.join(' ')}`);
  return stdout;
}

/** Where Debian or src/native/fetch-musl.sh has put musl. */
function muslOf(cpu: keyof typeof CPUS): string | undefined {
  const folders = [join(repository, `build/musl-${cpu}`), ''];
  return folders.map(at => `${at}/usr/lib/${CPUS[cpu]}-linux-musl/libc.a`).find(path => existsSync(path));
}

/** Where the compiler for a CPU has a library. */
function libraryOf(cpu: keyof typeof CPUS, name: string): string {
  const compiler = cpu === process.arch ? 'c++' : `${CPUS[cpu]}-linux-gnu-g++`;
  return output(compiler, `-print-file-name=${name}`).trim();
}

/** Whether a version of a symbol is there where Node 20 runs. */
function isOld(name: string, version: string): boolean {
  const newest = Object.entries(OF_NODE).find(([library]) => library === name)?.[1];
  return newest !== undefined && version.localeCompare(newest, 'en', { numeric: true }) <= 0;
}

for (const cpu of Object.keys(CPUS) as (keyof typeof CPUS)[])
  describe(`what is compiled for ${cpu}`, () => {
    const folder = join(repository, 'native', cpu);

    before(function () {
      // What is built last: a build that failed leaves its folder.
      if (existsSync(join(folder, 'netlink.node'))) return;
      const build = [join(repository, 'src/native/build.mjs'), cpu];
      const { status, stderr } = spawnSync(process.execPath, build, { encoding: 'utf8' });
      if (status === 0) return;
      if (process.env.CI === 'true') throw new Error(stderr);
      skip(this, stderr.trim());
    });

    it('names no library', () => {
      for (const name of ['tsip.node', 'netlink.node', 'launch'])
        assert.doesNotMatch(output('readelf', '-dW', join(folder, name)), /NEEDED/, name);
      if (muslOf(cpu) !== undefined)
        assert.doesNotMatch(output('readelf', '-dW', join(folder, 'nsexec')), /NEEDED/);
    });

    it('needs of the C library what both have, in no certain version', function () {
      const musl = muslOf(cpu);
      if (musl === undefined) return skip(this, `no musl for ${cpu}`);
      const defined = new Set(output('nm', '--defined-only', '--extern-only', musl).match(/\w+$/gm));
      for (const name of ['tsip.node', 'netlink.node']) {
        const words = output('nm', '-D', '--undefined-only', join(folder, name)).match(/\S+$/gm) ?? [];
        // Those of Node, libuv and the C++ library, which come with Node.
        const needed = words.filter(word => !/^(napi_|uv_|_Z|__cxa_|__gxx_|_Unwind_)/.test(word));
        assert.ok(needed.length > 10);
        assert.deepEqual(
          needed.filter(word => !defined.has(word)),
          [],
          name,
        );
      }
    });

    it('needs of the C and the C++ library nothing that is newer than what Node 20 needs', () => {
      const old = new Set<string>();
      const all = new Set<string>();
      for (const library of ['libc.so.6', 'libstdc++.so.6']) {
        const defined = output('nm', '-D', '--defined-only', libraryOf(cpu, library));
        for (const [, symbol = '', name = '', version = ''] of defined.matchAll(
          / (\w+)@@?([A-Z]+)_([\d.]+)$/gm,
        )) {
          all.add(symbol);
          if (isOld(name, version)) old.add(symbol);
        }
      }
      for (const name of ['tsip.node', 'netlink.node']) {
        const words = output('nm', '-D', '--undefined-only', join(folder, name)).match(/\S+$/gm) ?? [];
        const needed = words.filter(word => all.has(word));
        assert.ok(needed.length > 10);
        assert.deepEqual(
          needed.filter(word => !old.has(word)),
          [],
          name,
        );
      }
    });

    it('is small', () => {
      const limits = { launch: 16_384, 'tsip.node': 49_152, 'netlink.node': 98_304 };
      for (const [name, limit] of Object.entries(limits))
        assert.ok(statSync(join(folder, name)).size < limit, name);
    });

    it('is loaded and used by a Node for it', function () {
      this.timeout(240_000);
      const isOwn = cpu === process.arch;
      if (!isOwn && spawnSync('qemu-aarch64', ['--version']).error)
        return skip(this, 'no qemu-aarch64 (Debian: qemu-user)');
      const node = isOwn ? process.execPath : nodeRelease(this, '20.19.6', cpu);
      const root = process.env.TSIP_ARM64_ROOT ?? '/usr/aarch64-linux-gnu';
      const words = isOwn ? [node] : ['qemu-aarch64', '-L', root, node];
      const script = `
        const addon = { exports: {} };
        process.dlopen(addon, ${JSON.stringify(join(folder, 'tsip.node'))});
        const netlink = { exports: {} };
        process.dlopen(netlink, ${JSON.stringify(join(folder, 'netlink.node'))});
        const { ifNameToIndex, isatty, userId, checksum } = addon.exports;
        console.log(process.arch, ifNameToIndex(Buffer.from('lo')), userId(Buffer.from('root')),
          checksum(Buffer.from('abc')), typeof netlink.exports.NativeNetlink);`;
      const [program = '', ...rest] = [...words, '-e', script];
      const { stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8', timeout: 200_000 });
      assert.match(stdout, new RegExp(`^${cpu} 1 0 \\d+ function\\n$`), stderr);
    });
  });
