/** Words after the last one that a command of `ip netns` reads: they are ignored, as by the original. */
import { findSubcommand } from '../frame/subcommands.ts';
import { findObject } from '../objects.ts';
import type { Hint } from './failure.ts';
import { commandsOf } from './line.ts';

export const unreadWords: Hint = async ({ words, error }) => {
  const [object = '', command = '', ...rest] = words;
  if (error !== undefined || findObject(object)?.name !== 'netns') return undefined;
  const commands = await commandsOf(object);
  const found = commands && findSubcommand(commands, command);
  if (found?.operands === undefined || found.grammar !== undefined) return undefined;
  const isOwnForm =
    rest.length > 1 && found.operands.some(({ words }) => words?.includes(rest[0]!.split('=', 1)[0]!));
  if (isOwnForm || found.operands.some(({ names }) => names === 'program')) return undefined;
  const count = found.operands.filter(({ words }) => words?.[0]?.startsWith('--') !== true).length;
  const unread = rest.slice(count);
  if (unread.length === 0) return undefined;
  const options = unread.filter(word => word.startsWith('--'));
  const mend =
    options.length > 0
      ? `: options stand before the name, '${[object, command, ...options, ...rest.slice(0, count)].join(' ')}'`
      : '';
  return `${unread.length === 1 ? `"${unread[0]}" was` : `"${unread.join(' ')}" were`} not read${mend}`;
};
