/**
 * Words for values at every length: which of them the original takes abbreviated, and which it wants spelt out. The
 * places come from the grammars: each keyword of each command, and the keywords below it.
 */
import assert from 'node:assert/strict';
import { findObject } from '../../src/commands/objects.ts';
import type { Grammar, Keyword, Operand } from '../../src/schema/keywords.ts';
import { linkMessages } from '../support/capture/capture.ts';
import { needs } from '../support/requirements.ts';
import { assertSame, sweepTimeout } from '../support/sweep.ts';

/** What stands before and after the words of each command that is tried. */
const LINES: Readonly<Record<string, readonly [command: string, before: string, after: string][]>> = {
  link: [
    ['set', 'link set eth0', ''],
    ['xstats', 'link xstats', ''],
    ['property', 'link property add', 'dev eth0'],
  ],
  address: [
    ['add', 'address add 10.0.0.1/24', 'dev eth0'],
    ['show', 'address show', ''],
  ],
  ntable: [
    ['show', 'ntable show', ''],
    ['change', 'ntable change', ''],
  ],
};

/** Every beginning of a word, the word, the word and a letter more, the word in capitals. */
function lengthsOf(word: string): string[] {
  const beginnings = Array.from({ length: word.length + 1 }, (_, length) => word.slice(0, length));
  return [...beginnings, `${word}x`, word.toUpperCase()];
}

/** No program is loaded from an object file, on purpose; the original crashes at a device without a group. */
const EXCLUDED = /\bxdp\w* o|show group/;

/** A word that an operand takes, so that the next one is reached. */
function rightWord({ examples, words, names }: Operand): string {
  return examples?.[0] ?? words?.[0] ?? (names === 'device' ? 'eth0' : '1');
}

/** Lines of words that end with each value word of a grammar, at every length. */
function* valueWords(grammar: Grammar, before: readonly string[] = []): Generator<readonly string[]> {
  for (const keyword of grammar.keywords) yield* wordsOfKeyword(keyword, before);
}

function* wordsOfKeyword(keyword: Keyword, before: readonly string[]): Generator<readonly string[]> {
  let words = [...before, keyword.word];
  for (const operand of keyword.operands) {
    if (operand.grammar !== undefined) {
      yield* valueWords(operand.grammar(), words);
      return;
    }
    for (const word of operand.words ?? []) {
      for (const spelling of lengthsOf(word)) yield [...words, spelling];
    }
    words = [...words, rightWord(operand)];
  }
}

/** Lines that end with each keyword of a grammar, at every length and with a right value. */
function* keywords({ keywords }: Grammar): Generator<readonly string[]> {
  for (const { word, operands } of keywords) {
    const values = operands.some(({ grammar }) => grammar !== undefined) ? [] : operands.map(rightWord);
    for (const spelling of lengthsOf(word)) yield [spelling, ...values];
  }
}

async function grammarOf(object: string, command: string): Promise<Grammar> {
  const found = await findObject(object)!.subcommands!();
  assert.ok('commands' in found);
  return found.commands.find(({ names }) => names.includes(command))!.grammar!();
}

/** Commands none of whose values is one of a few words. */
const WITHOUT_VALUE_WORDS: ReadonlySet<string> = new Set(['link xstats', 'link property']);

describe('a word at every length', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  for (const [object, commands] of Object.entries(LINES)) {
    for (const [command, before, after] of commands) {
      const lines = (found: Iterable<readonly string[]>) =>
        [...found]
          .map(words => [...split(before), ...words, ...split(after)])
          .filter(words => !EXCLUDED.test(words.join(' ')));

      it(`that is a keyword of ${object} ${command} does what it does in the original`, async function () {
        this.timeout(sweepTimeout);
        const words = keywords(await grammarOf(object, command));
        await assertSame(lines(words), { replies: linkMessages() });
      });

      if (WITHOUT_VALUE_WORDS.has(`${object} ${command}`)) continue;

      it(`that is a value of ${object} ${command} does what it does in the original`, async function () {
        this.timeout(sweepTimeout);
        const words = valueWords(await grammarOf(object, command));
        await assertSame(lines(words), { replies: linkMessages() });
      });
    }
  }
});

function split(text: string): string[] {
  return text.split(' ').filter(word => word !== '');
}
