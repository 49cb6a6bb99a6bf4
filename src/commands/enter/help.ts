/** The text of `--help` of nsenter and unshare, laid out by yargs. Loaded only when asked for: yargs takes 11 ms. */
import type { Argv } from 'yargs';
import type { ProgramOption } from './option.ts';

const WIDTH = 100;

/** What the text has besides the options. */
export interface ProgramTexts {
  /** The program's manual page. */
  readonly page: string;
  readonly summary: string;
  /** The headings of the options in their order. */
  readonly groups: readonly string[];
  readonly options: readonly Omit<ProgramOption<never>, 'apply'>[];
}

/** A parser that has the options, their groups and descriptions. It reads no command line: see getopt.ts. */
export async function optionParser(
  name: string,
  { page, summary, groups, options }: ProgramTexts,
): Promise<Argv> {
  const { default: yargs } = await import('yargs');
  const parser = yargs([])
    .scriptName(name)
    .locale('en')
    .wrap(WIDTH)
    .help(false)
    .version(false)
    .usage(`Usage: ${name} [OPTION...] [PROGRAM [ARGUMENT...]]\n\n${summary}`)
    .epilogue(`Options end at the program's name. More is in ${page}.`);
  const inGroups = groups.flatMap(heading => options.filter(({ group }) => group === heading));
  for (const option of inGroups)
    parser.option(option.name, {
      ...(option.letter === undefined ? {} : { alias: option.letter }),
      describe: option.help,
      group: `${option.group}:`,
      type: option.argument === 'none' ? 'boolean' : 'string',
    });
  return parser;
}

/** The text of --help for a program that was called as `name`. */
export async function helpText(name: string, texts: ProgramTexts): Promise<string> {
  return `${await (await optionParser(name, texts)).getHelp()}\n`;
}
