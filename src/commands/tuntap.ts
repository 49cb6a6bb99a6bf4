/** `ip tuntap`: persistent TUN and TAP devices. */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { errnoOf, strerror } from '../kernel/system/errors.ts';
import { native } from '../kernel/system/native.ts';
import { withSysfs } from '../kernel/system/sysfs.ts';
import { addTunDevice, deleteTunDevice } from '../kernel/system/tun-device.ts';
import {
  IFF_MULTI_QUEUE,
  IFF_NO_PI,
  IFF_ONE_QUEUE,
  IFF_PERSIST,
  IFF_TAP,
  IFF_TUN,
  IFF_VNET_HDR,
  IFLA_INFO_KIND,
  IFLA_LINKINFO,
} from '../linux/interfaces.ts';
import { RTM_GETLINK } from '../linux/rtnetlink.ts';
import { decodeLink, link, linkHeader } from '../rtnetlink/link.ts';
import {
  type Args,
  duplicateOrGarbage,
  EXIT_USAGE,
  UsageError,
  UsageRequest,
  wrongArgument,
} from '../schema/args.ts';
import type { Output } from '../schema/output.ts';
import * as codec from '../wire/codec.ts';
import { byteLength, decodeText, encodeText } from '../wire/text.ts';
import { MessageWriter } from '../wire/writer.ts';
import type { Context } from './frame/context.ts';

const USAGE = `Usage: ip tuntap add [dev | name] NAME mode tun|tap [user USER] [group GROUP]
                     [pi] [vnet_hdr] [one_queue] [multi_queue]
       ip tuntap del [dev | name] NAME mode tun|tap
       ip tuntap [show | list | lst]
USER and GROUP are names or numbers: who may attach to the device.
Without NAME the kernel chooses one.`;

const MAX_NAME = 15;

/** Words for the bits of tun_flags, in print order; `isAbsence` where the word tells that the bit is clear. */
const FLAG_WORDS: readonly { readonly word: string; readonly bit: number; readonly isAbsence?: true }[] = [
  { word: 'tun', bit: IFF_TUN },
  { word: 'tap', bit: IFF_TAP },
  { word: 'pi', bit: IFF_NO_PI, isAbsence: true },
  { word: 'one_queue', bit: IFF_ONE_QUEUE },
  { word: 'multi_queue', bit: IFF_MULTI_QUEUE },
  { word: 'vnet_hdr', bit: IFF_VNET_HDR },
  { word: 'persist', bit: IFF_PERSIST },
  // IFF_NOFILTER has the same bit as IFF_NO_PI.
  { word: 'filter', bit: IFF_NO_PI, isAbsence: true },
];

/** Runs `ip tuntap`. */
export async function tuntap(args: Args, context: Context): Promise<number> {
  if (args.done) return showTunDevices(context);
  if (args.acceptPrefix('add')) {
    const { name, flags, user, group } = parseDevice(args, true);
    addTunDevice(context.kernel.calls, { name, flags }, { user, group });
    return 0;
  }
  if (args.acceptPrefix('delete')) {
    deleteTunDevice(context.kernel.calls, parseDevice(args, false));
    return 0;
  }
  if (args.acceptPrefix('show', 'lst', 'list')) return showTunDevices(context);
  if (args.acceptPrefix('help')) throw new UsageRequest(USAGE);
  throw new UsageError(`Command "${args.peek()}" is unknown, try "ip tuntap help".`, EXIT_USAGE);
}

interface DeviceWords {
  name: string;
  flags: number;
  user: number;
  group: number;
}

function parseDevice(args: Args, isAdd: boolean): DeviceWords {
  const device: DeviceWords = { name: '', flags: IFF_NO_PI, user: -1, group: -1 };
  while (!args.done) {
    if (args.acceptPrefix('mode')) {
      device.flags = (device.flags & ~(IFF_TUN | IFF_TAP)) | parseMode(args, device.flags);
    } else if (isAdd && args.acceptPrefix('user')) {
      device.user = parseId(args.next(), 'user');
    } else if (isAdd && args.acceptPrefix('group')) {
      device.group = parseId(args.next(), 'group');
    } else if (args.acceptPrefix('pi')) {
      device.flags &= ~IFF_NO_PI;
    } else if (args.acceptPrefix('one_queue')) {
      device.flags |= IFF_ONE_QUEUE;
    } else if (args.acceptPrefix('vnet_hdr')) {
      device.flags |= IFF_VNET_HDR;
    } else if (args.acceptPrefix('multi_queue')) {
      device.flags |= IFF_MULTI_QUEUE;
    } else if (args.acceptPrefix('dev')) {
      device.name = parseName(args.next(), 'dev');
    } else {
      args.acceptPrefix('name');
      const word = args.next();
      if (device.name !== '') throw duplicateOrGarbage('name', word);
      device.name = parseName(word, 'name');
    }
  }
  if ((device.flags & (IFF_TUN | IFF_TAP)) === 0) throw new UsageError('You failed to specify a tunnel mode');
  return device;
}

function parseMode(args: Args, flags: number): number {
  const word = args.next();
  const mode = 'tun'.startsWith(word) ? IFF_TUN : 'tap'.startsWith(word) ? IFF_TAP : undefined;
  if (mode === undefined) throw new UsageError(`Unknown tunnel mode "${word}"`, EXIT_USAGE);
  if ((flags & (IFF_TUN | IFF_TAP)) !== 0) {
    throw new UsageError('You managed to ask for more than one tunnel mode.', EXIT_USAGE);
  }
  return mode;
}

function parseName(word: string, keyword: string): string {
  const length = byteLength(word);
  const isValid = length >= 1 && length <= MAX_NAME && word !== '.' && word !== '..' && !/[/\s]/.test(word);
  if (!isValid) throw wrongArgument(word, `"${keyword}" not a valid ifname`);
  return word;
}

function parseId(word: string, what: 'user' | 'group'): number {
  if (/^[+-]?\d+$/.test(word)) return Number(word) | 0;
  const id = what === 'user' ? native.userId(encodeText(word)) : native.groupId(encodeText(word));
  if (id < 0) throw new UsageError(`invalid ${what} "${word}"`, EXIT_USAGE);
  return id;
}

/** As sysfs tells of them: that on /sys may be another namespace's. */
function showTunDevices(context: Context): Promise<number> {
  const show = (sysfs: string) => showTunDevicesOf(sysfs, context);
  return context.place.isHome ? show('/sys') : withSysfs(show);
}

async function showTunDevicesOf(sysfs: string, context: Context): Promise<number> {
  const out = context.output();
  out.list();
  try {
    for await (const batch of context.dump(requestTunDevices())) {
      for (const message of batch) {
        const device = decodeLink(message, DECODE);
        if (device?.linkinfo?.kind === 'tun' && device.ifname !== undefined)
          showTunDevice(device.ifname, sysfs, out, context);
      }
    }
  } finally {
    out.end();
  }
  return 0;
}

const DECODE = link.select(['ifname', 'linkinfo']);

function requestTunDevices(): MessageWriter {
  const request = new MessageWriter(RTM_GETLINK, 0);
  linkHeader.write(request, linkHeader.zero());
  const info = request.open(IFLA_LINKINFO, 0);
  request.attribute(IFLA_INFO_KIND, codec.text, 'tun');
  request.close(info);
  return request;
}

/** Prints one device as sysfs tells it; what cannot be read is told on stderr and left out. */
function showTunDevice(name: string, sysfs: string, out: Output, context: Context): void {
  const read = (attribute: string) => readAttribute(name, attribute, sysfs, context);
  const flags = read('tun_flags');
  if (flags === undefined) return;
  const owner = read('owner');
  const group = read('group');
  out.open();
  out.field('ifname', name, `${name}:`, 'ifname');
  out.list('flags');
  for (const { word, bit, isAbsence } of FLAG_WORDS) {
    if (((flags & bit) === 0) === (isAbsence === true)) out.item(word, ` ${word}`);
  }
  out.end();
  if (owner !== undefined && owner !== -1) out.field('user', owner, ` user ${owner}`);
  if (group !== undefined && group !== -1) out.field('group', group, ` group ${group}`);
  out.text('\n');
  if (context.view.details > 0) showProcesses(name, out, context);
  out.close();
}

function readAttribute(name: string, attribute: string, sysfs: string, context: Context): number | undefined {
  const path = `/class/net/${name}/${attribute}`;
  try {
    return Number(readFileSync(encodeText(`${sysfs}${path}`), 'latin1'));
  } catch (error) {
    context.complain(`fopen /sys${path}: ${strerror(errnoOf(error))}`);
    return undefined;
  }
}

/** Prints the processes that hold a descriptor of the device. */
function showProcesses(name: string, out: Output, context: Context): void {
  out.list('processes', '\tAttached to processes:');
  for (const pid of readdirSync('/proc').filter(entry => /^\d+$/.test(entry))) {
    for (const fd of descriptorsOf(pid)) {
      if (!isAttached(pid, fd, name, context)) continue;
      const command = processName(pid);
      out.open();
      out.field('name', command, command);
      out.field('pid', Number(pid), `(${pid})`);
      out.close();
    }
  }
  out.end('\n');
}

function descriptorsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`);
  } catch {
    return [];
  }
}

function isAttached(pid: string, fd: string, name: string, context: Context): boolean {
  try {
    if (readlinkSync(`/proc/${pid}/fd/${fd}`) !== '/dev/net/tun') return false;
    const info = decodeText(readFileSync(`/proc/${pid}/fdinfo/${fd}`));
    return /^iff:\t(.*)$/m.exec(info)?.[1] === name;
  } catch (error) {
    context.complain(`readlink: ${strerror(errnoOf(error))}`);
    return false;
  }
}

function processName(pid: string): string {
  try {
    return decodeText(readFileSync(`/proc/${pid}/comm`)).trimEnd();
  } catch {
    return '<NULL>';
  }
}
