/**
 * What the kernel shows only for a moment: it changes these after a command has returned, in the background, so that two
 * equal runs may see different stages. A differential test that differs in nothing else is repeated (`differential`).
 */

/** Texts that the kernel changes in the background, and why. */
const MOMENTS: readonly { readonly pattern: RegExp; readonly because: string }[] = [
  {
    pattern: /\b(state|operstate"?[:=]? ?"?) ?"?(UP|DOWN|UNKNOWN|LOWERLAYERDOWN|DORMANT)\b/g,
    because: 'the link watcher sets the operational state of a link, at most once a second',
  },
  {
    pattern: /,?"?\b(LOWER_UP|NO-CARRIER|RUNNING|M-DOWN)\b"?/g,
    because: 'these flags follow the operational state',
  },
  { pattern: /,?"?\b(linkdown|dead)\b"? ?/g, because: 'so do those of routes and nexthops' },
  {
    pattern: /,?"?\b(tentative|optimistic)\b"?(:true)? ?/g,
    because: 'duplicate address detection ends by a timer',
  },
  {
    pattern: /\b(REACHABLE|STALE|DELAY|PROBE|INCOMPLETE|FAILED)\b/g,
    because: 'timers change the state of a neighbour',
  },
  {
    pattern: /"?\blink[-_]netns(id)?"?[: ] ?("[^"]*"|\S+) ?/g,
    because: 'a namespace is taken down in the background, and its id with it',
  },
];

/** Entries that the kernel adds by itself, in the order in which links become ready. */
const BACKGROUND = /<local |\bfe80::|\bff00::|proto kernel|"protocol":"kernel"/;

/** Whether `one` and `other` differ only in moments and in the order of entries that the kernel adds by itself. */
export function isMomentaryDifference(one: string, other: string): boolean {
  return one !== other && withoutMoments(one) === withoutMoments(other);
}

function withoutMoments(text: string): string {
  return inOneOrder(
    MOMENTS.reduce((rest, { pattern }) => rest.replace(pattern, ''), text),
    BACKGROUND,
  );
}

/** `text` with neighbouring lines, or members of a list, sorted where they match `unordered`. */
export function inOneOrder(text: string, unordered: RegExp): string {
  const sorted: string[] = [];
  let run: string[] = [];
  for (const entry of entriesOf(text)) {
    if (unordered.test(entry)) run.push(entry);
    else {
      sorted.push(...run.sort(), entry);
      run = [];
    }
  }
  return [...sorted, ...run.sort()].join('\n');
}

/** The lines of `text`; of lists, which a line or all of it may be, the members, with what stands around them. */
function entriesOf(text: string): readonly string[] {
  return membersOf(text) ?? text.split('\n').flatMap(line => membersOf(line) ?? [line]);
}

function membersOf(text: string): readonly string[] | undefined {
  const list = /^(\[\s*\{)([\s\S]*)(\}\s*\]\s*)$/.exec(text);
  if (list === null) return undefined;
  const [, begin = '', members = '', end = ''] = list;
  return [begin, ...members.split('},{'), end];
}
