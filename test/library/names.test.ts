/** The names that users meet: few, and each with its comment. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import ts from 'typescript';
import { repository } from '../support/requirements.ts';

const MOST_NAMES = 70;
const LEAST_DOCUMENTED = 0.95;

/** The exported names of an entry, with what documents them. */
function namesOf(entry: string): readonly { readonly name: string; readonly comment: string }[] {
  const path = resolve(repository, 'src', entry);
  const { config } = ts.readConfigFile(resolve(repository, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, repository);
  const program = ts.createProgram([path], options);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(path)!)!;
  return checker.getExportsOfModule(module).map(found => {
    const symbol = found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
    return { name: found.name, comment: ts.displayPartsToString(symbol.getDocumentationComment(checker)) };
  });
}

describe('the exported names', () => {
  it(`of tsip are at most ${MOST_NAMES}`, () => {
    const names = namesOf('index.ts');
    assert.ok(names.length <= MOST_NAMES, names.map(({ name }) => name).join(', '));
  }).timeout(60_000);

  for (const entry of ['index.ts', 'rtnetlink.ts', 'testing/lab.ts']) {
    it(`of ${entry} have comments`, () => {
      const names = namesOf(entry);
      const bare = names.filter(({ comment }) => comment === '').map(({ name }) => name);
      assert.ok(bare.length <= names.length * (1 - LEAST_DOCUMENTED), bare.join(', '));
    }).timeout(60_000);
  }
});
