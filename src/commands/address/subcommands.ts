/** `ip address`: finds the command that a word abbreviates and loads its module. */
import { EXIT_USAGE, isPrefixOf, UsageError, UsageRequest } from '../../schema/args.ts';
import { type Command, lazy } from '../frame/command.ts';

/** Commands in order of precedence. */
const COMMANDS: readonly (readonly [names: readonly string[], run: Command])[] = [
  [['add'], lazy(async () => (await import('./change.ts')).addAddress)],
  [['change', 'chg'], lazy(async () => (await import('./change.ts')).changeAddress)],
  [['replace'], lazy(async () => (await import('./change.ts')).replaceAddress)],
  [['delete'], lazy(async () => (await import('./change.ts')).deleteAddress)],
  [['show', 'lst', 'list'], lazy(async () => (await import('./show.ts')).showAddresses)],
  [['flush'], lazy(async () => (await import('./flush.ts')).flushAddresses)],
  [['save'], lazy(async () => (await import('./save.ts')).saveAddresses)],
  [['showdump'], lazy(async () => (await import('./save.ts')).showSavedAddresses)],
  [['restore'], lazy(async () => (await import('./save.ts')).restoreAddresses)],
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

const help = lazy(async () => {
  const { ADDRESS_USAGE } = await import('./usage.ts');
  return () => {
    throw new UsageRequest(ADDRESS_USAGE);
  };
});
