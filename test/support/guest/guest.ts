/**
 * Runs a command in a guest: qemu with a kernel of Debian, which has nearly every kind of device, over this machine's
 * files. It needs no rights and no other kernel support; without KVM everything takes some thirty times as long. There are
 * machines, virtual ones themselves, that offer a KVM under which no kernel boots: it is tried first.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** Modules without which the guest cannot see this machine's files. */
const FIRST = ['virtio_pci', '9pnet_virtio', '9p'];

/** What the tests need. */
const REST =
  `crc32c_generic dummy veth bridge 8021q bonding team vrf macvlan macvtap ipvlan ipvtap vxlan geneve ifb nlmon hsr
  macsec gtp batman-adv vcan vxcan tun ip_gre ipip sit ip_vti ip6_gre ip6_tunnel ip6_vti tunnel4 tunnel6 xfrm4_tunnel
  xfrm6_tunnel xfrm_interface fou fou6 mpls_router mpls_iptunnel sch_netem sch_tbf xfrm_user esp4 esp6 ah4 ah6 ipcomp
  ipcomp6 authenc authencesn echainiv seqiv cbc ctr gcm ghash_generic hmac sha512_generic deflate drbg ansi_cprng
  wireguard bareudp amt rmnet vsockmon l2tp_netlink l2tp_eth l2tp_ip l2tp_ip6 ila tcp_diag`.split(/\s+/);

const QEMU: Readonly<Record<string, readonly string[]>> = {
  x64: ['qemu-system-x86_64', '-machine', 'q35'],
};
const CONSOLE = 'console=ttyS0 quiet panic=-1 mitigations=off rdinit=/init';

/** The time that a kernel may take to fail for want of a root, which takes seconds even without KVM. */
const TRIAL_SECONDS = 20;

export interface GuestOptions {
  /** Variables of the command in addition to this process's. */
  readonly env?: Readonly<Record<string, string>>;
  /** The time that the guest may take. */
  readonly seconds?: number;
  readonly cwd?: string;
}

export interface GuestResult {
  /** The command's exit code; 125 if the guest did not get so far. */
  readonly status: number;
  readonly stdout: string;
  /** Where the guest did not get so far, the end of its console too. */
  readonly stderr: string;
}

/** Why this machine cannot start a guest. */
export function whyNoGuest(): string | undefined {
  const emulator = QEMU[process.arch]?.[0];
  if (emulator === undefined) return `guests are for ${Object.keys(QEMU)}, not for ${process.arch}`;
  if (spawnSync(emulator, ['--version']).error) return `no ${emulator}`;
  const found = kernelFolder();
  return typeof found === 'string' ? undefined : found.reason;
}

/** Runs `words` as root in the guest; the network and the processes are the guest's, the files this machine's. */
export function runInGuest(words: readonly string[], options: GuestOptions = {}): GuestResult {
  const kernel = kernelFolder();
  if (typeof kernel !== 'string') throw new Error(kernel.reason);
  const folder = mkdtempSync(join(tmpdir(), 'tsip-guest-'));
  try {
    return boot(kernel, folder, words, options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What runs the guest's processors on this machine, once that has been tried. */
let acceleration: string | undefined;

function boot(
  kernel: string,
  folder: string,
  words: readonly string[],
  { env = {}, seconds = 600, cwd = process.cwd() }: GuestOptions,
): GuestResult {
  writeFileSync(join(folder, 'script'), script(folder, words, { ...process.env, ...env }, cwd), {
    mode: 0o755,
  });
  writeFileSync(join(folder, 'initramfs'), initramfs(kernel, folder));
  const read = (name: string) => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const start = (accelerator: string, more: readonly string[], bound: number) =>
    emulate(kernel, ['-accel', accelerator, '-serial', `file:${join(folder, 'console')}`, ...more], bound);
  const boots = (accelerator: string) => {
    start(accelerator, ['-append', 'console=ttyS0 panic=-1'], TRIAL_SECONDS);
    return read('console').includes('Unable to mount root fs');
  };
  acceleration ??= existsSync('/dev/kvm') && boots('kvm') ? 'kvm' : 'tcg,thread=multi';
  const { signal, error } = start(
    acceleration,
    // biome-ignore format: an option a line
    [
      '-initrd', join(folder, 'initramfs'), '-append', CONSOLE,
      '-virtfs', 'local,path=/,mount_tag=machine,security_model=none,multidevs=remap',
    ],
    seconds,
  );
  const status = read('status');
  if (status !== '') return { status: Number(status), stdout: read('stdout'), stderr: read('stderr') };
  const why =
    error?.message ?? (signal === null ? 'the guest ended early' : `ended after ${seconds} seconds`);
  const end = read('console').split('\n').slice(-30).join('\n');
  return { status: 125, stdout: read('stdout'), stderr: `${read('stderr')}${why}\n${end}` };
}

/** Starts the emulator with `kernel` and `options`, and waits until it ends, at most `seconds`. */
function emulate(kernel: string, options: readonly string[], seconds: number) {
  const image = readdirSync(join(kernel, 'boot')).find(name => name.startsWith('vmlinuz-'))!;
  const [emulator = '', ...machine] = QEMU[process.arch]!;
  return spawnSync(
    emulator,
    // biome-ignore format: an option a line
    [
      ...machine,
      '-smp', '2', '-m', '2048', '-no-reboot',
      '-nodefaults', '-no-user-config', '-display', 'none',
      '-kernel', join(kernel, 'boot', image),
      ...options,
    ],
    { stdio: ['ignore', 'ignore', 'ignore'], timeout: seconds * 1000, killSignal: 'SIGKILL' },
  );
}

function kernelFolder(): string | { readonly reason: string } {
  const offline = process.env.CI === 'true' ? [] : ['--offline'];
  const found = spawnSync(join(import.meta.dirname, 'kernel.sh'), offline, { encoding: 'utf8' });
  if (found.status === 0) return found.stdout.trim();
  return { reason: found.stderr?.trim().split('\n').at(-1) ?? 'kernel.sh failed' };
}

/** The guest's second program. */
function script(
  folder: string,
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): string {
  const variables = Object.entries(env).filter(([name]) => /^[A-Za-z_]\w*$/.test(name));
  return `#!/bin/bash
${variables.map(([name, value]) => `export ${name}=${quote(value ?? '')}`).join('\n')}
export HOME=/root LC_ALL=C TERM=dumb
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmpfs /run
mkdir -p /dev/pts /dev/shm /dev/net && mount -t devpts devpts /dev/pts && mount -t tmpfs tmpfs /dev/shm
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
cd ${quote(cwd)}
${words.map(quote).join(' ')} </dev/null >${folder}/stdout 2>${folder}/stderr
echo $? >${folder}/status
sync
echo o >/proc/sysrq-trigger
sleep 60
`;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** What the kernel starts from: its first program, the first modules, and lists of what is to be done. */
function initramfs(kernel: string, folder: string): Buffer {
  const built = spawnSync('cc', [
    '-static',
    '-O2',
    '-Wall',
    '-o',
    join(folder, 'init'),
    join(import.meta.dirname, 'init.c'),
  ]);
  if (built.status !== 0) throw new Error(`init.c: ${built.stderr}`);
  const paths = modulePaths(join(kernel, 'lib/modules'));
  const first = withNeeded(FIRST, paths);
  const rest = withNeeded(REST, paths).filter(path => !first.includes(path));
  const inside = first.map(path => `/${basename(path)}`);
  return archive([
    { name: 'dev', mode: 0o40755 },
    { name: 'init', mode: 0o100755, content: readFileSync(join(folder, 'init')) },
    { name: 'script', mode: 0o100644, content: Buffer.from(`${folder}/script\n`) },
    { name: 'first', mode: 0o100644, content: Buffer.from(lines(inside)) },
    { name: 'rest', mode: 0o100644, content: Buffer.from(lines(rest)) },
    ...first.map(path => ({ name: basename(path), mode: 0o100644, content: readFileSync(path) })),
  ]);
}

const lines = (texts: readonly string[]) => texts.map(text => `${text}\n`).join('');

/** Every module below `folder` by its name, which has underscores. */
function modulePaths(folder: string): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(path =>
    path.endsWith('.ko'),
  );
  return new Map(paths.map(path => [moduleName(basename(path, '.ko')), join(folder, path)]));
}

const moduleName = (name: string) => name.replaceAll('-', '_');

/** Paths of the modules `names` with those that they need, which come first; a name that is not there is built in. */
function withNeeded(names: readonly string[], paths: ReadonlyMap<string, string>): string[] {
  const found = new Set<string>();
  const add = (name: string) => {
    const path = paths.get(moduleName(name));
    if (path === undefined || found.has(path)) return;
    const needed = /\0depends=([^\0]*)\0/.exec(readFileSync(path, 'latin1'))?.[1] ?? '';
    for (const other of needed.split(',')) add(other);
    found.add(path);
  };
  for (const name of names) add(name);
  return [...found];
}

interface Entry {
  readonly name: string;
  readonly mode: number;
  readonly content?: Buffer;
}

/** A cpio archive in the "newc" form (cpio(5)). */
function archive(entries: readonly Entry[]): Buffer {
  const pieces = [...entries, { name: 'TRAILER!!!', mode: 0 }].flatMap(
    ({ name, mode, content }: Entry, at) => {
      const size = content?.length ?? 0;
      const fields = [at + 1, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, name.length + 1, 0];
      const head = `070701${fields.map(field => field.toString(16).padStart(8, '0')).join('')}${name}\0`;
      return [padded(Buffer.from(head)), padded(content ?? Buffer.alloc(0))];
    },
  );
  return Buffer.concat(pieces);
}

const padded = (piece: Buffer) => Buffer.concat([piece, Buffer.alloc(-piece.length & 3)]);
