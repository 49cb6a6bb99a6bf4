/**
 * Ethernet protocol numbers and iproute2's names for them. Source: linux/if_ether.h ETH_P_*. Names are read in
 * upper and lower case; numbers are read in C notation, and shown as `[NUMBER]` without name or with -N.
 */
import { parseUnsigned } from '../../schema/number.ts';
import type { PlainSpelling } from '../../schema/spelling.ts';
import { lazy } from '../../wire/lazy.ts';

const names = lazy(
  (): Readonly<Record<number, string>> => ({
    1: '802_3',
    2: 'ax25',
    3: 'all',
    4: '802_2',
    5: 'snap',
    6: 'ddcmp',
    7: 'wan_ppp',
    8: 'ppp_mp',
    9: 'localtalk',
    12: 'can',
    16: 'ppptalk',
    17: 'tr_802_2',
    21: 'mobitex',
    22: 'control',
    23: 'irda',
    24: 'econet',
    96: 'loop',
    512: 'pup',
    513: 'pupat',
    2048: 'ip',
    2053: 'x25',
    2054: 'arp',
    2303: 'bpq',
    2560: 'ieeepup',
    2561: 'ieeepupat',
    24576: 'dec',
    24577: 'dna_dl',
    24578: 'dna_rc',
    24579: 'dna_rt',
    24580: 'lat',
    24581: 'diag',
    24582: 'cust',
    24583: 'sca',
    25944: 'teb',
    32821: 'rarp',
    32923: 'atalk',
    33011: 'aarp',
    33024: '802.1Q',
    33079: 'ipx',
    34525: 'ipv6',
    34887: 'mpls_uc',
    34888: 'mpls_mc',
    34892: 'atmmpoa',
    34915: 'ppp_disc',
    34916: 'ppp_ses',
    34948: 'atmfate',
    34962: 'profinet',
    34978: 'aoe',
    34980: 'ethercat',
    34984: '802.1ad',
    35018: 'tipc',
    35020: 'LLDP',
    35074: 'cfm',
  }),
);

const numbers = lazy(
  () =>
    new Map([
      ['ipv4', 0x0800],
      ...Object.entries(names()).map(([number, known]) => [known.toLowerCase(), Number(number)] as const),
    ]),
);

export const etherProtocol: PlainSpelling<number> = {
  show: (value, view) => (view.numeric ? undefined : names()[value]) ?? `[${value}]`,
  parse: word => numbers().get(word.toLowerCase()) ?? parseUnsigned(word, 0xffff),
  operand: {
    synopsis: 'PROTOCOL',
    get words() {
      return Object.values(names());
    },
    range: [0, 0xffff],
  },
};
