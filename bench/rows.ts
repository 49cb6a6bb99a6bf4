/** What the parts of the benchmark share: middles of figures, and rows that are printed as they are measured. */

/** The value below which `part` of the others are; between two, a value between them. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
  return low + (high - low) * (at - Math.floor(at));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Rows of one subject, and whether all are within their limits. */
export class Rows {
  isWithinLimits = true;

  print(name: string, text: string, isGood = true): void {
    this.isWithinLimits &&= isGood;
    console.log(`\n${name}${isGood ? '' : '   OVER THE LIMIT'}\n  ${text}`);
  }
}
