/**
 * The command line of `tsip run`: options up to the first word that is not one, then the command. They are read as those of
 * nsenter and unshare are; yargs lays out the help.
 */
import type { Answer } from '../completion/answer.ts';
import { OptionError, readOptions } from '../enter/getopt.ts';

/** What the options say. */
export interface RunOptions {
  readonly trace: boolean;
  /** File for the trace, instead of standard error. */
  readonly traceTo: string | undefined;
  readonly summary: boolean;
  /** File for the summary, instead of standard error. */
  readonly summaryTo: string | undefined;
  readonly dryRun: boolean;
  /** File for a lab of what stands at the end. */
  readonly record: string | undefined;
  readonly bind: boolean;
  /** Empty for a shell. */
  readonly command: readonly string[];
}

/** Thrown if the words are wrong. */
export class WrongRunOption extends Error {}

const GROUP = 'Options';
const FILE = { argument: 'required', group: GROUP, values: { paths: 'files' } } as const;
const SWITCH = { argument: 'none', group: GROUP } as const;

const TEXTS = {
  page: 'tsip-run(8)',
  summary:
    'Runs a command, or a shell. All calls of ip, nsenter and unshare inside it are made by this process.',
  groups: [GROUP],
  options: [
    { name: 'trace', ...SWITCH, help: 'print each call with its requests' },
    { name: 'trace-to', ...FILE, help: 'write that into a FILE' },
    { name: 'summary', ...SWITCH, help: 'print at the end what calls have done' },
    { name: 'summary-to', ...FILE, help: 'write that into a FILE' },
    { name: 'dry-run', ...SWITCH, help: 'print what would be changed, and change nothing' },
    { name: 'record', ...FILE, help: 'write a lab of what stands at the end into a FILE' },
    { name: 'bind', ...SWITCH, help: 'also serve calls by full path, as of /sbin/ip' },
    { name: 'help', letter: 'h', ...SWITCH, help: 'show this text' },
  ],
} as const;

/** The options; undefined if help is asked for. Throws {@link WrongRunOption}. */
export function readRunOptions(words: readonly string[]): RunOptions | undefined {
  const given = new Map<string, string | undefined>();
  const command = readGiven(words, given);
  if (given.has('help')) return undefined;
  return {
    trace: given.has('trace'),
    traceTo: given.get('trace-to'),
    summary: given.has('summary'),
    summaryTo: given.get('summary-to'),
    dryRun: given.has('dry-run'),
    record: given.get('record'),
    bind: given.has('bind'),
    command,
  };
}

/** Puts the options into `given`; returns what follows them. */
function readGiven(words: readonly string[], given: Map<string, string | undefined>): readonly string[] {
  const options = readOptions(words, TEXTS.options);
  try {
    for (;;) {
      const next = options.next();
      if (next.done) return next.value;
      given.set(next.value.name, next.value.value);
    }
  } catch (error) {
    if (error instanceof OptionError) throw new WrongRunOption(error.message);
    throw error;
  }
}

/** The text of --help. */
export async function runHelp(): Promise<string> {
  const { helpText } = await import('../enter/help.ts');
  return helpText('ip [-json] run', TEXTS);
}

/**
 * What may come after `before`: options, files, and the command with its words, which the shell completes. Its place counts
 * from the first word, 0.
 */
export async function runCandidates(before: readonly string[], current: string): Promise<Answer> {
  const { answerByOptions } = await import('../enter/completion.ts');
  const answer = await answerByOptions(before, current, TEXTS);
  return answer.commandAt === undefined ? answer : { ...answer, commandAt: answer.commandAt - 1 };
}
