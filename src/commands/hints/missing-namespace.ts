/** A namespace that does not exist, or whose entry in the run directory is left over. */

import { nearest } from '../../schema/nearest.ts';
import type { Hint } from './failure.ts';

import { thereAre } from './line.ts';

import { complaintOf, systemErrorOf, wordAfter } from './request.ts';
import type { SystemView } from './system-view.ts';

export const missingNamespace: Hint = ({ words, error }, system) => {
  const name = nameIn(systemErrorOf(error)?.phrase, words) ?? nameInComplaint(complaintOf(error));
  // The original writes this where it has no name.
  if (name === undefined || name === '(null)') return undefined;
  switch (system.entry(name)) {
    case 'file':
      return `"${name}" is stale: a file without a namespace. 'netns delete ${name}' removes it`;
    case 'absent':
      return absent(name, system);
    default:
      return undefined;
  }
};

function nameIn(phrase: string | undefined, words: readonly string[]): string | undefined {
  if (phrase === undefined) return undefined;
  const quoted =
    /^(?:Cannot open network namespace|setting the network namespace) "(.*?)"/.exec(phrase)?.[1] ??
    /^Cannot remove namespace file ".*\/([^/]+)"/.exec(phrase)?.[1];
  // `netns pids` and `identify` do not say which.
  if (quoted === undefined && phrase === 'Cannot open network namespace') return wordAfter(words, 'pids');
  return quoted;
}

function nameInComplaint(complaint: string | undefined): string | undefined {
  if (complaint === undefined) return undefined;
  return /^Error: argument "(.*?)" is wrong: (?:Invalid "netns" value|Invalid "link-netns" value)/.exec(
    complaint,
  )?.[1];
}

function absent(name: string, system: SystemView): string {
  const names = system.namespaces();
  const similar = nearest(name, names);
  if (similar !== undefined) return `there is no namespace "${name}"; did you mean "${similar}"?`;
  if (names.length === 0)
    return `there is no namespace "${name}", nor any other name: 'netns add ${name}' makes one`;
  return `there is no namespace "${name}"; ${thereAre(names)}`;
}
