/** `ip tcp_metrics show`, `delete` and `flush`. */
import { decodeTcpMetrics, tcpMetrics } from '../../genetlink/tcp-metrics.ts';
import { showTcpMetrics } from '../../layouts/generic/tcp-metrics.ts';
import { AF_INET, AF_UNSPEC } from '../../linux/families.ts';
import { type Args, missingArgument } from '../../schema/args.ts';
import type { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { CommandFailed } from '../frame/report.ts';
import { type FamilySession, openFamily } from '../generic/family-session.ts';
import { addressText } from '../grammar/prefix.ts';
import { isSelected, isWhole, readSelector, type Selector } from './selector.ts';

/** The kernel forgets an entry at once: a list that stays is one that it does not let go. */
const MAX_FLUSH_ROUNDS = 100;

type Session = FamilySession<keyof typeof tcpMetrics.commands>;

/** Shows one entry, or those that the words select. */
export async function showEntries(args: Args, context: Context): Promise<number> {
  const selector = readSelector(args, context);
  const session = await openFamily(tcpMetrics, context);
  const { destination } = selector;
  if (destination !== undefined && isWhole(destination)) return showEntry(selector, session, context);
  const out = context.output();
  out.list();
  for await (const batch of session.dump(session.begin('get'))) {
    for (const message of batch) {
      const found = decodeTcpMetrics(message);
      if (found !== undefined && isSelected(found, selector, context.family))
        showTcpMetrics(found, out, context.view);
    }
  }
  out.end();
  return 0;
}

/** One entry is text with -json too. */
async function showEntry(selector: Selector, session: Session, context: Context): Promise<number> {
  const request = session.begin('get');
  encodeAddresses(request, selector);
  const [answer] = await session.request(request, 'answer');
  const found = answer && decodeTcpMetrics(answer);
  if (found !== undefined && isSelected(found, selector, context.family))
    showTcpMetrics(found, context.textOutput(), context.view);
  return 0;
}

/** Forgets one entry. */
export async function deleteEntry(args: Args, context: Context): Promise<number> {
  const selector = readSelector(args, context, true);
  if (selector.destination === undefined) throw missingArgument('address');
  return forget(selector, await openFamily(tcpMetrics, context));
}

async function forget(selector: Selector, session: Session): Promise<number> {
  const request = session.begin('del');
  encodeAddresses(request, selector);
  return session.change(request);
}

/** Forgets all entries, one, or those that the words select, until none is left. */
export async function flushEntries(args: Args, context: Context): Promise<number> {
  const selector = readSelector(args, context);
  const session = await openFamily(tcpMetrics, context);
  const { destination, source } = selector;
  const isWildcard = destination === undefined || destination.family === AF_UNSPEC;
  if (isWildcard && source === undefined && context.family === AF_UNSPEC) return forget({}, session);
  if (destination !== undefined && isWhole(destination)) return forget(selector, session);
  for (let round = 0; round < MAX_FLUSH_ROUNDS; round++) {
    const count = await flushOnce(selector, session, context);
    if (count > 0) continue;
    if (round === 0) context.complain('Nothing to flush.');
    return 0;
  }
  throw new CommandFailed();
}

/** Lists the entries that are meant and forgets each. Returns how many they are. */
async function flushOnce(selector: Selector, session: Session, context: Context): Promise<number> {
  const deletions: MessageWriter[] = [];
  for await (const batch of session.dump(session.begin('get'), { verdict: 'Flush terminated' })) {
    for (const message of batch) {
      const found = decodeTcpMetrics(message);
      if (found === undefined || !isSelected(found, selector, context.family)) continue;
      const { addr_ipv4, addr_ipv6, saddr_ipv4, saddr_ipv6 } = found.attributes;
      const deletion = session.begin('del');
      tcpMetrics.attributes.encode(deletion, { addr_ipv4, addr_ipv6, saddr_ipv4, saddr_ipv6 });
      deletions.push(deletion);
    }
  }
  session.deleteAll(deletions);
  return deletions.length;
}

function encodeAddresses(request: MessageWriter, { destination, source }: Selector): void {
  const { attributes } = tcpMetrics;
  if (destination !== undefined && destination.family !== AF_UNSPEC) {
    const text = addressText(destination);
    const name = destination.family === AF_INET ? 'addr_ipv4' : 'addr_ipv6';
    attributes.encode(request, { [name]: text });
  }
  if (source !== undefined) {
    const text = addressText(source);
    const name = source.family === AF_INET ? 'saddr_ipv4' : 'saddr_ipv6';
    attributes.encode(request, { [name]: text });
  }
}
