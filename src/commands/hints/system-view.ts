/** What hints know of the system. They are pure functions of it and of what failed; this is how it is looked at. */

import { closeSync, fstatSync, openSync, readFileSync, readlinkSync } from 'node:fs';
import type { Kernel } from '../../kernel/kernel.ts';
import { type Ask, answerTo, asker } from '../../kernel/netlink/request-sync.ts';
import { insideNamespace } from '../../kernel/system/namespace.ts';
import { native } from '../../kernel/system/native.ts';
import { IFF_UP } from '../../linux/interfaces.ts';
import { NS_GET_USERNS } from '../../linux/namespaces.ts';
import { RTEXT_FILTER_SKIP_STATS } from '../../linux/rtnetlink.ts';
import { entryOf, listNames, pathOfNamespace } from '../../namespaces/named.ts';
import { decodeLink } from '../../rtnetlink/link.ts';
import { linkRequest } from '../../rtnetlink/request.ts';
import { decodeText, encodeText } from '../../wire/text.ts';

const SETS_LENGTH = 24;
/** Not more namespaces than these are looked into for a device. */
const MAX_NAMESPACES = 200;

/** A device as a hint describes it. */
export interface KnownDevice {
  readonly name: string;
  /** Its kind; undefined for devices of hardware and the loopback. */
  readonly kind: string | undefined;
  readonly isUp: boolean;
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
  /** The device of that name here, or in a named namespace. */
  device(name: string, namespace?: string): KnownDevice | undefined;
  namespaces(): readonly string[];
  /** What the entry of the run directory is: a namespace, a file without one, nothing. */
  entry(name: string): 'namespace' | 'file' | 'absent' | 'unknown';
  identity(): Identity;
}

/** The system as `kernel` shows it. */
export function systemView(kernel: Kernel): SystemView {
  const ask = asker(kernel.sockets.blocking);
  return {
    devices: namespace => inside(kernel, namespace, deviceNames) ?? [],
    device: (name, namespace) => inside(kernel, namespace, () => describe(ask, name, namespace)),
    namespaces: () => listNames().slice(0, MAX_NAMESPACES),
    entry: entryOf,
    identity: () => identity(kernel),
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

/** Of the namespace that this thread is in, unlike /sys. */
function deviceNames(): string[] {
  try {
    const text = decodeText(readFileSync('/proc/thread-self/net/dev'));
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
    ...(namespace === undefined ? {} : { namespace }),
  };
}

function identity(kernel: Kernel): Identity {
  const sets = Buffer.alloc(SETS_LENGTH);
  const effective = native.capget(sets) < 0 ? 0 : sets.readUInt32LE(0);
  return {
    user: process.geteuid?.() ?? 0,
    hasNetAdmin: (effective & (1 << 12)) !== 0,
    hasSysAdmin: (effective & (1 << 21)) !== 0,
    userNamespace: linkText('/proc/thread-self/ns/user') ?? 'unknown',
    owner: ownerOfNetwork(kernel),
  };
}

function linkText(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function ownerOfNetwork({ calls }: Kernel): string | undefined {
  let network: number | undefined;
  let owner = -1;
  try {
    network = openSync('/proc/thread-self/ns/net', 'r');
    owner = calls.ioctl(network, NS_GET_USERNS, 0);
    return owner < 0 ? undefined : `user:[${fstatSync(owner).ino}]`;
  } catch {
    return undefined;
  } finally {
    if (network !== undefined) closeSync(network);
    if (owner >= 0) closeSync(owner);
  }
}
