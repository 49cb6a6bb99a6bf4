/** Addresses, routes, rules and neighbours as words of `ip` that make them again: each is tried before it is taken. */

import { AF_INET6 } from '../../linux/families.ts';
import { RTA_GATEWAY, RTA_MULTIPATH, RTA_NH_ID } from '../../linux/rtnetlink.ts';
import { ADDRESS_FLAGS, decodeAddress } from '../../rtnetlink/address.ts';
import { decodeNeighbour, NEIGHBOUR_FLAGS, NEIGHBOUR_STATES } from '../../rtnetlink/neighbour.ts';
import { formatHardwareAddress } from '../../wire/address.ts';
import { splitDatagram } from '../../wire/message.ts';
import { differences, findObject, type KernelObject, type ObjectKind, objectOf } from '../kernel-object.ts';
import { type IpWords, splitWords, WordsError } from '../words.ts';

/** Names of scopes by their numbers. */
const SCOPES: Readonly<Record<number, string>> = { 200: 'site', 253: 'link', 254: 'host', 255: 'nowhere' };

/** What is shown of routes and is not read. */
const SHOWN_ONLY: ReadonlySet<string> = new Set([
  'dead',
  'linkdown',
  'pervasive',
  'offload',
  'trap',
  'notify',
  'unresolved',
  'rt_offload',
  'rt_trap',
  'rt_offload_failed',
]);
/** The same, with a value. */
const SHOWN_WITH_VALUE: ReadonlySet<string> = new Set(['expires', 'error', 'nhid']);

/** Writes the objects of one namespace. */
export class ObjectWords {
  readonly #words: IpWords;
  readonly #devices: ReadonlyMap<string, number>;

  /** `devices` are those that the lab has, with the indices that they have now. */
  constructor(words: IpWords, devices: ReadonlyMap<string, number>) {
    this.#words = words;
    this.#devices = devices;
  }

  /** The words for an address of a device; undefined if no words make it. */
  address(object: KernelObject, device: string, hasDad: boolean): Promise<string | undefined> {
    const text = addressText(object, device, hasDad);
    const isQuiet = object.header[0] === AF_INET6 && !hasDad;
    return this.#first(object, [text], [...(isQuiet ? ['nodad'] : []), 'dev', device]);
  }

  /** The same of a route. */
  route(object: KernelObject): Promise<string | undefined> {
    const shown = this.#words.textOf('route', object.bytes, this.#devices);
    const text = routeText(shown);
    const family6 = text.replace(/\bdefault\b/, '::/0');
    return this.#first(object, [text, family6, `${text} scope global`, `${text} scope link`]);
  }

  /** The same of a rule. */
  rule(object: KernelObject): Promise<string | undefined> {
    const shown = this.#words.textOf('rule', object.bytes, this.#devices);
    const [, priority = '0', rest = ''] = /^(\d+):\s*(.*)$/.exec(shown) ?? [];
    const words = rest.replace(/ \[(detached|unresolved)\]/g, '').replace('ipproto-', '');
    const short = words.replace(/^from all (?!$)/, '');
    const texts = [`${short} pref ${priority}`, `${words} pref ${priority}`];
    return this.#first(
      object,
      object.header[0] === AF_INET6 ? [texts[0]!, ...texts.map(text => `-6 ${text}`)] : texts,
    );
  }

  /** The same of a neighbour. */
  neighbour(object: KernelObject, device: string | undefined): Promise<string | undefined> {
    return this.#first(object, [neighbourText(object, device)]);
  }

  /** The first text that makes the object. */
  async #first(
    object: KernelObject,
    texts: readonly string[],
    more: readonly string[] = [],
  ): Promise<string | undefined> {
    for (const text of texts) {
      const made = await this.#compile(object.kind, [...splitWords(text), ...more]);
      if (
        made !== undefined &&
        findObject(made, [object]) !== undefined &&
        differences(made, object).length === 0
      )
        return text;
    }
    return undefined;
  }

  async #compile(kind: ObjectKind, words: readonly string[]): Promise<KernelObject | undefined> {
    try {
      return objectOf(kind, await this.#words.compile(kind, words, this.#devices));
    } catch (error) {
      if (error instanceof WordsError) return undefined;
      throw error;
    }
  }
}

/** Whether the kernel looks for duplicates of an IPv6 address. */
export function hasDuplicateDetection(object: KernelObject): boolean {
  const address = decodeAddress(splitDatagram(object.bytes).messages[0]!);
  return object.header[0] === AF_INET6 && ((address?.flags ?? 0) & ADDRESS_FLAGS.nodad) === 0;
}

function addressText({ bytes }: KernelObject, device: string, hasDad: boolean): string {
  const address = decodeAddress(splitDatagram(bytes).messages[0]!)!;
  const { header, local = address.address, flags = header.flags } = address;
  const isIpv6 = header.family === AF_INET6;
  const hasPeer = address.address !== undefined && address.address !== local;
  const words = hasPeer
    ? [String(local), 'peer', `${address.address}/${header.prefixlen}`]
    : [`${local}/${header.prefixlen}`];
  if (address.broadcast !== undefined) words.push('broadcast', address.broadcast);
  if (address.label !== undefined && address.label !== device) words.push('label', address.label);
  const scope = SCOPES[header.scope];
  if (scope !== undefined && !isIpv6) words.push('scope', scope);
  if (address.rt_priority) words.push('metric', String(address.rt_priority));
  if (address.proto) words.push('proto', String(address.proto));
  for (const flag of ['home', 'mngtmpaddr', 'noprefixroute', 'autojoin', 'optimistic'] as const)
    if ((flags & ADDRESS_FLAGS[flag]) !== 0) words.push(flag);
  if (isIpv6 && hasDad && (flags & ADDRESS_FLAGS.nodad) !== 0) words.push('nodad');
  return words.join(' ');
}

function routeText(shown: string): string {
  const words = shown.split(' ');
  const kept: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (SHOWN_WITH_VALUE.has(word)) at++;
    else if (word === 'ttl-propogate') kept.push('ttl-propagate');
    else if (!SHOWN_ONLY.has(word)) kept.push(word);
  }
  return kept.join(' ');
}

function neighbourText({ bytes }: KernelObject, device: string | undefined): string {
  const neighbour = decodeNeighbour(splitDatagram(bytes).messages[0]!)!;
  const { header, dst, lladdr, protocol } = neighbour;
  const has = (flag: keyof typeof NEIGHBOUR_FLAGS) => (header.flags & NEIGHBOUR_FLAGS[flag]) !== 0;
  const words = has('proxy') ? ['proxy', String(dst)] : [String(dst)];
  if (lladdr !== undefined && !has('proxy')) words.push('lladdr', formatHardwareAddress(lladdr));
  if (!has('proxy') && (header.state & NEIGHBOUR_STATES.permanent) === 0) words.push('nud', 'noarp');
  if (has('router')) words.push('router');
  if (has('extern_learn')) words.push('extern_learn');
  if (protocol) words.push('protocol', String(protocol));
  if (device !== undefined) words.push('dev', device);
  return words.join(' ');
}

/** A route without its next hop object: the kernel shows the next hop itself, too. */
export function withoutNextHopObject(object: KernelObject): KernelObject {
  const found = object.attributes.get(RTA_NH_ID);
  if (found === undefined) return object;
  const { at } = found;
  const rest = Buffer.concat([object.bytes.subarray(0, at), object.bytes.subarray(at + 8)]);
  rest.writeUInt32LE(rest.length, 0);
  return objectOf('route', rest) ?? object;
}

/** Routes so that each stands after those by which its gateway is reached. */
export function routesInOrder(routes: readonly KernelObject[]): KernelObject[] {
  const rank = ({ attributes, header }: KernelObject) =>
    attributes.has(RTA_GATEWAY) || attributes.has(RTA_MULTIPATH) ? 1000 - header[1]! : 0;
  return [...routes].sort((one, other) => rank(one) - rank(other));
}
