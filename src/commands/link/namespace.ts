/** The namespace after `netns` and `link-netns`. */
import { openSync } from 'node:fs';
import { fileOfNamespace, isTarget } from '../../namespaces/targets.ts';
import { parseSigned } from '../../schema/number.ts';
import { encodeText } from '../../wire/text.ts';

/**
 * Opens a namespace: a path if `word` has a slash, else a name of the run directory, or another way to name one, else a process id. Returns
 * undefined if there is no such namespace.
 */
export function openNamespace(word: string): number | undefined {
  const named = word.includes('/') && !isTarget(word) ? word : fileOfNamespace(word);
  const descriptor = openIfPresent(named);
  if (descriptor !== undefined) return descriptor;
  return parseSigned(word) === undefined ? undefined : openIfPresent(`/proc/${word}/ns/net`);
}

function openIfPresent(path: string): number | undefined {
  try {
    return openSync(encodeText(path), 'r');
  } catch {
    return undefined;
  }
}
