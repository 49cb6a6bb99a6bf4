/** The --help texts of nsenter and unshare, laid out by yargs. Loaded only when asked for: yargs takes 11 ms. */
import type { OptionRule } from './getopt.ts';

export interface HelpEntry {
  /** What the option does. Its argument, if it takes one, is named in capitals. */
  readonly text: string;
  readonly group: string;
}

const WIDTH = 100;

/** The help of a program called `name`, with an entry for every one of its options. `page` is its manual page. */
export async function helpText(
  name: string,
  page: string,
  summary: string,
  rules: readonly OptionRule[],
  entries: Readonly<Record<string, HelpEntry>>,
): Promise<string> {
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
  return `${await parser.getHelp()}\n`;
}
