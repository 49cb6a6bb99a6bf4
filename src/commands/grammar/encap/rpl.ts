/** `encap rpl`: source routes of low-power networks. */
import { ENCAP_RPL, encapPayload, rplEncap } from '../../../rtnetlink/encap.ts';
import { encapKind, once } from './kind.ts';
import { parseSegments, SEGMENT_LIST } from './segments.ts';

interface Draft {
  segments?: string;
}

export const RPL = encapKind<Draft>({
  word: 'rpl',
  type: ENCAP_RPL,
  grammar: { keywords: [once('segs', SEGMENT_LIST, 'segments')] },
  start: () => ({}),
  encode: ({ segments = '' }) => encapPayload(rplEncap, { srh: parseSegments(segments) }),
});
