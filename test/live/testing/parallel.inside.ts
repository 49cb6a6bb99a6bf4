/** Test files that make labs of the same names, addresses and ports, by several workers at once. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTime } from '../../../src/lab/processes.ts';
import { repository } from '../../support/requirements.ts';

const FILES = Number(process.env.TSIP_FILES ?? 100);
const WORKERS = 4;
const LIMIT_MS = 300_000;

interface Report {
  readonly passes: readonly { readonly title: string }[];
  readonly failures: readonly { readonly title: string; readonly err: { readonly message: string } }[];
}

/** One in ten throws, and leaves its lab as it is. */
const isBroken = (n: number) => n % 10 === 9;

function sourceOf(n: number): string {
  return `
    import assert from 'node:assert/strict';
    import { appendFileSync } from 'node:fs';
    import { createServer } from 'node:http';
    import { lab } from 'tsip/testing';

    it('file ${n}', async () => {
      appendFileSync('workers', process.pid + '\\n');
      const net = await lab({ nodes: { web: {}, db: {} }, links: ['web 10.0.0.1/24 -- db 10.0.0.2/24'] });
      await net.node('web').listen(createServer((_request, response) => response.end('file ${n}')), 8080);
      const response = await net.node('db').fetch('http://web:8080/');
      assert.equal(await response.text(), 'file ${n}');
      if (${isBroken(n)}) throw new Error('file ${n} is broken');
      await net.close();
    });
  `;
}

/** A project with the package, and a folder for what labs keep in files. */
function makeProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsip-parallel-'));
  for (const name of ['node_modules', 'tests', 'kept']) mkdirSync(join(folder, name));
  symlinkSync(repository, join(folder, 'node_modules', 'tsip'));
  for (let n = 0; n < FILES; n++) writeFileSync(join(folder, 'tests', `${n}.mjs`), sourceOf(n));
  return folder;
}

function runFiles(folder: string): Report {
  const mocha = join(repository, 'node_modules/mocha/bin/mocha.js');
  const words = ['--no-config', '--no-package', '--parallel', '--jobs', String(WORKERS), '--exit'];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [mocha, ...words, '--timeout', String(LIMIT_MS), '--reporter', 'json', 'tests/*.mjs'],
    {
      cwd: folder,
      encoding: 'utf8',
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
      env: { ...process.env, NODE_OPTIONS: '', TMPDIR: join(folder, 'kept') },
    },
  );
  assert.match(stdout, /^\{/m, stderr);
  return JSON.parse(stdout.slice(stdout.indexOf('{\n')));
}

/** What runs here: processes that have not ended. */
function running(): string[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name) && startTime(Number(name)) !== undefined);
}

describe('test files by several workers', () => {
  it(`get a network each, and leave nothing: ${FILES} by ${WORKERS}`, async function () {
    this.timeout(LIMIT_MS);
    const folder = makeProject();
    try {
      const before = {
        processes: running(),
        run: readdirSync('/run'),
        mounts: readFileSync('/proc/self/mountinfo', 'utf8'),
      };
      const { passes, failures } = runFiles(folder);
      const numbers = Array.from({ length: FILES }, (_, n) => n);
      const titles = (broken: boolean) => numbers.filter(n => isBroken(n) === broken).map(n => `file ${n}`);
      assert.deepEqual(
        failures.map(({ err }) => err.message).sort(),
        titles(true)
          .map(title => `${title} is broken`)
          .sort(),
      );
      assert.deepEqual(passes.map(({ title }) => title).sort(), titles(false).sort());
      const workers = readFileSync(join(folder, 'workers'), 'utf8').trimEnd().split('\n');
      assert.equal(new Set(workers).size, WORKERS);
      assert.deepEqual(readdirSync(join(folder, 'kept')), []);
      assert.deepEqual(
        {
          processes: running(),
          run: readdirSync('/run'),
          mounts: readFileSync('/proc/self/mountinfo', 'utf8'),
        },
        before,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
