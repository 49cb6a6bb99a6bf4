/** The command line of a program of ours: the name it was called by, and its words with their bytes. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { recordOfStart } from '../../kernel/system/native.ts';
import { decodeText } from '../../wire/text.ts';

export interface CommandLine {
  readonly name: string;
  /** With the path, if the program was called by one: getopt(3) shows it so. */
  readonly calledAs: string;
  /** Whether it was called by our name, not by the original's or that of an object. */
  readonly isOwn: boolean;
  readonly words: readonly string[];
}

/** `name` is `original` when called as `ts` and that; called by another name, it is that. */
export function commandLine(original: string): CommandLine {
  const [calledAs = '', ...words] = givenWords();
  const name = basename(calledAs);
  const isOwn = name === `ts${original}` || name === '' || recordOfStart === undefined;
  return { ...(isOwn ? { name: original, calledAs: original } : { name, calledAs }), isOwn, words };
}

/**
 * The name that the launcher was called by, and the arguments. Node replaces bytes that are not UTF-8; the kernel still
 * has them, without the script where the addon has taken that away.
 */
function givenWords(): readonly string[] {
  const words = [process.argv0, ...process.argv.slice(2)];
  if (!words.some(word => word.includes('\ufffd'))) return words;
  const [name = '', ...others] = decodeText(readFileSync('/proc/self/cmdline')).split('\0');
  const first = recordOfStart === undefined ? others.length - words.length : 0;
  return [name, ...others.slice(first, first + words.length - 1)];
}
