import assert from 'node:assert/strict';
import { OptionError, type OptionRule, readOptions } from '../../../src/commands/enter/getopt.ts';
import { encodeText } from '../../../src/wire/text.ts';

const rules: readonly OptionRule[] = [
  { name: 'all', letter: 'a', argument: 'none' },
  { name: 'target', letter: 't', argument: 'required' },
  { name: 'net', letter: 'n', argument: 'optional' },
  { name: 'net-socket', letter: 'N', argument: 'required' },
  { name: 'user', letter: 'U', argument: 'optional', letterArgument: 'none' },
  { name: 'user-parent', argument: 'none' },
];

/** The options as words, then the operands; or the complaint, after what came before it. */
function read(...words: string[]): string {
  const options = readOptions(words, rules);
  const seen: string[] = [];
  try {
    for (;;) {
      const next = options.next();
      if (next.done) return [...seen, '|', ...next.value].join(' ');
      seen.push(next.value.value === undefined ? next.value.name : `${next.value.name}=${next.value.value}`);
    }
  } catch (error) {
    assert.ok(error instanceof OptionError);
    return [...seen, error.message].join(' ');
  }
}

describe('readOptions', () => {
  const cases: readonly [string, string[], string][] = [
    ['ends at the first operand', ['-a', 'ls', '-a'], 'all | ls -a'],
    ['ends at two hyphens', ['-a', '--', '-a'], 'all | -a'],
    ['takes a hyphen as an operand', ['-a', '-', '-a'], 'all | - -a'],
    ['reads clusters', ['-aat', '5'], 'all all target=5 |'],
    ['takes the rest of a cluster as argument', ['-at5a'], 'all target=5a |'],
    ['takes an optional argument only from the cluster', ['-n', 'x'], 'net | x'],
    ['keeps the equals sign of a letter', ['-n=/x'], 'net==/x |'],
    ['swallows letters after an optional argument', ['-na'], 'net=a |'],
    ['lets a letter take less than its long name', ['-Ua', '--user=/x'], 'user all user=/x |'],
    ['takes a long argument from the next word', ['--target', '-a'], 'target=-a |'],
    ['takes an optional long argument only after an equals sign', ['--net', 'x'], 'net | x'],
    ['keeps an empty long argument', ['--net=', '--target='], 'net= target= |'],
    ['completes abbreviations', ['--tar=5', '--al'], 'target=5 all |'],
    ['prefers an exact name', ['--net=x', '--user'], 'net=x user |'],
    ['has options again after operands nowhere', ['x', '--bogus'], '| x --bogus'],
    [
      'lists what an abbreviation may mean',
      ['--ne=x'],
      "option '--ne=x' is ambiguous; possibilities: '--net' '--net-socket'",
    ],
    ['knows no other options', ['-a', '--bogus=1'], "all unrecognized option '--bogus=1'"],
    ['knows no other letters', ['-ax'], "all invalid option -- 'x'"],
    ['misses a long argument', ['--tar'], "option '--target' requires an argument"],
    ['misses an argument of a letter', ['-at'], "all option requires an argument -- 't'"],
    ['wants no argument', ['--al=1'], "option '--all' doesn't allow an argument"],
    [
      'gives the same for no name at all',
      ['--=x'],
      "option '--=x' is ambiguous; possibilities:" +
        " '--all' '--target' '--net' '--net-socket' '--user' '--user-parent'",
    ],
  ];
  for (const [title, words, expected] of cases)
    it(title, () => {
      assert.equal(read(...words), expected);
    });

  it('complains about the first byte of a letter that is none', () => {
    assert.deepEqual(encodeText(read('-\u00e9')), Buffer.from("invalid option -- '\xc3'", 'latin1'));
  });
});
