/** The registry of all network namespaces as columns: `--table netns list`. */

import { native } from '../../kernel/system/native.ts';
import { processesText } from '../../layouts/map/words.ts';
import {
  containersIn,
  type NamespaceEntry,
  type NamespaceRegistry,
} from '../../namespaces/inventory/registry.ts';
import type { TableColumn } from '../../output/columns.ts';
import { decodeText } from '../../wire/text.ts';
import { visible } from '../../wire/visible.ts';

const SHORT_CONTAINER_ID = 12;
const NAMED_PROCESSES = 4;

interface Row {
  readonly name: string;
  readonly id: string;
  readonly places: readonly string[];
  readonly owner: string;
  readonly containers: readonly string[];
  readonly processes: string;
  readonly note: string;
  readonly isOdd: boolean;
}

/** A row for each namespace, then one for each file that is none, and for each place that may not be read. */
export function registryColumns({
  namespaces,
  stale,
  unreadable,
  hiddenProcesses,
}: NamespaceRegistry): TableColumn[] {
  const rows: Row[] = [
    ...namespaces.map(rowOf),
    ...stale.map(({ path, reason }) => oddRow('(stale)', path, reason)),
    ...unreadable.map(({ path, reason }) => oddRow('(unreadable)', path, reason)),
    ...(hiddenProcesses > 0 ? [oddRow('(hidden)', '', `namespaces of ${hiddenProcesses} processes`)] : []),
  ];
  const column = (heading: string, linesOf: (row: Row) => readonly string[]): TableColumn => ({
    heading,
    cells: rows.map(row => ({ lines: linesOf(row) })),
  });
  return [
    {
      heading: 'NAMESPACE',
      cells: rows.map(({ name, isOdd }) => ({ lines: [name], colour: isOdd ? 'down' : 'ifname' })),
    },
    column('ID', ({ id }) => [id]),
    column('OWNER', ({ owner }) => [owner]),
    column('CONTAINER', ({ containers }) => containers),
    column('PROCESSES', ({ processes }) => [processes]),
    column('MOUNTED ON', ({ places }) => places),
    column('NOTE', ({ note }) => [note]),
  ];
}

function rowOf(entry: NamespaceEntry): Row {
  const { label, names, nsid, owner, paths, processes, isCurrent, problem } = entry;
  return {
    name: visible(label),
    id: nsid === undefined ? '' : String(nsid),
    places: paths.map(visible),
    owner: owner === undefined ? '' : userName(owner.uid),
    // The processes of our own namespace may be thousands, and which containers share it says little.
    containers: isCurrent
      ? []
      : containersIn(entry).map(
          ({ runtime, id }) => `${runtime ?? 'container'} ${visible(id.slice(0, SHORT_CONTAINER_ID))}`,
        ),
    processes: processes.length === 0 ? '' : processesText(entry, NAMED_PROCESSES),
    note: [
      ...(isCurrent ? ['this namespace'] : []),
      ...names.filter(name => name !== label).map(name => `also ${visible(name)}`),
      ...(problem === undefined ? [] : [problem.message]),
    ].join(', '),
    isOdd: false,
  };
}

function oddRow(name: string, path: string, note: string): Row {
  return {
    name,
    id: '',
    places: [visible(path)],
    owner: '',
    containers: [],
    processes: '',
    note,
    isOdd: true,
  };
}

function userName(uid: number): string {
  const name = native.userName(uid);
  return typeof name === 'number' ? String(uid) : visible(decodeText(name));
}
