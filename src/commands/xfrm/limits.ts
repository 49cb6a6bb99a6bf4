/** LIMIT: when a state or policy expires. */
import { XFRM_INF } from '../../linux/xfrm.ts';
import { wrongArgument } from '../../schema/args.ts';
import { type Keyword, type Operand, reads, type Value, value } from '../../schema/keywords.ts';
import { parseUnsigned64 } from '../../schema/number.ts';
import { LIMITS } from '../../xfrm/names.ts';
import { type LifetimeLimits, lifetimeLimits } from '../../xfrm/structs.ts';
import type { Context } from '../frame/context.ts';

/** No limits: states and policies are made with them. */
export function noLimits(): LifetimeLimits {
  return {
    ...lifetimeLimits.zero(),
    soft_byte_limit: XFRM_INF,
    hard_byte_limit: XFRM_INF,
    soft_packet_limit: XFRM_INF,
    hard_packet_limit: XFRM_INF,
  };
}

const WORDS = Object.keys(LIMITS) as (keyof typeof LIMITS)[];

function limitValue(word: string): Value<bigint> {
  const synopsis = word.startsWith('time') ? 'SECONDS' : word.startsWith('byte') ? 'SIZE' : 'COUNT';
  const examples = ['0', '1', '18446744073709551615'];
  return value({ synopsis, examples }, text => parseUnsigned64(text), `value after "${word}" is invalid`);
}

const KEYWORDS: readonly Keyword<LifetimeLimits, Context>[] = WORDS.map(word => {
  const LIMIT = limitValue(word);
  return reads(word, [LIMIT], (limits, args, context) => {
    limits[LIMITS[word]] = LIMIT.read(args, context, word);
  });
});

const LIMIT: Operand = { synopsis: 'LIMIT', grammar: () => ({ keywords: KEYWORDS }), isChoice: true };

/** The keyword `limit`, which is given once for each limit. */
export function limitKeyword<D extends { limits: LifetimeLimits }>(): Keyword<D, Context> {
  const keyword = reads<D, Context>('limit', [LIMIT], (draft, args, context) => {
    const word = args.next();
    const found = KEYWORDS.find(limit => limit.word === word);
    if (found === undefined) throw wrongArgument(word, 'LIMIT value is invalid');
    found.read(draft.limits, args, context, word);
  });
  return { ...keyword, repeats: true };
}
