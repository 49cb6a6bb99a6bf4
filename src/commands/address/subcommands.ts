/** `ip address`: finds the command that a word abbreviates and loads its module. */
import { EXIT_USAGE, isPrefixOf, UsageError, UsageRequest } from '../../schema/args.ts';
import { type Command, late } from '../frame/command.ts';

/** Commands in order of precedence. */
const COMMANDS: readonly (readonly [names: readonly string[], run: Command])[] = [
  [['add'], late(async () => (await import('./change.ts')).addAddress)],
  [['change', 'chg'], late(async () => (await import('./change.ts')).changeAddress)],
  [['replace'], late(async () => (await import('./change.ts')).replaceAddress)],
  [['delete'], late(async () => (await import('./change.ts')).deleteAddress)],
  [['show', 'lst', 'list'], late(async () => (await import('./show.ts')).showAddresses)],
  [['flush'], late(async () => (await import('./flush.ts')).flushAddresses)],
  [['save'], late(async () => (await import('./save.ts')).saveAddresses)],
  [['showdump'], late(async () => (await import('./save.ts')).showSavedAddresses)],
  [['restore'], late(async () => (await import('./save.ts')).restoreAddresses)],
];

export const address: Command = (args, context) => {
  const word = args.done ? 'show' : args.next();
  const command = COMMANDS.find(([names]) => names.some(name => isPrefixOf(word, name)));
  if (command !== undefined) {
    const [, run] = command;
    return run(args, context);
  }
  if (isPrefixOf(word, 'help')) return help(args, context);
  throw new UsageError(`Command "${word}" is unknown, try "ip address help".`, EXIT_USAGE);
};

const help = late(async () => {
  const { ADDRESS_USAGE } = await import('./usage.ts');
  return () => {
    throw new UsageRequest(ADDRESS_USAGE);
  };
});
