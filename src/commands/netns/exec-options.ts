/**
 * Options of `netns exec` that the original does not have. They stand before the name, where a namespace of such a name
 * comes first.
 */
import { existsSync } from 'node:fs';
import type { Step } from '../../kernel/plans/plan.ts';
import { type Account, accountOf, groupIdOf, userIdOf } from '../../kernel/system/accounts.ts';
import { pathOfNamespace } from '../../namespaces/named.ts';
import { environmentSteps, limitSteps, loginSteps } from '../../namespaces/plans/login.ts';
import { type Args, EXIT_USAGE, UsageError } from '../../schema/args.ts';
import { encodeText } from '../../wire/text.ts';

/** The options, with the value that follows each, as `--user USER` or `--user=USER`. */
export const EXEC_OPTIONS = {
  user: 'USER',
  group: 'GROUP',
  'keep-caps': undefined,
  'env-clean': undefined,
  timeout: 'SECONDS',
  parallel: 'N',
} as const;

type Option = keyof typeof EXEC_OPTIONS;

/** What the options ask for. */
export interface ExecOptions {
  readonly user: number | undefined;
  readonly group: number | undefined;
  readonly keepsCapabilities: boolean;
  readonly hasFreshEnvironment: boolean;
  readonly timeoutMs: number | undefined;
  /** With -all: how many programs run at once; undefined for one after the other, as in the original. */
  readonly parallel: number | undefined;
}

/** Some eleven days: longer than any limit that is meant. */
const MOST_SECONDS = 1_000_000;
const MOST_PARALLEL = 1024;

/** Reads the options before the name, or with -all before the program. Throws {@link UsageError}. */
export function readExecOptions(args: Args, isAll: boolean): ExecOptions {
  const given = new Map<Option, string>();
  while (!args.done && !existsSync(encodeText(pathOfNamespace(args.peek()!)))) {
    const [, name = '', , value] = /^--([a-z-]+)(=(.*))?$/s.exec(args.peek()!) ?? [];
    if (!Object.hasOwn(EXEC_OPTIONS, name)) break;
    args.skip();
    given.set(name as Option, readValue(name as Option, value, args));
  }
  const user = idOf('user', given, userIdOf);
  if (given.has('keep-caps') && user === undefined) throw wrong('--keep-caps needs --user');
  if (given.has('parallel') && !isAll) throw wrong('--parallel needs -all');
  const seconds = numberOf('timeout', given, /^\d+(\.\d+)?$/, MOST_SECONDS);
  return {
    user,
    group: idOf('group', given, groupIdOf),
    keepsCapabilities: given.has('keep-caps'),
    hasFreshEnvironment: given.has('env-clean'),
    timeoutMs: seconds === undefined ? undefined : Math.ceil(seconds * 1000),
    parallel: numberOf('parallel', given, /^\d+$/, MOST_PARALLEL),
  };
}

function readValue(name: Option, value: string | undefined, args: Args): string {
  const operand = EXEC_OPTIONS[name];
  if (operand === undefined) {
    if (value !== undefined) throw wrong(`--${name} takes no value`);
    return '';
  }
  if (value !== undefined) return value;
  if (args.done) throw wrong(`--${name} needs ${operand}`);
  return args.next();
}

function idOf(
  name: 'user' | 'group',
  given: ReadonlyMap<Option, string>,
  lookUp: (word: string) => number | undefined,
): number | undefined {
  const word = given.get(name);
  if (word === undefined) return undefined;
  const id = lookUp(word);
  if (id === undefined) throw wrong(`there is no ${name} "${word}"`);
  return id;
}

function numberOf(
  name: 'timeout' | 'parallel',
  given: ReadonlyMap<Option, string>,
  form: RegExp,
  most: number,
): number | undefined {
  const word = given.get(name);
  if (word === undefined) return undefined;
  const number = form.test(word) ? Number(word) : 0;
  if (number > 0 && number <= most) return number;
  throw wrong(`--${name} ${word}: ${EXEC_OPTIONS[name]} is a number above 0, at most ${most}`);
}

function wrong(text: string): UsageError {
  return new UsageError(`netns exec: ${text}`, EXIT_USAGE);
}

/** The steps between entering a namespace and the program; `environment` is the caller's. */
export function stepsOf(options: ExecOptions, environment: NodeJS.ProcessEnv): Step[] {
  const { user, group, keepsCapabilities, hasFreshEnvironment, timeoutMs } = options;
  const account = user === undefined ? undefined : accountOf(user);
  const shown: Account | undefined =
    account ?? (hasFreshEnvironment ? accountOf(process.geteuid!()) : undefined);
  return [
    ...loginSteps({ user, group, account, keepsCapabilities }),
    // After it: who becomes another user would outlive its parent.
    ...(timeoutMs === undefined ? [] : limitSteps(timeoutMs)),
    ...environmentSteps(shown, hasFreshEnvironment ? environment : undefined),
  ];
}
