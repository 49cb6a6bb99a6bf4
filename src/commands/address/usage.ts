/** The help text of `ip address`: synopses made of the grammars, explanations in our own words. */
import { synopsisItems, synopsisLines, synopsisWords } from '../../schema/synopsis.ts';
import { typeSynopsis } from '../grammar/kind-list.ts';
import { ADDRESS_FILTER_KEYWORDS, FILTER_GRAMMAR } from './filter.ts';
import { CHANGE_GRAMMAR } from './words.ts';

const settableFlags = ['home', 'nodad', 'mngtmpaddr', 'noprefixroute', 'autojoin', 'optimistic'];
const flagWords = synopsisWords({
  keywords: ADDRESS_FILTER_KEYWORDS.filter(({ operands }) => operands.length === 0),
});
const flags = flagWords
  .filter(word => !word.startsWith('-') && !settableFlags.includes(word))
  .map(word => (['tentative', 'deprecated', 'dadfailed'].includes(word) ? `[-]${word}` : word));

const lifetime = synopsisItems(CHANGE_GRAMMAR, { only: ['valid_lft', 'preferred_lft'] });
const addressItems = synopsisItems(CHANGE_GRAMMAR, {
  only: ['broadcast', 'anycast', 'label', 'scope', 'metric', 'proto'],
});
const filter = synopsisItems(FILTER_GRAMMAR, {
  alternatives: [['up', 'down']],
  without: ['novf', ...flagWords],
});

export const ADDRESS_USAGE = `\
${synopsisLines('Usage: ip address { add | change | replace } IFADDR dev IFNAME', ['[ LIFETIME ]', '[ CONFFLAG-LIST ]'], 24)}
       ip address del IFADDR dev IFNAME [ mngtmpaddr ]
${synopsisLines('       ip address { save | flush }', [...filter, '[ FLAG-LIST ]'], 24)}
${synopsisLines('       ip address [ show', [...filter, '[ FLAG-LIST ]', ']'], 24)}
       ip address { showdump | restore }
${synopsisLines('IFADDR := PREFIX | ADDR peer PREFIX', addressItems, 10)}
SCOPE-ID := [ host | link | global | NUMBER ]
FLAG-LIST := [ FLAG-LIST ] FLAG
${synopsisLines('FLAG := [', [...flags.map(word => `${word} |`), 'CONFFLAG ]'], 8)}
CONFFLAG-LIST := [ CONFFLAG-LIST ] CONFFLAG
CONFFLAG := [ ${settableFlags.join(' | ')} ]
LIFETIME := ${lifetime.join(' ')}
LFT := forever | SECONDS
ADDRPROTO := [ NAME | NUMBER ]
${typeSynopsis()}

  PREFIX         the address with the length of its network, ADDR/LENGTH
  peer           the other end of a point-to-point link (also: remote)
  broadcast      + sets the host bits, - clears them (also: brd)
  label          a name of this address, for programs that know one address a device
  scope          where the address is valid
  metric         of the route to the network (also: priority, preference)
  proto          who set the address
  noprefixroute  no route to the network
  autojoin       join the multicast group
  FLAG           with - before it: addresses without the flag
  save           write addresses as messages
  showdump       print such messages of standard input; restore adds the addresses`;
