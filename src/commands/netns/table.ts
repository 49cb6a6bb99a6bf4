/** The registry of all network namespaces as columns: `--table netns list`. */

import { readFileSync } from 'node:fs';
import { native } from '../../kernel/system/native.ts';
import { processesText } from '../../layouts/map/words.ts';
import type { NamespaceProcess } from '../../namespaces/inventory/processes.ts';
import {
  containersIn,
  type NamespaceEntry,
  type NamespaceRegistry,
} from '../../namespaces/inventory/registry.ts';
import type { TableColumn } from '../../output/columns.ts';
import type { Output } from '../../schema/output.ts';
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
    ...(hiddenProcesses > 0
      ? [
          oddRow(
            '(hidden)',
            '',
            `namespaces of ${hiddenProcesses} process${hiddenProcesses === 1 ? '' : 'es'}`,
          ),
        ]
      : []),
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
    processes: processes.length === 0 ? '' : processesText(programsFirst(entry), NAMED_PROCESSES),
    note: [
      ...(isCurrent ? ['this namespace'] : []),
      ...names.filter(name => name !== label).map(name => `also ${visible(name)}`),
      ...(problem === undefined ? [] : [problem.message]),
    ].join(', '),
    isOdd: false,
  };
}

/** The processes with threads of the kernel, which say little, after as many programs as are named. */
function programsFirst({ processes }: NamespaceEntry): Pick<NamespaceEntry, 'processes'> {
  const programs: NamespaceProcess[] = [];
  for (const process of processes) {
    if (programs.length === NAMED_PROCESSES) break;
    if (!isKernelThread(process.pid)) programs.push(process);
  }
  return { processes: [...programs, ...processes.filter(process => !programs.includes(process))] };
}

/** PF_KTHREAD among the flags of a process, which are the seventh word after its name. */
const KERNEL_THREAD = 0x200000;
const FLAGS_AT = 6;

function isKernelThread(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const flags = Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[FLAGS_AT]);
    return (flags & KERNEL_THREAD) !== 0;
  } catch {
    return false;
  }
}

/** The same for programs: a record for each namespace. */
export function showRegistry({ namespaces, stale, unreadable }: NamespaceRegistry, out: Output): void {
  out.list();
  for (const entry of namespaces) showEntry(entry, out);
  for (const [kind, mounts] of [
    ['stale', stale],
    ['unreadable', unreadable],
  ] as const) {
    for (const { path, reason } of mounts) {
      out.open();
      out.data('problem', kind);
      showList('mounts', [path], out);
      out.data('reason', reason);
      out.close();
    }
  }
  out.end();
}

function showEntry(entry: NamespaceEntry, out: Output): void {
  const { label, names, nsid, inode, owner, paths, processes, isCurrent, problem } = entry;
  out.open();
  out.data('name', label);
  out.data('inode', inode);
  if (isCurrent) out.data('current', true);
  showList('names', names, out);
  if (nsid !== undefined) out.data('id', nsid);
  if (owner !== undefined) out.data('owner', userName(owner.uid));
  out.list('containers');
  for (const { runtime, id } of isCurrent ? [] : containersIn(entry)) {
    out.open();
    if (runtime !== undefined) out.data('runtime', runtime);
    out.data('id', id);
    out.close();
  }
  out.end();
  out.list('processes');
  for (const { pid, command } of processes) {
    out.open();
    out.data('pid', pid);
    out.data('command', command);
    out.close();
  }
  out.end();
  showList('mounts', paths, out);
  if (problem !== undefined) out.data('problem', problem.message);
  out.close();
}

function showList(key: string, words: readonly string[], out: Output): void {
  out.list(key);
  for (const word of words) out.item(word, '');
  out.end();
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
