/** The command line of a program of ours: the name it was called by, and its words with their bytes. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { decodeText } from '../wire/text.ts';

export interface CommandLine {
  readonly name: string;
  readonly words: readonly string[];
}

/** `name` is `original` when called as `ts` and that; linked under another name, it is the link's. */
export function commandLine(original: string): CommandLine {
  const called = basename(process.argv[1] ?? original);
  return { name: called === `ts${original}` ? original : called, words: argumentWords() };
}

/** Node replaces bytes that are not UTF-8; the kernel still has them. */
function argumentWords(): readonly string[] {
  const words = process.argv.slice(2);
  if (!words.some(word => word.includes('\ufffd'))) return words;
  const all = decodeText(readFileSync('/proc/self/cmdline')).split('\0').slice(0, -1);
  return all.slice(all.length - words.length);
}
