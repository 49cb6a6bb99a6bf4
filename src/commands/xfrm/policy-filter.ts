/** Which policies `list` and `deleteall` mean. */

import { policyTypeOf } from '../../layouts/xfrm/policy.ts';
import { AF_UNSPEC } from '../../linux/families.ts';
import type { Args } from '../../schema/args.ts';
import { exact, flag, type Grammar, readWords } from '../../schema/keywords.ts';
import type { AttributeIndex } from '../../wire/attributes.ts';
import { POLICY_FLAGS } from '../../xfrm/names.ts';
import type { PolicyInfo, Selector } from '../../xfrm/structs.ts';
import type { Context } from '../frame/context.ts';
import { isInside } from '../grammar/prefix.ts';
import { unknownWord } from './conversation.ts';
import { beginsSelector, newSelecting, readSelector, SELECTOR_KEYWORDS, type Selecting } from './selector.ts';
import { ACTION, DIRECTION, flagsKeyword, INDEX, POLICY_TYPE, PRIORITY } from './values.ts';

/** Policies of sockets have directions from here on. */
const SOCKET = 3;

/** What a list is to contain. */
export interface PolicyFilter extends Selecting {
  direction?: number;
  index?: number;
  type?: number;
  action?: number;
  priority?: number;
  /** Any of them. */
  flags?: number;
  hidesSockets: boolean;
  isSelectorRead: boolean;
}

/** The words of `list` and `deleteall`. */
export const FILTER_GRAMMAR: Grammar<PolicyFilter, Context> = {
  keywords: [
    exact('dir', DIRECTION, 'direction'),
    exact('index', INDEX, 'index'),
    exact('ptype', POLICY_TYPE, 'type'),
    exact('action', ACTION, 'action'),
    exact('priority', PRIORITY, 'priority'),
    flagsKeyword('flag', POLICY_FLAGS, 0xff, 'FLAG value is invalid', (filter, bits) => {
      filter.flags = (filter.flags ?? 0) | bits;
    }),
    flag('nosock', filter => {
      filter.hidesSockets = true;
    }),
    ...SELECTOR_KEYWORDS.map(keyword => ({
      ...keyword,
      read(filter: PolicyFilter, args: Args, context: Context) {
        args.back();
        readFilterSelector(filter, args, context);
      },
    })),
  ],
  readOperand: readFilterSelector,
};

function readFilterSelector(filter: PolicyFilter, args: Args, context: Context): void {
  if (filter.isSelectorRead || !beginsSelector(args)) throw unknownWord(args.peek()!);
  filter.isSelectorRead = true;
  readSelector(filter, args, context);
  if (filter.preferred === AF_UNSPEC) filter.preferred = filter.sel.family;
}

/** Reads the words of a line. */
export function readPolicyFilter(args: Args, context: Context): PolicyFilter {
  const filter: PolicyFilter = {
    ...newSelecting(context.family),
    hidesSockets: false,
    isSelectorRead: false,
  };
  readWords(FILTER_GRAMMAR, filter, args, context);
  return filter;
}

/** Whether a policy is meant. */
export function isPolicyMeant(policy: PolicyInfo, attributes: AttributeIndex, filter: PolicyFilter): boolean {
  const is = <T>(wanted: T | undefined, found: T) => wanted === undefined || wanted === found;
  return (
    !(filter.hidesSockets && policy.dir >= SOCKET) &&
    is(filter.direction, policy.dir) &&
    isSelected(policy.sel, filter) &&
    is(filter.index, policy.index) &&
    is(filter.type, policyTypeOf(attributes)) &&
    is(filter.action, policy.action) &&
    is(filter.priority, policy.priority) &&
    (filter.flags === undefined || (filter.flags & policy.flags) !== 0)
  );
}

function isSelected(found: Selector, { sel, given }: PolicyFilter): boolean {
  const { source, destination, hasDevice, hasProtocol } = given;
  if (sel.family !== AF_UNSPEC && sel.family !== found.family) return false;
  if (source !== undefined && !isInside(found.saddr, 0, source)) return false;
  if (destination !== undefined && !isInside(found.daddr, 0, destination)) return false;
  if (hasDevice && sel.ifindex !== found.ifindex) return false;
  if (hasProtocol && sel.proto !== found.proto) return false;
  if (sel.sport_mask !== 0 && sel.sport !== found.sport) return false;
  return sel.dport_mask === 0 || sel.dport === found.dport;
}

/** Whether a policy is one of a socket, which nobody else may delete. */
export function isOfSocket({ dir }: PolicyInfo): boolean {
  return dir >= SOCKET;
}
