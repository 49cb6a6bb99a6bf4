/** Which devices of a lab must be made, changed, replaced or deleted. */

import { ARPHRD_ETHER, IFF_UP } from '../linux/interfaces.ts';
import { NLM_F_CREATE, NLM_F_EXCL } from '../linux/netlink.ts';
import { RTM_DELLINK, RTM_NEWLINK } from '../linux/rtnetlink.ts';
import { encodeKind } from '../rtnetlink/kind.ts';
import { veth } from '../rtnetlink/kinds/veth.ts';
import { type LinkAttributes, linkHeader } from '../rtnetlink/link.ts';
import { linkRequest } from '../rtnetlink/request.ts';
import { packHardwareAddress } from '../wire/address.ts';
import { HEADER_LENGTH } from '../wire/message.ts';
import { MessageWriter } from '../wire/writer.ts';
import type { Action, Change, Step } from './change.ts';
import { NETWORKS, type WantedLink } from './desired.ts';
import { containsAll } from './kernel-object.ts';
import type { LiveLink } from './observe.ts';

/** Kinds whose parameters can be changed while they are there. */
const CHANGEABLE: ReadonlySet<string> = new Set(['bridge']);

/** Finds devices as they are, and as they are to be. */
export interface LinkView {
  live(node: string, name: string): LiveLink | undefined;
  wanted(node: string, name: string): WantedLink | undefined;
  /** Whether the namespace of a node is there. */
  exists(node: string): boolean;
}

/** The change that a device needs; undefined if it is as it is to be. */
export function linkChange(wanted: WantedLink, view: LinkView): Change | undefined {
  const live = view.live(wanted.node, wanted.name);
  if (live === undefined) return changeOf('create', wanted, [], creation(wanted, view));
  const reasons = reasonsToReplace(wanted, live, view);
  if (reasons.length > 0)
    return changeOf('replace', wanted, reasons, [deletion(wanted.node, live), ...creation(wanted, view)]);
  const { reasons: changed, steps } = settings(wanted, live, view);
  return steps.length === 0 ? undefined : changeOf('change', wanted, changed, steps);
}

/** The change that deletes a device of before. */
export function linkDeletion(former: WantedLink, live: LiveLink): Change {
  return {
    ...changeOf('destroy', former, [], [deletion(former.node, live)]),
    place: undefined,
  };
}

function changeOf(
  action: Action,
  wanted: WantedLink,
  reasons: readonly string[],
  steps: readonly Step[],
): Change {
  const { node, pair, place, path } = wanted;
  const isPart = node === NETWORKS && pair !== undefined;
  return { action, node, kind: 'device', name: describe(wanted), reasons, place, path, isPart, steps };
}

function describe({ name, kind, pair, network, master, link }: WantedLink): string {
  const words = [name];
  if (network !== undefined) words.push('to', network);
  else if (pair !== undefined) words.push('to', `${pair.node}:${pair.device}`);
  else if (kind !== undefined) words.push('type', kind);
  if (link !== undefined) words.push('link', link);
  if (master !== undefined) words.push('master', master);
  return words.join(' ');
}

function reasonsToReplace(wanted: WantedLink, live: LiveLink, view: LinkView): string[] {
  if (wanted.kind === undefined) return [];
  if (wanted.kind !== live.kind) return [`type ${live.kind ?? 'none'} -> ${wanted.kind}`];
  if (wanted.pair !== undefined) {
    const peer = view.live(wanted.pair.node, wanted.pair.device);
    const isJoined = peer?.kind === veth.name && peer.link === live.index && live.link === peer.index;
    // A pair ends with each of its ends.
    return isJoined ? [] : ['the other end is another device'];
  }
  if (wanted.link !== undefined && view.live(wanted.node, wanted.link)?.index !== live.link)
    return [`not on ${wanted.link}`];
  return CHANGEABLE.has(wanted.kind) || hasParameters(wanted, live) ? [] : ['other parameters'];
}

function hasParameters({ data }: WantedLink, live: LiveLink): boolean {
  return data === undefined || (live.data !== undefined && containsAll(data, live.data));
}

/** The steps that make a device; a pair is made by its main end. */
function creation(wanted: WantedLink, view: LinkView): Step[] {
  const { node } = wanted;
  const steps: Step[] = [];
  if (wanted.request !== undefined) {
    const { request } = wanted;
    const isNetwork = node === NETWORKS;
    steps.push({
      phase: isNetwork ? 'networks' : 'devices',
      node,
      request: () => {
        const message = new MessageWriter(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
        message.raw(request.subarray(HEADER_LENGTH));
        return message;
      },
    });
  } else if (wanted.isMain && wanted.pair !== undefined) {
    const peer = view.wanted(wanted.pair.node, wanted.pair.device)!;
    steps.push({
      phase: 'pairs',
      node,
      request: context => pairRequest(wanted, peer, context.namespace(peer.node), view),
    });
  }
  const isMade = wanted.request === undefined && wanted.kind !== undefined;
  return [...steps, ...settings(wanted, newborn(wanted, isMade), view).steps];
}

/** A device as it is right after it was made. */
function newborn(wanted: WantedLink, isPair: boolean): LiveLink {
  const isUp = isPair && isUpAtOnce(wanted);
  return {
    name: wanted.name,
    index: wanted.index,
    kind: wanted.kind,
    hardwareType: ARPHRD_ETHER,
    data: wanted.data,
    mac: isPair ? (wanted.mac ?? '') : '',
    mtu: isPair ? (wanted.mtu ?? 0) : 0,
    master: isPair && wanted.node === NETWORKS ? -1 : 0,
    link: 0,
    linkNamespace: undefined,
    alias: undefined,
    up: isUp,
    qdisc: undefined,
  };
}

function isUpAtOnce({ isMain, up, master, node }: WantedLink): boolean {
  return isMain && up && (master === undefined || node === NETWORKS);
}

function pairRequest(wanted: WantedLink, peer: WantedLink, namespace: number, view: LinkView): MessageWriter {
  const half = (end: WantedLink): LinkAttributes => ({
    ifname: end.name,
    ...(end.mac === undefined ? {} : { address: Buffer.from(packHardwareAddress(end.mac)) }),
    ...(end.mtu === undefined ? {} : { mtu: end.mtu }),
  });
  const peerMessage = {
    header: { ...linkHeader.zero(), index: peer.index },
    attributes: { ...half(peer), net_ns_fd: namespace },
  };
  const up = isUpAtOnce(wanted) ? IFF_UP : 0;
  const master = wanted.node === NETWORKS ? indexOf(wanted.node, wanted.master!, view) : undefined;
  return linkRequest(
    { type: RTM_NEWLINK, flags: NLM_F_CREATE | NLM_F_EXCL },
    { index: wanted.index, flags: up, change: up },
    {
      ...half(wanted),
      ...(master === undefined ? {} : { master }),
      linkinfo: { kind: veth.name, data: encodeKind(veth, { peer: peerMessage }) },
    },
  );
}

/** Index of another device of the namespace, which may be one that is to be made. */
function indexOf(node: string, name: string, view: LinkView): number {
  return view.live(node, name)?.index ?? view.wanted(node, name)?.index ?? 0;
}

/** What of a device's settings is otherwise. */
function settings(wanted: WantedLink, live: LiveLink, view: LinkView): { reasons: string[]; steps: Step[] } {
  const { node } = wanted;
  const reasons: string[] = [];
  const steps: Step[] = [];
  const attributes: LinkAttributes = {};
  if (wanted.kind !== undefined && wanted.data !== undefined && !hasParameters(wanted, live)) {
    attributes.linkinfo = { kind: wanted.kind, data: wanted.data };
    reasons.push('parameters');
  }
  if (wanted.mac !== undefined && wanted.mac.toLowerCase() !== live.mac) {
    attributes.address = Buffer.from(packHardwareAddress(wanted.mac));
    reasons.push(`mac ${live.mac} -> ${wanted.mac}`);
  }
  if (wanted.mtu !== undefined && wanted.mtu !== live.mtu) {
    attributes.mtu = wanted.mtu;
    reasons.push(`mtu ${live.mtu} -> ${wanted.mtu}`);
  }
  if (wanted.kind !== undefined && live.master !== -1) {
    const master = wanted.master === undefined ? 0 : indexOf(node, wanted.master, view);
    if (master !== live.master) {
      attributes.master = master;
      reasons.push(`master -> ${wanted.master ?? 'none'}`);
    }
  }
  if (wanted.alias !== undefined && wanted.alias !== live.alias) attributes.ifalias = wanted.alias;
  const header = { index: live.index };
  if (Object.keys(attributes).length > 0)
    steps.push({
      phase: 'settings',
      node,
      request: () => linkRequest({ type: RTM_NEWLINK }, header, attributes),
    });
  if (wanted.up !== live.up) {
    reasons.push(wanted.up ? 'down -> up' : 'up -> down');
    const flags = { flags: wanted.up ? IFF_UP : 0, change: IFF_UP };
    steps.push({
      phase: wanted.up ? 'switch on' : 'settings',
      node,
      request: () => linkRequest({ type: RTM_NEWLINK }, { ...header, ...flags }, {}),
    });
  }
  return { reasons, steps };
}

function deletion(node: string, live: LiveLink): Step {
  return {
    phase: 'delete devices',
    node,
    request: () => linkRequest({ type: RTM_DELLINK }, { index: live.index }),
  };
}
