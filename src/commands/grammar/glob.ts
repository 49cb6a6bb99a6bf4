/** Patterns as fnmatch(3) without flags knows them: `*`, `?`, `[...]` and a backslash before what is meant literally. */

/** Compiles a pattern into a test of whole texts. */
export function compileGlob(pattern: string): (text: string) => boolean {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] as string;
    if (character === '*') source += '.*';
    else if (character === '?') source += '.';
    else if (character === '[') {
      const end = endOfBracket(pattern, at);
      source += end < 0 ? '\\[' : bracketSource(pattern.slice(at + 1, end));
      if (end > 0) at = end;
    } else if (character === '\\' && at + 1 < pattern.length) source += literal(pattern[++at] as string);
    else source += literal(character);
  }
  const expression = new RegExp(`^(?:${source})$`, 'su');
  return text => expression.test(text);
}

function literal(character: string): string {
  return /[\^$\\.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}

/** Where the bracket that begins at `start` ends; a `]` right at its beginning belongs to it. -1: nowhere. */
function endOfBracket(pattern: string, start: number): number {
  let at = start + 1;
  if (pattern[at] === '!' || pattern[at] === '^') at++;
  if (pattern[at] === ']') at++;
  while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1;
  return at < pattern.length ? at : -1;
}

function bracketSource(inside: string): string {
  const isInverse = inside.startsWith('!') || inside.startsWith('^');
  const members = (isInverse ? inside.slice(1) : inside)
    .replace(/\\(.)/gsu, '$1')
    .replace(/[\\\]^[&~]/g, '\\$&');
  return `[${isInverse ? '^' : ''}${members}]`;
}
