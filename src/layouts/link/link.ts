/**
 * How a device is laid out by `link show`, `address show` and `monitor`, from its index to its alternative names,
 * straight in print order. Source: runs of the original; constants of linux/if.h and linux/if_link.h.
 */
import { AF_PACKET, AF_UNSPEC } from '../../linux/families.ts';
import { IFF_POINTOPOINT, IFF_RUNNING, IFF_UP } from '../../linux/interfaces.ts';
import { link as linkTable } from '../../rtnetlink/link.ts';
import type { LinkReader } from '../../rtnetlink/link-reader.ts';
import { LINK_MODES, OPERATION_STATES } from '../../rtnetlink/link-settings.ts';
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import { padEndBytes } from '../../wire/text.ts';
import { linkAddressText } from './address.ts';
import { showDetails } from './details.ts';
import { linkTypeName } from './device-types.ts';
import { showStatistics } from './statistics.ts';
import { showVfs } from './vf.ts';
import type { LinkView } from './view.ts';
import { showXdp, showXdpPrograms } from './xdp.ts';

const { rows } = linkTable;
const ADDRESS = rows.address.type;
const BROADCAST = rows.broadcast.type;

/** IFF_* in the order of print; IFF_RUNNING shows only by its absence. */
const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [0x8, 'LOOPBACK'],
  [0x2, 'BROADCAST'],
  [IFF_POINTOPOINT, 'POINTOPOINT'],
  [0x1000, 'MULTICAST'],
  [0x80, 'NOARP'],
  [0x200, 'ALLMULTI'],
  [0x100, 'PROMISC'],
  [0x400, 'MASTER'],
  [0x800, 'SLAVE'],
  [0x4, 'DEBUG'],
  [0x8000, 'DYNAMIC'],
  [0x4000, 'AUTOMEDIA'],
  [0x2000, 'PORTSEL'],
  [0x20, 'NOTRAILERS'],
  [IFF_UP, 'UP'],
  [0x10000, 'LOWER_UP'],
  [0x20000, 'DORMANT'],
  [0x40000, 'ECHO'],
];

/** IFLA_EVENT_*. */
const EVENTS = [
  'NONE',
  'REBOOT',
  'FEATURE CHANGE',
  'BONDING FAILOVER',
  'NOTIFY PEERS',
  'RESEND IGMP',
  'BONDING OPTION',
];

/** Prints a device up to and including its last line; the caller opens and closes the object. */
export function showLink(link: LinkReader, out: Output, view: LinkView): void {
  const { xdp } = link;
  showNameAndFlags(link, out, view);
  showSettings(link, xdp, out, view);
  if (hasAddresses(view)) showAddresses(link, out, view);
  showNamespaces(link, out, view);
  showProtodown(link, out, view);
  if (view.details > 0) showDetails(link, out, view);
  if (isFull(view)) showAliasAndPrograms(link.ifalias, xdp, out, view);
  if (view.layout.as === 'link' && view.statistics > 0) {
    out.newline();
    showStatistics(link, out, view);
  }
  if (isFull(view)) showVirtualFunctions(link, out, view);
  showAlternativeNames(link, out);
}

/** Whether to print what only `link show` and details have. */
function isFull(view: LinkView): boolean {
  return view.layout.as === 'link' || view.details > 0;
}

function showNameAndFlags(link: LinkReader, out: Output, view: LinkView): void {
  const { index } = link.header;
  out.field('ifindex', index, `${index}: `);
  const peer = peerOf(link, view);
  showPeer(peer, out);
  const name = nameOf(link);
  out.field('ifname', name, `${name}${peer.suffix}: `, 'ifname');
  showFlags(link.header.flags, peer.isDown, out);
}

type Xdp = LinkReader['xdp'];

function showSettings(link: LinkReader, xdp: Xdp, out: Output, view: LinkView): void {
  const { mtu, qdisc, master, operstate, linkmode, group, txqlen, event } = link;
  const { as, findProgram } = view.layout;
  if (mtu !== undefined) {
    if (mtu <= 0x7fffffff) out.labelled('mtu', 'mtu ', mtu);
    else out.field('mtu', mtu | 0, `mtu ${mtu} `);
  }
  if (xdp !== undefined) showXdp(xdp, out, view, findProgram, as !== 'link');
  if (qdisc !== undefined) out.labelled('qdisc', 'qdisc ', qdisc);
  if (master !== undefined) out.labelled('master', 'master ', view.names.device(master));
  if (operstate !== undefined) showOperationState(operstate, false, out);
  if (as === 'link' && linkmode !== undefined) {
    const mode = LINK_MODES[linkmode];
    if (mode !== undefined) out.labelled('linkmode', 'mode ', mode);
    else out.labelled('linkmode_index', 'mode ', linkmode);
  }
  if (group !== undefined) out.labelled('group', 'group ', view.names.name('groups', group | 0));
  if (as !== 'monitor' && txqlen !== undefined) out.field('txqlen', txqlen, `qlen ${txqlen}`);
  if (event !== undefined && event !== 0) {
    const name = EVENTS[event] ?? event;
    out.labelled('event', 'event ', name);
  }
}

function showAliasAndPrograms(alias: string | undefined, xdp: Xdp, out: Output, view: LinkView): void {
  if (alias !== undefined) {
    out.newline();
    out.field('ifalias', alias, `    alias ${alias}`);
  }
  if (xdp !== undefined) showXdpPrograms(xdp, out, view, view.layout.findProgram);
}

function showVirtualFunctions(link: LinkReader, out: Output, view: LinkView): void {
  const list = link.vfinfo_list;
  if (list === undefined || link.num_vf === undefined) return;
  showVfs(list, link.header, out, view);
  if (list.length !== link.num_vf) view.layout.complain?.(`Truncated VF list: ${nameOf(link)}`);
}

function showAlternativeNames({ prop_list: names }: LinkReader, out: Output): void {
  if (names !== undefined) {
    out.list('altnames');
    for (const name of names) {
      out.newline();
      out.item(name, `    altname ${name}`);
    }
    out.end();
  }
  out.text('\n');
}

/** Prints a device in brief: name and state, then for `link show` its address and flags. No line end. */
export function showLinkBrief(link: LinkReader, out: Output, view: LinkView): void {
  const peer = peerOf(link, view);
  showPeer(peer, out);
  const name = nameOf(link);
  out.field('ifname', name, `${padEndBytes(name + peer.suffix, 16)} `, 'ifname');
  if (link.operstate !== undefined) showOperationState(link.operstate, true, out);
  if (view.layout.as !== 'link') return;
  if (link.attributes.has(ADDRESS)) {
    const address = addressText(link, ADDRESS);
    out.field('address', address, `${address} `, 'mac');
  }
  showFlags(link.header.flags, peer.isDown, out);
}

/** Name of a device as its message reports it. */
function nameOf(link: LinkReader): string {
  return link.ifname ?? `if${link.header.index}`;
}

/** The device below or at the other end. */
interface Peer {
  /** What follows the name for people. */
  readonly suffix: string;
  readonly key: 'link' | 'link_index' | undefined;
  readonly value: string | number | null;
  /** Known to be in this namespace and not up. */
  readonly isDown: boolean;
}

const NO_PEER: Peer = { suffix: '', key: undefined, value: null, isDown: false };

function peerOf(link: LinkReader, view: View): Peer {
  const index = link.link;
  if (index === undefined) return NO_PEER;
  if (index === 0) return { suffix: '@NONE', key: 'link', value: null, isDown: false };
  if (link.link_netnsid !== undefined) {
    return { suffix: `@if${index}`, key: 'link_index', value: index, isDown: false };
  }
  const { name, flags = IFF_UP } = view.names.deviceState(index);
  return { suffix: `@${name}`, key: 'link', value: name, isDown: !(flags & IFF_UP) };
}

function showPeer(peer: Peer, out: Output): void {
  if (peer.key !== undefined) out.data(peer.key, peer.value);
}

/** Flags in words, and as people read them. */
interface FlagWords {
  readonly words: readonly string[];
  readonly text: string;
}

/** Those seen so far, below zero where the peer is down: most devices share theirs with many others. */
const seenFlags = new Map<number, FlagWords>();

function flagWords(flags: number, isPeerDown: boolean): FlagWords {
  const key = isPeerDown ? -1 - flags : flags;
  const known = seenFlags.get(key);
  if (known !== undefined) return known;
  let rest = flags & ~IFF_RUNNING;
  for (const [bit] of FLAGS) rest &= ~bit;
  const words = [
    ...(flags & IFF_UP && !(flags & IFF_RUNNING) ? ['NO-CARRIER'] : []),
    ...FLAGS.filter(([bit]) => flags & bit).map(([, name]) => name),
    ...(rest === 0 ? [] : [(rest >>> 0).toString(16)]),
  ];
  const text = `<${words.join(',')}${isPeerDown ? ',M-DOWN' : ''}> `;
  const made = { words: isPeerDown ? [...words, 'M-DOWN'] : words, text };
  seenFlags.set(key, made);
  return made;
}

function showFlags(flags: number, isPeerDown: boolean, out: Output): void {
  const { words, text } = flagWords(flags, isPeerDown);
  out.words('flags', words, text);
}

function showOperationState(state: number, isBrief: boolean, out: Output): void {
  const name = OPERATION_STATES[state];
  if (name === undefined) {
    out.field('operstate_index', state, `state 0x${state.toString(16)}`);
    return;
  }
  if (!isBrief) out.text('state ');
  const colour = name === 'UP' ? 'up' : name === 'DOWN' ? 'down' : undefined;
  out.field('operstate', name, `${isBrief ? name.padEnd(14) : name} `, colour);
}

/** Whether to print the line of link-layer addresses. */
function hasAddresses({ layout: { family }, details }: LinkView): boolean {
  return family === AF_UNSPEC || family === AF_PACKET || details > 0;
}

/** The line of link-layer addresses. */
function showAddresses(link: LinkReader, out: Output, view: LinkView): void {
  const { type, flags } = link.header;
  const typeName = linkTypeName(type, view.numeric);
  out.newline();
  out.labelled('link_type', '    link/', typeName);
  const { attributes } = link;
  if (attributes.has(ADDRESS)) {
    const text = addressText(link, ADDRESS);
    out.field('address', text, text, 'mac');
  }
  if (attributes.has(BROADCAST)) {
    const text = addressText(link, BROADCAST);
    if (flags & IFF_POINTOPOINT) out.field('link_pointtopoint', true, ' peer ');
    else out.text(' brd ');
    out.field('broadcast', text, text, 'mac');
  }
  const permanent = link.perm_address;
  if (permanent !== undefined && !(link.address && permanent.equals(link.address))) {
    const text = linkAddressText(permanent, type);
    out.text(' permaddr ');
    out.field('permaddr', text, text, 'mac');
  }
}

/** Text of the link-layer address in an attribute, which must be present. */
function addressText({ attributes, type: deviceType }: LinkReader, type: number): string {
  return linkAddressText(attributes.bytes, deviceType, attributes.start(type), attributes.length(type));
}

function showNamespaces(link: LinkReader, out: Output, view: View): void {
  const id = link.link_netnsid;
  if (id !== undefined) {
    out.field('link_netnsid', id, id < 0 ? ' link-netnsid unknown' : namespaceText('link', id, view));
  }
  if (link.new_netnsid !== undefined) {
    out.field('new_netnsid', link.new_netnsid, namespaceText('new', link.new_netnsid, view));
  }
  if (link.new_ifindex !== undefined) {
    out.field('new_ifindex', link.new_ifindex, ` new-ifindex ${link.new_ifindex}`);
  }
}

function namespaceText(prefix: string, id: number, view: View): string {
  const name = id < 0 ? undefined : view.names.namespace(id);
  return name === undefined ? ` ${prefix}-netnsid ${id}` : ` ${prefix}-netns ${name}`;
}

function showProtodown(link: LinkReader, out: Output, view: View): void {
  if (link.proto_down === undefined) return;
  if (link.proto_down !== 0) out.field('proto_down', true, ' protodown on ');
  // The original looks for the reasons where the broadcast address is, and reads eight bits of them.
  const reasons = !link.attributes.has(BROADCAST) ? 0 : (link.proto_down_reason?.value ?? 0) & 0xff;
  if (reasons === 0) return;
  const names: string[] = [];
  for (let bit = 0; bit < 8; bit++)
    if (reasons & (1 << bit)) names.push(view.names.name('protodownReasons', bit));
  out.words('proto_down_reason', names, `protodown_reason <${names.join(',')}>`);
}
