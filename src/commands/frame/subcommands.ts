/** The commands of an object, `add`, `show` and so on: found by any beginning of their names, and loaded when called. */
import { type Args, EXIT_USAGE, isPrefixOf, UsageError, UsageRequest } from '../../schema/args.ts';
import type { Grammar, Named, Operand } from '../../schema/keywords.ts';
import type { Command } from './command.ts';
import type { Context } from './context.ts';
import { type Tolerance, tolerant } from './tolerant.ts';

/** One command of an object. */
export interface Subcommand {
  /** Its names; every beginning of each stands for it. */
  readonly names: readonly string[];
  /** Not in the original: it must be spelt out, every beginning of it is the original's. */
  readonly isOwn?: boolean;
  /** Loads what runs it. */
  readonly load: () => Promise<Command>;
  /** Loads the keywords that it takes, for code that looks at them without running it. */
  readonly grammar?: () => Promise<Grammar>;
  /** An option of ours that it takes before all words. */
  readonly tolerates?: Tolerance;
  /** An option of ours that ends a line after this keyword and its value. */
  readonly ending?: { readonly after: string; readonly option: string };
  /** What it takes by place, before any keyword. */
  readonly operands?: readonly Operand[];
  /** What a word without a keyword names, among what exists. */
  readonly existing?: Named;
  /** The commands that follow it, if it has some: those of `bucket`. */
  readonly subcommands?: Subcommands;
}

/** An object of `ip` with several commands. */
export interface Subcommands {
  /** The object as complaints name it: `ip neigh`. */
  readonly program: string;
  /** In order of precedence: the first with a name that the word begins is meant. */
  readonly commands: readonly Subcommand[];
  /** What runs without a word; a request for help if undefined. */
  readonly default?: string;
  /** Loads what runs without a word where that is not quite the same. */
  readonly bare?: () => Promise<Command>;
  /** A line without a word is incomplete. */
  readonly needsWord?: boolean;
  /** `help` comes before all names. */
  readonly isHelpFirst?: boolean;
  /** `help` is a word like any other. */
  readonly hasNoHelp?: boolean;
  /** Loads the help text. */
  readonly usage: () => Promise<string>;
  /** Runs before the command is found, unless that is `help`: asks for what all commands need. */
  readonly before?: (context: Context) => Promise<void>;
  /** Looks at the words before the command is found; throws if they are wrong, whatever the command. */
  readonly check?: (args: Args, context: Context) => void;
  /**
   * What is wrong with an unknown command, if the original does not say it as of most objects; undefined where it prints
   * the help text.
   */
  readonly unknown?: (word: string) => string | undefined;
  /** The commands must be spelt out. */
  readonly isExact?: boolean;
  /** The exit code after an unknown command, if it is not that of most objects. */
  readonly unknownExitCode?: number;
  /** Where the help text that `help` asks for goes, if it is not where that of most objects goes. */
  readonly helpMode?: UsageRequest['mode'];
}

/** An object of `ip` that is itself a command. */
export interface SingleCommand {
  readonly load: () => Promise<Command>;
  readonly grammar: () => Promise<Grammar>;
  /** Loads the help text. */
  readonly usage: () => Promise<string>;
}

export type ObjectCommands = Subcommands | SingleCommand;

/** The command that `word` is or abbreviates. */
export function findSubcommand({ commands, isExact }: Subcommands, word: string): Subcommand | undefined {
  if (isExact) return commands.find(({ names }) => names.includes(word));
  return commands.find(({ names, isOwn }) =>
    isOwn ? names.includes(word) : names.some(name => isPrefixOf(word, name)),
  );
}

/** A command that finds one of `subcommands` by the next word and runs it; a batch loads each once. */
export function dispatcher(subcommands: Subcommands): Command {
  const loaded = new Map<Subcommand, Command>();
  return (args, context) => {
    subcommands.check?.(args, context);
    const { bare, before, needsWord, default: usual = 'help' } = subcommands;
    if (args.done && bare !== undefined) return bare().then(found => run(found, subcommands, args, context));
    const word = args.done && !needsWord ? usual : args.next();
    if (before !== undefined && !isHelp(subcommands, word))
      return before(context).then(() => runSubcommand(word, args, context));
    return runSubcommand(word, args, context);
  };
  function runSubcommand(word: string, args: Args, context: Context): number | Promise<number> {
    const isForHelp = subcommands.isHelpFirst && isHelp(subcommands, word);
    const subcommand = isForHelp ? undefined : findSubcommand(subcommands, word);
    if (subcommand === undefined) return explain(subcommands, word);
    const command = loaded.get(subcommand);
    if (command !== undefined) return run(command, subcommands, args, context);
    return subcommand.load().then(command => {
      const { tolerates } = subcommand;
      const found = tolerates === undefined ? command : tolerant(command, tolerates);
      loaded.set(subcommand, found);
      return run(found, subcommands, args, context);
    });
  }
}

/** What runs an object. */
export function commandOf(object: ObjectCommands): Command {
  if ('commands' in object) return dispatcher(object);
  return async (args, context) => run(await object.load(), object, args, context);
}

/** Runs a command, and gives the object's help text to a request for help. */
function run(
  command: Command,
  object: Pick<ObjectCommands, 'usage'>,
  args: Args,
  context: Context,
): number | Promise<number> {
  try {
    const outcome = command(args, context);
    return typeof outcome === 'number' ? outcome : outcome.catch(error => withUsage(error, object));
  } catch (error) {
    return withUsage(error, object);
  }
}

async function withUsage(error: unknown, { usage }: Pick<ObjectCommands, 'usage'>): Promise<never> {
  if (error instanceof UsageRequest && error.usage === '') throw new UsageRequest(await usage(), error.mode);
  throw error;
}

function isHelp({ isExact, hasNoHelp }: Subcommands, word: string): boolean {
  if (hasNoHelp) return false;
  return isExact ? word === 'help' : isPrefixOf(word, 'help');
}

async function explain(subcommands: Subcommands, word: string): Promise<never> {
  const { program, usage, unknown, unknownExitCode, helpMode } = subcommands;
  if (isHelp(subcommands, word)) throw new UsageRequest(await usage(), helpMode);
  const complaint =
    unknown === undefined ? `Command "${word}" is unknown, try "${program} help".` : unknown(word);
  if (complaint === undefined) throw new UsageRequest(await usage());
  throw new UsageError(complaint, unknownExitCode ?? EXIT_USAGE);
}
