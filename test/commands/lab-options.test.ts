/** Command lines of `tsip lab`: those that yargs-parser reads alone mean what all of yargs reads in them. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseByYargs, parseRight, readLabOptions, VERBS } from '../../src/commands/lab/options.ts';
import { SEED } from '../support/random/sample.ts';

/** Without a dash alone, which all of yargs takes for `true`. */
const WORDS = [
  ...['a', 'b.yaml', '5', '--', '', 'x=1', '--set', 'v=2', '--set=w=3', '--name', '--name=n', '--json'],
  ...[
    '--json=false',
    '--no-json',
    '--exit-code',
    '--foreign',
    '--adopt',
    '--keep',
    '--all',
    '--parallel',
    '3',
  ],
  ...[
    '--parallel=x',
    '--timeout',
    '10s',
    '-w',
    'file',
    '-wfile',
    '-c',
    '7',
    '-s',
    '-C',
    '1M',
    '-W',
    '--for=1s',
  ],
  ...[
    '--only',
    '--node',
    '--rootless',
    '--internet',
    '--minimal',
    '--format',
    'svg',
    '--ascii',
    '--nosuch',
    '-z',
  ],
  ...['--exitCode', '-5', '--count', '-sc', '--set', '--name', '--version', '-h'],
];

/** Texts and lists of texts, as they are used, without what is as if it had been left out. */
function meant(parsed: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isGiven = (value: unknown) =>
    value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(
    Object.entries(parsed)
      .filter(([name, value]) => !['_', '$0'].includes(name) && isGiven(value))
      .filter(([name, value]) => name !== 'parallel' || value !== 1)
      .map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : String(value)]),
  );
}

describe('options of tsip lab', () => {
  it('mean the same without all of yargs', async function () {
    this.timeout(60_000);
    let right = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(VERBS)),
        fc.array(fc.constantFrom(...WORDS), { maxLength: 5 }),
        async (verb, words) => {
          const found = await parseRight([verb, ...words]);
          if (found === undefined) return;
          right++;
          assert.deepEqual(meant(found), meant(await parseByYargs([verb, ...words])));
        },
      ),
      { seed: SEED, numRuns: 3000 },
    );
    assert.ok(right > 100, String(right));
  });

  it('are read without it where they are right', async () => {
    for (const line of [
      ...[
        'list',
        'list --json',
        'validate a.yaml',
        'apply a.yaml --name n --set x=1 --set y=2',
        'destroy a b c',
      ],
      ...['plan a.yaml --exit-code --foreign', 'exec n a b --all --timeout 5s -- true -x --name y', 'export'],
      ...[
        'run a.yaml --keep -- sh -c true',
        'capture n a:eth0 -w - -c 5',
        'impair n a:eth0 delay 5ms --for 10s',
      ],
      ...['run --internet -- true', 'map a.yaml --format svg', 'wait n', 'logs n web'],
    ])
      assert.notEqual(await parseRight(line.split(' ')), undefined, line);
  });

  it('are left to yargs where they are not', async () => {
    for (const [line, complaint] of [
      ['apply', 'Not enough non-option arguments: got 0, need at least 1'],
      ['apply a b', 'Unknown argument: b'],
      ['apply a --nosuch', 'Unknown argument: nosuch'],
      ['apply a --name', 'Not enough arguments following: name'],
      ['nosuch', 'Unknown argument: nosuch'],
    ] as const) {
      assert.equal(await parseRight(line.split(' ')), undefined, line);
      await assert.rejects(readLabOptions(line.split(' ')), { message: complaint });
    }
  });
});
