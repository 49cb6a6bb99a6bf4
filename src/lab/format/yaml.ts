/** The yaml package, loaded when the first file is read or written: that takes longer than to list or remove a lab. */
import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';

let loaded: typeof Yaml | undefined;

export function yaml(): typeof Yaml {
  loaded ??= createRequire(`${import.meta.dirname}/`)('yaml') as typeof Yaml;
  return loaded;
}
