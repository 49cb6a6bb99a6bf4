/** `tsip completion`: prints the script that completes command lines in a shell. yargs is loaded when it is called. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../kernel/system/native.ts';

const SHELLS: readonly string[] = ['bash', 'zsh', 'fish'];
const PROGRAMS = 'tsip tsnsenter tsunshare';
const ORIGINALS = 'ip nsenter unshare';

/** The parser of the words after `completion`; `program` is the name that tsip was called by. */
async function parserFor(words: readonly string[], program: string) {
  const { default: yargs } = await import('yargs');
  return yargs([...words])
    .scriptName(`${program} completion`)
    .locale('en')
    .wrap(100)
    .version(false)
    .help(false)
    .exitProcess(false)
    .parserConfiguration({ 'boolean-negation': false })
    .usage(
      'Usage: $0 bash|zsh|fish\n\n' +
        'Prints the script that completes the command lines of tsip, tsnsenter and tsunshare in a shell.',
    )
    .option('originals', {
      type: 'boolean',
      describe: `also under the names ${ORIGINALS.replaceAll(' ', ', ')}, which is usual when called as ip`,
    })
    .option('help', { type: 'boolean', describe: 'show this text' })
    .epilogue(
      'In bash:  source <(tsip completion bash)\n' +
        'In zsh:   source <(tsip completion zsh), after compinit\n' +
        'In fish:  tsip completion fish | source',
    )
    .strictOptions()
    .fail((message, error) => {
      throw error ?? new Error(message);
    });
}

/** What `completion WORD...` prints. Throws an Error that says what is wrong with the words. */
export async function completionText(words: readonly string[], program: string): Promise<string> {
  const {
    _: shells,
    originals = program === 'ip',
    help,
  } = await (await parserFor(words, program)).parseAsync();
  const [shell, another] = shells.map(String);
  if (help || shell === 'help') return `${await (await parserFor([], program)).getHelp()}\n`;
  const choices = `one of ${SHELLS.join(', ')}`;
  if (shell === undefined) throw new Error(`a shell is required, ${choices}`);
  if (!SHELLS.includes(shell)) throw new Error(`"${shell}" is unknown, the shell must be ${choices}`);
  if (another !== undefined) throw new Error(`"${another}" is too much`);
  const script = readFileSync(join(packageRoot(), 'completions', `tsip.${shell}`), 'utf8');
  return originals ? script.replaceAll(PROGRAMS, `${PROGRAMS} ${ORIGINALS}`) : script;
}

/** What may come next after `before`. */
export async function completionCandidates(before: readonly string[]): Promise<readonly string[]> {
  const shells = before.some(word => SHELLS.includes(word)) ? [] : [...SHELLS, 'help'];
  return [...shells, ...(await (await parserFor([], 'tsip')).getCompletion([...before, '--']))];
}
