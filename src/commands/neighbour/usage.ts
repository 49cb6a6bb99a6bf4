/** The help text of `ip neighbour`: synopses out of the grammars, explanations in our own words. */
import { synopsisItems, synopsisLines } from '../../schema/synopsis.ts';
import { CHANGE_GRAMMAR } from './change.ts';
import { FILTER_GRAMMAR } from './show.ts';

const change = ['{ ADDR | proxy ADDR }', ...synopsisItems(CHANGE_GRAMMAR, { without: ['proxy', 'to'] })];
const filter = synopsisItems(FILTER_GRAMMAR, { alternatives: [['master', 'vrf', 'nomaster']] });

export const NEIGHBOUR_USAGE = `\
${synopsisLines('Usage: ip neigh { add | del | change | replace }', change, 16)}
${synopsisLines('       ip neigh { show | flush }', filter, 16)}
       ip neigh get { ADDR | proxy ADDR } dev DEV

STATE := { permanent | noarp | stale | reachable | none | incomplete | delay |
           probe | failed | NUMBER }; to show also all

  lladdr     link-layer address              router        it is a router
  nud        state; permanent without it, and to show: all states but noarp
  proxy      answer for this address in the name of others
  use        look the address up now         managed       ... and from time to time
  extern_learn, extern_valid                 learnt by, looked after by another program
  protocol   who set the entry: a name or a number
  unused     entries that nobody uses
  master, vrf, nomaster                      on devices that belong to this one, to none`;
