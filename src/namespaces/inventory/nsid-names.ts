/** Ids of network namespaces as seen from this one, and the names in the run directory that they stand for. */

import { closeSync, openSync } from 'node:fs';
import { requestSyncOrError } from '../../kernel/netlink/request-sync.ts';
import { KernelError } from '../../kernel/system/errors.ts';
import { RTM_GETNSID } from '../../linux/rtnetlink.ts';
import { decodeNsid, NSID_UNASSIGNED, nsidRequest } from '../../rtnetlink/nsid.ts';
import { encodeText } from '../../wire/text.ts';
import { listNames, pathOfNamespace, RUN_DIRECTORY, readDirectory } from '../named.ts';

/** Is told when the kernel refuses to tell an id: what is open is no namespace. */
export type OnRefusal = (error: KernelError) => void;

/** The id that this namespace has for the one behind `descriptor`; undefined when it has none. */
export function nsidOf(descriptor: number, onRefusal?: OnRefusal): number | undefined {
  const answer = requestSyncOrError(nsidRequest(RTM_GETNSID, { fd: descriptor }));
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

/**
 * Names by nsid. They are read once; what becomes of a name later is noticed only as far as the original notices
 * it, and files that are no namespaces are complained about as often. Of several names the first in the run
 * directory counts.
 */
export class NamespaceNames {
  readonly #onRefusal: OnRefusal | undefined;
  readonly #names = new Map<number, string>();
  #isRead = false;

  constructor(onRefusal?: OnRefusal) {
    this.#onRefusal = onRefusal;
  }

  /** Reads the names, unless that has been done. While there is no run directory, each call looks for it again. */
  read(): void {
    if (this.#isRead) return;
    let entries: readonly string[];
    try {
      entries = readDirectory(RUN_DIRECTORY);
    } catch {
      return;
    }
    this.#isRead = true;
    for (const name of entries) {
      const nsid = nsidOfName(name, this.#onRefusal);
      if (nsid !== undefined && !this.#names.has(nsid)) this.#names.set(nsid, name);
    }
  }

  /** The name as read once, for what points at another namespace. */
  known(nsid: number): string | undefined {
    this.read();
    return this.#names.get(nsid);
  }

  /**
   * The name, for lists of ids: that known for id `own`, which counts only once, or else what the run directory is
   * found to have for id `nsid`. (They differ for ids that another namespace gives; the original searches for the
   * wrong one.)
   */
  find(own: number, nsid: number): string | undefined {
    const names = this.#names;
    const known = names.get(own);
    if (known !== undefined) {
      names.delete(own);
      return known;
    }
    if (nsid === NSID_UNASSIGNED) return undefined;
    const found = listNames().find(name => nsidOfName(name, this.#onRefusal) === nsid);
    if (found !== undefined) names.set(nsid, found);
    return found;
  }
}
