/**
 * The example of a tunnel, by the program and by the library. Where the kernel has no ESP, it must say so after it has
 * shown what the kernel has, and its requests must be those of the original. TSIP_GUEST=1 runs it in a kernel that has ESP.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMessage } from '../../support/capture/bytes.ts';
import { ours as captured, original } from '../../support/capture/capture.ts';
import { STRUCTS } from '../../support/capture/xfrm-messages.ts';
import { difference } from '../../support/difference.ts';
import { runInGuest } from '../../support/guest/guest.ts';
import { needs, needsGuest, originals, repository, skip, unshareFlags } from '../../support/requirements.ts';
import { buildRepository } from '../../support/sandbox.ts';

const folder = join(repository, 'examples/ipsec');
const NO_ESP = 77;
const GUEST_SECONDS = 570;
/** The repository's ip without its installation. */
const ours = join(repository, 'bin/tsip');

const SCRIPT = ['sh', join(folder, 'tunnel.sh')];
const PROGRAM = [process.execPath, join(folder, 'tunnel.mjs')];

/** What the variables of the script may be. */
const VALUES: Readonly<Record<string, string>> = {
  1: '192.0.2.1',
  2: '192.0.2.2',
  3: '0x1001',
  encryption: `0x${'0f'.repeat(16)}`,
  authentication: `0x${'a5'.repeat(32)}`,
};

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs an example in private namespaces, where ip is `ip`. */
function runExample(words: readonly string[], ip: string): Run {
  const mount = 'mount -t tmpfs none /run && exec "$@"';
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    [...unshareFlags, 'sh', '-c', mount, 'sh', ...words],
    {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, IP: ip },
    },
  );
  return { status, stdout, stderr };
}

/** A request with its attributes in any order. */
function sent(bytes: Buffer): readonly string[] {
  const { header, attributes } = readMessage(bytes, STRUCTS[bytes.readUInt16LE(4)]!);
  return [
    header.toString('hex'),
    ...attributes.map(({ type, payload }) => `${type} ${payload.toString('hex')}`).sort(),
  ];
}

/** An example that has seen no answer must say why, and not show one. */
function assertSaysWhatItSaw({ status, stdout, stderr }: Run): void {
  assert.ok(status === 0 || status === NO_ESP, stderr);
  if (status === NO_ESP) assert.match(stderr, /no ESP/);
  assert.equal(/bytes from/.test(stdout), status === 0, stdout);
}

function assertPinged({ status, stdout }: Run, context: Mocha.Context): void {
  if (status === NO_ESP) skip(context, 'this kernel has no ESP');
  assert.equal(stdout.match(/bytes from 10\.2\.0\.1/g)?.length, 3, stdout);
  assert.match(stdout, /\b3(\(packets\)| packets)/, stdout);
}

describe('the example of an IPsec tunnel', () => {
  let byProgram: Run;
  let byLibrary: Run;

  before(function () {
    needs(this, 'namespaces', 'ping');
    this.timeout(420_000);
    buildRepository();
    byProgram = runExample(SCRIPT, ours);
    byLibrary = runExample(PROGRAM, ours);
  });

  it('makes policies that stop packets, and says what it saw', () => {
    assert.match(byProgram.stdout, /src 10\.1\.0\.0\/16 dst 10\.2\.0\.0\/16 \n\tdir out priority 0/);
    assertSaysWhatItSaw(byProgram);
  });

  it('makes them by the library, too', () => {
    assert.match(byLibrary.stdout, /^out 10\.1\.0\.1\/32 to 10\.2\.0\.1\/32$/m, byLibrary.stderr);
    assertSaysWhatItSaw(byLibrary);
  });

  it('pings', function () {
    assertPinged(byProgram, this);
  });

  it('pings by the library', function () {
    assertPinged(byLibrary, this);
  });

  it('prints and ends as with the original', function () {
    needs(this, 'oracle');
    this.timeout(120_000);
    const wanted = runExample(SCRIPT, join(originals(), 'ip'));
    const policies = ({ stdout }: Run) => stdout.replace(/^PING[\s\S]*/m, '');
    assert.equal(difference(policies(wanted), policies(byProgram)), '');
    assert.deepEqual([byProgram.status, byProgram.stderr], [wanted.status, wanted.stderr]);
  });

  it('sends the states that the original sends', async function () {
    needs(this, 'oracle', 'compiler');
    this.timeout(60_000);
    const script = readFileSync(SCRIPT[1]!, 'utf8');
    const [, lines] = /^(xfrm state add [\s\S]*?)^STATE$/m.exec(script)!;
    const line = lines!.replaceAll('\\\n', ' ').replace(/\$(\w+)/g, (_, name: string) => VALUES[name]!);
    const words = line.split(/\s+/).filter(Boolean);
    const [wanted, got] = [original(words), await captured(words)];
    assert.equal(wanted.xfrm.length, 1);
    assert.deepEqual(got.xfrm.map(sent), wanted.xfrm.map(sent));
  });

  it('pings in a kernel that has ESP', function () {
    needsGuest(this);
    needs(this, 'root');
    this.timeout(GUEST_SECONDS * 1000 + 60_000);
    const results = mkdtempSync(join(tmpdir(), 'tsip-tunnel-'));
    try {
      const inside = [SCRIPT, PROGRAM].map(
        (words, at) =>
          `unshare -n -m sh -c 'mount -t tmpfs none /run; ${words.join(' ')}' >${results}/${at}.stdout 2>${results}/${at}.stderr; echo $? >${results}/${at}.status`,
      );
      const { stderr } = runInGuest(['bash', '-c', inside.join('\n')], {
        env: { IP: ours },
        seconds: GUEST_SECONDS,
      });
      for (const at of [0, 1]) {
        const read = (name: string) => readFileSync(join(results, `${at}.${name}`), 'utf8');
        assert.equal(read('status'), '0\n', `${stderr}${read('stderr')}`);
        assertPinged({ status: 0, stdout: read('stdout'), stderr: '' }, this);
      }
    } finally {
      rmSync(results, { recursive: true });
    }
  });
});
