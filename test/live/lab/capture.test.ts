/** `tsip lab capture`: files and pipes of pcapng, as a parser of ours and tcpdump read them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { isEcho, readPcapng } from '../../lab/pcapng-reader.ts';
import { runInside } from '../../support/private-mocha.ts';
import { needs } from '../../support/requirements.ts';
import { ourPrograms, Sandbox } from '../../support/sandbox.ts';

const PAIR = `lab: pair
nodes: {a: {}, b: {}}
links: ["a:eth0 10.0.0.1/24 -- b:eth0 10.0.0.2/24"]
`;
const PING = 'ip netns exec pair.a ping -c2 -i0.01 10.0.0.2 >/dev/null';
/** Before a capture whose standard error is the file `said`: what another one has written does not count. */
const BEGIN = 'rm -f said';
/** Waits until it says that it has begun. */
const BEGUN = 'until grep -qs Capturing said; do sleep 0.01; done';

describe('tsip lab capture', function () {
  this.timeout(180_000);
  let sandbox: Sandbox;

  before(async function () {
    needs(this, 'namespaces', 'ping');
    sandbox = await Sandbox.open(ourPrograms(), { files: { 'pair.yaml': PAIR } });
    await run('tsip lab apply pair.yaml');
  });

  after(async () => sandbox?.close());

  async function run(line: string, status = 0): Promise<string> {
    const result = await sandbox.run(`$ cd /mnt/work; ${line}`, { timeoutMs: 60_000 });
    assert.equal(result.status, status, `${line}: ${result.stdout}${result.stderr}`);
    return status === 0 ? result.stdout : `${result.stdout}${result.stderr}`;
  }

  /** The echoes in a file of the sandbox. */
  async function echoesIn(name: string): Promise<number> {
    const text = await run(`base64 -w0 ${name}`);
    const { packets } = readPcapng(Buffer.from(text, 'base64'));
    return packets.filter(({ bytes }) => isEcho(bytes)).length;
  }

  it('ends at SIGINT with everything that came before', async () => {
    const said = await run(
      `set -m; ${BEGIN}; tsip lab capture pair a:eth0 -w x.pcapng 2>said & ${BEGUN}; ${PING}; kill -INT $!; wait $!; echo $?; cat said`,
    );
    assert.match(said, /^0\nCapturing on a:eth0\n\d+ packets into x\.pcapng\n$/);
    assert.equal(await echoesIn('x.pcapng'), 4);
  });

  it('ends after so many packets, or a time, and says so for programs', async () => {
    const text = await run(
      `${BEGIN}; tsip lab capture pair "*" -c 3 -s 50 -w few.pcapng --json 2>said & ${BEGUN}; ${PING}; wait $!`,
    );
    assert.deepEqual(JSON.parse(text), {
      lab: 'pair',
      ends: ['a:eth0', 'b:eth0'],
      packets: 3,
      dropped: 0,
      files: ['few.pcapng'],
    });
    await run('tsip lab capture pair a:eth0 -w none.pcapng --for 10ms');
    assert.equal(await echoesIn('none.pcapng'), 0);
  });

  it('writes into a pipe, or to a command', async () => {
    await run(
      `${BEGIN}; tsip lab capture pair a:eth0 -c 6 -w - 2>said >piped & ${BEGUN}; ${PING}; ${PING}; wait $!`,
    );
    assert.ok((await echoesIn('piped')) >= 4);
    // The command itself says when it has begun.
    const code = await run(
      `tsip lab capture pair a:eth0 -c 6 -- sh -c 'echo Capturing >said2; cat >taken; exit 7' & until [ -s said2 ]; do sleep 0.01; done; until ${PING} && ! kill -0 $! 2>/dev/null; do :; done; wait $!; echo $?`,
    );
    assert.equal(code, '7\n');
    assert.ok((await echoesIn('taken')) >= 4);
  });

  it('is read by tcpdump', async function () {
    needs(this, 'tcpdump');
    await run(
      `${BEGIN}; tsip lab capture pair a:eth0 b:eth0 -w seen.pcapng 2>said & ${BEGUN}; ${PING}; kill $!; wait $!`,
    );
    const file = Buffer.from(await run('base64 -w0 seen.pcapng'), 'base64');
    const { stdout: lines } = spawnSync('tcpdump', ['-Z', 'root', '-nr', '-', 'icmp'], {
      input: file,
      encoding: 'utf8',
    });
    assert.equal(lines.match(/10\.0\.0\.2 > 10\.0\.0\.1: ICMP echo reply/g)?.length, 4);
  });

  it('ends when the lab is destroyed, and nothing of the lab is left', async () => {
    await run('sed "s/lab: pair/lab: gone/" pair.yaml >gone.yaml; tsip lab apply gone.yaml');
    const said = await run(
      `${BEGIN}; tsip lab capture gone a:eth0 -w gone.pcapng 2>said & ${BEGUN}; tsip lab destroy gone; wait $!; echo $?; ls -A /run/tsip/labs`,
    );
    assert.equal(said, 'Lab "gone" is gone: 2 namespaces.\n0\npair\n');
    assert.equal(await echoesIn('gone.pcapng'), 0);
  });

  it('says what is wrong', async () => {
    for (const [words, reason] of [
      ['pair', /name ends: there are a:eth0, b:eth0/],
      ['pair c:eth0 -w x', /no end is called "c:eth0"/],
      ['pair a:eth0 -w /nowhere/x', /cannot write \/nowhere\/x: No such file or directory/],
      ['pair a:eth0 -w x -c 0', /--count: "0" is not a number/],
      ['pair a:eth0 -w x --size 1X', /--size: "1X" is not a number of bytes such as 10M/],
      ['pair a:eth0 -w x --files 3', /--files: say by --size/],
      ['pair a:eth0 -w x -- cat', /to a file or to a command, not to both/],
    ] as const)
      assert.match((await sandbox.run(`$ cd /mnt/work; tsip lab capture ${words}`)).stderr, reason, words);
  });

  it('is part of the library', function () {
    this.timeout(300_000);
    const { passed, failed } = runInside(['test/live/lab/capture.inside.ts'], 'self');
    assert.deepEqual(failed, []);
    assert.ok(passed.length > 0);
  });
});
