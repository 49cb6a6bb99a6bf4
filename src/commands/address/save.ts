/** `ip address save`, `restore` and `showdump`: addresses as a file of messages. */

import { showAddress } from '../../layouts/address.ts';
import { RTM_DELADDR, RTM_NEWADDR } from '../../linux/rtnetlink.ts';
import { AddressReader, addressHeader } from '../../rtnetlink/address.ts';
import type { Args } from '../../schema/args.ts';
import type { Output } from '../../schema/output.ts';
import type { Message } from '../../wire/message.ts';
import type { Context } from '../frame/context.ts';
import { complainOfTrailingBytes } from '../frame/truncated.ts';
import { filterDeviceIndex } from '../grammar/link-filter.ts';
import {
  readSavedMessages,
  restoreMessage,
  type SavedKind,
  saveMessages,
} from '../grammar/saved-messages.ts';
import { leaveFilter, readFilter } from './filter.ts';
import { addressDumpRequest } from './show.ts';

const SAVED_ADDRESSES: SavedKind = { name: 'address', magic: 0x47361222 };

/** Writes addresses to standard output. Of the filter only the device counts. */
export async function saveAddresses(args: Args, context: Context): Promise<number> {
  const filter = readFilter(args, context.family, context);
  const index = filterDeviceIndex(filter, context.names);
  leaveFilter(filter, index, context);
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
  const out = context.output();
  out.list();
  out.open();
  out.list('addr_info');
  try {
    let index = 0;
    for (const message of messages) {
      index = indexOf(message) ?? index;
      out.open();
      showSaved(message, index, out, context);
      out.close();
    }
  } finally {
    out.end();
    out.close();
    out.end();
  }
  return 0;
}

/** The device, if the message with its padding is long enough; the original prints that of the message before if not. */
function indexOf({ bytes, payload }: Message): number | undefined {
  return bytes.length - payload < addressHeader.size
    ? undefined
    : addressHeader.read(bytes, payload, addressHeader.size)?.index;
}

/** Prints a message, or of one about something else only the number that stands in the place of a device. */
function showSaved(message: Message, index: number, out: Output, context: Context): void {
  const { type, payload, end } = message;
  out.field('index', index | 0, `if${index | 0}:`);
  out.newline();
  if (type !== RTM_NEWADDR && type !== RTM_DELADDR) return;
  const address = new AddressReader();
  if (address.read(message)) {
    complainOfTrailingBytes(message, context);
    showAddress(address, out, context.view, { isDeleted: type === RTM_DELADDR });
  } else context.complain(`BUG: wrong nlmsg len ${end - payload - addressHeader.size}`);
}
