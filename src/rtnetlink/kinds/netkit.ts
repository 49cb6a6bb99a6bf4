/** Pairs of devices whose traffic BPF programs decide on. Source: linux/if_link.h IFLA_NETKIT_*. */
import { type Args, duplicateArgument, EXIT_FAILURE, UsageError } from '../../schema/args.ts';
import { setAgain } from '../../schema/facets.ts';
import type { ValuesOf } from '../../schema/row.ts';
import * as row from '../../schema/row.ts';
import { named, oneOf } from '../../schema/spelling.ts';
import { type LinkTools, linkKind, unknownOption } from '../kind.ts';
import { linkMessage } from '../link.ts';

const usage = `Usage: ip link add [NAME] [SETTINGS] type netkit [mode MODE] [POLICY] [scrub SCRUB]
               [peer [POLICY] [scrub SCRUB] [[name] NAME] [SETTINGS]]
MODE   := l3 | l2, l3 unless given
POLICY := forward | blackhole, what happens where no program decides, forward unless given
SCRUB  := default | none, what is kept of packets that cross
'ip link help' names the SETTINGS.`;

const unknown = () => 'UNKNOWN';
const modes = oneOf(['l2', 'l3'], { unknown });
/** NETKIT_PASS and NETKIT_DROP are actions of BPF programs. */
const policies = named({ 0: 'forward', 2: 'blackhole' }, { unknown });
const scrubs = oneOf(['none', 'default'], { unknown });

const rows = {
  mode: row.u32(5, { spelling: modes }),
  primary: row.u8(2, {
    keyword: false,
    label: 'type',
    key: 'type',
    spelling: named({ 0: 'peer' }, { unknown: () => 'primary' }),
  }),
  policy: row.u32(3, { keyword: false, spelling: policies }),
  peer_policy: row.u32(4, { keyword: false, label: 'peer policy', spelling: policies }),
  scrub: row.u32(6, { spelling: scrubs }),
  peer_scrub: row.u32(7, { keyword: false, label: 'peer scrub', spelling: scrubs }),
  headroom: row.u16(8, { keyword: false, show: false }),
  tailroom: row.u16(9, { keyword: false, show: false }),
  peer_info: row.value(1, linkMessage),
};

export const netkit = linkKind('netkit', usage, rows, { parse });

/** Words after `peer` that are not netkit's begin the general arguments of the other device. */
function parse(args: Args, draft: ValuesOf<typeof rows>, tools: LinkTools): void {
  let isPeer = false;
  while (!args.done) {
    const word = args.peek() as string;
    const policy = policies.parse(word, tools);
    if (word === 'mode') {
      args.skip();
      const value = args.next();
      if (draft.mode !== undefined) throw duplicateArgument('mode', value);
      draft.mode = modes.parse(value, tools);
      if (draft.mode === undefined) {
        throw new UsageError('Error: argument of "mode" must be either "l3" or "l2"', EXIT_FAILURE);
      }
    } else if (policy !== undefined) {
      args.skip();
      setAgain(draft, isPeer ? 'peer_policy' : 'policy', policy);
    } else if (word === 'scrub') {
      args.skip();
      const scrub = scrubs.parse(args.next(), tools);
      if (scrub === undefined) {
        throw new UsageError('Error: scrub must be either "none" or "default"', EXIT_FAILURE);
      }
      setAgain(draft, isPeer ? 'peer_scrub' : 'scrub', scrub);
    } else if (word === 'peer') {
      args.skip();
      if (isPeer) throw duplicateArgument('peer', args.peek() ?? '(null)');
      isPeer = true;
    } else if (isPeer) {
      const peer = tools.parsePeer(args);
      if (peer.kind !== undefined) throw duplicateArgument('type', args.peek() ?? '(null)');
      draft.peer_info = peer;
    } else {
      throw new UsageError(`${unknownOption(word, tools.kind)}\n${usage}`, EXIT_FAILURE);
    }
  }
}
