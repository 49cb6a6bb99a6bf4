/** Packages that are loaded when they are first asked something: loading one takes longer than most commands. */
import { lazy } from './lazy.ts';

/** What gives the package `name`, of the type `T`, and loads it the first time. */
export function onDemand<T>(name: string): () => T {
  return lazy(() => {
    // Not imported: Node takes 0.3 ms to load it, at each start.
    const { createRequire } = process.getBuiltinModule('node:module');
    return createRequire(`${import.meta.dirname}/`)(name) as T;
  });
}
