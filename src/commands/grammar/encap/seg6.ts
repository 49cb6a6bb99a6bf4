/** `encap seg6`: a packet gets segments to travel by. */
import { ENCAP_SEG6, encapPayload, SEG6_INLINE, SEG6_MODES, seg6Encap } from '../../../rtnetlink/encap.ts';
import { duplicateOrGarbage, wrongArgument } from '../../../schema/args.ts';
import { reads, value } from '../../../schema/keywords.ts';
import { encapKind, once, type Tools } from './kind.ts';
import { HMAC_KEY, routingHeader, SEGMENT_LIST, specificAddress } from './segments.ts';

/** What the original sends without `mode`. */
const NO_MODE = 0xffffffff;

interface Draft {
  mode?: number;
  segments?: string;
  hmacKey?: number;
  table?: number;
  tunsrc?: string;
}

const MODE = value(
  { synopsis: 'SEGMODE', words: SEG6_MODES },
  word => {
    const mode = (SEG6_MODES as readonly string[]).indexOf(word);
    return mode < 0 ? undefined : mode;
  },
  '"mode" value is invalid\n',
);

const TABLE = value(
  { synopsis: 'TABLEID', names: 'tables' },
  (word, { names }: Tools) => names.number('tables', word) || undefined,
  '"lookup" value is invalid\n',
);

const TUNNEL_SOURCE = specificAddress('"tunsrc" value is invalid\n');

export const SEG6 = encapKind<Draft>({
  word: 'seg6',
  type: ENCAP_SEG6,
  grammar: {
    keywords: [
      once('mode', MODE, 'mode'),
      reads('segs', [SEGMENT_LIST], (draft, args) => {
        const word = args.next();
        if (draft.segments !== undefined) throw duplicateOrGarbage('segs', word);
        if (draft.mode === undefined) throw wrongArgument(word, '"segs" provided before "mode"\n');
        draft.segments = word;
      }),
      once('hmac', HMAC_KEY, 'hmacKey'),
      reads('tunsrc', [TUNNEL_SOURCE], (draft, args, tools) => {
        const word = args.next();
        if (draft.tunsrc !== undefined) throw duplicateOrGarbage('tunsrc', word);
        if (draft.mode === undefined) throw wrongArgument(word, '"tunsrc" provided before "mode"\n');
        if (draft.mode === SEG6_INLINE) throw wrongArgument(word, '"tunsrc" invalid with inline mode\n');
        args.back();
        draft.tunsrc = TUNNEL_SOURCE.read(args, tools, 'tunsrc');
      }),
      once('lookup', TABLE, 'table'),
    ],
  },
  start: () => ({}),
  encode({ mode, segments = '', hmacKey, table, tunsrc }) {
    const header = routingHeader(segments, hmacKey, mode === SEG6_INLINE);
    return encapPayload(seg6Encap, { srh: { mode: mode ?? NO_MODE, ...header }, tunsrc, table });
  },
});
