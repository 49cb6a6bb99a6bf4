/**
 * `npm run release -- --dry-run`: builds the package for all CPUs, packs it, checks the archive and prints what would be
 * published. Without `--dry-run` it publishes the archive, with a statement of its origin where CI runs it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildNative } from './native/build.mjs';

const root = resolve(import.meta.dirname, '..');
const CPUS = ['x64', 'arm64'];
/** Bytes of the archive, and of what is in it. */
const MAX_PACKED = 800_000;
const MAX_UNPACKED = 3_000_000;
/** What runs or builds at an install, and what is of use in a clone alone. */
const REFUSED = [/^binding\.gyp$/, /\.cache$/, /^src\//, /^native\/[^/]+\/node$/, /^test\//, /\.new$/];

/** Packs the package into `folder`; returns the archive, its size and what is wrong with it. */
export function packRelease(folder) {
  for (const cpu of CPUS) buildNative(cpu, join(root, 'native', cpu), { release: true });
  execFileSync(process.execPath, [join(root, 'src/build.mjs')], { cwd: root, stdio: 'inherit' });
  const words = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [packed] = JSON.parse(execFileSync('npm', words, { cwd: root, encoding: 'utf8' }));
  const archive = join(folder, packed.filename);
  packAgain(archive);
  const sizes = { size: statSync(archive).size, unpackedSize: packed.unpackedSize };
  return { ...packed, ...sizes, archive, problems: [...problemsOf(packed), ...excessOf(sizes)] };
}

/**
 * In the order of folders, so that equal files stand together, and with schemas without white space: as npm packs it, the
 * archive is larger by 35 KB.
 */
function packAgain(archive) {
  const folder = `${archive}.unpacked`;
  mkdirSync(folder);
  const tar = (words, options) => execFileSync('tar', words, { maxBuffer: 1 << 30, ...options });
  tar(['xpzf', archive, '-C', folder]);
  const schemas = join(folder, 'package/schemas');
  for (const name of readdirSync(schemas)) {
    const schema = JSON.parse(readFileSync(join(schemas, name), 'utf8'));
    writeFileSync(join(schemas, name), JSON.stringify(schema));
  }
  const owner = ['--owner=0', '--group=0', '--numeric-owner', '--mtime=1985-10-26 08:15Z'];
  const packed = tar(['c', '--format=ustar', '--sort=name', ...owner, '-C', folder, 'package']);
  writeFileSync(archive, gzipSync(packed, { level: 9, memLevel: 9 }));
  rmSync(folder, { recursive: true });
}

function problemsOf({ files }) {
  const paths = files.map(({ path }) => path);
  const needed = [
    ...[
      'NOTICE',
      'LICENSE',
      'README.md',
      'bin/tsip',
      'bin/package.json',
      'dist/bin/start.cjs',
      'dist/lib/index.d.ts',
    ],
    ...CPUS.flatMap(cpu =>
      ['tsip.node', 'netlink.node', 'nsexec', 'launch', 'tsip', 'tsnsenter', 'tsunshare'].map(
        name => `native/${cpu}/${name}`,
      ),
    ),
  ];
  const { scripts = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const hooks = ['preinstall', 'install', 'postinstall'].filter(name => scripts[name] !== undefined);
  return [
    ...needed.filter(path => !paths.includes(path)).map(path => `${path} is missing`),
    ...paths
      .filter(path => REFUSED.some(pattern => pattern.test(path)))
      .map(path => `${path} must not be in it`),
    ...hooks.map(name => `the script "${name}" would run at the user's`),
  ];
}

/** By how much an archive is larger than it may be. */
function excessOf({ size, unpackedSize }) {
  return [
    ...(size > MAX_PACKED ? [`it has ${size} bytes, more than ${MAX_PACKED}`] : []),
    ...(unpackedSize > MAX_UNPACKED
      ? [`it unpacks to ${unpackedSize} bytes, more than ${MAX_UNPACKED}`]
      : []),
  ];
}

/** What the checkers of packages find: publint, and attw, which resolves the types as each kind of importer does. */
export function checkArchive(archive) {
  const checks = [
    ['publint', 'run', archive, '--strict'],
    ['attw', archive, '--no-emoji', '--format', 'ascii'],
  ];
  return checks.flatMap(([program, ...words]) => {
    const { status, stdout, stderr } = spawnSync('npx', ['--no-install', program, ...words], {
      cwd: root,
      encoding: 'utf8',
    });
    return status === 0 ? [] : [`${program}: ${stdout}${stderr}`];
  });
}

function release(isDryRun) {
  const folder = mkdtempSync(join(tmpdir(), 'tsip-release-'));
  try {
    const packed = packRelease(folder);
    const { name, version, archive, size, unpackedSize, files, problems } = packed;
    const found = [...problems, ...checkArchive(archive)];
    for (const { path, size } of files) console.log(`${String(size).padStart(9)}  ${path}`);
    console.log(`${name} ${version}: ${files.length} files, ${size} bytes packed, ${unpackedSize} unpacked`);
    for (const problem of found) console.error(`release: ${problem}`);
    if (found.length > 0) return 1;
    if (isDryRun) return 0;
    const origin = process.env.CI === 'true' ? ['--provenance'] : [];
    return spawnSync('npm', ['publish', archive, ...origin], { cwd: root, stdio: 'inherit' }).status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) process.exit(release(process.argv.includes('--dry-run')));
