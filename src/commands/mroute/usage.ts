/** The help text of `ip mroute`: a synopsis out of the grammar, an explanation in our own words. */
import { synopsisItems, synopsisLines } from '../../schema/synopsis.ts';
import { FILTER_GRAMMAR } from './show.ts';

export const MROUTE_USAGE = `\
${synopsisLines('Usage: ip mroute show', ['[ [ to ] PREFIX ]', ...synopsisItems(FILTER_GRAMMAR)])}
TABLE_ID := [ local | main | default | all | NUMBER ]

A multicast routing daemon makes these routes: packets of a source to a group that come in
by one device (iif) go out by others (oifs). PREFIX selects groups.`;
