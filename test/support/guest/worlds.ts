/**
 * Worlds: network namespaces of a guest in which the original and ours run the same lines, and what they print is
 * compared. All worlds of a test are run in one guest.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'mocha';
import { difference } from '../difference.ts';
import { needs, needsGuest } from '../requirements.ts';
import { originalPrograms, ourPrograms } from '../sandbox.ts';
import { runInGuest } from './guest.ts';

export interface World {
  /** Commands of the shell before anything else. */
  readonly setup?: readonly string[];
  /** Lines of one batch, none of which ends it. `d0` and `d1` are dummies, `v0` and `v1` a pair. */
  readonly lines: readonly string[];
  /** Arguments of further runs. */
  readonly runs?: readonly string[];
}

/** What all worlds begin with. */
const base = [
  'link add name d0 address 02:00:00:00:00:d0 type dummy',
  'link add name d1 address 02:00:00:00:00:d1 type dummy',
  'link add name v0 address 02:00:00:00:01:00 type veth peer name v1 address 02:00:00:00:01:01',
];

/** What all worlds end with: where it is missing, a line before has ended the batch. */
const LAST = 'link show dev lo';
const LAST_SHOWN = /^1: lo: </m;

const BATCH = '-d -force -batch "$world/lines"';
const SIDES = ['original', 'ours'] as const;
const OUTPUTS = ['stdout', 'stderr', 'status'] as const;
const GUEST_SECONDS = 900;

type Side = (typeof SIDES)[number];

/** The guest's part: every world with both programs at once, each in a separate network namespace. */
const SCRIPT = `
for world in "$1"/*; do
  for side in ${SIDES.join(' ')}; do
    export world out="$world/$side"
    unshare -n -m bash "$world/script" "\${!side}" &
  done
  wait
done
`;

/** Times, and what the kernel draws randomly: how long a neighbour is reachable, and all addresses that are neither of {@link base} nor all ones or zeros. */
const unlike =
  /\b(?!02:00:00|ff:ff:ff|00:00:00)(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|(?<=permaddr"?[: ]"?)[0-9a-f:.]+|(?<=\breachable"?:? ?)\d+/g;

/** Help texts of kinds, which are our own, up to the line that names the batch's. */
const HELP = /^Usage: \.\.\. [\s\S]*?(?=^Command failed )/gm;

export class Worlds {
  readonly #worlds: Readonly<Record<string, World>>;
  readonly #runs: readonly string[];
  readonly #folder = mkdtempSync(join(tmpdir(), 'tsip-worlds-'));

  /** `runs`: arguments of runs in each world, after its lines. */
  constructor(worlds: Readonly<Record<string, World>>, runs: readonly string[]) {
    this.#worlds = worlds;
    this.#runs = runs;
  }

  /** Runs all worlds; from a hook, which is skipped where there is no guest. */
  run(context: Context): void {
    needsGuest(context);
    needs(context, 'root', 'oracle');
    context.timeout(GUEST_SECONDS * 1000 + 60_000);
    for (const name of Object.keys(this.#worlds)) this.#write(name);
    writeFileSync(join(this.#folder, 'script'), SCRIPT);
    const path = ({ folder, files }: ReturnType<typeof ourPrograms>) => join(folder, files['ip']!);
    const { status, stderr } = runInGuest(
      ['bash', join(this.#folder, 'script'), join(this.#folder, 'worlds')],
      { seconds: GUEST_SECONDS, env: { original: path(originalPrograms()), ours: path(ourPrograms()) } },
    );
    assert.equal(status, 0, stderr);
  }

  /** Asserts that both have printed the same in world `name`, and that the original's devices match `wanted`. */
  assertSame(name: string, wanted: RegExp): void {
    const runs = this.#runsOf(name);
    const all = runs.map((_, index) => this.#result(name, 'original', index, 'stdout')).join('');
    assert.match(all, wanted);
    assert.match(this.#result(name, 'original', 0, 'stdout'), LAST_SHOWN, 'the batch came to its end');
    for (const [index, words] of runs.entries()) {
      for (const output of OUTPUTS) {
        const [original, ours] = SIDES.map(side => this.#result(name, side, index, output));
        assert.equal(difference(original!, ours!), '', `${output} of ${words}`);
      }
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #runsOf(name: string): string[] {
    return [BATCH, ...(this.#worlds[name]!.runs ?? []), ...this.#runs];
  }

  #write(name: string): void {
    const { setup = [], lines } = this.#worlds[name]!;
    const folder = join(this.#folder, 'worlds', name);
    for (const side of SIDES) mkdirSync(join(folder, side), { recursive: true });
    writeFileSync(join(folder, 'lines'), [...base, ...lines, LAST, ''].join('\n'));
    const script = [
      'mount -t tmpfs none /run',
      'for name in all default; do echo 1 >/proc/sys/net/ipv6/conf/$name/disable_ipv6; done',
      ...setup,
      ...this.#runsOf(name).map(
        (words, at) =>
          `"$1" ${words} >"$out/${at}.stdout" 2>"$out/${at}.stderr"; echo $? >"$out/${at}.status"`,
      ),
    ];
    writeFileSync(join(folder, 'script'), script.join('\n'));
  }

  #result(name: string, side: Side, run: number, output: (typeof OUTPUTS)[number]): string {
    const path = join(this.#folder, 'worlds', name, side, `${run}.${output}`);
    if (!existsSync(path)) return 'nothing';
    return readFileSync(path, 'latin1').replace(unlike, '<unlike>').replace(HELP, 'Usage\n');
  }
}
