/** Which states `list` and `deleteall` mean. */
import { AF_UNSPEC } from '../../linux/families.ts';
import type { Args } from '../../schema/args.ts';
import { exact, flag, type Grammar, readWords } from '../../schema/keywords.ts';
import { STATE_FLAGS } from '../../xfrm/names.ts';
import type { StateInfo } from '../../xfrm/structs.ts';
import type { Context } from '../frame/context.ts';
import { isInside } from '../grammar/prefix.ts';
import { type Identified, identityKeywords, newIdentity, readIdentity } from './identity.ts';
import { flagsKeyword, MODE, REQID } from './values.ts';

/** What a list is to contain. */
export interface StateFilter extends Identified {
  mode?: number;
  reqid?: number;
  /** Any of them. */
  flags?: number;
  hidesKeys: boolean;
}

/** The words of `list` and `deleteall`. */
export const FILTER_GRAMMAR: Grammar<StateFilter, Context> = {
  keywords: [
    flag('nokeys', filter => {
      filter.hidesKeys = true;
    }),
    exact('mode', MODE, 'mode'),
    exact('reqid', REQID, 'reqid'),
    flagsKeyword('flag', STATE_FLAGS, 0xff, 'FLAG value is invalid', (filter, bits) => {
      filter.flags = (filter.flags ?? 0) | bits;
    }),
    ...identityKeywords<StateFilter>(true),
  ],
  readOperand: (filter, args, context) => readIdentity(filter, args, context, true),
};

/** Reads the words of a line. */
export function readStateFilter(args: Args, context: Context): StateFilter {
  const filter: StateFilter = { ...newIdentity(context.family), hidesKeys: false };
  readWords(FILTER_GRAMMAR, filter, args, context);
  return filter;
}

/** Whether a state is meant. */
export function isStateMeant(state: StateInfo, filter: StateFilter): boolean {
  const { source, destination, hasProtocol, hasSpi } = filter.given;
  if (filter.family !== AF_UNSPEC && filter.family !== state.family) return false;
  if (source !== undefined && !isInside(state.saddr, 0, source)) return false;
  if (destination !== undefined && !isInside(state.id.daddr, 0, destination)) return false;
  if (hasProtocol && filter.id.proto !== state.id.proto) return false;
  if (hasSpi && filter.id.spi !== state.id.spi) return false;
  if (filter.mode !== undefined && filter.mode !== state.mode) return false;
  if (filter.reqid !== undefined && filter.reqid !== state.reqid) return false;
  return filter.flags === undefined || (filter.flags & state.flags) !== 0;
}
