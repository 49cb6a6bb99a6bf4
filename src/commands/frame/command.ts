/** What every command of `ip` is. */
import type { Args } from '../../schema/args.ts';
import type { Context } from './context.ts';

/** Runs one command line after its object word; answers the exit code, at once where nothing has to be waited for. */
export type Command = (args: Args, context: Context) => number | Promise<number>;

/** Loads a command when it is first run; a batch then runs it at once for each of its lines. */
export function onFirstRun(load: () => Promise<Command>): Command {
  let loaded: Command | undefined;
  return (args, context) => {
    if (loaded !== undefined) return loaded(args, context);
    return load().then(found => {
      loaded = found;
      return found(args, context);
    });
  };
}
