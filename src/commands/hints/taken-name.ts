/** What it is that exists already. */

import { EEXIST } from '../../linux/errno.ts';
import {
  RTM_NEWADDR,
  RTM_NEWLINKPROP,
  RTM_NEWNEIGH,
  RTM_NEWNEXTHOP,
  RTM_NEWROUTE,
  RTM_NEWRULE,
} from '../../linux/rtnetlink.ts';
import { veth } from '../../rtnetlink/kinds/veth.ts';

import type { Failure, Hint } from './failure.ts';
import { kernelErrorOf, linkOf, requestType, systemErrorOf, wordAfter } from './request.ts';
import type { KnownDevice, SystemView } from './system-view.ts';

const OTHERS: Readonly<Record<number, string>> = {
  [RTM_NEWADDR]: "the device has this address already; 'address replace' sets its lifetimes and flags",
  [RTM_NEWROUTE]:
    "there is a route to this prefix with this metric already; 'route replace' puts this one in its place, another metric adds a second one",
  [RTM_NEWRULE]: 'there is the same rule with the same priority already',
  [RTM_NEWNEIGH]: "there is an entry for this address already; 'neigh replace' puts this one in its place",
  [RTM_NEWNEXTHOP]: "there is a next hop with this id already; 'nexthop replace' puts this one in its place",
  [RTM_NEWLINKPROP]: 'a device of this namespace has this name already, as its own or as an alternative one',
};

export const takenName: Hint = (failure, system) => {
  const systemError = systemErrorOf(failure.error);
  if (systemError?.errno === EEXIST) return namespaceTaken(systemError.phrase, system);
  const error = kernelErrorOf(failure.error);
  if (error?.errno !== EEXIST) return undefined;
  return deviceTaken(failure, system) ?? OTHERS[requestType(error)];
};

function namespaceTaken(phrase: string, system: SystemView): string | undefined {
  const name = /^Cannot create namespace file ".*\/([^/]+)"$/.exec(phrase)?.[1];
  if (name === undefined) return undefined;
  return system.entry(name) === 'file'
    ? `"${name}" is a file without a namespace, left over: 'netns delete ${name}' removes it`
    : `there is a namespace "${name}" already`;
}

/** The name of the device or of its peer, in the namespace that each goes to. */
function deviceTaken({ words, error }: Failure, system: SystemView): string | undefined {
  const attributes = linkOf(kernelErrorOf(error)!);
  if (attributes === undefined) return undefined;
  const { kind, data } = attributes.linkinfo ?? {};
  const peerAt = words.indexOf('peer');
  const ownWords = peerAt < 0 ? words : words.slice(0, peerAt);
  const peer = kind === 'veth' && data ? veth.table.decode(data, 0, data.length).peer : undefined;
  const candidates: readonly (readonly [name: string | undefined, namespace: string | undefined])[] = [
    [attributes.ifname, wordAfter(ownWords, 'netns')],
    [peer?.attributes.ifname, peerAt < 0 ? undefined : wordAfter(words.slice(peerAt), 'netns')],
  ];
  for (const [name, namespace] of candidates) {
    const found = name === undefined ? undefined : system.device(name, namespace);
    if (found !== undefined) return `there is a device "${name}" already: ${deviceText(found)}`;
  }
  return undefined;
}

/** `a veth, up, in the namespace red`. */
export function deviceText({ name, kind, isUp, namespace }: KnownDevice): string {
  const what = kind ?? (name === 'lo' ? 'the loopback device' : 'a device without kind');
  const where = namespace === undefined ? 'in this namespace' : `in the namespace ${namespace}`;
  return `${kind === undefined ? what : `${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what}`}, ${isUp ? 'up' : 'down'}, ${where}`;
}
