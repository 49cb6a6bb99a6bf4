/** The words of `ip monitor`. */
import { type Args, EXIT_USAGE, UsageError, UsageRequest } from '../../schema/args.ts';
import { anyWord, exact, flag, type Grammar, readWords, shortened } from '../../schema/keywords.ts';
import type { Context } from '../frame/context.ts';
import { DEVICE } from '../grammar/values.ts';
import { MONITORED } from './objects.ts';

/** What the words ask for. */
export interface MonitorWords {
  /** Objects to be shown, by their words; all if there are none. */
  readonly objects: Set<string>;
  /** Before each message stands what it is about. */
  hasLabels: boolean;
  /** The namespaces that have an id here are listened to as well. */
  allNamespaces: boolean;
  /** Index of the device that messages must be about; 0 for any. */
  device: number;
  file: string | undefined;
}

function turnOnLabels(words: MonitorWords): void {
  words.hasLabels = true;
}

export const MONITOR_GRAMMAR: Grammar<MonitorWords, Context> = {
  keywords: [
    shortened(exact('file', anyWord({ synopsis: 'FILENAME', names: 'file' }), 'file')),
    shortened(flag('label', turnOnLabels)),
    flag('all', turnOnLabels),
    exact('dev', DEVICE, 'device'),
    ...MONITORED.map(({ word, isExact }) => {
      const object = flag<MonitorWords, Context>(word, ({ objects }) => objects.add(word));
      return isExact ? object : shortened(object);
    }),
    shortened(
      flag('all-nsid', words => {
        words.allNamespaces = true;
      }),
    ),
  ],
};

/** Reads the words of a line. */
export function readMonitorWords(args: Args, context: Context): MonitorWords {
  const words: MonitorWords = {
    objects: new Set(),
    hasLabels: false,
    allNamespaces: false,
    device: 0,
    file: undefined,
  };
  readWords(MONITOR_GRAMMAR, words, args, context);
  if (args.done) return words;
  if (args.matches('help')) throw new UsageRequest();
  throw new UsageError(`Argument "${args.next()}" is unknown, try "ip monitor help".`, EXIT_USAGE);
}
