/** The argument that kinds of paired devices share: `peer` and the general arguments of the other device. */
import { type Args, duplicateArgument, UsageRequest } from '../../schema/args.ts';
import type { LinkTools } from '../kind.ts';
import type { LinkMessage } from '../link.ts';

/** Reads `peer ...`, the only argument there may be; anything else prints the usage text. */
export function parseOnlyPeer(usage: string) {
  return (args: Args, draft: { peer?: LinkMessage | undefined }, tools: LinkTools): void => {
    if (!args.accept('peer')) throw new UsageRequest(usage, 'refusal');
    const peer = tools.parsePeer(args);
    if (peer.kind !== undefined) throw duplicateArgument('type', peer.kind);
    draft.peer = peer;
  };
}
