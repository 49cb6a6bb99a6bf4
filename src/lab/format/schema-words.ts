/** What the code that ajv made of schemas/lab.json complains of, in words. */

import { unknownWord } from './problems.ts';

/** One complaint of the code that ajv made. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly schema: unknown;
  readonly parentSchema: Readonly<Record<string, unknown>>;
  readonly data: unknown;
  readonly propertyName?: string;
}

/** What is wrong in words; undefined for complaints that follow from others. */
export function schemaProblem(error: SchemaError): { message: string; isAboutKey: boolean } | undefined {
  const { keyword, params, schema, parentSchema, data } = error;
  const about = (message: string, isAboutKey = false) => ({ message, isAboutKey });
  switch (keyword) {
    case 'additionalProperties': {
      const name = String(params['additionalProperty']);
      const known = Object.keys((parentSchema['properties'] ?? {}) as object).filter(
        key => key !== '$schema',
      );
      return about(unknownWord(name, 'known here', known), true);
    }
    case 'required':
      return about(`"${String(params['missingProperty'])}" is missing`);
    case 'type':
      return about(`must be ${typeWords(schema)}, not ${kindOf(data)}`);
    case 'enum':
      return about(unknownWord(String(data), 'known here', (schema as readonly unknown[]).map(String)));
    case 'pattern':
    case 'minimum':
    case 'maximum':
    case 'minLength':
    case 'maxLength':
    case 'minItems':
    case 'maxItems':
      return about(limitWords(error), error.propertyName !== undefined);
    default:
      return undefined;
  }
}

function limitWords({ keyword, params, parentSchema, data, propertyName }: SchemaError): string {
  const limit = String(params['limit']);
  const shown = JSON.stringify(propertyName ?? data);
  switch (keyword) {
    case 'minimum':
      return `${shown} is less than ${limit}`;
    case 'maximum':
      return `${shown} is more than ${limit}`;
    case 'minLength':
      return 'must not be empty';
    case 'maxLength':
      return `${shown} is longer than ${limit} characters`;
    case 'minItems':
    case 'maxItems':
      return `must have ${parentSchema['minItems'] === parentSchema['maxItems'] ? '' : keyword === 'minItems' ? 'at least ' : 'at most '}${limit} values`;
    default:
      return `${shown} is not ${PATTERNS.get(String(params['pattern'])) ?? `of the form ${String(params['pattern'])}`}`;
  }
}

/** What the patterns of the schema stand for. */
const PATTERNS: ReadonlyMap<string, string> = new Map([
  ['^[a-z][a-z0-9-]*$', 'a name: a lower-case letter, then letters, digits and hyphens'],
  ['^[A-Za-z_][A-Za-z0-9_]*$', 'a name of a variable: letters, digits and underscores'],
  ['^[A-Za-z_][A-Za-z0-9_-]*$', 'a name of a template'],
  ['^[A-Za-z0-9_.-]+$', 'a name of a service'],
  ['^[^\\s/:%]+$', 'a name for a device'],
  ['^net[./][A-Za-z0-9_./-]+$', 'a sysctl of the network: net.ipv4.ip_forward, for example'],
  ['^([0-9]+(\\.[0-9]+)?(us|ms|s|m)|\\$\\{.*\\})$', 'a duration: 500ms, 10s, 1m'],
  ['^([0-9]+(\\.[0-9]+)?%|\\$\\{.*\\})$', 'a share: 0.5%'],
  ['^([0-9]+(\\.[0-9]+)?(bit|kbit|mbit|gbit)|\\$\\{.*\\})$', 'a rate: 20mbit'],
  ['^(([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|\\$\\{.*\\})$', 'a link-layer address: 02:00:00:00:00:01'],
  ['^\\$\\{.*\\}$', 'a whole number'],
]);

const KINDS: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'empty',
};

function typeWords(schema: unknown): string {
  const types = [schema].flat().map(type => KINDS[String(type)] ?? String(type));
  return types.length === 1 ? types[0]! : `${types.slice(0, -1).join(', ')} or ${types.at(-1)}`;
}

function kindOf(data: unknown): string {
  if (data === null) return 'empty';
  if (Array.isArray(data)) return 'a list';
  if (typeof data === 'number') return Number.isInteger(data) ? 'a whole number' : 'a number';
  return KINDS[typeof data] ?? typeof data;
}
