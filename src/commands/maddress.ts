/** `ip maddress`: the multicast groups that devices listen to. */

import { changeMembership, type Membership, readMemberships } from '../kernel/system/multicast.ts';
import { AF_INET, AF_INET6, AF_PACKET, AF_UNSPEC } from '../linux/families.ts';
import {
  type Args,
  duplicateArgument,
  duplicateOrGarbage,
  EXIT_USAGE,
  invalidHardwareAddress,
  UsageError,
  UsageRequest,
  wrongArgument,
} from '../schema/args.ts';
import type { Output } from '../schema/output.ts';
import type { Context } from './frame/context.ts';

import { isDeviceName } from './grammar/link-filter.ts';
import { readLinkAddress } from './link/arguments.ts';

const USAGE = `Usage: ip maddr [ show | list ] [ [ dev ] DEVICE ]
       ip maddr { add | delete } ADDRESS dev DEVICE
ADDRESS is a link-layer address.`;

const ETHERNET_LENGTH = 6;
/** Bytes that struct sockaddr has for an address. */
const MAX_LENGTH = 14;

/** The families of groups, in the order in which they are shown. */
const FAMILIES: readonly (readonly [name: Membership['family'], family: number])[] = [
  ['link', AF_PACKET],
  ['inet', AF_INET],
  ['inet6', AF_INET6],
];

/** Runs `ip maddress`. */
export async function maddress(args: Args, context: Context): Promise<number> {
  if (args.done || args.acceptPrefix('show', 'lst', 'list')) return showGroups(args, context);
  if (args.acceptPrefix('add')) return change(args, 'add', context);
  if (args.acceptPrefix('delete')) return change(args, 'delete', context);
  if (args.acceptPrefix('help')) throw new UsageRequest(USAGE);
  throw new UsageError(`Command "${args.peek()}" is unknown, try "ip maddr help".`, EXIT_USAGE);
}

function showGroups(args: Args, context: Context): number {
  const device = readDevice(args);
  const groups = FAMILIES.filter(([, family]) => context.family === AF_UNSPEC || context.family === family)
    .flatMap(([name]) => readMemberships(name))
    .filter(group => device === undefined || group.device === device)
    .sort((one, other) => one.index - other.index);
  const out = context.output();
  out.list();
  for (let at = 0; at < groups.length; ) {
    const { index } = groups[at]!;
    const start = at++;
    // With -o each group names its device.
    while (!context.view.oneLine && groups[at]?.index === index) at++;
    showDevice(groups.slice(start, at), out);
  }
  out.end();
  return 0;
}

function readDevice(args: Args): string | undefined {
  let device: string | undefined;
  while (!args.done) {
    if (!args.accept('dev') && args.matches('help')) throw new UsageRequest(USAGE);
    const word = args.next();
    if (device !== undefined) throw duplicateOrGarbage('dev', word);
    device = word;
  }
  return device;
}

/** Prints groups of one device. */
function showDevice(groups: readonly Membership[], out: Output): void {
  const { index, device } = groups[0]!;
  out.open();
  out.field('ifindex', index, `${index}:`);
  out.field('ifname', device, `\t${device}`, 'ifname');
  out.newline();
  out.list('maddr');
  for (const group of groups) showGroup(group, out);
  out.end();
  out.close();
}

function showGroup({ family, address, users, isStatic }: Membership, out: Output): void {
  out.open();
  if (family === 'link') {
    out.text('\tlink  ');
    out.field('link', address, address, 'mac');
  } else {
    out.field('family', family, `\t${family.padEnd(5)} `);
    out.field('address', address, address, family);
  }
  if (users !== 1) out.field('users', users, ` users ${users}`);
  if (isStatic) out.field('features', 'static', ' static');
  out.text('\n');
  out.close();
}

function change(args: Args, what: 'add' | 'delete', context: Context): Promise<number> {
  let device: string | undefined;
  let address: Buffer | undefined;
  while (!args.done) {
    if (args.accept('dev')) {
      const word = args.next();
      if (device !== undefined) throw duplicateArgument('dev', word);
      if (!isDeviceName(word)) throw wrongArgument(word, '"dev" not a valid ifname');
      device = word;
      continue;
    }
    if (!args.accept('address') && args.matches('help')) throw new UsageRequest(USAGE);
    const word = args.next();
    if (address !== undefined) throw duplicateArgument('address', word);
    address = parseAddress(word);
  }
  if (device === undefined) {
    throw new UsageError('Not enough information: "dev" is required.', EXIT_USAGE);
  }
  const wanted = { device, address: address ?? new Uint8Array() };
  return context.changeOrEndBatch(() => {
    changeMembership(context.kernel.calls, what, wanted.device, wanted.address);
    return 0;
  });
}

function parseAddress(word: string): Buffer {
  const bytes = readLinkAddress(word);
  if (bytes.length > MAX_LENGTH) throw invalidHardwareAddress(word);
  if (bytes.length !== ETHERNET_LENGTH) {
    throw new UsageError(`Error: Invalid address length ${bytes.length} - must be ${ETHERNET_LENGTH} bytes`);
  }
  return bytes;
}
