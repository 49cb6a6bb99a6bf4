/** `ip stats set`: has hardware count for a device, or not. */
import { RTM_SETSTATS } from '../../linux/rtnetlink.ts';
import { statisticsHeader, statisticsRequest } from '../../rtnetlink/link-statistics.ts';
import { type Args, duplicateOrGarbage, EXIT_USAGE, UsageError, UsageRequest } from '../../schema/args.ts';
import { exact, type Grammar, readWords } from '../../schema/keywords.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { offOn } from '../grammar/values.ts';
import { DEVICE_KEYWORD_VALUE, indexOf } from './device.ts';
import { unknownWord } from './unknown-word.ts';

/** The original passes its error number, EINVAL, on as exit code. */
const EXIT_INVALID = 22;

/** What the words say. */
interface Draft {
  device?: string;
  isOn?: number;
}

/** The words of `set`. */
export const SET_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [
    exact('dev', DEVICE_KEYWORD_VALUE, 'device', { once: duplicateOrGarbage }),
    exact('l3_stats', offOn(EXIT_INVALID), 'isOn', {
      once: () => new UsageError('A statistics suite to toggle was already given.', EXIT_INVALID),
    }),
  ],
};

export async function setStatistics(args: Args, context: Context): Promise<number> {
  const draft: Draft = {};
  readWords(SET_GRAMMAR, draft, args, context);
  if (args.is('help')) throw new UsageRequest('', 'notice');
  if (!args.done) throw await unknownWord(args.next());
  const { device, isOn } = draft;
  if (device === undefined) {
    throw new UsageError('Not enough information: "dev" argument is required.', EXIT_USAGE);
  }
  if (isOn === undefined) {
    throw new UsageError('Not enough information: stat type to toggle is required.', EXIT_USAGE);
  }
  const request = new MessageWriter(RTM_SETSTATS, 0);
  statisticsHeader.write(request, { ...statisticsHeader.zero(), index: indexOf(device, context) });
  statisticsRequest.encode(request, { set_offload_xstats_l3_stats: isOn });
  return context.change(request);
}
