/**
 * Maps of user and group ids into a user namespace, as unshare composes them. Source: user_namespaces(7),
 * unshare(1), and runs of util-linux 2.42.4 for what happens at the edges.
 */

/** `count` ids from `outer` on, seen inside from `inner` on. */
export interface IdRange {
  /** The first id inside; undefined for the first ones that are free. */
  readonly inner: number | undefined;
  readonly outer: number;
  readonly count: number;
}

/** A line of a map. */
export interface MapLine extends IdRange {
  readonly inner: number;
}

/** (uid_t) -1, the number that is not an id. */
export const NO_ID = 0xffff_ffff;

/**
 * The lines of a map of `ranges`, with room made for one single id: `inner` inside for `outer` outside. Ids of
 * the ranges pass over these two, and lose one that would meet them.
 */
export function composeMap(
  ranges: readonly IdRange[],
  single?: { readonly inner: number; readonly outer: number },
): MapLine[] {
  // Without a single id, the number that is not an id is passed over: 0 comes after it.
  const taken = single ?? { inner: NO_ID, outer: NO_ID };
  return [
    ...(single ? [{ ...single, count: 1 }] : []),
    ...ranges.flatMap(range => fit(range, taken, single !== undefined)),
  ];
}

function fit(
  range: IdRange,
  taken: { readonly inner: number; readonly outer: number },
  isSingle: boolean,
): MapLine[] {
  const { inner = 0, outer, count } = range;
  const losesOne =
    isSingle &&
    range.inner !== undefined &&
    (meets(inner, count, taken.inner) || meets(outer, count, taken.outer));
  const length = Math.max(0, losesOne ? count - 1 : count);
  const cuts = [length, offsetOf(taken.inner, inner, length), offsetOf(taken.outer, outer, length)].sort(
    (one, other) => one - other,
  );
  const lines: MapLine[] = [];
  let start = 0;
  for (const end of cuts) {
    if (end > start)
      lines.push({
        inner: passOver(taken.inner, inner, start),
        outer: passOver(taken.outer, outer, start),
        count: end - start,
      });
    start = end;
  }
  return lines;
}

/** As in the original, an id right after a range meets it, too. */
function meets(start: number, count: number, id: number): boolean {
  return id >= start && id <= start + count;
}

/** How many ids of a range come before `id`; all, if it is not among them. */
function offsetOf(id: number, start: number, length: number): number {
  return id < start ? length : Math.min(id - start, length);
}

/** The id at `offset` of those that begin at `start` and pass over `id`. */
function passOver(id: number, start: number, offset: number): number {
  return (start + offset + (id >= start && id - start <= offset ? 1 : 0)) >>> 0;
}

/** The words of a line as the kernel and newuidmap want them. */
export function lineWords({ inner, outer, count }: MapLine): string[] {
  return [inner, outer, count].map(String);
}
