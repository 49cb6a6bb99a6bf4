/** Automatic multicast tunneling (RFC 7450). Source: linux/amt.h IFLA_AMT_*. */
import { UsageError } from '../../../schema/args.ts';
import * as row from '../../../schema/row.ts';
import { named } from '../../../schema/spelling.ts';
import * as codec from '../../../wire/codec.ts';
import { linkKind } from '../../kind.ts';
import { familyOf, lowerDevice, readAddress } from './endpoints.ts';

const usage = `Usage: ... amt [ mode { gateway | relay } ] [ local ADDR ] [ dev DEVICE ] [ discovery ADDR ]
		[ relay_port PORT ] [ gateway_port PORT ] [ max_tunnels NUMBER ]`;

/** Addresses are IPv4, but the original sends what it is given. */
const addressCodec: codec.Codec<string> = { read: codec.ipv4.read, write: codec.ip.write };

function address(type: number, facets: row.Facets<string> = {}): row.Row<string> {
  return row.value(type, addressCodec, {
    show(value, out, _all, { names }) {
      const host = names.host(value);
      out.field(facets.label ?? '', host, `${facets.label} ${host} `);
    },
    ...facets,
  });
}

/** The local address is of the family of the discovery address, if that comes first. */
const readEnd: row.Facets<string>['parse'] = (args, draft, _tools, _keyword, name) => {
  const other = name === 'local' ? (draft['discovery'] as string | undefined) : undefined;
  const family = other === undefined ? 'any valid' : familyOf(other);
  draft[name] = readAddress(args.next(), family) || undefined;
};

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
    local: address(5, { label: 'local', keyword: 'local', isUnique: true, parse: readEnd }),
    remote: address(6, { label: 'remote' }),
    discovery: address(7, { label: 'discovery', keyword: 'discovery', isUnique: true, parse: readEnd }),
    link: lowerDevice(4, { when: () => true }),
    max_tunnels: row.u32(8, { complaint: 'max_tunnels' }),
  },
  { help: 'exact' },
);
