/** Automatic multicast tunneling (RFC 7450). Source: linux/amt.h IFLA_AMT_*. */
import { UsageError } from '../../../schema/args.ts';
import * as row from '../../../schema/row.ts';
import { ipv4Address, named } from '../../../schema/spelling.ts';
import * as codec from '../../../wire/codec.ts';
import { linkKind } from '../../kind.ts';
import { expected, familyOf, lowerDevice, parseEnd, readAddress } from './endpoints.ts';

const usage = `Usage: ... amt [ mode { gateway | relay } ] [ local ADDR ] [ dev DEVICE ] [ discovery ADDR ]
		[ relay_port PORT ] [ gateway_port PORT ] [ max_tunnels NUMBER ]`;

/** Addresses are IPv4, but the original sends what it is given. */
const addressCodec: codec.Codec<string> = { read: codec.ipv4.read, write: codec.ip.write };

/** `any` travels as no attribute at all. */
const address = row.rowOf(addressCodec, {
  ...ipv4Address,
  parse: word => parseEnd(word, 'any valid'),
});

interface Ends {
  readonly discovery?: string | undefined;
}

const discovery = address(7, {
  isUnique: true,
  complaint: word => expected('address', word, 'any valid'),
});

/** The local address has the family of the discovery address, if that comes first. */
const local = address(5, {
  isUnique: true,
  operands: [{ synopsis: 'ADDRESS' }],
  parse(args, _keyword, draft: Ends) {
    return readAddress(args.next(), draft.discovery ? familyOf(draft.discovery) : 'any valid');
  },
});

export const amt = linkKind(
  'amt',
  usage,
  {
    mode: row.u32(1, {
      label: '',
      spelling: named({ 0: 'gateway', 1: 'relay' }, { unknown: () => 'none' }),
      complaint: () => new UsageError(usage),
    }),
    gateway_port: row.be16(3, { complaint: 'gateway_port' }),
    relay_port: row.be16(2, { complaint: 'relay_port' }),
    local,
    remote: address(6, { keyword: false }),
    discovery,
    link: lowerDevice(4, { when: () => true }),
    max_tunnels: row.u32(8, { complaint: 'max_tunnels' }),
  },
  {
    help: 'exact',
    finish(draft) {
      for (const end of ['local', 'discovery'] as const) if (draft[end] === '') delete draft[end];
    },
  },
);
