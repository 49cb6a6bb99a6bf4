/** The help text of `ip rule`: synopses out of the grammars, explanations in our own words. */
import { synopsisItems, synopsisLines } from '../../schema/synopsis.ts';
import { CHANGE_GRAMMAR } from './change.ts';

const ACTIONS = ['table', 'protocol', 'nat', 'realms', 'goto', 'nop'];
const SUPPRESSORS = ['suppress_prefixlength', 'suppress_ifgroup'];

const selectors = synopsisItems(CHANGE_GRAMMAR, { without: [...ACTIONS, ...SUPPRESSORS] });
const actions = synopsisItems(CHANGE_GRAMMAR, { only: ACTIONS });
const suppressors = synopsisItems(CHANGE_GRAMMAR, { only: SUPPRESSORS });

export const RULE_USAGE = `\
Usage: ip rule { add | del } SELECTOR ACTION
       ip rule { flush | save | restore }
       ip rule [ list [ SELECTOR ]]

${synopsisLines('SELECTOR :=', selectors)}
${synopsisLines('ACTION :=', [...actions, '[ TYPE ]', 'SUPPRESSOR'])}
${synopsisLines('SUPPRESSOR :=', suppressors)}
TABLE_ID := [ local | main | default | NUMBER ]
TYPE := { blackhole | unreachable | prohibit | any other type of route }

  not        the rule is for packets that do not match
  pref       place among the rules (also: priority, order)
  tos        also: dsfield             iif     also: dev
  fwmark     mark of the packet        l3mdev  the table of the VRF of the device
  uidrange   users, by number          tun_id  id of the tunnel
  protocol   who set the rule          nat     for old kernels (also: map-to)
  table      look there (also: lookup), but ignore routes that the suppressors name:
             by the length of their prefix (also: sup_pl), by the group of their
             device (also: sup_group)
  goto, nop  go on at another rule, at the next
  flush      deletes rules, but not those of priority 0
  save       writes rules as messages  restore reads them from standard input`;
