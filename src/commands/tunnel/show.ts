/** Lists of tunnels: the devices whose types are those of tunnels, each asked for what it is. */

import { linesOfTunnelStatistics } from '../../layouts/tunnel.ts';
import { RTM_GETLINK } from '../../linux/rtnetlink.ts';
import {
  decodeLink,
  type Link,
  type LinkHeader,
  link,
  linkHeader,
  linkStatistics,
} from '../../rtnetlink/link.ts';
import { EXIT_FAILURE, UsageError } from '../../schema/args.ts';
import type { Output } from '../../schema/output.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { CommandFailed } from '../frame/report.ts';

export interface TunnelList {
  readonly family: number;
  /** Types of devices, ARPHRD_*. */
  readonly types: readonly number[];
  /** The only device to list; empty for all. */
  readonly name: string;
  /** Shows the tunnel `device` if it is wanted; throws what is to be said of one that cannot be asked. */
  show(device: string, header: LinkHeader, out: Output): boolean;
  /** Whether a device whose message has no counters, as those of IPv6 have none, counts nothing; else the list ends. */
  readonly mayLackCounters: boolean;
}

const DECODE = link.select(['ifname', 'stats', 'stats64']);

/** Prints each tunnel on its own line, which programs get between the objects as well. */
export async function listTunnels(list: TunnelList, context: Context): Promise<number> {
  const { sink, view } = context;
  // The original's breaks between objects are no JSON.
  const write = context.strict === undefined ? sink.write : () => undefined;
  const request = new MessageWriter(RTM_GETLINK, 0);
  linkHeader.write(request, { ...linkHeader.zero(), family: list.family });
  const out = context.output();
  const lineBreak = view.oneLine ? '\\' : '\n';
  out.list();
  try {
    for await (const batch of context.dump(request)) {
      for (const message of batch) {
        const found = decodeLink(message, DECODE);
        if (found?.ifname === undefined || !list.types.includes(found.header.type)) continue;
        if (list.name !== '' && list.name !== found.ifname) continue;
        if (!showOrComplain(found as Named, list, out, context)) continue;
        if (view.statistics > 0) {
          const counters = found.stats64 ?? found.stats;
          if (counters === undefined && !list.mayLackCounters) {
            context.complain('Dump terminated');
            throw new CommandFailed(EXIT_FAILURE);
          }
          for (const line of linesOfTunnelStatistics(counters ?? linkStatistics.zero()))
            write(lineBreak + line);
        }
        write('\n');
      }
    }
  } finally {
    out.end();
  }
  return 0;
}

type Named = Link & { ifname: string };

function showOrComplain({ ifname, header }: Named, list: TunnelList, out: Output, context: Context): boolean {
  try {
    return list.show(ifname, header, out);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    context.complain(error.message);
    return false;
  }
}
