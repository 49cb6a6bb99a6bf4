/** The word that somebody may have meant. */

/** The candidate that takes the fewest changes of letters, if those are few for its length; of several the first. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.min(3, Math.floor((word.length - 1) / 2)));
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) > least) continue;
    const changes = distance(word.toLowerCase(), candidate.toLowerCase());
    if (changes > least || (best !== undefined && changes === least)) continue;
    best = candidate;
    least = changes;
  }
  return best;
}

/** How many letters must be put in, left out, replaced or exchanged with their neighbours (Damerau and Levenshtein). */
export function distance(one: string, other: string): number {
  if (one === other) return 0;
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (isSame ? 0 : 1));
      const isExchanged =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (isExchanged) cost = Math.min(cost, before[column - 2]! + 1);
      current.push(cost);
    }
    before = last;
    last = current;
  }
  return last[other.length]!;
}
