/** Loads the parts of the programs, each once, with their cached code. */
import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import type { CodeCache, UncachedPart } from './code-cache.ts';

/** How parts get packages. Cached code has no `import()`, so there is a function for it. */
export interface Packages {
  require(path: string): unknown;
  import(path: string): Promise<unknown>;
}

type PartFunction = (
  exports: unknown,
  require: ((path: string) => unknown) & Pick<Packages, 'import'> & { readonly addon: unknown },
  module: object,
  dirname: string,
) => void;

/** The text of a part as it is compiled. */
export function sourceOf(part: Buffer): string {
  return part.toString('latin1');
}

export class Loader {
  readonly #folder: string;
  readonly #cache: CodeCache;
  readonly #packages: Packages;
  readonly #addon: unknown;
  readonly #modules = new Map<string, { exports: unknown }>();
  #uncached: UncachedPart[] = [];

  constructor(cache: CodeCache, addon: unknown, packages: Packages) {
    this.#folder = cache.folder;
    this.#cache = cache;
    this.#addon = addon;
    this.#packages = packages;
  }

  /** The exports of a part. */
  load(name: string): unknown {
    const loaded = this.#modules.get(name);
    if (loaded !== undefined) return loaded.exports;
    const module = { exports: {} };
    this.#modules.set(name, module);
    const filename = `${this.#folder}/${name}.cjs`;
    const run = this.#script(name, filename).runInThisContext() as PartFunction;
    const { require: requirePackage, import: importPackage } = this.#packages;
    const require = (path: string) =>
      path[0] === '.' ? this.load(path.slice('./'.length, -'.cjs'.length)) : requirePackage(path);
    const others = { import: importPackage, addon: this.#addon };
    run(module.exports, Object.assign(require, others), module, this.#folder);
    return module.exports;
  }

  #script(name: string, filename: string): Script {
    const text = readFileSync(filename);
    const { cachedData, key } = this.#cache.read(name, text);
    const source = sourceOf(text);
    const script = new Script(source, { filename, ...(cachedData && { cachedData }) });
    if (key !== undefined && script.cachedDataRejected !== false)
      this.#uncached.push({ name, key, source, filename });
    return script;
  }

  /** Caches the code of the parts that had no cache. Failures are of no concern to the program. */
  saveCaches(): void {
    const parts = this.#uncached;
    this.#uncached = [];
    if (parts.length === 0) return;
    try {
      this.#cache.save(parts);
    } catch {
      // A full disk, a folder that is gone: then there is no cache.
    }
  }
}
