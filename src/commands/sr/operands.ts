/** What the commands of `ip sr` take by place. */
import { HMAC_ALGORITHMS } from '../../genetlink/seg6.ts';
import type { Operand } from '../../schema/keywords.ts';
import { number, oneOf } from '../grammar/values.ts';

/** The number of a key. */
export const KEY_ID = number('KEYID', 'hmac KEYID value is invalid');

/** How the key is used. */
export const ALGORITHM = oneOf(HMAC_ALGORITHMS, 'hmac ALGO value is invalid', 'ALGO');

/** The source address of tunnels. */
export const SOURCE: Operand = { synopsis: 'ADDRESS', examples: ['fd00::1', 'any'] };
