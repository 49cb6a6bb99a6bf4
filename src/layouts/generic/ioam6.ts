/** How namespaces, schemas and traces of in-situ operations in IPv6 are laid out. */
import type { Ioam6Attributes, Ioam6EventAttributes } from '../../genetlink/ioam6.ts';
import { formatHex } from '../../schema/number.ts';
import type { Output } from '../../schema/output.ts';

const DATA_DIGITS = 8;
const WIDE_DIGITS = 16;
const TYPE_DIGITS = 6;

/** Prints one namespace, in a separate object for programs; nothing of a message without one. */
export function showIoamNamespace(
  { ns_id: id, sc_id: schema, ns_data: data, ns_data_wide: wide }: Ioam6Attributes,
  out: Output,
): void {
  if (id === undefined) return;
  out.open();
  out.field('namespace', id, `namespace ${id}`);
  if (schema !== undefined) out.field('schema', schema, ` [schema ${schema}]`);
  if (data !== undefined) out.field('data', data.toString(16), `, data ${paddedHex(data, DATA_DIGITS)}`);
  if (wide !== undefined) out.field('wide', formatHex(wide), `, wide ${paddedHex(wide, WIDE_DIGITS)}`);
  out.newline();
  out.close();
}

/** Hexadecimal with zeros before it, as printf's `%#0` writes it: 0 has no `0x`, but the room of it. */
function paddedHex(value: number | bigint, digits: number): string {
  const text = value.toString(16).padStart(digits, '0');
  return Number(value) === 0 ? `00${text}` : `0x${text}`;
}

/**
 * Prints one schema, in a separate object for programs; nothing of a message that lacks a part. The original's JSON has a
 * member without a name for each byte; `isStrict` has one text of hexadecimal digits.
 */
export function showIoamSchema(
  { sc_id: id, sc_data: data, ns_id: namespace }: Ioam6Attributes,
  out: Output,
  isStrict: boolean,
): void {
  if (id === undefined || data === undefined) return;
  out.open();
  out.field('schema', id, `schema ${id}`);
  if (namespace !== undefined) out.field('namespace', namespace, ` [namespace ${namespace}]`);
  if (isStrict) out.data('data', data.toString('hex'));
  else {
    out.field('data', null, ', data:');
    for (const byte of data) out.field('', byte, ` ${byte.toString(16).padStart(2, '0')}`);
  }
  out.newline();
  out.close();
}

/** Prints one trace; nothing of a message that lacks a part, and then returns false. */
export function showIoamTrace(event: Ioam6EventAttributes, out: Output): boolean {
  const { trace_namespace: id, trace_nodelen: length, trace_type: type, trace_data: data } = event;
  if (id === undefined || length === undefined || type === undefined || data === undefined) return false;
  out.open();
  out.field('event', 'TRACE', '[TRACE] ');
  out.field('namespace', id, `Namespace=${id} `);
  out.field('nodelen', length, `NodeLen=${length} `);
  out.field('type', formatHex(type), `Type=${paddedHex(type, TYPE_DIGITS)} `);
  out.field('data', data.toString('hex'), `Data=${data.toString('hex')}`);
  out.text('\n');
  out.close();
  return true;
}
