/**
 * Makes the declarations of the library small: what no entry refers to is removed, what several refer to is in one file,
 * and those for importers that are CommonJS are short. Before TypeScript 5.8 such importers may refer to ES modules for
 * types alone, so an entry that is CommonJS says of each value that it is that of the ES module.
 */
import { writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { rollup } from 'rollup';
import { dts as declarations } from 'rollup-plugin-dts';
import ts from 'typescript';

/** Types of a module for importers that are CommonJS: `import type` with this, since TypeScript 5.3. */
const AS_ES_MODULE = "with { 'resolution-mode': 'import' }";

/** Writes what `entries`, paths without ending, need of the declarations in `source`. */
export async function writeDeclarations(source, folder, entries) {
  const input = Object.fromEntries(entries.map(entry => [entry, join(source, `${entry}.d.ts`)]));
  const files = new Set(Object.values(input).map(path => resolve(path)));
  const bundle = await rollup({
    input,
    external: path => path.startsWith('node:'),
    plugins: [declarations()],
    onwarn: warning => {
      // Most types of the rows of tables are of no use to importers, and have no names.
      if (!warning.message.includes('private shared type exports')) throw new Error(warning.message);
    },
  });
  await bundle.write({
    dir: folder,
    entryFileNames: '[name].d.ts',
    chunkFileNames: '[name].d.ts',
    manualChunks: id => (files.has(id) ? undefined : 'shared'),
    minifyInternalExports: false,
  });
  await bundle.close();
}

/** Writes `ENTRY.d.cts` next to each `ENTRY.d.ts`. */
export function writeCommonDeclarations(folder, entries) {
  const files = entries.map(entry => join(folder, `${entry}.d.ts`));
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noLib: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  for (const file of files) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file));
    const text = commonDeclarations(checker, checker.getExportsOfModule(module), basename(file, '.d.ts'));
    writeFileSync(file.replace(/ts$/, 'cts'), text);
  }
}

function commonDeclarations(checker, symbols, name) {
  const types = [];
  const lines = [];
  const exported = new Set(symbols.map(symbol => symbol.name));
  for (const symbol of symbols) {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const isValue = (target.flags & ts.SymbolFlags.Value) !== 0;
    if (!isValue) {
      types.push(symbol.name);
      continue;
    }
    lines.push(`export declare const ${symbol.name}: typeof module.${symbol.name};`);
    if ((target.flags & ts.SymbolFlags.Type) !== 0) lines.push(typeOf(symbol.name, target, exported));
  }
  return [
    `import type * as module from './${name}.js' ${AS_ES_MODULE};`,
    `export type { ${types.join(', ')} } from './${name}.js' ${AS_ES_MODULE};`,
    ...lines,
    '',
  ].join('\n');
}

/** The type that a class is besides its value. */
function typeOf(name, symbol, exported) {
  const { typeParameters = [] } = symbol.declarations.find(
    declaration => ts.isClassDeclaration(declaration) || ts.isInterfaceDeclaration(declaration),
  );
  if (typeParameters.length === 0) return `export type ${name} = module.${name};`;
  const own = new Set(typeParameters.map(parameter => parameter.name.text));
  const parameters = typeParameters.map(parameter =>
    parameter
      .getText()
      .replace(/[A-Z]\w*/g, word => (exported.has(word) && !own.has(word) ? `module.${word}` : word)),
  );
  return `export type ${name}<${parameters.join(', ')}> = module.${name}<${[...own].join(', ')}>;`;
}
