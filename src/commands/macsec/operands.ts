/** What the commands of `ip macsec` take by place. */
import { EXIT_USAGE, mustBeOneOf, UsageError } from '../../schema/args.ts';
import { type Value, value } from '../../schema/keywords.ts';
import * as spellings from '../../schema/spelling.ts';
import type { Context } from '../frame/context.ts';
import { MACSEC_USAGE } from './usage.ts';

const OFFLOADS = ['off', 'phy', 'mac'] as const;
const SPELLING = spellings.oneOf(OFFLOADS, { isAbbreviable: 'with a warning' });

/** A device, looked up at once. */
export const DEV: Value<number, Context> = value(
  { synopsis: 'DEV', names: 'device' },
  (word, { names }) => names.deviceIndex(word),
  word => new UsageError(`Device "${word}" does not exist.`),
);

/** Who does the work: MACSEC_OFFLOAD_*. */
export const OFFLOAD: Value<number, Context> = value(
  { synopsis: '{ off | phy | mac }', words: OFFLOADS },
  (word, context) => SPELLING.parse(word, { names: context.names, warn: text => context.complain(text) }),
  word => new UsageError(`${mustBeOneOf('offload', OFFLOADS, word).message}\n${MACSEC_USAGE}`, EXIT_USAGE),
);
