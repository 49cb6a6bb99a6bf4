/**
 * Makes the declarations of the library small: those that no entry refers to are removed, and those for importers that
 * are CommonJS are short. Before TypeScript 5.8 such importers may refer to ES modules for types alone, so an entry
 * that is CommonJS says of each value that it is that of the ES module.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import ts from 'typescript';

/** Types of a module for importers that are CommonJS: `import type` with this, since TypeScript 5.3. */
const AS_ES_MODULE = "with { 'resolution-mode': 'import' }";

/** Keeps those of `entries` and of what they refer to, by relative paths; paths without ending. */
export function removeUnusedDeclarations(folder, entries) {
  const used = new Set();
  const open = entries.map(entry => join(folder, `${entry}.d.ts`));
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (used.has(file)) continue;
    used.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, path] of text.matchAll(/(?:from |import\(|import )['"](\.[^'"]+)\.[jt]s['"]/g))
      open.push(join(dirname(file), `${path}.d.ts`));
  }
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = join(folder, name);
    if (name.endsWith('.d.ts') && !used.has(file)) rmSync(file);
  }
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
