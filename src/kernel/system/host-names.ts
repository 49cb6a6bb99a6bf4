/** Names of hosts by address, as the system's databases and servers have them; each is looked up once, and waited for. */
import { parseIpv4, parseIpv6 } from '../../wire/address.ts';
import { decodeText } from '../../wire/text.ts';
import { native } from './native.ts';

export class HostNames {
  readonly #known = new Map<string, string>();

  /** The name of an IPv4 or IPv6 address; the address itself when it has none. */
  name(address: string): string {
    let name = this.#known.get(address);
    if (name === undefined) {
      name = lookUp(address) ?? address;
      this.#known.set(address, name);
    }
    return name;
  }
}

function lookUp(address: string): string | undefined {
  // Labels of MPLS stand in the place of addresses, too.
  if (!/[.:]/.test(address)) return undefined;
  const bytes = address.includes(':') ? parseIpv6(address) : parseIpv4(address);
  if (bytes === undefined) return undefined;
  const ipv4InIpv6 = Buffer.from('00000000000000000000ffff', 'hex');
  const isMapped = bytes.length === 16 && ipv4InIpv6.equals(bytes.subarray(0, 12));
  const answer = native.hostName(Buffer.from(isMapped ? bytes.subarray(12) : bytes));
  return typeof answer === 'number' ? undefined : decodeText(answer);
}
