/** `ip ioam schema`: data that namespaces add to what packets collect. */
import { decodeGeneric } from '../../genetlink/family.ts';
import { ioam6 } from '../../genetlink/ioam6.ts';
import { showIoamSchema } from '../../layouts/generic/ioam6.ts';
import { type Args, EXIT_FAILURE } from '../../schema/args.ts';
import { encodeText } from '../../wire/text.ts';
import type { Context } from '../frame/context.ts';
import { openFamily } from '../generic/family-session.ts';
import { readValue } from '../grammar/values.ts';
import { DATA, SCHEMA_ID } from './operands.ts';

/** Shows all schemas. */
export async function showSchemas(_args: Args, context: Context): Promise<number> {
  const session = await openFamily(ioam6, context);
  const isStrict = context.strict !== undefined;
  const out = context.output();
  out.list();
  for await (const batch of session.dump(session.begin('dump_schemas')))
    for (const message of batch) showIoamSchema(decodeGeneric(ioam6, message) ?? {}, out, isStrict);
  out.end();
  return 0;
}

/** Adds a schema. */
export async function addSchema(args: Args, context: Context): Promise<number> {
  const sc_id = readValue(SCHEMA_ID, args, context);
  const sc_data = Buffer.from(encodeText(readValue(DATA, args, context)));
  const session = await openFamily(ioam6, context);
  const request = session.begin('add_schema');
  ioam6.attributes.encode(request, { sc_id, sc_data });
  return session.change(request, EXIT_FAILURE);
}

/** Deletes a schema. */
export async function deleteSchema(args: Args, context: Context): Promise<number> {
  const sc_id = readValue(SCHEMA_ID, args, context);
  const session = await openFamily(ioam6, context);
  const request = session.begin('del_schema');
  ioam6.attributes.encode(request, { sc_id });
  return session.change(request, EXIT_FAILURE);
}
