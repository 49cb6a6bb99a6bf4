/** Rows that tunnels inside UDP (vxlan, geneve) share. */
import { EXIT_FAILURE, UsageError, wrongArgument } from '../../../schema/args.ts';
import type { Facets } from '../../../schema/facets.ts';
import * as row from '../../../schema/row.ts';
import { alternateHex, numberOr, oneOf, unsigned } from '../../../schema/spelling.ts';
import { isMulticast, UNSPECIFIED } from './endpoints.ts';

const MAX_NETWORK = 0xffffff;
const MAX_TTL = 0xff;
const MAX_LABEL = 0xfffff;

/** The virtual network identifier. */
export const networkIdentifier: Facets<number, never> = {
  keyword: ['id', 'vni'],
  spelling: unsigned(MAX_NETWORK),
  complaint: 'invalid id',
};

/** The values of a tunnel that make its time to live. */
type TimeToLive = { ttl?: number | undefined; ttl_inherit?: unknown };

const autoOrNumber = numberOr({ auto: 0 }, 0xffffffff);

/** Time to live of outer packets; `inherit` is `inherited`, as the attribute `ttl_inherit` may be a byte or a flag. */
export function timeToLive(inherited: TimeToLive): Facets<number, 'auto', TimeToLive> {
  return {
    keyword: ['ttl', 'hoplimit'],
    spelling: autoOrNumber,
    operands: [{ synopsis: '{ TTL | auto | inherit }', words: ['auto', 'inherit'], range: [0, MAX_TTL] }],
    patch(args) {
      const word = args.next();
      if (word === 'inherit') return inherited;
      const ttl = autoOrNumber.parse(word);
      if (ttl === undefined) throw wrongArgument(word, 'invalid TTL');
      if (ttl > MAX_TTL) throw wrongArgument(word, 'TTL must be <= 255');
      return { ttl };
    },
    show(value, out, all) {
      if (all.ttl_inherit) out.text('ttl inherit ');
      else out.field('ttl', value, `ttl ${value === 0 ? 'auto' : value} `);
    },
    whenAbsent(out, all) {
      if (all.ttl_inherit) out.text('ttl inherit ');
    },
  };
}

/** The DF bit of outer IPv4 packets. */
export const dontFragment: Facets<number, 'unset' | 'set' | 'inherit'> = {
  spelling: oneOf(['unset', 'set', 'inherit']),
  complaint: "DF must be 'unset', 'set' or 'inherit'",
  when: value => value <= 2,
  textWhen: value => value !== 0,
};

/** The flow label of outer IPv6 packets. */
export const flowLabel: Facets<number, never> = {
  label: 'flowlabel',
  key: 'label',
  keyword: ['flowlabel', 'label'],
  spelling: alternateHex(MAX_LABEL),
  complaint: 'invalid flowlabel',
  when: value => value !== 0,
};

/** Ends the command with a line about the kind. */
export function refuse(kind: string, reason: string): never {
  throw new UsageError(`${kind}: ${reason}`, EXIT_FAILURE);
}

/** The IPv6 address of an end of a tunnel: shown if the end has no IPv4 address and the address is not a group's. */
export function address6(
  type: number,
  name: 'remote' | 'local',
  facets: Facets<string> = {},
): row.Row<string> {
  return row.ipv6(type, {
    label: name,
    keyword: false,
    when: (value, all) =>
      all[name] === undefined && value !== UNSPECIFIED.inet6 && (name === 'local' || !isMulticast(value)),
    ...facets,
  });
}
