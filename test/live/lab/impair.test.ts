/** `tsip lab impair`: ends changed while packets flow, for good or for a time. The kernel of the machine must have tbf. */
import assert from 'node:assert/strict';
import { needs, skip } from '../../support/requirements.ts';
import { ourPrograms, Sandbox } from '../../support/sandbox.ts';

const SLOW = `lab: slow
nodes: {a: {}, b: {}}
links:
  - ends: [{at: a:eth0, address: 10.0.0.1/24, impair: {rate: 20mbit}}, b:eth0 10.0.0.2/24]
`;

describe('tsip lab impair', function () {
  this.timeout(120_000);
  let sandbox: Sandbox;

  before(async function () {
    needs(this, 'namespaces');
    sandbox = await Sandbox.open(ourPrograms(), { files: { 'slow.yaml': SLOW } });
    const { status, stderr } = await sandbox.run('$ cd /mnt/work; tsip lab apply slow.yaml');
    if (status === 3 && /module sch_netem/.test(stderr)) skip(this, 'the kernel has no sch_tbf');
    assert.equal(status, 0, stderr);
  });

  after(async () => sandbox?.close());

  async function run(line: string, status = 0): Promise<string> {
    const result = await sandbox.run(`$ cd /mnt/work; ${line}`, { timeoutMs: 60_000 });
    assert.equal(result.status, status, `${line}: ${result.stdout}${result.stderr}`);
    return status === 0 ? result.stdout : `${result.stdout}${result.stderr}`;
  }

  const shown = (end: string) => run(`tsip lab impair slow ${end}`).then(text => text.split('\n')[1]);

  it('prints what ends do', async () => {
    assert.equal(await run('tsip lab impair slow'), 'END     IMPAIRMENT\na:eth0  rate 20mbit\n');
    assert.equal(await shown('b:eth0'), 'b:eth0  none');
    assert.deepEqual(JSON.parse(await run('tsip lab impair slow --json')), {
      lab: 'slow',
      ends: [{ end: 'a:eth0', impairment: { rate: '20mbit' } }],
    });
  });

  it('changes what is named and nothing else, so that it is of the lab', async () => {
    assert.equal(
      await run('tsip lab impair slow a:eth0 limit 50'),
      '  ~ a impairment rate 20mbit limit 50 dev eth0 (limit)\n',
    );
    assert.equal(
      await run('tsip lab impair slow a:eth0 rate 30mbit'),
      '  ~ a impairment rate 30mbit limit 50 dev eth0 (rate)\n',
    );
    assert.equal(await shown('a:eth0'), 'a:eth0  rate 30mbit limit 50');
    await run('tsip lab diff slow --exit-code');
    assert.match(await run('tsip lab impair slow a:eth0 rate 30mbit'), /^No changes\./);
    assert.equal(
      await run('tsip lab impair slow "*:eth0" --only rate 5mbit'),
      '  ~ a impairment rate 5mbit dev eth0 (rate, limit)\n  + b impairment rate 5mbit dev eth0\n',
    );
    assert.equal(
      await run('tsip lab impair slow "*:eth0" none'),
      '  - a impairment rate 5mbit dev eth0\n  - b impairment rate 5mbit dev eth0\n',
    );
    assert.match(await run('tsip lab impair slow'), /^Nothing of lab "slow" is impaired\.\n$/);
    // The file says otherwise.
    assert.match(await run('tsip lab apply slow.yaml'), /\+ a impairment rate 20mbit dev eth0\n/);
  });

  it('is as before after a time', async () => {
    assert.equal(
      await run('tsip lab impair slow a:eth0 rate 1mbit --for 50ms'),
      '  ~ a impairment rate 1mbit dev eth0 (rate)\n  ~ a impairment rate 20mbit dev eth0 (rate)\n',
    );
    await run('tsip lab diff slow --exit-code');
  });

  it('is as before after SIGINT, with what others have changed since then', async () => {
    // A shell without job control has its background processes ignore SIGINT.
    const lines = await run(
      'set -m; tsip lab impair slow a:eth0 b:eth0 rate 1mbit --for 10m >first & ' +
        'until [ "$(grep -c rate first)" = 2 ]; do sleep 0.01; done; tsip lab diff slow --exit-code; echo $?; ' +
        'tsip lab impair slow a:eth0 limit 77 >/dev/null; kill -INT $!; wait $!; echo $?; cat first',
    );
    assert.match(
      lines,
      /~ a impairment rate 20mbit dev eth0 \(rate\)\n {2}- b impairment .*\nPlan: .*\n2\n130\n/,
    );
    assert.match(
      lines,
      /- b impairment rate 1mbit dev eth0\n {2}~ a impairment rate 20mbit limit 77 dev eth0 \(rate\)\n$/,
    );
    await run('tsip lab diff slow --exit-code');
    await run('tsip lab apply slow.yaml');
  });

  it('says what is wrong', async () => {
    for (const [words, reason] of [
      ['slow c:eth0 delay 1ms', /no end is called "c:eth0": there are a:eth0, b:eth0/],
      ['slow delay 1ms', /name ends/],
      ['slow a:eth0 delay', /delay has no value/],
      ['slow a:eth0 delay 5', /delay "5" is not of the form 50ms/],
      ['slow a:eth0 dalay 5ms', /"dalay".*did you mean "delay"/],
      ['slow a:eth0 jitter 5ms', /"jitter" has no effect without "delay"/],
      ['slow a:eth0 rate 1mbit rate 2mbit', /rate is named twice/],
      ['slow a:eth0 --for 3s', /--for: nothing is to be changed/],
      ['slow a:eth0 rate 1mbit --for ever', /--for: "ever" is not a time such as 10s/],
      ['none a:eth0 rate 1mbit', /there is no lab "none"/],
    ] as const)
      assert.match(await run(`tsip lab impair ${words}`, 1), reason, words);
    await run('ip -n slow.b link del eth0');
    assert.match(await run('tsip lab impair slow b:eth0 rate 1mbit', 1), /b has no device "eth0"/);
    await run('tsip lab apply slow.yaml');
  });

  it('is completed', async () => {
    const words = async (line: string) =>
      (await run(`tsip --get-yargs-completions bash ${line}`)).split('\n').map(one => one.split('\t')[0]!);
    assert.deepEqual(
      (await words('lab impair slow ""')).filter(word => word.includes(':')),
      ['a:eth0', 'b:eth0'],
    );
    assert.ok((await words('lab impair slow a:eth0 ""')).includes('delay'));
    assert.ok(!(await words('lab impair slow a:eth0 delay 1ms ""')).includes('delay'));
  });

  it('takes nothing back of a lab that is gone', async () => {
    await run(
      'tsip lab impair slow a:eth0 rate 1mbit --for 1s >first & until grep -q rate first; do sleep 0.01; done; tsip lab destroy slow; wait $!; ls -A /run/tsip 2>/dev/null | wc -l',
    ).then(text => assert.match(text, /\n0\n$/));
  });
});
