/** The help text of `ip link`: synopses made of the grammars. */
import { OPERATION_STATES } from '../../rtnetlink/link-settings.ts';
import { synopsisItems, synopsisLines, synopsisWords } from '../../schema/synopsis.ts';
import { FILTER_GRAMMAR } from '../address/filter.ts';
import { typeSynopsis } from '../grammar/kind-list.ts';
import { LINK_FILTER_KEYWORDS } from '../grammar/link-filter.ts';
import { INET_GRAMMAR } from './inet.ts';
import { VF_GRAMMAR } from './vf.ts';
import { LINK_GRAMMAR } from './words.ts';

/** What both new and existing devices take, and what takes more than a line. */
const ELSEWHERE = ['dev', 'up', 'down', 'type', 'vf', 'inet', 'xdp', 'xdpgeneric', 'xdpdrv', 'xdpoffload'];

const [xdp] = synopsisItems(LINK_GRAMMAR, { only: ['xdp'] });
const inetSwitches = INET_GRAMMAR.keywords.filter(({ operands }) => operands[0]?.words !== undefined);
const inetNumbers = INET_GRAMMAR.keywords.filter(({ operands }) => operands[0]?.words === undefined);

const settings = synopsisItems(LINK_GRAMMAR, {
  without: [...ELSEWHERE, 'link', 'index', 'numtxqueues', 'numrxqueues', 'parentdev'],
  alternatives: [['link-netns', 'link-netnsid']],
});
const forNew = synopsisItems(LINK_GRAMMAR, {
  only: [...['txqueuelen', 'address', 'broadcast', 'mtu', 'index', 'numtxqueues', 'numrxqueues', 'netns']],
});
const filter = synopsisItems(FILTER_GRAMMAR, {
  only: synopsisWords({ keywords: LINK_FILTER_KEYWORDS }),
  alternatives: [['up', 'down']],
  without: ['group'],
}).map(item => item.replace('master DEVICE', 'master DEV')); // So spelt here, and DEVICE where it is set.

export const LINK_USAGE = `\
${synopsisLines('Usage: ip link add [ link DEV | parentdev NAME ] [ name ] NAME', [...forNew, '[ SETTING ]', 'type TYPE [ ARGS ]'], 16)}
       ip link replace [ name ] NAME [ SETTING ] type TYPE [ ARGS ]
       ip link delete { DEVICE | dev DEVICE | group DEVGROUP } type TYPE [ ARGS ]
       ip link { set | change } { DEVICE | dev DEVICE | group DEVGROUP }
                [ { up | down } ] [ type TYPE ARGS ] [ SETTING ]
       ip link set { DEVICE | dev DEVICE } [ SETTING ] netns NETNS --return
${synopsisLines('       ip link show [ DEVICE | dev DEVICE | group GROUP ]', filter, 16)}
       ip link xstats type TYPE [ ARGS ]
       ip link afstats [ dev DEVICE ]
       ip link property { add | del } dev DEVICE [ altname NAME .. ]
       ip link help [ TYPE ]

${synopsisLines('SETTING :=', settings, 8)}
${synopsisLines('        [ vf NUM', [...synopsisItems(VF_GRAMMAR), ']'], 12)}
${synopsisLines('        [ { xdp | xdpgeneric | xdpdrv | xdpoffload }', xdp!.replace('[ xdp ', '').split(/ (?=object|pinned|\[)/), 12)}
${synopsisLines('        [ inet [ {', [...inetSwitches.map(({ word }, at) => `${word} ${at < inetSwitches.length - 1 ? '|' : '}'}`), '{ on | off } ]', ...synopsisItems({ keywords: inetNumbers }), ']'], 12)}
STATE := { ${OPERATION_STATES.join(' | ').toLowerCase()} }
${typeSynopsis()}

  netns, link-netns   a name of the run directory, a file, or a process
  link-netnsid        the namespace of the lower device, by its id
  TYPE                any other kind too that the kernel knows, without ARGS`;
