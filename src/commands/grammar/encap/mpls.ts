/** `encap mpls`: labels. */
import { AF_MPLS } from '../../../linux/families.ts';
import { ENCAP_MPLS, encapPayload, mplsEncap } from '../../../rtnetlink/encap.ts';
import type { ValuesOf } from '../../../schema/row.ts';
import { number } from '../values.ts';
import { address, encapKind, once } from './kind.ts';

const LABELS = address('MPLSLABEL', AF_MPLS, ['100', '100/200']);

export const MPLS = encapKind<ValuesOf<typeof mplsEncap.rows>>({
  word: 'mpls',
  type: ENCAP_MPLS,
  operand: LABELS,
  grammar: { keywords: [once('ttl', number('TTL', '"ttl" value is invalid\n', 0xff), 'ttl')] },
  start: args => ({ dst: LABELS.read(args, undefined, 'mpls') }),
  encode: values => encapPayload(mplsEncap, values),
});
