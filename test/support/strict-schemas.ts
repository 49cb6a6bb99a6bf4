/**
 * The JSON Schemas of --strict-json, and the check of a document against one. Schemas allow keys that they do not
 * know, for newer kernels and versions; here they must know them all, so that each is described.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { repository } from './requirements.ts';

const folder = resolve(repository, 'schemas');

/** Names of the schemas, as package.json exports them. */
export const schemaNames: readonly string[] = readdirSync(folder)
  .filter(name => name.endsWith('.json'))
  .map(name => basename(name, '.json'));

export function readSchema(name: string): AnySchemaObject {
  return JSON.parse(readFileSync(resolve(folder, `${name}.json`), 'utf8'));
}

let validators: ReadonlyMap<string, ValidateFunction> | undefined;

function compile(): ReadonlyMap<string, ValidateFunction> {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
  for (const name of schemaNames) ajv.addSchema(closed(readSchema(name)) as AnySchemaObject);
  return new Map(schemaNames.map(name => [name, ajv.getSchema(readSchema(name).$id as string)!]));
}

/** The schema with every object that has properties closed to others, unless it says something about them itself. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) copy[key] = closed(value);
  if (copy['type'] === 'object' && 'properties' in copy) copy['additionalProperties'] ??= false;
  return copy;
}

/** Fails unless `text` is one JSON document that the schema describes; answers the document. */
export function assertDescribed(text: string, name: string, what: string): unknown {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    assert.fail(`${what}: ${(error as Error).message} in ${text.slice(0, 200)}`);
  }
  validators ??= compile();
  const validate = validators.get(name);
  assert.ok(validate, `no schema ${name}`);
  if (!validate(document)) {
    const errors = validate
      .errors!.slice(0, 5)
      .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
    assert.fail(`${what} is not as ${name}.json says:\n${errors.join('\n')}\n${text.slice(0, 300)}`);
  }
  return document;
}
