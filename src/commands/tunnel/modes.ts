/** Modes of tunnels over IPv6, by which a line without -6 is known as one of them. */
import { PROTOCOL_GRE, PROTOCOL_IPV4, PROTOCOL_IPV6 } from '../../rtnetlink/tunnel.ts';

interface Mode {
  readonly words: readonly string[];
  readonly protocol: number;
  readonly isVti?: true;
}

/** The modes of tunnels over IPv6. */
export const IPV6_MODES: readonly Mode[] = [
  { words: ['ipv6/ipv6', 'ip6ip6'], protocol: PROTOCOL_IPV6 },
  { words: ['ip/ipv6', 'ipv4/ipv6', 'ipip6', 'ip4ip6'], protocol: PROTOCOL_IPV4 },
  { words: ['vti6'], protocol: PROTOCOL_IPV6, isVti: true },
  { words: ['ip6gre', 'gre/ipv6'], protocol: PROTOCOL_GRE },
  { words: ['any/ipv6', 'any'], protocol: 0 },
];

/** Whether `word` is a mode of tunnels over IPv6. */
export function isIpv6Mode(word: string | undefined): boolean {
  return IPV6_MODES.some(({ words }) => words.includes(word ?? ''));
}
