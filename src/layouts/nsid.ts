/** How an id of a network namespace is laid out. */
import { NSID_UNASSIGNED, type NsidValues } from '../rtnetlink/nsid.ts';
import type { Output } from '../schema/output.ts';

/** Prints one id, with the name that `findName` knows for it if any. */
export function showNsid(
  values: NsidValues,
  out: Output,
  findName: (nsid: number) => string | undefined,
): void {
  const { nsid = NSID_UNASSIGNED, current_nsid } = values;
  out.open();
  showId('nsid', nsid, out);
  if (current_nsid !== undefined) showId('current-nsid', current_nsid, out);
  // Names belong to the ids of the asking namespace. The original takes the other id for one where there is none.
  const name = findName(current_nsid === undefined || current_nsid === NSID_UNASSIGNED ? nsid : current_nsid);
  if (name !== undefined) out.field('name', name, `(iproute2 netns name: ${name})`);
  out.text('\n');
  out.close();
}

function showId(key: string, id: number, out: Output): void {
  if (id === NSID_UNASSIGNED) out.text(`${key} unassigned `);
  else out.field(key, id, `${key} ${id} `);
}
