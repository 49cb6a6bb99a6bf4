/** The command line of `tsip run`: options up to the first word that is not one, then the command. */
import yargs from 'yargs';

/** What the options say. */
export interface RunOptions {
  readonly trace: boolean;
  /** File for the trace, instead of standard error. */
  readonly traceTo: string | undefined;
  readonly summary: boolean;
  /** File for the summary, instead of standard error. */
  readonly summaryTo: string | undefined;
  readonly dryRun: boolean;
  readonly bind: boolean;
  /** Empty for a shell. */
  readonly command: readonly string[];
}

/** Thrown if the words are wrong. */
export class WrongRunOption extends Error {}

const HELP_WIDTH = 100;

function parserOf(words: readonly string[]) {
  return yargs([...words])
    .scriptName('ip run')
    .locale('en')
    .wrap(HELP_WIDTH)
    .version(false)
    .help(false)
    .exitProcess(false)
    .usage(
      'Usage: ip [-json] run [OPTION...] [--] [COMMAND [ARGUMENT...]]\n\n' +
        'Runs a command, or a shell. All calls of ip, nsenter and unshare inside it are made by this process.',
    )
    .options({
      trace: { type: 'boolean', default: false, describe: 'print each call with its requests' },
      'trace-to': { type: 'string', requiresArg: true, describe: 'write that into a file' },
      summary: { type: 'boolean', default: false, describe: 'print at the end what calls have done' },
      'summary-to': { type: 'string', requiresArg: true, describe: 'write that into a file' },
      'dry-run': {
        type: 'boolean',
        default: false,
        describe: 'print what would be changed, and change nothing',
      },
      bind: { type: 'boolean', default: false, describe: 'also serve calls by full path, as of /sbin/ip' },
      help: { type: 'boolean', describe: 'show this text' },
    })
    .parserConfiguration({
      'boolean-negation': false,
      'halt-at-non-option': true,
      'populate--': true,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .strictOptions()
    .epilogue('More is in tsip-run(1).')
    .fail((message, error) => {
      throw new WrongRunOption((message ?? error.message).split(/\s*\n\s*/).join(' '));
    });
}

/** The options; the help text if that is asked for. Throws {@link WrongRunOption}. */
export async function readRunOptions(words: readonly string[]): Promise<RunOptions | string> {
  const parsed = parserOf(words).parseSync();
  if (parsed.help === true) return parserOf([]).getHelp();
  const operands = [...parsed._, ...((parsed as { '--'?: string[] })['--'] ?? [])].map(String);
  return {
    trace: parsed.trace,
    traceTo: parsed['trace-to'],
    summary: parsed.summary,
    summaryTo: parsed['summary-to'],
    dryRun: parsed['dry-run'],
    bind: parsed.bind,
    command: operands,
  };
}

/** What may come next after `before`. */
export async function runCandidates(before: readonly string[]): Promise<readonly string[]> {
  if (before.some(word => !word.startsWith('-'))) return [];
  return parserOf([]).getCompletion([...before, '--']);
}
