/** UDP around IP tunnels (FOU, GUE), as several kinds carry it. Source: linux/if_tunnel.h TUNNEL_ENCAP_*. */
import type { Output } from '../../../schema/output.ts';
import * as row from '../../../schema/row.ts';
import { numberOr, oneOf } from '../../../schema/spelling.ts';

/** The values of the rows below. */
type Encapsulation = {
  encap_type?: number | undefined;
  encap_flags?: number | undefined;
  encap_sport?: number | undefined;
  encap_dport?: number | undefined;
};

const ENCAPSULATIONS = ['none', 'fou', 'gue'] as const;
const ENCAP_CHECKSUM = 1;
const ENCAP_CHECKSUM6 = 2;
const ENCAP_REMOTE_CHECKSUM = 4;

/** UDP around the tunnel: the four attributes that begin with number `first`, printed as one group. */
export function encapsulation(first: number) {
  return {
    encap_type: row.u16(first, {
      keyword: 'encap',
      standalone: { noencap: 0 },
      spelling: oneOf(ENCAPSULATIONS),
      complaint: 'Invalid encap type.',
      show: (_value, out, all: Encapsulation) => showEncapsulation(all, out),
    }),
    encap_flags: row.u16(first + 1, {
      bits: row.bitWords({
        'encap-csum': ENCAP_CHECKSUM,
        'encap-udp6-csum': ENCAP_CHECKSUM6,
        'encap-remcsum': ENCAP_REMOTE_CHECKSUM,
      }),
      show: false,
    }),
    encap_sport: row.be16(first + 2, {
      word: 'encap-sport',
      spelling: numberOr({ auto: 0 }, 0xffff),
      complaint: 'Invalid source port.',
      show: false,
    }),
    encap_dport: row.be16(first + 3, {
      word: 'encap-dport',
      complaint: 'Invalid destination port.',
      show: false,
    }),
  };
}

function showEncapsulation(values: Encapsulation, out: Output): void {
  const {
    encap_type: type = 0,
    encap_flags: flags = 0,
    encap_sport: source,
    encap_dport: destination,
  } = values;
  if (type === 0) return;
  const name = ENCAPSULATIONS[type];
  out.open('encap');
  out.text('encap ');
  out.field('type', name ?? null, `${name ?? 'unknown'} `);
  if (source !== undefined) out.field('sport', source, `encap-sport ${source === 0 ? 'auto' : source} `);
  if (destination !== undefined) out.field('dport', destination, `encap-dport ${destination} `);
  for (const [key, flag] of [
    ['csum', ENCAP_CHECKSUM],
    ['csum6', ENCAP_CHECKSUM6],
    ['remcsum', ENCAP_REMOTE_CHECKSUM],
  ] as const) {
    const isOn = (flags & flag) !== 0;
    out.field(key, isOn, `${isOn ? '' : 'no'}encap-${key} `);
  }
  out.close();
}

/** The encapsulation that `add` sends if no word describes it. */
export const NO_ENCAPSULATION = { encap_type: 0, encap_flags: 0, encap_sport: 0, encap_dport: 0 };

/** The same over IPv6. */
export const NO_ENCAPSULATION6 = { ...NO_ENCAPSULATION, encap_flags: ENCAP_CHECKSUM6 };

/**
 * What `set` sends of the encapsulation that a device has: the original takes the ports for numbers in host order,
 * so a port that is not given again changes the order of its bytes.
 */
export function existingEncapsulation({ encap_sport: source, encap_dport: destination }: Encapsulation) {
  return {
    ...(source === undefined ? {} : { encap_sport: swapBytes(source) }),
    ...(destination === undefined ? {} : { encap_dport: swapBytes(destination) }),
  };
}

function swapBytes(value: number): number {
  return ((value & 0xff) << 8) | (value >> 8);
}
