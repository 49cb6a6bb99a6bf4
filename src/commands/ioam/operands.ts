/** What the commands of `ip ioam` take by place. */
import { wrongArgument } from '../../schema/args.ts';
import { type Value, value } from '../../schema/keywords.ts';
import { number } from '../grammar/values.ts';

const MAX_NAMESPACE = 0xffff;
/** A length of 255 words of four bytes. */
const MAX_DATA = 1020;

/** The number of a namespace. */
export const NAMESPACE_ID = number('ID', 'Invalid namespace ID', MAX_NAMESPACE);

/** The number of a schema; the kernel takes 24 bits. */
export const SCHEMA_ID = number('ID', 'Invalid schema ID');

/** What a schema says, as text. */
export const DATA: Value<string> = value(
  { synopsis: 'DATA', examples: ['abcd'] },
  word => (Buffer.byteLength(word) > MAX_DATA ? undefined : word),
  word => wrongArgument(word, 'Schema DATA too big'),
);
