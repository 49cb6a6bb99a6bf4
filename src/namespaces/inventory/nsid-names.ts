/** Ids of network namespaces as seen from this one, and the names in the run directory that they stand for. */

import { closeSync, openSync } from 'node:fs';
import type { Ask } from '../../kernel/netlink/request-sync.ts';
import { KernelError } from '../../kernel/system/errors.ts';
import { RTM_GETNSID } from '../../linux/rtnetlink.ts';
import { decodeNsid, NSID_UNASSIGNED, nsidRequest } from '../../rtnetlink/nsid.ts';
import { encodeText } from '../../wire/text.ts';
import { listNames, pathOfNamespace, RUN_DIRECTORY, readDirectory } from '../named.ts';

/** Called when the kernel refuses to look up an id: the open file is not a namespace. */
export type OnRefusal = (error: KernelError) => void;

/** The id that this namespace has for the one behind `descriptor`; undefined if it has no id for it. */
export function nsidOf(ask: Ask, descriptor: number, onRefusal?: OnRefusal): number | undefined {
  const answer = ask(nsidRequest(RTM_GETNSID, { fd: descriptor }));
  if (answer === undefined) return undefined;
  if (answer instanceof KernelError) {
    onRefusal?.(answer);
    return undefined;
  }
  const { nsid } = decodeNsid(answer);
  return nsid === NSID_UNASSIGNED ? undefined : nsid;
}

/** The id that this namespace has for a named one; undefined if it has no id for it, or the file cannot be opened. */
export function nsidOfName(ask: Ask, name: string, onRefusal?: OnRefusal): number | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(encodeText(pathOfNamespace(name)), 'r');
  } catch {
    return undefined;
  }
  try {
    return nsidOf(ask, descriptor, onRefusal);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Names by nsid. They are read once; a later change of a name is noticed only where the original notices it, and files
 * that are not namespaces are reported as often. Of several names the first in the run directory counts.
 */
export class NamespaceNames {
  readonly #ask: Ask;
  readonly #onRefusal: OnRefusal | undefined;
  readonly #names = new Map<number, string>();
  #isRead = false;

  constructor(ask: Ask, onRefusal?: OnRefusal) {
    this.#ask = ask;
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
      const nsid = nsidOfName(this.#ask, name, this.#onRefusal);
      if (nsid !== undefined && !this.#names.has(nsid)) this.#names.set(nsid, name);
    }
  }

  /** The name as read once, for attributes that refer to another namespace. */
  known(nsid: number): string | undefined {
    this.read();
    return this.#names.get(nsid);
  }

  /** The name known for id `own`, which is used only once. */
  take(own: number): string | undefined {
    const known = this.#names.get(own);
    this.#names.delete(own);
    return known;
  }

  /**
   * The name, for lists of ids: the one known for id `own`, which is used only once, or else the one that the run
   * directory has for id `nsid`. (They differ for ids that another namespace assigns; the original searches for the
   * wrong one.)
   */
  find(own: number, nsid: number): string | undefined {
    const known = this.take(own);
    if (known !== undefined || nsid === NSID_UNASSIGNED) return known;
    const found = listNames().find(name => nsidOfName(this.#ask, name, this.#onRefusal) === nsid);
    if (found !== undefined) this.#names.set(nsid, found);
    return found;
  }
}
