/** `ip address flush`: deletes the addresses that a filter chooses, round by round until none is left. */

import { strerror } from '../../kernel/system/errors.ts';
import { showAddress } from '../../layouts/address.ts';
import { EADDRNOTAVAIL } from '../../linux/errno.ts';
import { AF_PACKET } from '../../linux/families.ts';
import { RTM_DELADDR, RTM_NEWADDR } from '../../linux/rtnetlink.ts';
import { ADDRESS_FLAGS, AddressReader } from '../../rtnetlink/address.ts';
import { type Args, EXIT_FAILURE, EXIT_USAGE, UsageError } from '../../schema/args.ts';
import type { Message } from '../../wire/message.ts';
import type { Context } from '../frame/context.ts';
import { deleteAll } from '../frame/flush.ts';

import { CommandFailed } from '../frame/report.ts';
import { filterDeviceIndex } from '../grammar/link-filter.ts';
import { type AddressFilter, isShown, leaveFilter, readFilter } from './filter.ts';
import { addressDumpRequest } from './show.ts';

/** Deletes what the rest of the line asks for; answers the exit code. Filters of devices other than `dev` do not count. */
export async function flushAddresses(args: Args, context: Context): Promise<number> {
  if (args.done) throw new UsageError('Flush requires arguments.');
  if (context.family === AF_PACKET) throw new UsageError('Cannot flush link addresses.', EXIT_FAILURE);
  const filter = readFilter(args, context.family, context);
  const index = filterDeviceIndex(filter, context.names);
  leaveFilter(filter, index, context, true);
  const { maxFlushRounds } = context.options;
  const isChatty = context.view.statistics > 0;
  const say = (line: string) => isChatty && context.sink.write(`${line}\n`);

  for (let round = 0; ; ) {
    const messages = await findAddresses(filter, index, context);
    if (messages.length === 0) {
      say(round === 0 ? 'Nothing to flush.' : completion(round));
      return 0;
    }
    await deleteMessages(messages, context);
    round++;
    say(`\n*** Round ${round}, deleting ${messages.length} addresses ***`);
    if (context.options.dryRun) return 0;
    // Where secondary addresses become primary ones, asking for primary ones again would delete all.
    if (isPrimaryOnly(filter)) {
      say(completion(round));
      return 0;
    }
    if (round === maxFlushRounds) {
      context.complain(`*** Flush remains incomplete after ${round} rounds. ***`);
      throw new CommandFailed(EXIT_USAGE);
    }
  }
}

function completion(rounds: number): string {
  return `*** Flush is complete after ${rounds} round${rounds > 1 ? 's' : ''} ***`;
}

function isPrimaryOnly({ flags, flagMask }: AddressFilter): boolean {
  return (flagMask & ~flags & ADDRESS_FLAGS.secondary) !== 0;
}

async function findAddresses(
  filter: AddressFilter,
  index: number | undefined,
  context: Context,
): Promise<readonly Message[]> {
  const { names, view } = context;
  const found: Message[] = [];
  const address = new AddressReader();
  const out = context.textOutput();
  const request = addressDumpRequest(filter.family, index);
  for await (const batch of context.dump(request, { verdict: 'Flush terminated' })) {
    for (const message of batch) {
      if (message.type !== RTM_NEWADDR || !address.read(message)) continue;
      if (index !== undefined && address.device !== index) continue;
      if (!isShown(address, filter, names)) continue;
      found.push(message);
      if (view.statistics <= 1) continue;
      out.open();
      showAddress(address, out, view, { hasDevice: true });
      out.close();
    }
  }
  return found;
}

async function deleteMessages(messages: readonly Message[], context: Context): Promise<void> {
  for (const { errno } of deleteAll(messages, RTM_DELADDR, context)) {
    if (errno === EADDRNOTAVAIL) continue;
    context.complain(`Failed to send flush request: ${strerror(errno)}`);
    throw new CommandFailed(EXIT_USAGE);
  }
}
