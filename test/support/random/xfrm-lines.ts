/** Command lines of `ip xfrm` made of its grammars: every keyword with values right and wrong, and random ones. */

import type { Subcommands } from '../../../src/commands/frame/subcommands.ts';
import { findObject } from '../../../src/commands/objects.ts';
import type { Grammar, Keyword, Operand } from '../../../src/schema/keywords.ts';
import { VALUES } from '../sweep.ts';
import { hashOf, pick } from './sample.ts';

/** A command with its grammar. */
export interface XfrmCommand {
  readonly words: readonly string[];
  readonly grammar: Grammar | undefined;
}

/** All commands but the monitor, which waits. */
export async function xfrmCommands(): Promise<readonly XfrmCommand[]> {
  const object = (await findObject('xfrm')!.subcommands!()) as Subcommands;
  const found: XfrmCommand[] = [];
  for (const { names, subcommands } of object.commands)
    for (const command of subcommands?.commands ?? [])
      found.push({ words: ['xfrm', names[0]!, command.names[0]!], grammar: await command.grammar?.() });
  return found;
}

/** Values that are right where nothing says what is. */
const USUAL = ['1', '0', '5', '0x10', '10.0.0.1', 'fd00::1', '10.0.0.0/8', 'eth0', 'any', 'tcp'];
const HEX_KEY = '0x00112233445566778899aabbccddeeff';

/** What may stand before a keyword so that it is reached, and what the command needs besides, by command. */
export const BEFORE: Readonly<Record<string, string>> = {
  'state add': 'proto ipsec-any',
  'state update': 'src 10.0.0.1 dst 10.0.0.2 proto esp enc cbc(aes) 0x00',
  'state allocspi': 'proto esp',
  'policy add': 'dir out',
  'policy update': 'dir in',
  'policy delete': 'dir in',
  'policy get': 'dir in index 3',
};

function rightValue({ words, examples, names }: Operand, text: string): string {
  if (words !== undefined && words.length > 0) return pick(words, text);
  if (examples !== undefined) return pick(examples, text);
  return names === 'device' ? 'eth0' : pick(USUAL, text);
}

/** A keyword with values, the value at `wrongAt` being `wrong`. */
function phrase(keyword: Keyword, text: string, wrongAt = -1, wrong = ''): string[] {
  const words = [keyword.word];
  for (const [place, operand] of keyword.operands.entries()) {
    const here = `${text} ${keyword.word} ${place}`;
    if (operand.isOptional && hashOf(`${here} optional`) % 2 === 0) continue;
    if (place === wrongAt) words.push(wrong);
    else if (operand.grammar === undefined) words.push(rightValue(operand, here));
    else words.push(...grammarWords(operand.grammar(), here, operand.isChoice ? 1 : 3));
  }
  return words;
}

function grammarWords({ keywords }: Grammar, text: string, most: number): string[] {
  const count = 1 + (hashOf(`${text} count`) % most);
  return Array.from({ length: count }, (_, at) =>
    phrase(pick(keywords, `${text} ${at}`), `${text} ${at}`),
  ).flat();
}

/** Lines with each keyword of a command: as it should be, without and with wrong values, twice, and cut short. */
export function* sweepLines({ words, grammar }: XfrmCommand): Generator<readonly string[]> {
  const before = (BEFORE[words.slice(1).join(' ')] ?? '').split(' ').filter(Boolean);
  const start = [...words, ...before];
  yield words;
  yield start;
  yield [...start, 'x'];
  yield [...start, 'help'];
  for (const keyword of grammar?.keywords ?? []) {
    const text = `${words.join(' ')} ${keyword.word}`;
    for (let variant = 0; variant < 3; variant++) yield [...start, ...phrase(keyword, `${text} ${variant}`)];
    yield [...start, ...phrase(keyword, text), ...phrase(keyword, `${text} again`)];
    yield [...start, keyword.word];
    yield [...start, ...phrase(keyword, text).slice(0, -1)];
    yield [...words, ...phrase(keyword, text), ...before];
    if (keyword.word.length > 1) yield [...start, keyword.word.slice(0, -1), '1'];
    for (const at of keyword.operands.keys())
      for (const take of ['first', 'second', 'third'])
        yield [...start, ...phrase(keyword, text, at, pick(VALUES, `${text} ${at} ${take}`))];
    for (const { grammar: inner } of keyword.operands)
      for (const nested of inner?.().keywords ?? []) {
        yield [...start, keyword.word, ...phrase(nested, text)];
        yield [...start, keyword.word, nested.word];
        yield [...start, keyword.word, ...phrase(nested, text, 0, pick(VALUES, `${text} ${nested.word}`))];
      }
  }
}

const OPTIONS = [[], [], [], [], ['-4'], ['-6'], ['-s'], ['-s', '-s'], ['-o'], ['-j']];

/** A random line; some have a word that is cut, left out, repeated or exchanged with the next. */
export function randomXfrmLine(commands: readonly XfrmCommand[], seed: string): readonly string[] {
  const { words, grammar } = pick(commands, `${seed} command`);
  const keywords = grammar?.keywords ?? [];
  const count = hashOf(`${seed} count`) % 7;
  const phrases = Array.from({ length: keywords.length === 0 ? 0 : count }, (_, at) =>
    phrase(pick(keywords, `${seed} ${at}`), `${seed} ${at}`),
  );
  const needed = (BEFORE[words.slice(1).join(' ')] ?? '').split(' ').filter(Boolean);
  const start = hashOf(`${seed} needed`) % 4 === 0 ? [] : needed;
  const rest =
    hashOf(`${seed} order`) % 2 === 0 ? [...start, ...phrases.flat()] : [...phrases.flat(), ...start];
  return [...pick(OPTIONS, `${seed} options`), ...words, ...changed(rest, seed)];
}

function changed(words: readonly string[], seed: string): readonly string[] {
  const at = hashOf(`${seed} at`) % Math.max(words.length, 1);
  const word = words[at];
  if (word === undefined) return words;
  const replaced = (...others: readonly string[]) => [
    ...words.slice(0, at),
    ...others,
    ...words.slice(at + 1),
  ];
  switch (hashOf(`${seed} change`) % 8) {
    case 0:
      return replaced(word.slice(0, -1));
    case 1:
      return replaced();
    case 2:
      return replaced(word, word);
    case 3:
      return replaced(pick(VALUES, `${seed} value`));
    case 4:
      return replaced(word === HEX_KEY ? '0xZZ' : HEX_KEY);
    default:
      return words;
  }
}
