/**
 * The store of named network namespaces: files in the run directory on which namespaces are mounted.
 * Source: ip-netns(8).
 */
import { opendirSync } from 'node:fs';

/** Debian's run directory of named namespaces; TSIP_NETNS_DIR replaces it. */
export const RUN_DIRECTORY = process.env['TSIP_NETNS_DIR'] ?? '/run/netns';

/** Path of the file of a named namespace. */
export function pathOfNamespace(name: string): string {
  return `${RUN_DIRECTORY}/${name}`;
}

/** Names in the run directory in the order in which the file system gives them; empty when there is none. */
export function listNames(): string[] {
  const names: string[] = [];
  try {
    const directory = opendirSync(RUN_DIRECTORY);
    try {
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync())
        names.push(entry.name);
    } finally {
      directory.closeSync();
    }
  } catch {
    return [];
  }
  return names;
}
