/** What the programs answer to the completion script of a shell: one candidate a line, or what the shell shall do. */

import { writeNow } from '../frame/streams.ts';

export interface Candidate {
  readonly word: string;
  /** A few words about it, for shells that show them. */
  readonly about?: string;
}

export interface Answer {
  readonly candidates: readonly Candidate[];
  /** The shell offers files or folders too; the word being completed has `prefix` before their path. */
  readonly paths?: { readonly kind: 'files' | 'folders'; readonly prefix: string };
  /** A whole command begins at this word (the program is word 0): the shell completes it in its own way. */
  readonly commandAt?: number;
}

export const NO_ANSWER: Answer = { candidates: [] };

/** A word that no shell shows or takes on one line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f]/;

/**
 * Writes an answer: first a line that begins with a tab if the shell shall do something, then each candidate that
 * begins with `current`, with a tab and what it is. Nobody may be listening any more.
 */
export function printAnswer(
  descriptor: number,
  { candidates, paths, commandAt }: Answer,
  current: string,
): void {
  const lines: string[] = [];
  if (paths !== undefined) lines.push(`\t${paths.kind}\t${paths.prefix}`);
  if (commandAt !== undefined) lines.push(`\tcommand\t${commandAt}`);
  const seen = new Set<string>();
  for (const { word, about = '' } of candidates) {
    if (word === '' || seen.has(word) || !word.startsWith(current) || UNPRINTABLE.test(word)) continue;
    seen.add(word);
    lines.push(`${word}\t${about.replace(/\s+/g, ' ')}`);
  }
  try {
    if (lines.length > 0) writeNow(descriptor, `${lines.join('\n')}\n`);
  } catch {
    // The shell has lost interest.
  }
}

/** The words of the hidden command line: `SHELL WORD...`, the last word being the one that is completed. */
export interface Question {
  /** All but the last are whole. The first is the one after the program. */
  readonly before: readonly string[];
  readonly current: string;
}

/** How the completion scripts call the programs. */
export const COMPLETION_OPTION = '--get-yargs-completions';

/** Reads `SHELL WORD...`; bash and fish leave their quoting in words. */
export function questionOf([shell, ...words]: readonly string[]): Question {
  const spelt = shell === 'bash' ? words.map(unquote) : words;
  const current = spelt.at(-1) ?? '';
  return { before: spelt.slice(0, -1), current: shell === 'fish' ? unquote(current) : current };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', e: '\u001b', '\\': '\\', "'": "'" };

/**
 * The text that a word of a shell's line stands for, as far as it is known without expanding anything: quotes
 * are taken away, whether they are closed or not, and `$` and backquotes stand for themselves.
 */
export function unquote(word: string): string {
  let text = '';
  let quote = '';
  for (let at = 0; at < word.length; at++) {
    const character = word[at]!;
    const next = word[at + 1];
    if (quote === "'") {
      if (character === "'") quote = '';
      else text += character;
    } else if (quote === '"') {
      if (character === '"') quote = '';
      else if (character === '\\' && next !== undefined && '\\"$`'.includes(next)) text += word[++at];
      else text += character;
    } else if (quote === '$') {
      if (character === "'") quote = '';
      else if (character === '\\' && next !== undefined) text += ESCAPES[word[++at]!] ?? `\\${next}`;
      else text += character;
    } else if (character === '$' && next === "'") {
      quote = '$';
      at++;
    } else if (character === "'" || character === '"') {
      quote = character;
    } else if (character === '\\') {
      text += word[++at] ?? '';
    } else {
      text += character;
    }
  }
  return text;
}
