/** How an id of a network namespace is laid out. */
import { NSID_UNASSIGNED, type NsidValues } from '../rtnetlink/nsid.ts';
import type { Output } from '../schema/output.ts';
import type { View } from '../schema/view.ts';

/** Prints one id, with the name of its namespace if it has one. */
export function showNsid(values: NsidValues, out: Output, view: View): void {
  const { nsid, current_nsid } = values;
  out.open();
  if (nsid !== undefined) showId('nsid', nsid, out);
  if (current_nsid !== undefined) showId('current-nsid', current_nsid, out);
  // Names are known by the ids of the asking namespace.
  const own = current_nsid ?? nsid;
  const name = own === undefined ? undefined : view.names.namespace(own);
  if (name !== undefined) out.field('name', name, `(iproute2 netns name: ${name})`);
  out.text('\n');
  out.close();
}

function showId(key: string, id: number, out: Output): void {
  if (id === NSID_UNASSIGNED) out.text(`${key} unassigned `);
  else out.field(key, id, `${key} ${id} `);
}
