/** What the commands of `ip sr` take by place. */
import { HMAC_ALGORITHMS } from '../../genetlink/seg6.ts';
import { type Operand, type Value, value } from '../../schema/keywords.ts';
import { parseUnsigned } from '../../schema/number.ts';
import { oneOf } from '../grammar/values.ts';

const MAX_KEY_ID = 0xffffffff;

/** The number of a key; 0 would be none. */
export const KEY_ID: Value<number> = value(
  { synopsis: 'KEYID', examples: ['1', '0x10'] },
  word => parseUnsigned(word, MAX_KEY_ID) || undefined,
  'hmac KEYID value is invalid',
);

/** How the key is used. */
export const ALGORITHM = oneOf(HMAC_ALGORITHMS, 'hmac ALGO value is invalid', 'ALGO');

/** The source address of tunnels. */
export const SOURCE: Operand = { synopsis: 'ADDRESS', examples: ['fd00::1', 'any'] };
