/** Routing rules in a monitor. */

import { showRule } from '../../layouts/rule.ts';
import { RTM_DELRULE } from '../../linux/rtnetlink.ts';
import { decodeRule } from '../../rtnetlink/rule.ts';
import type { Context } from '../frame/context.ts';
import type { Printer } from './printer.ts';

/** Prints rule messages. */
export function rulePrinter({ view }: Context): Printer['print'] {
  return (message, out, begin) => {
    const rule = decodeRule(message);
    if (rule === undefined) return;
    begin();
    showRule(rule, message.type === RTM_DELRULE, out, view);
  };
}
