/**
 * What stands in `${}`: names, whole numbers, + - * / % and brackets. Nothing of it runs as code; what a text holds
 * besides stays as it is, and `$${` stands for `${`.
 */

import { nearest } from '../../schema/nearest.ts';
import type { Scalar } from './tree.ts';

/** Values by name. */
export type Names = ReadonlyMap<string, string | number | boolean>;

/** An expression that has no value. */
export class ExpressionError extends Error {}

const PART = /\$\$\{|\$\{([^{}]*)\}/g;
const TOKEN = /\s*(?:(\d+)|([A-Za-z_]\w*)|([-+*/%()]))/y;
const DEEPEST = 50;

/** A text with its expressions replaced; where it is one expression alone, the value as it is. */
export function substitute(text: string, names: Names): Scalar {
  if (!text.includes('${')) return text;
  const whole = /^\$\{([^{}]*)\}$/.exec(text);
  if (whole !== null) return evaluate(whole[1]!, names);
  return text.replace(PART, (_part, inside: string | undefined) =>
    inside === undefined ? '${' : String(evaluate(inside, names)),
  );
}

/** Whether a text has expressions. */
export function hasExpression(text: string): boolean {
  return /(?:^|[^$])\$\{/.test(text);
}

/** The value of an expression. Throws {@link ExpressionError}. */
export function evaluate(text: string, names: Names): string | number | boolean {
  const tokens = tokensOf(text);
  const only = tokens.length === 1 ? tokens[0]! : undefined;
  if (only !== undefined && /^[A-Za-z_]/.test(only)) return lookUp(only, names);
  const reader = new ExpressionReader(text, tokens, names);
  return reader.whole();
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null)
      throw new ExpressionError(`"${text.slice(at).trim()}" in \${${text}} is not an expression`);
    tokens.push(found[1] ?? found[2] ?? found[3]!);
  }
  return tokens;
}

function lookUp(name: string, names: Names): string | number | boolean {
  const value = names.get(name);
  if (value !== undefined) return value;
  const meant = nearest(name, names.keys());
  const hint =
    meant === undefined ? `known are ${[...names.keys()].join(', ') || 'none'}` : `did you mean "${meant}"?`;
  throw new ExpressionError(`nothing is called "${name}"; ${hint}`);
}

/** Sums of products of numbers, names and brackets. */
class ExpressionReader {
  readonly #text: string;
  readonly #tokens: readonly string[];
  readonly #names: Names;
  #at = 0;
  #depth = 0;

  constructor(text: string, tokens: readonly string[], names: Names) {
    this.#text = text;
    this.#tokens = tokens;
    this.#names = names;
  }

  whole(): number {
    const value = this.#sum();
    if (this.#at < this.#tokens.length) throw this.#wrong();
    if (!Number.isSafeInteger(value)) throw new ExpressionError(`\${${this.#text}} is too large`);
    return value;
  }

  #sum(): number {
    let value = this.#product();
    for (let sign = this.#take('+', '-'); sign !== undefined; sign = this.#take('+', '-'))
      value = sign === '+' ? value + this.#product() : value - this.#product();
    return value;
  }

  #product(): number {
    let value = this.#operand();
    for (let sign = this.#take('*', '/', '%'); sign !== undefined; sign = this.#take('*', '/', '%')) {
      const other = this.#operand();
      if (sign !== '*' && other === 0) throw new ExpressionError(`\${${this.#text}} divides by 0`);
      value = sign === '*' ? value * other : sign === '/' ? Math.trunc(value / other) : value % other;
    }
    return value;
  }

  #operand(): number {
    if (this.#take('-') !== undefined) return -this.#operand();
    if (this.#take('(') !== undefined) {
      if (++this.#depth > DEEPEST) throw this.#wrong();
      const value = this.#sum();
      if (this.#take(')') === undefined) throw this.#wrong();
      return value;
    }
    const token = this.#tokens[this.#at++];
    if (token === undefined || /^[-+*/%()]$/.test(token)) throw this.#wrong();
    if (/^\d/.test(token)) return Number(token);
    const value = lookUp(token, this.#names);
    const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number))
      throw new ExpressionError(`"${token}" in \${${this.#text}} is not a whole number`);
    return number;
  }

  #take(...signs: readonly string[]): string | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined || !signs.includes(token)) return undefined;
    this.#at++;
    return token;
  }

  #wrong(): ExpressionError {
    return new ExpressionError(`\${${this.#text}} is not an expression`);
  }
}
