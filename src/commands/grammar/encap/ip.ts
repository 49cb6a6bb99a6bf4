/** `encap ip` and `encap ip6`: the outer header of a tunnel that collects metadata. */
import { AF_INET, AF_INET6 } from '../../../linux/families.ts';
import {
  ENCAP_IP,
  ENCAP_IP6,
  encapPayload,
  ipEncap,
  TUNNEL_CHECKSUM,
  TUNNEL_KEY,
  TUNNEL_SEQUENCE,
} from '../../../rtnetlink/encap.ts';
import { duplicateOrGarbage } from '../../../schema/args.ts';
import { type Keyword, reads, value } from '../../../schema/keywords.ts';
import { parseUnsigned64 } from '../../../schema/number.ts';
import type { ValuesOf } from '../../../schema/row.ts';
import { named, number } from '../values.ts';
import { address, type EncapKind, encapKind, once, type Tools } from './kind.ts';
import { TUNNEL_OPTIONS } from './tunnel-options.ts';

type Draft = ValuesOf<typeof ipEncap.rows>;

const ID = value(
  { synopsis: 'ID', examples: ['1', '0xffffffffff'] },
  word => parseUnsigned64(word),
  '"id" value is invalid\n',
);

function flagWord(word: string, bit: number): Keyword<Draft, Tools> {
  return reads(word, [], draft => {
    const flags = draft.flags ?? 0;
    if (flags & bit) throw duplicateOrGarbage(word, word);
    draft.flags = flags | bit;
  });
}

/** Options of one kind only, whatever it is. */
function optionWord(word: keyof typeof TUNNEL_OPTIONS): Keyword<Draft, Tools> {
  const options = TUNNEL_OPTIONS[word];
  return reads(word, [options], (draft, args, tools) => {
    if (draft.opts !== undefined) throw duplicateOrGarbage('opts', word);
    draft.opts = options.read(args, tools, word);
  });
}

/** IPv6 calls the time to live `hoplimit` and the type of service `tc`. */
function ipKind(word: string, type: number, family: number): EncapKind {
  const [ttl, tos, example] = family === AF_INET ? ['ttl', 'tos', '10.0.0.1'] : ['hoplimit', 'tc', 'fd00::1'];
  const end = address('ADDRESS', family, [example]);
  return encapKind<Draft>({
    word,
    type,
    grammar: {
      keywords: [
        once('id', ID, 'id'),
        once('dst', end, 'dst'),
        once('src', end, 'src'),
        once(tos, named(tos.toUpperCase(), 'dsfield', `"${tos}" value is invalid\n`), 'tos'),
        once(ttl, number(ttl.toUpperCase(), `"${ttl}" value is invalid\n`, 0xff), 'ttl'),
        flagWord('key', TUNNEL_KEY),
        flagWord('csum', TUNNEL_CHECKSUM),
        flagWord('seq', TUNNEL_SEQUENCE),
        optionWord('geneve_opts'),
        optionWord('vxlan_opts'),
        optionWord('erspan_opts'),
      ],
    },
    start: () => ({}),
    encode: values => encapPayload(ipEncap, values),
  });
}

export const IP = ipKind('ip', ENCAP_IP, AF_INET);
export const IP6 = ipKind('ip6', ENCAP_IP6, AF_INET6);
