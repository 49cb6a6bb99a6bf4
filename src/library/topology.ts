/** How the devices of all namespaces hang together, for those who have no registry at hand. */

import { type NamespaceEntry, readRegistry } from '../namespaces/inventory/registry.ts';
import { type NamespaceContents, readTopology as readAll } from '../namespaces/inventory/topology.ts';
import { entriesOf, list } from './values/shape.ts';

/**
 * Looks into every namespace that may be entered, one after the other; into all that {@link readRegistry} finds when none
 * are given. A namespace that ends at the same time or may not be entered has a {@link NamespaceContents.problem};
 * nothing is thrown for it. Rejects with {@link ArgumentError} for what is not an array of entries.
 */
export async function readTopology(
  namespaces: readonly NamespaceEntry[] = readRegistry().namespaces,
): Promise<NamespaceContents[]> {
  const entry = (argument: string, value: unknown) => {
    entriesOf(argument, value);
    return value as NamespaceEntry;
  };
  return readAll(list(entry)('namespaces', namespaces));
}
