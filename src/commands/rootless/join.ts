/**
 * `tsip --rootless ...`: the same call once more, in the namespaces that a process of the user holds. This process enters
 * them by nsexec, since Node has several threads, and becomes the program again.
 */
import { join } from 'node:path';
import { errnoOf, strerror } from '../../kernel/system/errors.ts';
import { nativeFolder } from '../../kernel/system/native.ts';
import { becomeInside } from '../../namespaces/rootless/become.ts';
import { rootlessFolder } from '../../namespaces/rootless/folder.ts';
import { isAlive, recordedHolder } from '../../namespaces/rootless/holder.ts';
import { asksForRootless, ROOTLESS_VARIABLE } from '../../namespaces/rootless/variable.ts';
import { EXIT_USAGE } from '../../schema/args.ts';
import { COMPLETION_OPTION, questionOf } from '../completion/answer.ts';
import type { CommandLine } from '../frame/command-line.ts';
import { type GlobalOptions, previewOptions } from '../frame/options.ts';
import { ProcessStreams } from '../frame/streams.ts';

/** What complaints begin with. */
const PROGRAM = 'tsip: --rootless';
/** Objects that are about this mode, or need no network. */
const OUTSIDE: ReadonlySet<string> = new Set(['rootless', 'completion', 'install-links', 'help']);

/**
 * Makes the call in the user's own namespaces, if the words or the environment ask for that: replaces this process. Returns
 * undefined if they do not, and an exit code if it is impossible.
 */
export async function goRootless(line: CommandLine): Promise<number | undefined> {
  const isCompletion = line.words[0] === COMPLETION_OPTION;
  const preview = previewOf(isCompletion ? questionOf(line.words.slice(1)).before : line.words);
  const isWanted = preview?.options.rootless || asksForRootless(process.env[ROOTLESS_VARIABLE]);
  if (preview === undefined || !isWanted) return undefined;
  if (preview.object !== undefined && OUTSIDE.has(preview.object)) return undefined;
  // A TAB must not make namespaces.
  if (isCompletion && !isRunning()) return undefined;
  const { options } = preview;
  try {
    becomeRootless(line, warning => new ProcessStreams().writeError(`${PROGRAM}: ${warning}\n`));
  } catch (error) {
    const text = `${PROGRAM}: ${textOf(error)}`;
    if (!isCompletion) await complain(text, options);
    return EXIT_USAGE;
  }
}

/** Undefined for options that are wrong, which is said where they are read. */
function previewOf(words: readonly string[]): ReturnType<typeof previewOptions> | undefined {
  try {
    return previewOptions(words);
  } catch {
    return undefined;
  }
}

async function complain(text: string, { strictJson, pretty }: GlobalOptions): Promise<void> {
  const streams = new ProcessStreams();
  if (!strictJson) {
    streams.writeError(`${text}\n`);
    return;
  }
  const { StrictReport } = await import('../frame/strict-report.ts');
  const strict = new StrictReport(streams.out, pretty > 0, line => streams.writeError(line));
  strict.complain(text);
  strict.finish(EXIT_USAGE, undefined);
}

/** Whether there are namespaces that a call could be made in without making any. */
function isRunning(): boolean {
  try {
    const folder = rootlessFolder(false);
    const holder = folder === undefined ? undefined : recordedHolder(folder);
    return holder !== undefined && isAlive(holder);
  } catch {
    return false;
  }
}

/** Replaces this process by the same call; returns only by throwing. */
function becomeRootless({ calledAs, isOwn, words }: CommandLine, warn: (line: string) => void): never {
  const argv = [join(nativeFolder(), 'launch'), 'tsip', isOwn ? 'tsip' : calledAs, ...words];
  becomeInside(PROGRAM, argv, ['tsip', '--rootless'], warn);
}

/** What an error is called here. */
export function textOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : `${message.replace(/^\w+: .*?, /, '')}: ${strerror(errnoOf(error))}`;
}
