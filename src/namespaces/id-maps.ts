/**
 * Maps of user and group ids into a user namespace, as unshare composes them. Source: user_namespaces(7),
 * unshare(1), and runs of util-linux 2.42.4 for what happens at the edges.
 */

/** `count` ids from `outer` on, seen inside from `inner` on. */
export interface IdRange {
  readonly inner: number;
  readonly outer: number;
  readonly count: number;
}

/** There are so many ids: the largest 32-bit number, (uid_t) -1, is none. */
const ID_COUNT = 0xffff_ffff;

/**
 * The lines of a map of `ranges`, with room made for one single id: `inner` inside for `outer` outside. Both
 * are cut out of the ranges; ids that follow move up, so that what is left is paired in order.
 */
export function composeMap(
  ranges: readonly IdRange[],
  single?: { readonly inner: number; readonly outer: number },
): IdRange[] {
  const lines = single
    ? [{ ...single, count: 1 }, ...ranges.flatMap(range => cutOut(range, single.inner, single.outer))]
    : ranges.flatMap(splitAtEnd);
  return lines.filter(({ count }) => count > 0);
}

/** One or more maximal pieces of a range without an inner and an outer id. */
function cutOut(range: IdRange, inner: number, outer: number): IdRange[] {
  return pair(without(range.inner, range.count, inner), without(range.outer, range.count, outer));
}

/** Ranges that reach past the last id go on at the first. */
function splitAtEnd({ inner, outer, count }: IdRange): IdRange[] {
  return pair(wrap(inner, count), wrap(outer, count));
}

interface Interval {
  readonly start: number;
  readonly count: number;
}

function without(start: number, count: number, id: number): Interval[] {
  if (id < start || id >= start + count) return [{ start, count }];
  return [
    { start, count: id - start },
    { start: id + 1, count: start + count - id - 1 },
  ];
}

function wrap(start: number, count: number): Interval[] {
  const before = Math.min(count, ID_COUNT - start);
  return [
    { start, count: before },
    { start: 0, count: count - before },
  ];
}

/** Pairs two lists of intervals id by id, as long as both last. */
function pair(inner: readonly Interval[], outer: readonly Interval[]): IdRange[] {
  const ranges: IdRange[] = [];
  let innerStart = 0;
  for (const one of inner) {
    let outerStart = 0;
    for (const other of outer) {
      const start = Math.max(innerStart, outerStart);
      const count = Math.min(innerStart + one.count, outerStart + other.count) - start;
      if (count > 0)
        ranges.push({
          inner: one.start + start - innerStart,
          outer: other.start + start - outerStart,
          count,
        });
      outerStart += other.count;
    }
    innerStart += one.count;
  }
  return ranges;
}

/** The words of a range as the kernel and newuidmap want them. */
export function rangeWords({ inner, outer, count }: IdRange): string[] {
  return [inner, outer, count].map(number => String(number >>> 0));
}
