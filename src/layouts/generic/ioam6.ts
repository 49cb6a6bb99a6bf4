/** How namespaces, schemas and traces of in-situ operations in IPv6 are laid out. */
import type { Ioam6Attributes, Ioam6EventAttributes } from '../../genetlink/ioam6.ts';
import type { Output } from '../../schema/output.ts';

const DATA_DIGITS = 8;
const WIDE_DIGITS = 16;
/** Characters of a trace's type, `0x` included. */
const TYPE_WIDTH = 8;

/** Prints one namespace, in a separate object for programs; nothing of a message without one. */
export function showIoamNamespace(
  { ns_id: id, sc_id: schema, ns_data: data, ns_data_wide: wide }: Ioam6Attributes,
  out: Output,
): void {
  if (id === undefined) return;
  out.open();
  out.field('namespace', id, `namespace ${id}`);
  if (schema !== undefined) out.field('schema', schema, ` [schema ${schema}]`);
  if (data !== undefined) out.field('data', data.toString(16), `, data ${dataText(data)}`);
  if (wide !== undefined) {
    const digits = wide.toString(16);
    out.field('wide', `0x${digits}`, `, wide 0x${digits.padStart(WIDE_DIGITS, '0')}`);
  }
  out.newline();
  out.close();
}

/** The original gives 0 no `0x`, but the room of it. */
function dataText(data: number): string {
  return data === 0 ? '0'.repeat(2 + DATA_DIGITS) : `0x${data.toString(16).padStart(DATA_DIGITS, '0')}`;
}

/**
 * Prints one schema, in a separate object for programs; nothing of a message that lacks a part. The original's JSON has a
 * member without a name for each byte; `isStrict` has one text of hexadecimal digits.
 */
export function showIoamSchema(
  { sc_id: id, sc_data: data }: Ioam6Attributes,
  out: Output,
  isStrict: boolean,
): void {
  if (id === undefined || data === undefined) return;
  out.open();
  out.field('schema', id, `schema ${id}`);
  if (isStrict) out.data('data', data.toString('hex'));
  else {
    out.field('data', null, ', data:');
    for (const byte of data) out.field('', byte, ` ${byte.toString(16).padStart(2, '0')}`);
  }
  out.newline();
  out.close();
}

/** Prints one trace; nothing of a message that lacks a part. */
export function showIoamTrace(event: Ioam6EventAttributes, out: Output): void {
  const { trace_namespace: id, trace_nodelen: length, trace_type: type, trace_data: data } = event;
  if (id === undefined || length === undefined || type === undefined || data === undefined) return;
  const digits = type.toString(16);
  const spelt = type === 0 ? '0'.repeat(TYPE_WIDTH) : `0x${digits.padStart(TYPE_WIDTH - 2, '0')}`;
  out.open();
  out.field('event', 'TRACE', '[TRACE] ');
  out.field('namespace', id, `Namespace=${id} `);
  out.field('nodelen', length, `NodeLen=${length} `);
  out.field('type', `0x${digits}`, `Type=${spelt} `);
  out.field('data', data.toString('hex'), `Data=${data.toString('hex')}`);
  out.text('\n');
  out.close();
}
