/** `ip address save`, `restore` and `showdump`: addresses as a file of messages. */

import { showAddress } from '../../layouts/address.ts';
import { RTM_DELADDR, RTM_NEWADDR } from '../../linux/rtnetlink.ts';
import { AddressReader, addressHeader, deviceOf } from '../../rtnetlink/address.ts';
import type { Args } from '../../schema/args.ts';
import type { Output } from '../../schema/output.ts';
import type { Message } from '../../wire/message.ts';
import type { Context } from '../frame/context.ts';
import { filterDeviceIndex } from '../grammar/link-filter.ts';
import {
  readSavedMessages,
  restoreMessage,
  type SavedKind,
  saveMessages,
} from '../grammar/saved-messages.ts';
import { readFilter } from './filter.ts';
import { addressDumpRequest } from './show.ts';

const SAVED_ADDRESSES: SavedKind = { name: 'address', magic: 0x47361222 };

/** Writes addresses to standard output. Of the filter only the device counts. */
export async function saveAddresses(args: Args, context: Context): Promise<number> {
  const filter = readFilter(args, context.family, context);
  const index = filterDeviceIndex(filter, context.names);
  await saveMessages(SAVED_ADDRESSES, addressDumpRequest(context.family, index), context);
  return 0;
}

/** Adds the addresses that standard input holds. Further words mean nothing, as in the original. */
export async function restoreAddresses(_args: Args, context: Context): Promise<number> {
  for (const message of readSavedMessages(SAVED_ADDRESSES)) await restoreMessage(message, context);
  return 0;
}

/** Prints the addresses that standard input holds. */
export async function showSavedAddresses(_args: Args, context: Context): Promise<number> {
  const messages = readSavedMessages(SAVED_ADDRESSES);
  let next = messages.next(); // Complains of a wrong file before anything is printed.
  const out = context.output();
  out.list();
  out.open();
  out.list('addr_info');
  try {
    for (; !next.done; next = messages.next()) {
      out.open();
      const isWhole = showSaved(next.value, out, context);
      out.close();
      if (!isWhole) break;
    }
  } finally {
    out.end();
    out.close();
    out.end();
  }
  return 0;
}

/** Prints a message, or of one about something else only the number that stands in the place of a device. */
function showSaved(message: Message, out: Output, context: Context): boolean {
  const { type, payload, end } = message;
  const address = new AddressReader();
  const isWhole = address.read(message);
  const index = deviceOf(message) ?? 0;
  out.field('index', index, `if${index}:`);
  out.newline();
  if (type !== RTM_NEWADDR && type !== RTM_DELADDR) return true;
  if (!isWhole) {
    context.complain(`BUG: wrong nlmsg len ${end - payload - addressHeader.size}`);
    return false;
  }
  showAddress(address, out, context.view, { isDeleted: type === RTM_DELADDR });
  return true;
}
