/** How a rule is laid out: one line for people, one object for programs. */
import { RTPROT_KERNEL, RTPROT_UNSPEC } from '../linux/rtnetlink.ts';
import { addressOfFamily } from '../rtnetlink/family-address.ts';
import { ipProtocolName } from '../rtnetlink/names/ip-protocols.ts';
import {
  ACTION_GOTO,
  ACTION_NOP,
  ACTION_TABLE,
  ACTION_TRANSLATE,
  RULE_INPUT_DETACHED,
  RULE_INVERTED,
  RULE_OUTPUT_DETACHED,
  RULE_UNRESOLVED,
  type Rule,
  tableOf,
  WHOLE_DSCP,
  WHOLE_FLOW_LABEL,
  WHOLE_PORT,
} from '../rtnetlink/rule.ts';
import type { Colour, Output } from '../schema/output.ts';
import type { View } from '../schema/view.ts';
import { routeTypeName } from './route/route.ts';
import { addressColour, wholeLength } from './route/way.ts';

const WHOLE_MARK = 0xffffffff;

/** Prints one rule, in a separate object for programs. */
export function showRule(rule: Rule, isDeleted: boolean, out: Output, view: View): void {
  const { header } = rule;
  out.open();
  if (isDeleted) out.field('deleted', true, 'Deleted ');
  const { priority = 0 } = rule;
  out.field('priority', priority, `${priority}:\t`);
  if (header.flags & RULE_INVERTED) out.field('not', null, 'not ');
  showSource(rule, out);
  showDestination(rule, out);
  if (header.tos !== 0) {
    const tos = view.names.name('dsfield', header.tos);
    out.field('tos', tos, ` tos ${tos}`);
  }
  showMark(rule, out);
  showDevice('iif', rule.iifname, (header.flags & RULE_INPUT_DETACHED) !== 0, out);
  showDevice('oif', rule.oifname, (header.flags & RULE_OUTPUT_DETACHED) !== 0, out);
  if (rule.l3mdev) out.field('l3mdev', null, ' lookup [l3mdev-table]');
  showUsers(rule, out);
  showTransport(rule, out, view);
  showTable(rule, out, view);
  showRealms(rule, out, view);
  showAction(rule, out, view);
  showProtocol(rule, out, view);
  showDscp(rule, out, view);
  showFlowLabel(rule, out);
  out.text('\n');
  out.close();
}

function addressOf(address: string, family: number): { readonly text: string; readonly colour?: Colour } {
  const colour = addressColour(family);
  return colour === undefined ? { text: '???' } : { text: addressOfFamily(address, family), colour };
}

function showSource({ src, header: { family, src_len: length } }: Rule, out: Output): void {
  out.text('from ');
  if (src !== undefined) {
    const { text, colour } = addressOf(src, family);
    out.field('src', text, text, colour);
    if (length !== wholeLength(family)) out.field('srclen', length, `/${length}`);
  } else if (length !== 0) {
    out.field('src', '0', '0');
    out.field('srclen', length, `/${length}`);
  } else {
    out.field('src', 'all', 'all');
  }
}

function showDestination({ dst, header: { family, dst_len: length } }: Rule, out: Output): void {
  if (dst !== undefined) {
    const { text, colour } = addressOf(dst, family);
    out.text(' to ');
    out.field('dst', text, text, colour);
    if (length !== wholeLength(family)) out.field('dstlen', length, `/${length}`);
  } else if (length !== 0) {
    out.text(' to ');
    out.field('dst', '0', '0');
    out.field('dstlen', length, `/${length}`);
  }
}

/** A number as C's %#x: hexadecimal, but a bare 0. */
function hex(value: number): string {
  return value === 0 ? '0' : `0x${value.toString(16)}`;
}

function showMark({ fwmark, fwmask }: Rule, out: Output): void {
  if (fwmark === undefined && fwmask === undefined) return;
  const mark = hex(fwmark ?? 0);
  out.field('fwmark', mark, ` fwmark ${mark}`);
  if (fwmask !== undefined && fwmask !== WHOLE_MARK) out.field('fwmask', hex(fwmask), `/${hex(fwmask)}`);
}

function showDevice(key: 'iif' | 'oif', name: string | undefined, isDetached: boolean, out: Output): void {
  if (name === undefined) return;
  out.text(` ${key} `);
  out.field(key, name, name, 'ifname');
  if (isDetached) out.field(`${key}_detached`, null, ' [detached]');
}

function showUsers({ uid_range: range }: Rule, out: Output): void {
  if (range === undefined) return;
  out.field('uid_start', range.start, ` uidrange ${range.start}`);
  out.field('uid_end', range.end, `-${range.end}`);
}

function showTransport(rule: Rule, out: Output, view: View): void {
  const { ip_proto: number, tun_id: tunnel } = rule;
  if (number !== undefined) {
    const name = (view.numeric ? undefined : ipProtocolName(number)) ?? `ipproto-${number}`;
    out.field('ipproto', name, ` ipproto ${name}`);
  }
  showPorts('sport', rule.sport_range, rule.sport_mask, out);
  showPorts('dport', rule.dport_range, rule.dport_mask, out);
  if (tunnel !== undefined) out.field('tun_id', tunnel, ` tun_id ${tunnel}`);
}

function showPorts(key: string, range: Rule['sport_range'], mask: number | undefined, out: Output): void {
  if (range === undefined) return;
  const { start, end } = range;
  if (start !== end) {
    out.field(`${key}_start`, start, ` ${key} ${start}`);
    out.field(`${key}_end`, end, `-${end}`);
    return;
  }
  const isWhole = mask === undefined || mask === WHOLE_PORT;
  out.field(key, start, ` ${key} ${isWhole ? start : hex(start)}`);
  if (mask !== undefined) out.field(`${key}_mask`, hex(mask), isWhole ? '' : `/${hex(mask)}`);
}

function showTable(rule: Rule, out: Output, view: View): void {
  const number = tableOf(rule);
  if (number === 0) return;
  const name = view.names.name('tables', number);
  out.field('table', name, ` lookup ${name}`);
  const { suppress_prefixlen: length, suppress_ifgroup: group } = rule;
  if (length !== undefined && length !== -1) {
    out.field('suppress_prefixlen', length, ` suppress_prefixlength ${length}`);
  }
  if (group !== undefined && group !== -1) {
    const name = view.names.name('groups', group);
    out.field('suppress_ifgroup', name, ` suppress_ifgroup ${name}`);
  }
}

function showRealms({ flow }: Rule, out: Output, view: View): void {
  if (flow === undefined) return;
  const from = flow >>> 16;
  out.text(' realms ');
  if (from !== 0) {
    const name = view.names.name('realms', from);
    out.field('flow_from', name, `${name}/`);
  }
  const to = view.names.name('realms', flow & 0xffff);
  out.field('flow_to', to, to);
}

function showAction({ header, goto: target, translation }: Rule, out: Output, view: View): void {
  switch (header.action) {
    case ACTION_TABLE:
      return;
    case ACTION_GOTO:
      if (target === undefined) out.field('goto', 'none', ' goto none');
      else out.field('goto', target, ` goto ${target}`);
      if (header.flags & RULE_UNRESOLVED) out.field('unresolved', null, ' [unresolved]');
      return;
    case ACTION_NOP:
      out.field('nop', null, ' nop');
      return;
    case ACTION_TRANSLATE:
      if (translation === undefined) out.field('masquerade', null, ' masquerade');
      else out.field('nat_gateway', translation, ` map-to ${translation}`);
      return;
    default: {
      const action = routeTypeName(header.action, view.numeric);
      out.field('action', action, ` ${action}`);
    }
  }
}

/** Who made the rule; nobody and the kernel are shown with details only. */
function showProtocol({ protocol }: Rule, out: Output, view: View): void {
  if (protocol === undefined) return;
  const isUsual = protocol === RTPROT_UNSPEC || protocol === RTPROT_KERNEL;
  if (isUsual && view.details === 0) return;
  const name = view.names.name('protocols', protocol);
  out.field('protocol', name, ` proto ${name}`);
}

function showDscp({ dscp, dscp_mask: mask }: Rule, out: Output, view: View): void {
  if (dscp === undefined) return;
  const name = dscpName(dscp, view);
  const isWhole = mask === undefined || mask === WHOLE_DSCP;
  out.field('dscp', name, ` dscp ${isWhole ? name : hex(dscp)}`);
  if (mask !== undefined) out.field('dscp_mask', hex(mask), isWhole ? '' : `/${hex(mask)}`);
}

/** DSCP are the upper six bits of the bytes that have names; a byte without name is spelt in hexadecimal. */
function dscpName(dscp: number, { names }: View): string {
  const name = names.name('dsfield', dscp << 2);
  return /^0x/.test(name) ? String(dscp) : name;
}

function showFlowLabel({ flowlabel: label, flowlabel_mask: mask }: Rule, out: Output): void {
  if (label === undefined || mask === undefined) return;
  const isWhole = mask === WHOLE_FLOW_LABEL;
  out.field('flowlabel', hex(label), ` flowlabel ${hex(label)}`);
  out.field('flowlabel_mask', hex(mask), isWhole ? '' : `/${hex(mask)}`);
}
