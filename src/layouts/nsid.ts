/** How an id of a network namespace is laid out. */
import { NSID_UNASSIGNED, type NsidValues } from '../rtnetlink/nsid.ts';
import type { Output } from '../schema/output.ts';

/** Finds a name by the id that the asking namespace has for it, and by that which the target has. */
export type FindName = (own: number, nsid: number) => string | undefined;

/** Prints one id, with the name of its namespace if it has one. */
export function showNsid(values: NsidValues, out: Output, findName: FindName): void {
  const { nsid = NSID_UNASSIGNED, current_nsid } = values;
  out.open();
  showId('nsid', nsid, out);
  if (current_nsid !== undefined) showId('current-nsid', current_nsid, out);
  const name = findName(current_nsid ?? nsid, nsid);
  if (name !== undefined) out.field('name', name, `(iproute2 netns name: ${name})`);
  out.text('\n');
  out.close();
}

function showId(key: string, id: number, out: Output): void {
  if (id < 0) out.text(`${key} unassigned `);
  else out.field(key, id, `${key} ${id} `);
}
