/** UDP around IP tunnels (FOU, GUE), as several kinds carry it. Source: linux/if_tunnel.h TUNNEL_ENCAP_*. */
import { wrongArgument } from '../../../schema/args.ts';
import { parseUnsigned } from '../../../schema/number.ts';
import type { Output } from '../../../schema/output.ts';
import * as row from '../../../schema/row.ts';
import { setBits } from './endpoints.ts';

interface Encapsulation {
  encap_type?: number | undefined;
  encap_flags?: number | undefined;
  encap_sport?: number | undefined;
  encap_dport?: number | undefined;
}

const ENCAPSULATIONS = ['none', 'fou', 'gue'];
const ENCAP_CHECKSUM = 1;
const ENCAP_CHECKSUM6 = 2;
const ENCAP_REMOTE_CHECKSUM = 4;

const ENCAP_FLAGS: Readonly<Record<string, number>> = {
  'encap-csum': ENCAP_CHECKSUM,
  'encap-udp6-csum': ENCAP_CHECKSUM6,
  'encap-remcsum': ENCAP_REMOTE_CHECKSUM,
};

/** UDP around the tunnel: the four attributes that begin with number `first`, printed as one group. */
export function encapsulation(first: number) {
  return {
    encap_type: row.u16(first, {
      keyword: ['encap', 'noencap'],
      parse(args, draft, _tools, keyword, name) {
        draft[name] = keyword === 'noencap' ? 0 : readEncapsulation(args.next());
      },
      show: (_value, out, all) => showEncapsulation(all, out),
    }),
    encap_flags: row.u16(first + 1, {
      keyword: Object.keys(ENCAP_FLAGS).flatMap(word => [word, `no${word}`]),
      parse(_args, draft, _tools, keyword, name) {
        const flag = ENCAP_FLAGS[keyword.replace(/^no/, '')]!;
        draft[name] = setBits(draft[name] as number, flag, !keyword.startsWith('no'));
      },
      show: false,
    }),
    encap_sport: row.be16(first + 2, {
      keyword: 'encap-sport',
      spelling: { show: String, parse: word => (word === 'auto' ? 0 : parseUnsigned(word, 0xffff)) },
      complaint: 'Invalid source port.',
      show: false,
    }),
    encap_dport: row.be16(first + 3, {
      keyword: 'encap-dport',
      complaint: 'Invalid destination port.',
      show: false,
    }),
  };
}

function readEncapsulation(word: string): number {
  const type = ENCAPSULATIONS.indexOf(word);
  if (type < 0) throw wrongArgument(word, 'Invalid encap type.');
  return type;
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

/** What `add` sends of the encapsulation where nothing is said of it. */
export const NO_ENCAPSULATION = { encap_type: 0, encap_flags: 0, encap_sport: 0, encap_dport: 0 };

/** The same over IPv6. */
export const NO_ENCAPSULATION6 = { ...NO_ENCAPSULATION, encap_flags: ENCAP_CHECKSUM6 };

/**
 * What `set` sends of the encapsulation that a device has: the original takes the ports for numbers in host order,
 * so a port that is not given anew changes its bytes' order.
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
