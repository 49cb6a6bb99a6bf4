/** The grammars of the commands as tests use them: found by the words of the command, and walked place by place. */
import { findSubcommand, type Subcommands } from '../../src/commands/frame/subcommands.ts';
import { findObject } from '../../src/commands/objects.ts';
import type { Grammar, Operand } from '../../src/schema/keywords.ts';

/** The grammar of a command of `ip`, such as `nexthop bucket show`. */
export async function grammarOf(command: string): Promise<Grammar> {
  const [object = '', ...words] = command.split(' ');
  let commands = await findObject(object)?.subcommands?.();
  for (const [at, word] of words.entries()) {
    const found =
      commands !== undefined && 'commands' in commands ? findSubcommand(commands, word) : undefined;
    if (at === words.length - 1 && found?.grammar !== undefined) return found.grammar();
    commands = found?.subcommands;
  }
  if (words.length === 0 && commands !== undefined && 'load' in commands) return commands.grammar();
  throw new Error(`ip ${command} has no grammar`);
}

/** The commands of an object that have a grammar, each by its first name. */
export async function commandsWithGrammar(object: string): Promise<string[]> {
  const commands = await findObject(object)?.subcommands?.();
  if (commands === undefined) return [];
  return 'commands' in commands ? namesOf(object, commands) : [object];
}

function namesOf(before: string, { commands }: Subcommands): string[] {
  return commands.flatMap(({ names, grammar, subcommands }) => {
    const name = `${before} ${names[0]}`;
    return [...(grammar === undefined ? [] : [name]), ...(subcommands ? namesOf(name, subcommands) : [])];
  });
}

/** A word that an operand takes. */
export function rightWord({ examples, words, names }: Operand): string {
  return examples?.[0] ?? words?.[0] ?? (names === 'device' ? 'eth0' : '1');
}

/** A place where keywords may stand: what stands before it, from the beginning of the grammar, and the keywords. */
export interface KeywordPlace {
  readonly before: readonly string[];
  readonly keywords: readonly string[];
}

/** All places of a grammar: its own, and those of the grammars that follow its keywords. */
export function* keywordPlaces(
  grammar: Grammar,
  before: readonly string[] = [],
  outer: readonly Grammar[] = [],
): Generator<KeywordPlace> {
  if (outer.includes(grammar)) return;
  yield { before, keywords: grammar.keywords.map(({ word }) => word) };
  for (const { word, operands } of grammar.keywords) {
    let words = [...before, word];
    for (const operand of operands) {
      if (operand.grammar !== undefined) yield* keywordPlaces(operand.grammar(), words, [...outer, grammar]);
      words = [...words, rightWord(operand)];
    }
  }
}
