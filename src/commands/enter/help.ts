/** The options of nsenter and unshare as yargs knows them, which lays out their --help. Loaded only when asked for: yargs takes 11 ms. */
import type { Argv } from 'yargs';
import type { OptionRule } from './getopt.ts';

export interface HelpEntry {
  /** What the option does. Its argument, if it takes one, is named in capitals. */
  readonly text: string;
  readonly group: string;
}

const WIDTH = 100;

/** The texts of a program called `name`, with an entry for every one of its options. */
export interface ProgramTexts {
  readonly name: string;
  /** Its manual page. */
  readonly page: string;
  readonly summary: string;
  readonly rules: readonly OptionRule[];
  readonly entries: Readonly<Record<string, HelpEntry>>;
}

/** A parser that has the options, their groups and descriptions. It reads no command line: see getopt.ts. */
export async function optionParser({ name, page, summary, rules, entries }: ProgramTexts): Promise<Argv> {
  const { default: yargs } = await import('yargs');
  const parser = yargs([])
    .scriptName(name)
    .locale('en')
    .wrap(WIDTH)
    .help(false)
    .version(false)
    .usage(`Usage: ${name} [OPTION...] [PROGRAM [ARGUMENT...]]\n\n${summary}`)
    .epilogue(`Options end at the program's name. More is in ${page}.`);
  for (const rule of rules) {
    const { text, group } = entries[rule.name]!;
    parser.option(rule.name, {
      ...(rule.letter === undefined ? {} : { alias: rule.letter }),
      describe: text,
      group: `${group}:`,
      type: rule.argument === 'none' ? 'boolean' : 'string',
    });
  }
  return parser;
}

/** The text of --help. */
export async function helpText(texts: ProgramTexts): Promise<string> {
  return `${await (await optionParser(texts)).getHelp()}\n`;
}
