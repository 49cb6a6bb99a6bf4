/** `ip address show`: devices with their addresses, or with `-o` addresses alone. */

import { KernelError, strerror } from '../../kernel/system/errors.ts';
import { type AddressLayout, showAddress } from '../../layouts/address.ts';
import { showLink, showLinkBrief } from '../../layouts/link/link.ts';
import { showStatistics } from '../../layouts/link/statistics.ts';
import type { LinkLayout, LinkView } from '../../layouts/link/view.ts';
import { AF_PACKET, AF_UNSPEC } from '../../linux/families.ts';
import { IFF_UP } from '../../linux/interfaces.ts';
import { RTM_GETADDR, RTM_GETLINK, RTM_NEWADDR, RTM_NEWLINK } from '../../linux/rtnetlink.ts';
import { AddressReader, addressHeader, deviceOf } from '../../rtnetlink/address.ts';
import { linkHeader } from '../../rtnetlink/link.ts';
import { type LinkReader, linkReader } from '../../rtnetlink/link-reader.ts';
import type { Args } from '../../schema/args.ts';
import type { Output } from '../../schema/output.ts';
import { loadSigned32 } from '../../wire/integers.ts';
import type { Message } from '../../wire/message.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';

import { kernelErrorText } from '../frame/report.ts';
import { linkGetRequest } from '../grammar/device-request.ts';
import {
  type DeviceChooser,
  deviceChooser,
  extensionMask,
  filterDeviceIndex,
  linkDumpRequest,
} from '../grammar/link-filter.ts';
import {
  dumpLinks,
  isPrintable,
  LISTING,
  listLayout,
  loadKindsOf,
  remember,
} from '../grammar/link-listing.ts';
import { complainIfNameless } from '../link/print.ts';
import {
  type AddressFilter,
  choosesAddresses,
  isShown,
  leaveFilter,
  matchesFilter,
  readFilter,
} from './filter.ts';

/**
 * Messages of one dump by the index of their device, in the order of the dump. They are decoded when they are
 * printed: thousands of them are cheaper to keep as bytes.
 */
type MessagesByDevice = ReadonlyMap<number, readonly Message[]>;

const NONE: readonly Message[] = [];

/** Shows what the rest of the line asks for; answers the exit code. */
export async function showAddresses(args: Args, context: Context): Promise<number> {
  const filter = readFilter(args, context.family, context);
  const index = filterDeviceIndex(filter, context.names);
  leaveFilter(filter, index, context);
  const out = context.output();
  const printing = preparePrinting(filter, out, context);
  const isComplete = isPrintable(context.view);
  const link = linkReader();
  out.list();
  try {
    const messages = await readDevices(filter, index, context);
    if (messages === undefined) return 0;
    const addresses = hasAddresses(filter, context)
      ? await readAddresses(filter.family, index, context)
      : undefined;
    for (const message of messages) {
      if (index !== undefined && !isLinkOf(message, index)) {
        showAddressesOf(message, addresses, filter, printing, context);
        continue;
      }
      if (!link.read(message) || !isInGroup(link, filter)) continue;
      if (!isComplete(link)) await loadKindsOf(link);
      const own = addresses && (addresses.get(link.header.index) ?? NONE);
      if (own !== undefined && !isDeviceShown(own, filter, context)) continue;
      out.open();
      showDevice(link, own, filter, printing, context);
      out.close();
    }
  } finally {
    out.end();
  }
  return 0;
}

function isLinkOf({ type, bytes, payload }: Message, index: number): boolean {
  return type === RTM_NEWLINK && loadSigned32(bytes, payload + 4) === index;
}

/**
 * Prints the addresses alone where another message stands for the device, as with -echo in a batch what the line before has
 * left: the original takes the number at the same place for the device's.
 */
function showAddressesOf(
  { bytes, payload }: Message,
  addresses: MessagesByDevice | undefined,
  filter: AddressFilter,
  { out, addressLayout }: Printing,
  context: Context,
): void {
  const own = addresses?.get(loadSigned32(bytes, payload + 4)) ?? NONE;
  if (addresses !== undefined && !isDeviceShown(own, filter, context)) return;
  out.open();
  if (addresses !== undefined) listAddresses(own, filter, out, addressLayout, context);
  if (context.view.brief) out.text('\n');
  out.close();
}

function listAddresses(
  messages: readonly Message[],
  filter: AddressFilter,
  out: Output,
  layout: AddressLayout,
  { view, names }: Context,
): void {
  const address = new AddressReader();
  out.list('addr_info');
  for (const message of messages) {
    if (!address.read(message)) continue;
    out.open();
    if (isShown(address, filter, names)) showAddress(address, out, view, layout);
    out.close();
  }
  out.end();
}

/** How devices and their addresses are printed. */
interface Printing {
  readonly out: Output;
  readonly isWanted: DeviceChooser;
  readonly showLink: typeof showLink;
  readonly linkView: LinkView;
  readonly addressLayout: AddressLayout;
}

function preparePrinting(filter: AddressFilter, out: Output, context: Context): Printing {
  const { view } = context;
  const layout = listLayout(context, layoutKind(filter, context), filter.family);
  return {
    out,
    isWanted: deviceChooser(filter),
    showLink: view.brief ? showLinkBrief : showLink,
    linkView: { ...view, layout },
    addressLayout: { hasDevice: view.oneLine || context.options.echo },
  };
}

function hasAddresses(filter: AddressFilter, context: Context): boolean {
  return filter.family !== AF_PACKET && !isLinkAlone(filter, context);
}

/** In a batch, once links have been shown, one device that is asked for comes without its addresses, as a link. */
function isLinkAlone({ deviceName, group }: AddressFilter, { state }: Context): boolean {
  return state.hasShownLinks && deviceName !== undefined && group === undefined;
}

/** In brief, devices of no family but that of links are laid out as `link show` does it, else all once links have been shown. */
function layoutKind({ family }: AddressFilter, { state, view }: Context): LinkLayout['as'] {
  return (view.brief ? family === AF_PACKET : state.hasShownLinks) ? 'link' : 'address';
}

/**
 * The devices to show, in the order of the kernel; all of them, since their addresses come in a later dump.
 * Undefined when the kernel refused to report the one asked for; that is no failure of the command.
 */
async function readDevices(
  filter: AddressFilter,
  index: number | undefined,
  context: Context,
): Promise<readonly Message[] | undefined> {
  if (index !== undefined) {
    const request = linkGetRequest({ index }, extensionMask(filter, context.view), context.family);
    try {
      const answers = await context.request(request, 'answer');
      for (const answer of answers) if (isLinkOf(answer, index)) remember(answer, context);
      return answers;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      context.complain(kernelErrorText(error));
      context.complain(`Cannot send link request: ${strerror(error.errno)}`);
      return undefined;
    }
  }
  const links: Message[] = [];
  for await (const batch of dumpLinks(context, devicesRequest(filter, context))) links.push(...batch);
  return links;
}

/** The family of a prefix asked for does not count here. Only dumps of no family in particular take attributes. */
function devicesRequest(filter: AddressFilter, { view, family }: Context): MessageWriter {
  if (family === AF_UNSPEC || family === AF_PACKET) return linkDumpRequest(filter, view, family);
  const request = new MessageWriter(RTM_GETLINK, 0);
  linkHeader.write(request, { ...linkHeader.zero(), family });
  return request;
}

/** The group is looked at before addresses are: a device of another group leaves no trace. */
function isInGroup(link: LinkReader, { group }: AddressFilter): boolean {
  return group === undefined || link.group === group;
}

/** A dump request for addresses. The kernel reads `index` with strict checking only. */
export function addressDumpRequest(family: number, index: number | undefined): MessageWriter {
  const request = new MessageWriter(RTM_GETADDR, 0);
  addressHeader.write(request, { ...addressHeader.zero(), family, index: index ?? 0 });
  return request;
}

async function readAddresses(
  family: number,
  index: number | undefined,
  context: Context,
): Promise<MessagesByDevice> {
  const byDevice = new Map<number, Message[]>();
  for await (const batch of context.dump(addressDumpRequest(family, index), LISTING)) {
    for (const message of batch) {
      const device = message.type === RTM_NEWADDR ? deviceOf(message) : undefined;
      if (device === undefined) continue;
      const known = byDevice.get(device);
      if (known === undefined) byDevice.set(device, [message]);
      else known.push(message);
    }
  }
  return byDevice;
}

/** A device is shown for an address that is asked for, or for having none when addresses of all families are. */
function isDeviceShown(messages: readonly Message[], filter: AddressFilter, { names }: Context): boolean {
  if (messages.length === 0) return filter.family === AF_UNSPEC;
  if (!choosesAddresses(filter)) return true;
  const address = new AddressReader();
  return messages.some(message => address.read(message) && matchesFilter(address, filter, names));
}

/** Prints a device and its addresses; `messages` is undefined where none are to be shown of any device. */
function showDevice(
  link: LinkReader,
  messages: readonly Message[] | undefined,
  filter: AddressFilter,
  { out, isWanted, showLink, linkView, addressLayout }: Printing,
  context: Context,
): void {
  const { view } = context;
  const hasLabel = filter.label !== undefined;
  // With -o there are no lines of devices, and of their filters the original reads up and down alone.
  const isAlone = view.oneLine && !view.brief && messages !== undefined;
  const isUpWanted = matchesUp(link, filter);
  if (!isAlone) {
    if (hasLabel ? !isUpWanted : !isWanted(link)) return;
    if (!hasLabel) {
      complainIfNameless(link, context);
      showLink(link, out, linkView);
    }
  }
  if (messages !== undefined)
    listAddresses(isUpWanted ? messages : NONE, filter, out, addressLayout, context);
  if (view.brief) {
    const isEnded = filter.family === AF_PACKET ? !hasLabel : !isLinkAlone(filter, context);
    if (isEnded) out.text('\n');
  } else if (!isAlone && !hasLabel && view.statistics > 0 && linkView.layout.as === 'address') {
    showStatistics(link, out, view);
    out.newline();
  }
}

function matchesUp({ header: { flags } }: LinkReader, { isUp, isDown }: AddressFilter): boolean {
  return !(isUp && !(flags & IFF_UP)) && !(isDown && flags & IFF_UP);
}
