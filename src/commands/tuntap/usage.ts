/** The help text of `ip tuntap`: a synopsis made of the grammar, explanations in our own words. */
import { synopsisItems, synopsisLines } from '../../schema/synopsis.ts';
import { ADD_GRAMMAR } from './change.ts';

export const TUNTAP_USAGE = `\
${synopsisLines('Usage: ip tuntap { add | del | show | list | lst | help }', synopsisItems(ADD_GRAMMAR), 7)}

Where: USER  := { STRING | NUMBER }
       GROUP := { STRING | NUMBER }

USER and GROUP may attach to the device. The kernel chooses a name if there is none.`;
