/** `encap xfrm`: an interface of IPsec without a device. */
import { ENCAP_XFRM, encapPayload, xfrmEncap } from '../../../rtnetlink/encap.ts';
import { UsageRequest } from '../../../schema/args.ts';
import { value } from '../../../schema/keywords.ts';
import { parseUnsigned } from '../../../schema/number.ts';
import type { ValuesOf } from '../../../schema/row.ts';
import { device, encapKind, once } from './kind.ts';

const XFRM_USAGE = `Usage: ip route ... encap xfrm if_id IF_ID [ link_dev LINK ]
`;

const INTERFACE_ID = value(
  { synopsis: 'IF_ID', examples: ['1', '0x10'] },
  word => parseUnsigned(word, 0xffffffff) || undefined,
  '"if_id" value is invalid\n',
);

/** It takes the rest of the line, and passes over words that it does not know. */
export const XFRM = encapKind<ValuesOf<typeof xfrmEncap.rows>>({
  word: 'xfrm',
  type: ENCAP_XFRM,
  grammar: {
    keywords: [once('if_id', INTERFACE_ID, 'if_id'), once('link_dev', device('LINK'), 'link')],
    readOperand: (_values, args) => args.skip(),
  },
  start: () => ({}),
  encode(values) {
    if (values.if_id === undefined) throw new UsageRequest(XFRM_USAGE);
    return encapPayload(xfrmEncap, values);
  },
});
