/** The words of `ip` as requests. The parsers are those of the programs, and are passed in: see commands/lab/ip-words.ts. */

/** What words can be of. */
export type WordsObject = 'link' | 'address' | 'route' | 'rule' | 'neighbour';

/** Words that `ip` would refuse; the message is its complaint without the program's manner. */
export class WordsError extends Error {}

/** Reads words as `ip OBJECT add` does, and writes them. */
export interface IpWords {
  /**
   * The request that the words make, as bytes, where devices have these indices. Rejects with {@link WordsError}. Nothing
   * is asked of the kernel.
   */
  compile(
    object: WordsObject,
    words: readonly string[],
    devices: ReadonlyMap<string, number>,
  ): Promise<Buffer>;
  /** A route or rule, which is a message of the kernel, as `ip` lists it: mostly words that make it again. */
  textOf(kind: 'route' | 'rule', message: Buffer, devices: ReadonlyMap<string, number>): string;
}

/** Words as a shell would divide them: blanks divide, quotes keep together. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const [, plain, single, double] of text.matchAll(/([^\s'"]+)|'([^']*)'|"([^"]*)"/g))
    words.push(plain ?? single ?? double ?? '');
  return words;
}
