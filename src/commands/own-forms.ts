/**
 * Lines that the program answers under its own name only, `tsip`: the original refuses `--version`, and after `help` it
 * reads nothing. Called as `ip`, they are answered as the original does.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../kernel/system/native.ts';
import { OWN_VERSION } from './frame/options.ts';
import { findSubcommand, type ObjectCommands } from './frame/subcommands.ts';
import { findObject } from './objects.ts';

/** What to print for `words`; undefined if they are not a form of ours. `original` is what the program stands in for. */
export async function ownAnswer(words: readonly string[], original: string): Promise<string | undefined> {
  const [first, object, ...commands] = words;
  if (first === OWN_VERSION && object === undefined)
    return `tsip ${ownVersion()}, in the place of ip from ${original}`;
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

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
