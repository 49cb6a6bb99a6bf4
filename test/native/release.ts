/** The package as it is released, built for all CPUs and packed once, for tests that install it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'mocha';
import { repository, skip } from '../support/requirements.ts';

export interface Release {
  readonly archive: string;
  readonly size: number;
  readonly unpackedSize: number;
  /** What is missing or not to be in it, and by how much it is too large. */
  readonly problems: readonly string[];
  /** What publint and attw say of it. */
  readonly findings: readonly string[];
}

/** Skips the test where the programs cannot be built for all CPUs. */
export function release(context: Context): Release {
  const made = makeRelease();
  return typeof made === 'string' ? skip(context, made) : made;
}

let made: Release | string | undefined;

/** Makes it, or returns why it cannot be made here; CI promises that it can. */
export function makeRelease(): Release | string {
  made ??= make();
  return made;
}

function make(): Release | string {
  const folder = mkdtempSync(join(tmpdir(), 'tsip-release-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const script = `
    import { checkArchive, packRelease } from ${JSON.stringify(join(repository, 'src/release.mjs'))};
    const packed = packRelease(${JSON.stringify(folder)});
    console.log('\\n' + JSON.stringify({ ...packed, findings: checkArchive(packed.archive) }));`;
  const words = ['--input-type=module', '-e', script];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  const [missing] = /BuildError: .*/.exec(stderr) ?? [];
  if (missing !== undefined && process.env.CI !== 'true') return missing;
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Release;
}
