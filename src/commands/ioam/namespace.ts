/** `ip ioam namespace`: who collects what. */
import { decodeGeneric } from '../../genetlink/family.ts';
import { ioam6 } from '../../genetlink/ioam6.ts';
import { showIoamNamespace } from '../../layouts/generic/ioam6.ts';
import { type Args, EXIT_FAILURE, wrongArgument } from '../../schema/args.ts';
import { exact, type Grammar, readKeyword, type Value, value } from '../../schema/keywords.ts';
import { parseUnsigned64 } from '../../schema/number.ts';
import type { Context } from '../frame/context.ts';
import { openFamily } from '../generic/family-session.ts';
import { number, readValue } from '../grammar/values.ts';
import { NAMESPACE_ID, SCHEMA_ID } from './operands.ts';

/** What a namespace is to say of us. */
interface Draft {
  data?: number;
  wide?: bigint;
}

/** Read to base 16, whatever it looks like. */
const WIDE: Value<bigint> = value(
  { synopsis: 'DATA64', examples: ['5', 'ffffffffffffffff'] },
  word => parseUnsigned64(word, 16),
  'Invalid wide data',
);

/** The words of `add`; `wide` comes last. */
export const ADD_GRAMMAR: Grammar<Draft, Context> = {
  keywords: [exact('data', number('DATA32', 'Invalid data'), 'data'), exact('wide', WIDE, 'wide')],
};

/** What `set` binds a namespace to. */
const SCHEMA: Value<number | 'none'> = {
  synopsis: '{ ID | none }',
  words: ['none'],
  examples: ['5'],
  read: (args, tools, keyword) => (args.accept('none') ? 'none' : SCHEMA_ID.read(args, tools, keyword)),
};

/** The words of `set`. */
export const SET_GRAMMAR: Grammar<{ schema?: number | 'none' }, Context> = {
  keywords: [exact('schema', SCHEMA, 'schema')],
};

/** Shows all namespaces. */
export async function showNamespaces(_args: Args, context: Context): Promise<number> {
  const session = await openFamily(ioam6, context);
  const out = context.output();
  out.list();
  for await (const batch of session.dump(session.begin('dump_namespaces')))
    for (const message of batch) showIoamNamespace(decodeGeneric(ioam6, message) ?? {}, out);
  out.end();
  return 0;
}

/** Adds a namespace. */
export async function addNamespace(args: Args, context: Context): Promise<number> {
  const ns_id = readValue(NAMESPACE_ID, args, context);
  const draft: Draft = {};
  if (!args.done && !readKeyword(ADD_GRAMMAR.keywords, draft, args, context))
    throw wrongArgument(args.next(), 'Invalid argument');
  if (!args.done) {
    if (draft.wide !== undefined || !args.is('wide')) throw wrongArgument(args.next(), 'Unexpected argument');
    readKeyword(ADD_GRAMMAR.keywords, draft, args, context);
  }
  const session = await openFamily(ioam6, context);
  const request = session.begin('add_namespace');
  ioam6.attributes.encode(request, { ns_id, ns_data: draft.data, ns_data_wide: draft.wide });
  return session.change(request, EXIT_FAILURE);
}

/** Deletes a namespace. */
export async function deleteNamespace(args: Args, context: Context): Promise<number> {
  const ns_id = readValue(NAMESPACE_ID, args, context);
  const session = await openFamily(ioam6, context);
  const request = session.begin('del_namespace');
  ioam6.attributes.encode(request, { ns_id });
  return session.change(request, EXIT_FAILURE);
}

/** Binds a namespace to a schema, or to none. */
export async function setSchema(args: Args, context: Context): Promise<number> {
  const ns_id = readValue(NAMESPACE_ID, args, context);
  const draft: { schema?: number | 'none' } = {};
  if (!readKeyword(SET_GRAMMAR.keywords, draft, args, context)) throw wrongArgument(args.next(), 'Unknown');
  const { schema } = draft;
  const session = await openFamily(ioam6, context);
  const request = session.begin('ns_set_schema');
  ioam6.attributes.encode(request, {
    ns_id,
    ...(schema === 'none' ? { sc_none: true } : { sc_id: schema }),
  });
  return session.change(request, EXIT_FAILURE);
}
