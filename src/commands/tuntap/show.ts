/** `ip tuntap show`: TUN and TAP devices, as sysfs describes them. */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { errnoOf, strerror } from '../../kernel/system/errors.ts';
import { withSysfs } from '../../kernel/system/sysfs.ts';
import { ENOENT } from '../../linux/errno.ts';
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
} from '../../linux/interfaces.ts';
import { RTM_GETLINK } from '../../linux/rtnetlink.ts';
import { decodeLink, link, linkHeader } from '../../rtnetlink/link.ts';
import type { Args } from '../../schema/args.ts';
import type { Output } from '../../schema/output.ts';
import * as codec from '../../wire/codec.ts';
import { decodeText, encodeText } from '../../wire/text.ts';
import { MessageWriter } from '../../wire/writer.ts';
import type { Context } from '../frame/context.ts';

/** Words for the bits of tun_flags, in print order; `isAbsence`: the word stands for a clear bit. */
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

/** Shows all devices; words are ignored. The sysfs on /sys may be that of another namespace. */
export function showDevices(_args: Args, context: Context): Promise<number> {
  const show = (sysfs: string) => showTunDevicesOf(sysfs, context);
  return context.state.place.isHome ? show('/sys') : withSysfs(show);
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

/** Prints one device as sysfs describes it; what cannot be read is reported on stderr and left out. */
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
    // The descriptor by which the list was read is closed by now, and processes close theirs at any time.
    if (errnoOf(error) !== ENOENT) context.complain(`readlink: ${strerror(errnoOf(error))}`);
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
