/** Random command lines of objects, made of their grammars alone, as arbitraries of fast-check. */
import fc from 'fast-check';
import type { Subcommands } from '../../../src/commands/frame/subcommands.ts';
import { findObject } from '../../../src/commands/objects.ts';
import type { Grammar, Keyword, Named, Operand } from '../../../src/schema/keywords.ts';
import { withChanges } from './lines.ts';
import { BEFORE } from './xfrm-lines.ts';

const MAX_KEYWORDS = 5;
/** A right value to a wrong one. */
const RIGHT = 9;

const OPTIONS = ['', '', '', '', '-4 ', '-6 ', '-s ', '-s -s ', '-d ', '-o ', '-j ', '-j -p ', '-N ', '-0 '];
const JUNK = ['junk', '-1', '0', '65536', '4294967296', '0x', '::', '10.0.0.0/33', 'help', 'dev'];
/** Values that are right where nothing says what is. */
const USUAL = ['1', '2', '5', '0x10', '10.0.0.1', 'fd00::1', '10.0.0.0/8', 'v0', 'on', 'off'];
/** What exists in the world of the lines. */
const EXISTING: { readonly [name in Named]?: readonly string[] } = {
  device: ['v0', 'v0', 'v1', 'br0', 'lo', 'nothing'],
  vrf: ['v0', 'nothing'],
  address: ['10.0.0.1', 'fd00::1'],
  tables: ['main', 'default', 'all', '77'],
  protocols: ['static', '17'],
};
/** The kernel chooses an SPI in a range; one of a single number is the same on both sides. */
const FIXED: Readonly<Record<string, string>> = {
  min: '300',
  max: '300',
  // What ends by time would end between two lines.
  'time-soft': '1000',
  'time-hard': '1000',
  'time-use-soft': '1000',
  'time-use-hard': '1000',
};
/** Of a locator with fewer than four groups the original sends what its stack holds. */
export const SHORT_LOCATOR = /^ila? .* l\w* +[\da-fx]+(:[\da-f]*){0,2}( |$)/;
/** These wait for events. */
const WAITING = 'monitor';

function wordFor(operand: Operand, keyword: string): fc.Arbitrary<string> {
  const fixed = FIXED[keyword];
  if (fixed !== undefined) return fc.constant(fixed);
  if (operand.grammar !== undefined) return phrasesOf(operand.grammar(), operand.isChoice ? 1 : 3);
  const known = operand.words?.length ? operand.words : operand.examples;
  const right = known ?? (operand.names && EXISTING[operand.names]) ?? USUAL;
  return fc.oneof(
    { weight: RIGHT, arbitrary: fc.constantFrom(...right) },
    { weight: 1, arbitrary: fc.constantFrom(...JUNK) },
  );
}

function operandOf(operand: Operand, keyword: string): fc.Arbitrary<string> {
  const value = wordFor(operand, keyword);
  return operand.isOptional ? fc.oneof(fc.constant(''), value) : value;
}

function keywordOf({ word, operands }: Keyword): fc.Arbitrary<string> {
  return joined(fc.constant(word), ...operands.map(operand => operandOf(operand, word)));
}

/** Some keywords of a grammar, and words that are none where it takes such. */
function phrasesOf({ keywords, operand }: Grammar, most: number): fc.Arbitrary<string> {
  const choices = [
    ...keywords.map(keyword => fc.memo(() => keywordOf(keyword))()),
    ...(operand === undefined ? [] : [operandOf(operand, '')]),
  ];
  if (choices.length === 0) return fc.constant('');
  return fc.array(fc.oneof(...choices), { maxLength: most }).map(words => words.join(' '));
}

function joined(...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map(words => words.filter(Boolean).join(' '));
}

/** Lines of `commands`, each with what leads to it. */
async function linesOf({ commands }: Subcommands, before: string): Promise<fc.Arbitrary<string>[]> {
  const found: fc.Arbitrary<string>[] = [fc.constant(before)];
  for (const { names, operands = [], grammar, subcommands } of commands) {
    if (names.includes(WAITING)) continue;
    const words = `${before} ${names[0]}`;
    if (subcommands !== undefined) {
      found.push(fc.oneof(...(await linesOf(subcommands, words))));
      continue;
    }
    const needed = BEFORE[words.split(' ').slice(1).join(' ')];
    const rest = grammar === undefined ? fc.constant('') : phrasesOf(await grammar(), MAX_KEYWORDS);
    found.push(
      joined(
        fc.constantFrom(...names).map(name => `${before} ${name}`),
        ...operands.map(operand => operandOf(operand, '')),
        fc.constantFrom('', ...(needed === undefined ? [] : [needed, needed, needed])),
        rest,
      ),
    );
  }
  return found;
}

/** Lines of `objects`, out of their tables; in some of them a word is changed. */
export async function randomObjectLine(objects: readonly string[]): Promise<fc.Arbitrary<string>> {
  const lines: fc.Arbitrary<string>[] = [];
  for (const name of objects) {
    const commands = await findObject(name)?.subcommands?.();
    if (commands === undefined || !('commands' in commands)) throw new Error(`${name} has no commands`);
    lines.push(fc.oneof(...(await linesOf(commands, name))));
  }
  // The name of an object, cut short, may be that of another.
  const isMeant = (line: string) =>
    objects.includes(findObject(line.split(' ')[0]!)?.name ?? '') && !SHORT_LOCATOR.test(line);
  return fc
    .tuple(fc.constantFrom(...OPTIONS), withChanges(fc.oneof(...lines)).filter(isMeant))
    .map(([options, line]) => options + withFixedSpi(line));
}

/** Without a range, an SPI is any number. */
function withFixedSpi(line: string): string {
  const isComplete = /\bmin 300\b/.test(line) && /\bmax 300\b/.test(line);
  return /\bs[tate]* al/.test(line) && !isComplete ? `${line} min 300 max 300` : line;
}
