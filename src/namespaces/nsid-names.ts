/** Ids of network namespaces as seen from this one, and the names in the run directory that they stand for. */
import { closeSync, openSync } from 'node:fs';
import { askOrRefusal } from '../kernel/ask.ts';
import { KernelError } from '../kernel/errors.ts';
import { decodeNsid, NSID_UNASSIGNED, nsidRequest, RTM_GETNSID } from '../rtnetlink/nsid.ts';
import { encodeText } from '../wire/text.ts';
import { listNames, pathOfNamespace } from './named.ts';

/** Is told when the kernel refuses to tell an id: what is open is no namespace. */
export type OnRefusal = (error: KernelError, name?: string) => void;

/** The id that this namespace has for the one behind `descriptor`; undefined when it has none. */
export function nsidOf(descriptor: number, onRefusal?: OnRefusal): number | undefined {
  const answer = askOrRefusal(nsidRequest(RTM_GETNSID, { fd: descriptor }));
  if (answer === undefined) return undefined;
  if (answer instanceof KernelError) {
    onRefusal?.(answer);
    return undefined;
  }
  const { nsid } = decodeNsid(answer);
  return nsid === NSID_UNASSIGNED ? undefined : nsid;
}

/** The id that this namespace has for a named one; undefined when it has none, or the file cannot be opened. */
export function nsidOfName(name: string, onRefusal?: OnRefusal): number | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(encodeText(pathOfNamespace(name)), 'r');
  } catch {
    return undefined;
  }
  try {
    return nsidOf(descriptor, onRefusal);
  } finally {
    closeSync(descriptor);
  }
}

/** The ids of named namespaces, in the order of `names`; undefined for those without. */
export function readNsids(names: readonly string[], onRefusal?: OnRefusal): Map<string, number | undefined> {
  return new Map(names.map(name => [name, nsidOfName(name, error => onRefusal?.(error, name))]));
}

/** A look-up of names by nsid, read when first needed, and again when somebody says so. */
export interface NamespaceNames {
  /** The name; of several the first in the run directory. */
  name(nsid: number): string | undefined;
  /** Replaces what is known by what was read just now. */
  learn(nsids: ReadonlyMap<string, number | undefined>): void;
}

/** A look-up of names that knows nothing yet. */
export function namespaceNames(onRefusal?: OnRefusal): NamespaceNames {
  let names: Map<number, string> | undefined;
  function learn(nsids: ReadonlyMap<string, number | undefined>): void {
    names = new Map();
    for (const [name, nsid] of nsids) if (nsid !== undefined && !names.has(nsid)) names.set(nsid, name);
  }
  return {
    learn,
    name(nsid) {
      if (names === undefined) learn(readNsids(listNames(), onRefusal));
      return names?.get(nsid);
    },
  };
}
