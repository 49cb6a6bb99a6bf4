/** Rows that tunnels inside UDP (vxlan, geneve) share. */
import { EXIT_FAILURE, UsageError, wrongArgument } from '../../../schema/args.ts';
import { parseUnsigned } from '../../../schema/number.ts';
import type * as row from '../../../schema/row.ts';
import { alternateHex, named, type Spelling } from '../../../schema/spelling.ts';

const MAX_NETWORK = 0xffffff;
const MAX_TTL = 0xff;
const MAX_LABEL = 0xfffff;

/** The virtual network identifier. */
export const networkIdentifier: row.Facets<number> = {
  keyword: ['id', 'vni'],
  spelling: { show: String, datum: value => value, parse: word => parseUnsigned(word, MAX_NETWORK) },
  complaint: 'invalid id',
};

/** Time to live of outer packets: `auto` is 0; `inherit` is the attribute `ttl_inherit`, which may be a byte or a flag. */
export function timeToLive(inherit: (draft: row.Values) => void): row.Facets<number> {
  return {
    keyword: ['ttl', 'hoplimit'],
    parse(args, draft, _tools, _keyword, name) {
      const word = args.next();
      if (word === 'inherit') {
        inherit(draft);
        return;
      }
      const ttl = word === 'auto' ? 0 : parseUnsigned(word, 0xffffffff);
      if (ttl === undefined) throw wrongArgument(word, 'invalid TTL');
      if (ttl > MAX_TTL) throw wrongArgument(word, 'TTL must be <= 255');
      draft[name] = ttl;
    },
    show(value, out, all) {
      if (all['ttl_inherit']) out.text('ttl inherit ');
      else out.field('ttl', value, `ttl ${value === 0 ? 'auto' : value} `);
    },
    whenAbsent(out, all) {
      if (all['ttl_inherit']) out.text('ttl inherit ');
    },
  };
}

const FRAGMENTATION: Spelling<number> = named({ 0: 'unset', 1: 'set', 2: 'inherit' });

/** The DF bit of outer IPv4 packets. */
export const dontFragment: row.Facets<number> = {
  spelling: FRAGMENTATION,
  complaint: "DF must be 'unset', 'set' or 'inherit'",
  show(value, out, _all, view) {
    if (value > 2) return;
    const shown = FRAGMENTATION.show(value, view);
    out.field('df', shown, value === 0 ? '' : `df ${shown} `);
  },
};

/** The flow label of outer IPv6 packets. */
export const flowLabel: row.Facets<number> = {
  label: 'flowlabel',
  key: 'label',
  keyword: ['flowlabel', 'label'],
  spelling: { ...alternateHex(0xffffffff), parse: word => parseUnsigned(word, MAX_LABEL) },
  complaint: 'invalid flowlabel',
  when: value => value !== 0,
};

/** Ends the command with a line about the kind. */
export function refuse(kind: string, reason: string): never {
  throw new UsageError(`${kind}: ${reason}`, EXIT_FAILURE);
}
