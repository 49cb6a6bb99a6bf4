/** What hints know of the system. They are pure functions of it and of what failed; this is how it is looked at. */

import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Kernel } from '../../kernel/kernel.ts';
import { type Ask, answerTo, asker } from '../../kernel/netlink/request-sync.ts';
import { NetlinkSession } from '../../kernel/netlink/session.ts';
import { insideNamespace } from '../../kernel/system/namespace.ts';
import { native } from '../../kernel/system/native.ts';
import { IFF_UP } from '../../linux/interfaces.ts';
import { NS_GET_USERNS } from '../../linux/namespaces.ts';
import { RTEXT_FILTER_SKIP_STATS, RTM_F_CLONED, RTM_GETADDR, RTM_GETROUTE } from '../../linux/rtnetlink.ts';
import { entryOf, listNames, pathOfNamespace } from '../../namespaces/named.ts';
import { addressHeader, decodeAddress } from '../../rtnetlink/address.ts';
import { decodeLink } from '../../rtnetlink/link.ts';
import { linkRequest } from '../../rtnetlink/request.ts';
import { decodeRoute, type Route, routeHeader } from '../../rtnetlink/route.ts';
import type { Message } from '../../wire/message.ts';
import { decodeText, encodeText } from '../../wire/text.ts';
import { MessageWriter } from '../../wire/writer.ts';

const OWN_THREAD = '/proc/thread-self';
const SETS_LENGTH = 24;
/** Not more namespaces than these are looked into for a device. */
const MAX_NAMESPACES = 200;

/** A device as a hint describes it. */
export interface KnownDevice {
  readonly name: string;
  /** Its kind; undefined for devices of hardware and the loopback. */
  readonly kind: string | undefined;
  readonly isUp: boolean;
  /** Least and largest MTU; the largest is 0 where there is none. */
  readonly mtu?: readonly [least: number, most: number];
  /** Bytes of its link-layer address. */
  readonly addressLength?: number;
  /** The namespace that it is in by name; undefined for the one we are in. */
  readonly namespace?: string;
}

/** Who we are. */
export interface Identity {
  readonly user: number;
  readonly hasNetAdmin: boolean;
  readonly hasSysAdmin: boolean;
  /** Our user namespace: `user:[4026531837]`. */
  readonly userNamespace: string;
  /** The one that owns our network namespace; undefined when it may not be looked at: it is not below ours. */
  readonly owner: string | undefined;
}

export interface SystemView {
  /** Names of the devices in this network namespace, or in a named one. */
  devices(namespace?: string): readonly string[];
  /** Those of the namespace of the process that started this one; none if it is the same namespace. */
  devicesOutside(): readonly string[];
  /** The device of that name here, or in a named namespace. */
  device(name: string, namespace?: string): KnownDevice | undefined;
  /** The name of the device of that index here. */
  nameOfDevice(index: number): string | undefined;
  /** The addresses of the device of that index here: `10.0.0.1/24`. */
  addresses(index: number): Promise<readonly string[]>;
  /** The routes of a family in all tables. */
  routes(family: number): Promise<readonly Route[]>;
  /** Whether a program of that name is found. */
  isProgram(name: string): boolean;
  /** Whether there is a process of that number. */
  isProcess(pid: number): boolean;
  namespaces(): readonly string[];
  /** What the entry of the run directory is: a namespace, a file without one, nothing. */
  entry(name: string): 'namespace' | 'file' | 'absent' | 'unknown';
  identity(): Identity;
  /** The user namespace that owns the namespace of a file: `user:[4026531837]`; undefined where it may not be looked at. */
  owner(file: string): string | undefined;
  /** A variable of the environment. */
  variable(name: string): string | undefined;
}

/** The system as `kernel` shows it. */
export function systemView(kernel: Kernel): SystemView {
  const ask = asker(kernel.sockets.blocking);
  return {
    devices: namespace => inside(kernel, namespace, () => deviceNames()) ?? [],
    devicesOutside,
    device: (name, namespace) => inside(kernel, namespace, () => describe(ask, name, namespace)),
    nameOfDevice: index => nameOfDevice(ask, index),
    addresses: index => addressesOf(kernel, index),
    routes: family => routesOf(kernel, family),
    isProgram,
    isProcess: pid => existsSync(`/proc/${pid}`),
    namespaces: () => listNames().slice(0, MAX_NAMESPACES),
    entry: entryOf,
    identity: () => identity(kernel),
    owner: file => ownerOf(kernel, file),
    variable: name => process.env[name],
  };
}

/** Runs `look` in a named namespace; undefined where that cannot be. */
function inside<T>({ calls }: Kernel, namespace: string | undefined, look: () => T): T | undefined {
  if (namespace === undefined) return look();
  let descriptor: number | undefined;
  try {
    descriptor = openSync(encodeText(pathOfNamespace(namespace)), 'r');
    return insideNamespace(calls, descriptor, look);
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function devicesOutside(): readonly string[] {
  const parent = `/proc/${process.ppid}`;
  const namespace = linkText(`${parent}/ns/net`);
  return namespace === undefined || namespace === linkText(`${OWN_THREAD}/ns/net`) ? [] : deviceNames(parent);
}

/** Of the namespace that a thread is in, unlike /sys. */
function deviceNames(thread = OWN_THREAD): string[] {
  try {
    const text = decodeText(readFileSync(`${thread}/net/dev`));
    return [...text.matchAll(/^ *([^\s|]+?):/gm)].map(([, name]) => name!);
  } catch {
    return [];
  }
}

function describe(ask: Ask, name: string, namespace: string | undefined): KnownDevice | undefined {
  const answer = answerTo(ask, linkRequest({}, {}, { ifname: name, ext_mask: RTEXT_FILTER_SKIP_STATS }));
  const found = answer && decodeLink(answer);
  if (found?.ifname === undefined) return undefined;
  return {
    name: found.ifname,
    kind: found.linkinfo?.kind,
    isUp: (found.header.flags & IFF_UP) !== 0,
    ...(found.min_mtu === undefined ? {} : { mtu: [found.min_mtu, found.max_mtu ?? 0] as const }),
    ...(found.address === undefined ? {} : { addressLength: found.address.length }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

function nameOfDevice(ask: Ask, index: number): string | undefined {
  if (index === 0) return undefined;
  const answer = answerTo(ask, linkRequest({}, { index }, { ext_mask: RTEXT_FILTER_SKIP_STATS }));
  return answer && decodeLink(answer)?.ifname;
}

/** The messages that answer a dump, as far as the kernel gives them. */
async function dumped(kernel: Kernel, request: MessageWriter): Promise<readonly Message[]> {
  const found: Message[] = [];
  const session = new NetlinkSession(kernel.sockets.blocking);
  try {
    for await (const batch of session.dump(request)) found.push(...batch);
  } finally {
    session.close();
  }
  return found;
}

async function addressesOf(kernel: Kernel, index: number): Promise<readonly string[]> {
  const request = new MessageWriter(RTM_GETADDR, 0);
  addressHeader.write(request, addressHeader.zero());
  return (await dumped(kernel, request)).flatMap(message => {
    const found = decodeAddress(message);
    const text = found?.local ?? found?.address;
    if (found?.header.index !== index || text === undefined) return [];
    return [`${text}/${found.header.prefixlen}`];
  });
}

async function routesOf(kernel: Kernel, family: number): Promise<readonly Route[]> {
  const request = new MessageWriter(RTM_GETROUTE, 0);
  routeHeader.write(request, { ...routeHeader.zero(), family });
  return (await dumped(kernel, request)).flatMap(message => {
    const found = decodeRoute(message);
    if (found === undefined || found.flags & RTM_F_CLONED) return [];
    return [{ ...found, table: found.attributes.table ?? found.table }];
  });
}

function isProgram(name: string): boolean {
  if (name === '' || name.includes('/')) return false;
  return (process.env['PATH'] ?? '').split(':').some(folder => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function identity(kernel: Kernel): Identity {
  const sets = Buffer.alloc(SETS_LENGTH);
  const effective = native.capget(sets) < 0 ? 0 : sets.readUInt32LE(0);
  return {
    user: process.geteuid?.() ?? 0,
    hasNetAdmin: (effective & (1 << 12)) !== 0,
    hasSysAdmin: (effective & (1 << 21)) !== 0,
    userNamespace: linkText(`${OWN_THREAD}/ns/user`) ?? 'unknown',
    owner: ownerOf(kernel, `${OWN_THREAD}/ns/net`),
  };
}

function linkText(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function ownerOf({ calls }: Kernel, file: string): string | undefined {
  let namespace: number | undefined;
  let owner = -1;
  try {
    namespace = openSync(encodeText(file), 'r');
    owner = calls.ioctl(namespace, NS_GET_USERNS, 0);
    return owner < 0 ? undefined : `user:[${fstatSync(owner).ino}]`;
  } catch {
    return undefined;
  } finally {
    if (namespace !== undefined) closeSync(namespace);
    if (owner >= 0) closeSync(owner);
  }
}
