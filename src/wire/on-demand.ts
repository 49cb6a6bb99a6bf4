/** Packages that are loaded when they are first asked something: loading one takes longer than most commands. */
import { createRequire } from 'node:module';

/** What gives the package `name`, of the type `T`, and loads it the first time. */
export function onDemand<T>(name: string): () => T {
  let loaded: T | undefined;
  return () => {
    loaded ??= createRequire(`${import.meta.dirname}/`)(name) as T;
    return loaded;
  };
}
