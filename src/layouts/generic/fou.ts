/** How UDP ports that take in other protocols are laid out: one line for people, one object for programs. */
import { FOU_ENCAP_DIRECT, FOU_ENCAP_GUE, type FouAttributes } from '../../genetlink/fou.ts';
import { AF_INET, AF_INET6 } from '../../linux/families.ts';
import type { Output } from '../../schema/output.ts';
import type { View } from '../../schema/view.ts';
import { formatIp } from '../../wire/address.ts';

const IPV4_LENGTH = 4;
const IPV6_LENGTH = 16;

/** Prints one port. */
export function showFou(port: FouAttributes, out: Output, view: View): void {
  const { type, ipproto, af: family, peer_port: peerPort, ifindex } = port;
  const isIpv6 = family === AF_INET6;
  out.open();
  if (port.port !== undefined) out.field('port', port.port, `port ${port.port}`);
  if (type === FOU_ENCAP_GUE) out.field('gue', null, ' gue');
  else if (type === FOU_ENCAP_DIRECT && ipproto !== undefined)
    out.field('ipproto', ipproto, ` ipproto ${ipproto}`);
  if (family !== undefined) out.field('family', familyWord(family), isIpv6 ? ' -6' : '');
  const local = isIpv6 ? addressOf(port.local_v6, IPV6_LENGTH) : addressOf(port.local_v4, IPV4_LENGTH);
  const peer = isIpv6 ? addressOf(port.peer_v6, IPV6_LENGTH) : addressOf(port.peer_v4, IPV4_LENGTH);
  if (local !== undefined) out.field('local', local, ` local ${local}`);
  if (peer !== undefined) out.field('peer', peer, ` peer ${peer}`);
  if (peerPort) out.field('peer_port', peerPort, ` peer_port ${peerPort}`);
  if (ifindex) {
    const name = view.names.device(ifindex);
    out.field('dev', name, ` dev ${name}`);
  }
  out.text('\n');
  out.close();
}

function familyWord(family: number): string {
  return family === AF_INET ? 'inet' : 'inet6';
}

/** An address; undefined if it is any. */
function addressOf(bytes: Buffer | undefined, length: number): string | undefined {
  if (bytes === undefined || bytes.length < length || bytes.subarray(0, length).every(byte => byte === 0))
    return undefined;
  return formatIp(bytes, 0, length);
}
