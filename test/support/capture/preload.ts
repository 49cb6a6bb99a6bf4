/** Libraries that are preloaded into programs under test: C sources of this folder, built once for each of their versions. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const folder = join(tmpdir(), `tsip-preload-${process.getuid?.()}`);

/** Where the library is, or will be, that is built from `test/support/capture/NAME.c` of all `names`, called like the first. */
export function preloadPath(...names: [string, ...string[]]): string {
  const version = createHash('sha256');
  for (const name of names) version.update(readFileSync(sourceOf(name)));
  return join(folder, `${names[0]}-${version.digest('hex').slice(0, 16)}.so`);
}

/** Builds a library unless that is done. Needs the requirement `compiler`. Answers its path. */
export function buildPreload(...names: [string, ...string[]]): string {
  const built = preloadPath(...names);
  if (existsSync(built)) return built;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = `${built}.${process.pid}`;
  const flags = ['-shared', '-fPIC', '-O1', '-Wall', '-Wextra', '-Werror'];
  execFileSync('cc', [...flags, '-o', temporary, ...names.map(sourceOf), '-ldl'], { stdio: 'inherit' });
  renameSync(temporary, built);
  return built;
}

function sourceOf(name: string): string {
  return resolve(import.meta.dirname, `${name}.c`);
}
