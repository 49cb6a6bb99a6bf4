/**
 * Lines that the program answers under its own name only, `tsip`: the original refuses `--version`, after `help` it
 * reads nothing, and `--help` after a command is a word like any other. Called as `ip`, they are answered as the
 * original does.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../kernel/system/native.ts';
import type { Operand } from '../schema/keywords.ts';
import { synopsisItems, synopsisLines } from '../schema/synopsis.ts';
import { COMMAND_HELP, OWN_VERSION } from './frame/options.ts';
import { findSubcommand, type ObjectCommands, type Subcommand } from './frame/subcommands.ts';
import { findObject } from './objects.ts';

/** Names of objects whose manual page has another. */
const PAGES: Readonly<Record<string, string>> = {
  neighbor: 'neighbour',
  ntbl: 'ntable',
  tap: 'tuntap',
  tunl: 'tunnel',
  tcpmetrics: 'tcp_metrics',
};

/** What to print for `words`; undefined if they are not a form of ours. `original` is what the program stands in for. */
export async function ownAnswer(words: readonly string[], original: string): Promise<string | undefined> {
  const [first, object, ...commands] = words;
  if (first === OWN_VERSION && object === undefined)
    return `tsip ${ownVersion()}, in the place of ip from ${original}`;
  if (words.at(-1) === COMMAND_HELP) return commandHelp(words.slice(0, -1));
  if (first !== 'help' || object === undefined) return undefined;
  const found = await findObject(object)?.subcommands?.();
  return found === undefined ? undefined : usageOf(found, commands);
}

/** The words of `help OBJECT` as the object itself takes them, where it has no table of commands; else undefined. */
export function ownHelpWords([first, object, another]: readonly string[]): readonly string[] | undefined {
  if (first !== 'help' || object === undefined || another !== undefined) return undefined;
  const entry = findObject(object);
  if (entry === undefined || entry.subcommands !== undefined) return undefined;
  return [entry.name, entry.name === 'run' ? '--help' : 'help'];
}

/** The help text of an object, or of the last of its commands that has one: `help xfrm state`. */
function usageOf(object: ObjectCommands, [word, ...rest]: readonly string[]): Promise<string> {
  const inner =
    word !== undefined && 'commands' in object ? findSubcommand(object, word)?.subcommands : undefined;
  return inner === undefined ? object.usage() : usageOf(inner, rest);
}

/**
 * The help text of the command that `words` are, of nothing else: in `netns exec red ls --help` they are more than the
 * names of a command.
 */
async function commandHelp([object, ...words]: readonly string[]): Promise<string | undefined> {
  const entry = object === undefined ? undefined : findObject(object);
  let commands = await entry?.subcommands?.();
  const names = ['ip', entry?.name ?? ''];
  for (const [at, word] of words.entries()) {
    const found = commands && 'commands' in commands ? findSubcommand(commands, word) : undefined;
    if (found === undefined) return undefined;
    names.push(found.names[0]!);
    if (found.subcommands === undefined && at === words.length - 1)
      return `${await synopsisOf(found, names)}\n\n${pageOf(entry!.name)} describes it.`;
    commands = found.subcommands;
  }
  return commands?.usage();
}

async function synopsisOf({ operands = [], grammar }: Subcommand, names: readonly string[]): Promise<string> {
  const own = await grammar?.();
  const others = own?.operand === undefined ? [] : [own.operand];
  const items = [...operands, ...others].filter(({ synopsis }) => synopsis !== '').map(inSynopsis);
  return synopsisLines(`Usage: ${names.join(' ')}`, [
    ...items,
    ...(own === undefined ? [] : synopsisItems(own)),
  ]);
}

function inSynopsis({ synopsis, isOptional }: Operand): string {
  return isOptional && !synopsis.startsWith('[') ? `[ ${synopsis} ]` : synopsis;
}

function pageOf(object: string): string {
  return `tsip-${PAGES[object] ?? object}(8)`;
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
