/** How a selector is laid out: which packets a state or policy is about. */
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import type { Selector } from '../../xfrm/structs.ts';
import { addressText, ipProtocolText } from './spelling.ts';

const IPPROTO_ICMP = 1;
const IPPROTO_GRE = 47;
const IPPROTO_ICMPV6 = 58;
const IPPROTO_MH = 135;

/**
 * Prints one line, which begins with `prefix`. `otherFamily` is that of the addresses of a selector that does not say which
 * it has.
 */
export function showSelector(
  selector: Selector,
  prefix: string,
  otherFamily: number,
  out: Output,
  view: View,
): void {
  const family = selector.family || otherFamily;
  const { daddr, saddr, prefixlen_d, prefixlen_s, proto, ifindex, user } = selector;
  const source = `${addressText(saddr, family)}/${prefixlen_s}`;
  const destination = `${addressText(daddr, family)}/${prefixlen_d}`;
  out.text(prefix);
  out.field('src', source, `src ${source} `);
  out.field('dst', destination, `dst ${destination} `);
  if (proto !== 0) {
    const protocol = ipProtocolText(proto);
    out.field('proto', protocol, `proto ${protocol} `);
  }
  showPorts(selector, out, view);
  if (ifindex > 0) {
    const device = view.names.device(ifindex);
    out.field('dev', device, `dev ${device} `);
  }
  if (view.statistics > 0) out.field('uid', user, `uid ${user}`);
  out.newline();
}

/** Whether all bytes are zero, as in states of families without selectors. */
export function isEmptySelector(selector: Selector): boolean {
  return Object.values(selector).every(member =>
    typeof member === 'number' ? member === 0 : (member as Buffer).every(byte => byte === 0),
  );
}

/** What the protocol keeps in the members for ports. */
function showPorts(
  { proto, sport, sport_mask, dport, dport_mask }: Selector,
  out: Output,
  { statistics }: View,
): void {
  const show = (word: string, value: number, mask: number) =>
    mask !== 0 && out.field(word, value, `${word} ${value} `);
  switch (proto) {
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
      show('type', sport, sport_mask);
      show('code', dport, dport_mask);
      break;
    case IPPROTO_MH:
      show('type', sport, sport_mask);
      if (dport_mask !== 0 && statistics > 0) out.text(`(dport) 0x${swappedHex(dport)} `);
      break;
    case IPPROTO_GRE:
      show('key', sport * 0x10000 + dport, sport_mask | dport_mask);
      break;
    default:
      show('sport', sport, sport_mask);
      show('dport', dport, dport_mask);
  }
}

/** The bytes of a port in the order in which the original prints them here. */
function swappedHex(port: number): string {
  return (((port & 0xff) << 8) | (port >>> 8)).toString(16).padStart(4, '0');
}
