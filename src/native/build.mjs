/**
 * Builds the C programs into native/CPU/ with the system's compiler: for this CPU, or for those that are named. What is
 * missing for it is said in one line. See README.md for what they are.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);

/** The CPUs that are supported: the compilers for them, and where Debian has headers and libraries. */
const CPUS = {
  x64: {
    triplet: 'x86_64-linux',
    kernelHeaders: '/usr/include',
    archHeaders: '/usr/include/x86_64-linux-gnu',
  },
  arm64: {
    triplet: 'aarch64-linux',
    kernelHeaders: '/usr/aarch64-linux-gnu/include',
    archHeaders: '/usr/aarch64-linux-gnu/include',
  },
};

const COMMON = [
  '-std=gnu11',
  '-D_GNU_SOURCE',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-ffunction-sections',
  '-fdata-sections',
];
const SMALL = ['-s', '-Wl,--gc-sections', '-Wl,-z,noseparate-code', '-Wl,-z,norelro', '-Wl,--build-id=none'];
/**
 * An addon stays loaded: Node takes it off when the last thread ends that has loaded it, before that thread's loop has
 * called back what the addon closes.
 */
const LASTING = '-Wl,-z,nodelete';
/**
 * Names no library: what it needs, every Node has loaded, whichever C library that was linked with. Small by -O1: with -Os
 * the headers of glibc call functions that musl lacks.
 */
const ADDON = [
  ...['-O1', '-fPIC', '-shared', '-nostdlib', '-fvisibility=hidden', '-DNAPI_VERSION=8'],
  ...['-fno-stack-protector', '-fno-asynchronous-unwind-tables', '-Wl,-z,now', '-Wl,--hash-style=gnu'],
  LASTING,
];
/** No C library at all; the compiler must not call its functions by itself. */
const LAUNCHER = [
  ...['-Os', '-fno-pie', '-no-pie', '-static', '-nostdlib', '-nostartfiles', '-DLAUNCH_WITHOUT_LIBRARY'],
  ...['-ffreestanding', '-fno-stack-protector', '-fno-asynchronous-unwind-tables'],
  '-fno-tree-loop-distribute-patterns',
];
const NSEXEC = ['-Os', '-fno-pie', '-no-pie', '-static', '-fno-asynchronous-unwind-tables'];
/** In run/, which begins PATH inside `tsip run`. */
const RUN_LAUNCHERS = ['ip', 'nsenter', 'unshare', 'tsip', 'tsnsenter', 'tsunshare'];
/** The launcher's names: bin/ starts the first, the others stand for `ip`, `nsenter` and `unshare`. */
const LAUNCHERS = ['launch', 'tsip', 'tsnsenter', 'tsunshare'];

export class BuildError extends Error {}

/** Builds everything for a CPU into `folder`. With `release`, nothing may depend on what this machine happens to have. */
export function buildNative(cpu, folder, { release = false } = {}) {
  if (CPUS[cpu] === undefined) throw new BuildError(`tsip runs on x64 and arm64, not on ${cpu}`);
  const compilers = findCompilers(cpu);
  mkdirSync(folder, { recursive: true });
  const scratch = mkdtempSync(join(tmpdir(), 'tsip-build-'));
  try {
    const compile = (name, words) => {
      run(compilers.c, [...COMMON, ...words, ...SMALL, '-o', join(scratch, name)]);
      place(join(scratch, name), join(folder, name));
    };
    compile('tsip.node', [
      ...ADDON,
      '-isystem',
      require('node-api-headers').include_dir,
      ...sources('addon'),
    ]);
    for (const name of LAUNCHERS) compile(name, [...LAUNCHER, ...sources('launch')]);
    mkdirSync(join(folder, 'run'), { recursive: true });
    for (const name of RUN_LAUNCHERS) place(join(folder, 'launch'), join(folder, 'run', name));
    compile('nsexec', [...NSEXEC, ...sources('nsexec'), ...libcFlags(cpu, compilers.c, scratch, release)]);
    buildNetlink(cpu, compilers.cxx, scratch, folder, release);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function sources(name) {
  const folder = join(root, 'src/native', name);
  return readdirSync(folder).flatMap(file => (file.endsWith('.c') ? [join(folder, file)] : []));
}

/** A program that is running must not be overwritten. */
function place(file, target) {
  copyFileSync(file, `${target}.new`);
  renameSync(`${target}.new`, target);
}

function run(command, words) {
  const { status, stderr, error } = spawnSync(command, words, { encoding: 'utf8' });
  if (error !== undefined) throw new BuildError(`cannot run ${command}: ${error.message}`);
  if (status !== 0) throw new BuildError(`${command} ${words.join(' ')}\n${stderr}`);
}

function output(command, ...words) {
  return spawnSync(command, words, { encoding: 'utf8' }).stdout?.trim() ?? '';
}

/** The compilers for a CPU; the one of C is there and finds the C library's headers. */
function findCompilers(cpu) {
  const prefix = `${CPUS[cpu].triplet}-gnu-`;
  const isOwn = cpu === process.arch;
  const [c, cxx] = isOwn
    ? [process.env.CC ?? 'cc', process.env.CXX ?? 'c++']
    : [`${prefix}gcc`, `${prefix}g++`];
  const needed = isOwn ? 'gcc libc6-dev' : `gcc-${prefix.slice(0, -1)} libc6-dev-arm64-cross`;
  const test = spawnSync(c, ['-E', '-'], {
    input: '#include <stdio.h>\n#include <linux/bpf.h>\n',
    encoding: 'utf8',
  });
  if (test.error !== undefined)
    throw new BuildError(`there is no C compiler (${c}): apt-get install ${needed}, or npm run setup`);
  if (test.status !== 0)
    throw new BuildError(
      `the headers of the C library are missing: apt-get install ${needed}, or npm run setup`,
    );
  return { c, cxx };
}

/**
 * Flags for a program with the musl C library, which makes it ten times smaller than Debian's. Only a release insists
 * on it.
 */
function libcFlags(cpu, compiler, scratch, release) {
  const { triplet, kernelHeaders, archHeaders } = CPUS[cpu];
  const sysroot = [join(root, `build/musl-${cpu}`), ''].find(at =>
    existsSync(`${at}/usr/lib/${triplet}-musl/libc.a`),
  );
  if (sysroot === undefined) {
    if (release) throw new BuildError(`there is no musl for ${cpu}: run src/native/fetch-musl.sh`);
    return [];
  }
  const headers = join(scratch, 'linux-headers');
  mkdirSync(headers);
  for (const name of ['linux', 'asm-generic']) symlinkSync(join(kernelHeaders, name), join(headers, name));
  symlinkSync(join(archHeaders, 'asm'), join(headers, 'asm'));
  const libraries = `${sysroot}/usr/lib/${triplet}-musl`;
  return [
    ...['-nostdinc', '-isystem', `${sysroot}/usr/include/${triplet}-musl`],
    ...['-isystem', output(compiler, '-print-file-name=include'), '-idirafter', headers],
    ...['-nostdlib', '-nostartfiles', `${libraries}/crt1.o`, `${libraries}/crti.o`, `${libraries}/libc.a`],
    ...[output(compiler, '-print-libgcc-file-name'), `${libraries}/libc.a`, `${libraries}/crtn.o`],
  ];
}

/**
 * The netlink package's binding, from its sources, so that it names no library either. Without a C++ compiler, or
 * without libuv's headers, the binding that the package brings serves as well on this machine.
 */
function buildNetlink(cpu, compiler, scratch, folder, release) {
  const netlink = dirname(require.resolve('netlink/package.json'));
  const headers = [resolve(process.execPath, '../../include/node'), '/usr/include/node', '/usr/include'].find(
    at => existsSync(join(at, 'uv.h')),
  );
  const built = join(scratch, 'netlink.node');
  const words = [
    ...[
      '-std=gnu++17',
      '-Os',
      '-fPIC',
      '-shared',
      '-nostdlib',
      '-fno-stack-protector',
      '-ffunction-sections',
    ],
    ...[
      '-DNAPI_VERSION=8',
      '-DNAPI_CPP_EXCEPTIONS',
      '-DNDEBUG',
      '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
      '-fvisibility=hidden',
      '-Wl,-z,now',
      '-Wl,--hash-style=gnu',
      LASTING,
    ],
    ...[
      '-isystem',
      createRequire(join(netlink, 'package.json'))('node-addon-api').include_dir.replace(/^"|"$/g, ''),
    ],
    ...['-isystem', require('node-api-headers').include_dir, '-idirafter', headers ?? '/nonexistent'],
    ...['-include', join(root, 'src/native/netlink/guard.h')],
    ...[join(netlink, 'src/binding.cc'), ...SMALL, '-o', built],
  ];
  try {
    if (headers === undefined) throw new BuildError('there is no uv.h: apt-get install libuv1-dev');
    run(compiler, words);
    place(built, join(folder, 'netlink.node'));
  } catch (error) {
    if (release) throw error;
    place(join(netlink, `prebuilds/linux-${cpu}/node.napi.node`), join(folder, 'netlink.node'));
  }
}

/** In a clone the launcher prefers the Node that all this has been built with. */
function rememberNode(folder) {
  rmSync(join(folder, 'node'), { force: true });
  symlinkSync(process.execPath, join(folder, 'node'));
}

if (process.argv[1] === import.meta.filename) {
  const cpus = process.argv.slice(2);
  try {
    for (const cpu of cpus.length > 0 ? cpus : [process.arch]) {
      buildNative(cpu, join(root, 'native', cpu));
      if (cpu === process.arch) rememberNode(join(root, 'native', cpu));
    }
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(`tsip cannot be built: ${error.message}`);
    process.exit(1);
  }
}
