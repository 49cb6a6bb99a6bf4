/**
 * Which devices `link show` and `address show` ask for, and which of the answer they show: the words of the command
 * line, the filters that the kernel applies, those applied here, and reading the devices.
 */

import { inspectProgram } from '../../kernel/system/bpf.ts';
import { KernelError, strerror } from '../../kernel/system/errors.ts';
import type { LinkLayout } from '../../layouts/link.ts';
import { IFF_UP, IFLA_INFO_KIND } from '../../linux/interfaces.ts';
import { RTEXT_FILTER_SKIP_STATS, RTEXT_FILTER_VF, RTM_GETLINK, RTM_NEWLINK } from '../../linux/rtnetlink.ts';
import { isLoaded, loadedKind, loadKind } from '../../rtnetlink/kinds/load.ts';
import { type Link, link, linkHeader } from '../../rtnetlink/link.ts';
import { type Args, duplicateOrGarbage, EXIT_FAILURE, UsageError, wrongArgument } from '../../schema/args.ts';
import type { Names } from '../../schema/names.ts';
import type { View } from '../../schema/view.ts';
import * as codec from '../../wire/codec.ts';
import { load16, load32, loadSigned32 } from '../../wire/integers.ts';
import { attributeLength, findAttribute, type Message } from '../../wire/message.ts';
import { byteLength } from '../../wire/text.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';
import { CommandFailed, kernelErrorText } from '../frame/report.ts';

const MAX_NAME = 15;
const SLAVE_SUFFIX = '_slave';
/** IFLA_MASTER of a device that is nobody's port. */
const NO_MASTER = 0xffffffff;

/** The words of `show` that are about devices. */
export interface LinkFilter {
  /** The device as it was named. */
  deviceName?: string;
  isUp?: boolean;
  isDown?: boolean;
  /** Index of the master; NO_MASTER for devices without one. */
  master?: number;
  group?: number;
  kind?: string;
  slaveKind?: string;
  withoutVfs?: boolean;
}

/** Reads one word about devices with its value; false, reading nothing, when the current word is none. */
export function readFilterWord(args: Args, filter: LinkFilter, names: Names): boolean {
  const word = args.peek();
  switch (word) {
    case 'up':
      args.skip();
      filter.isUp = true;
      return true;
    case 'down':
      args.skip();
      filter.isDown = true;
      return true;
    case 'group': {
      args.skip();
      const value = args.next();
      const group = names.number('groups', value);
      if (group === undefined) throw wrongArgument(value, 'Invalid "group" value\n');
      filter.group = group;
      return true;
    }
    case 'master': {
      args.skip();
      const value = args.next();
      const index = names.deviceIndex(value);
      if (index === undefined) throw wrongArgument(value, 'Device does not exist\n');
      filter.master = index;
      return true;
    }
    case 'vrf': {
      args.skip();
      const value = args.next();
      const index = names.deviceIndex(value);
      if (index === undefined || names.vrf(index) === undefined) {
        throw wrongArgument(value, 'Not a valid VRF name\n');
      }
      filter.master = index;
      return true;
    }
    case 'nomaster':
      args.skip();
      filter.master = NO_MASTER;
      return true;
    case 'type': {
      args.skip();
      const value = args.next();
      if (value.endsWith(SLAVE_SUFFIX)) filter.slaveKind = value.slice(0, -SLAVE_SUFFIX.length);
      else filter.kind = value;
      return true;
    }
    case 'novf':
      args.skip();
      filter.withoutVfs = true;
      return true;
    default:
      return false;
  }
}

/** Reads `dev NAME` or a bare name. */
export function readFilterDevice(args: Args, filter: LinkFilter): void {
  args.accept('dev');
  const name = args.next();
  if (filter.deviceName !== undefined) throw duplicateOrGarbage('dev', name);
  filter.deviceName = name;
}

/** Index of the device that `show` names. Throws the complaint that it does not exist. */
export function filterDeviceIndex(filter: LinkFilter, names: Names): number | undefined {
  if (filter.deviceName === undefined) return undefined;
  const index = names.deviceIndex(filter.deviceName);
  if (index === undefined) {
    throw new UsageError(`Device "${filter.deviceName}" does not exist.`, EXIT_FAILURE);
  }
  return index;
}

/** Tells whether a device is to be shown. */
export type DeviceChooser = (candidate: Link) => boolean;

/** Chooses devices by the part of the filter that the kernel leaves to us, and by all of it once more. */
export function deviceChooser(filter: LinkFilter): DeviceChooser {
  const conditions = conditionsOf(filter);
  return candidate => {
    const { ifname } = candidate;
    if (ifname !== undefined && !isDeviceName(ifname)) return false;
    return conditions.every(isMet => isMet(candidate));
  };
}

function conditionsOf({ isUp, isDown, master, group, kind, slaveKind }: LinkFilter): DeviceChooser[] {
  const conditions: DeviceChooser[] = [];
  if (isUp) conditions.push(({ header }) => (header.flags & IFF_UP) !== 0);
  if (isDown) conditions.push(({ header }) => (header.flags & IFF_UP) === 0);
  // `nomaster` is for the kernel alone, and has no effect where one device is asked for.
  if (master !== undefined && master !== NO_MASTER) conditions.push(found => found.master === master);
  if (group !== undefined) conditions.push(found => found.group === group);
  if (kind !== undefined) conditions.push(({ linkinfo }) => linkinfo?.kind === kind);
  if (slaveKind !== undefined)
    conditions.push(({ linkinfo }) => linkinfo !== undefined && (linkinfo.slave_kind ?? '') === slaveKind);
  return conditions;
}

/** The complaint about a device that is to be changed and is not there. */
export function noSuchDevice(name: string): UsageError {
  return new UsageError(`Cannot find device "${name}"`, EXIT_FAILURE);
}

/** A request for the devices that `filter` lets the kernel choose. */
export function linkDumpRequest(filter: LinkFilter, view: View, family: number): MessageWriter {
  const request = new MessageWriter(RTM_GETLINK, 0);
  linkHeader.write(request, { ...linkHeader.zero(), family });
  link.encode(request, { ext_mask: extensionMask(filter, view) });
  if (filter.master !== undefined) link.encode(request, { master: filter.master });
  if (filter.kind !== undefined) {
    const info = request.open(link.rows.linkinfo.type, 0);
    request.attribute(IFLA_INFO_KIND, codec.bareText, filter.kind);
    request.close(info);
  }
  return request;
}

/** What is asked of each device: its virtual functions unless they are unwanted, its counters if they are shown. */
export function extensionMask(filter: LinkFilter, view: View): number {
  return (filter.withoutVfs ? 0 : RTEXT_FILTER_VF) | (view.statistics > 0 ? 0 : RTEXT_FILTER_SKIP_STATS);
}

/** A request for one device, by index, or by name as it was given. */
export function linkGetRequest(
  device: { readonly index: number } | { readonly name: string },
  extMask: number,
  family: number,
): MessageWriter {
  const request = new MessageWriter(RTM_GETLINK, 0);
  const index = 'index' in device ? device.index : 0;
  linkHeader.write(request, { ...linkHeader.zero(), family, index });
  if ('name' in device) {
    const { name } = device;
    link.encode(request, isDeviceName(name) ? { ifname: name } : { alt_ifname: name });
  }
  link.encode(request, { ext_mask: extMask });
  return request;
}

/** Printable ASCII without slash and space, of which most names are made. */
const PLAIN_NAME = /^[!-.0-~]{1,15}$/;

/** Whether the kernel would take `name` for a device: 1 to 15 bytes, no slash, no white space, not `.` or `..`. */
export function isDeviceName(name: string): boolean {
  if (PLAIN_NAME.test(name)) return name !== '.' && name !== '..';
  const length = byteLength(name);
  return length > 0 && length <= MAX_NAME && name !== '.' && name !== '..' && !/[/ \t-\r]/.test(name);
}

/** Asks for one device. A refusal is told in the original's words and ends the command. */
export async function askForLink(context: Context, request: MessageWriter): Promise<Message | undefined> {
  try {
    const [answer] = await context.request(request, 'answer');
    if (answer !== undefined) remember(answer, context);
    return answer;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    context.complain(kernelErrorText(error));
    context.complain(`Cannot send link get request: ${strerror(error.errno)}`);
    throw new CommandFailed(EXIT_FAILURE, error);
  }
}

/** What lists of devices and their addresses end with when the kernel refuses them. */
export const REFUSED_LISTING = 0;

/**
 * Yields the messages of devices datagram by datagram, each handed on when the names in the one after it are known:
 * devices that belong together mostly lie close together, and the kernel need not be asked for names that it is about
 * to tell.
 */
export async function* dumpLinks(
  context: Context,
  request: MessageWriter,
): AsyncGenerator<readonly Message[], void> {
  let before: readonly Message[] = [];
  for await (const batch of context.dump(request, { exitCode: REFUSED_LISTING })) {
    const links = batch.filter(({ type }) => type === RTM_NEWLINK);
    for (const message of links) remember(message, context);
    yield before;
    before = links;
  }
  yield before;
}

/** Remembers the name that a message tells of its device. */
export function remember(message: Message, context: Context): void {
  const { bytes, payload, end } = message;
  if (end - payload < linkHeader.size) return;
  const { ifname } = link.rows;
  const at = findAttribute(bytes, payload + linkHeader.size, end, ifname.type);
  if (at === 0) return;
  const index = loadSigned32(bytes, payload + 4);
  const name = ifname.codec.read(bytes, at, attributeLength(bytes, at)) ?? '';
  context.devices.remember(index, name, load32(bytes, payload + 8), load16(bytes, payload + 2));
}

/** How devices are laid out in a list; {@link loadKindsOf} one that is not {@link isPrintable} before it is printed. */
export function listLayout({ view }: Context, as: LinkLayout['as'], family: number): LinkLayout {
  const findKind = view.details > 0 ? loadedKind : undefined;
  return { as, family, findKind, findProgram: inspectProgram };
}

/** Tells whether all kinds are at hand that a view shows of a device. */
export function isPrintable({ details }: View): (device: Link) => boolean {
  return details === 0 ? () => true : ({ linkinfo }) => kindNames(linkinfo).every(isLoaded);
}

export async function loadKindsOf({ linkinfo }: Link): Promise<void> {
  for (const name of kindNames(linkinfo)) await loadKind(name);
}

function kindNames(info: Link['linkinfo']): readonly string[] {
  const { kind, slave_kind: slaveKind } = info ?? {};
  return [
    ...(kind === undefined ? [] : [kind]),
    ...(slaveKind === undefined ? [] : [slaveKind + SLAVE_SUFFIX]),
  ];
}

/** How devices of any kind are laid out; `family` is the one whose addresses are wanted. */
export async function linkLayout(
  { view }: Context,
  as: LinkLayout['as'],
  family: number,
): Promise<LinkLayout> {
  const findKind = view.details > 0 ? (await import('../../rtnetlink/kinds/index.ts')).findKind : undefined;
  return { as, family, findKind, findProgram: inspectProgram };
}
