/** The names that users meet: few, and each with its comment. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import ts from 'typescript';
import { repository } from '../support/requirements.ts';

const MOST_NAMES = 70;
const LEAST_DOCUMENTED = 0.95;

const ENTRIES = ['index.ts', 'rtnetlink.ts', 'testing/lab.ts'];

const pathOf = (entry: string) => resolve(repository, 'src', entry);

function compile(): ts.Program {
  const { config } = ts.readConfigFile(resolve(repository, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, repository);
  return ts.createProgram(ENTRIES.map(pathOf), options);
}

/** The exported names of an entry, with what documents them. */
function namesOf(
  entry: string,
  program: ts.Program,
): readonly { readonly name: string; readonly comment: string }[] {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(pathOf(entry))!)!;
  return checker.getExportsOfModule(module).map(found => {
    const symbol = found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
    return { name: found.name, comment: ts.displayPartsToString(symbol.getDocumentationComment(checker)) };
  });
}

describe('the exported names', () => {
  let program: ts.Program;

  before(function () {
    this;
    program = compile();
  });

  it(`of tsip are at most ${MOST_NAMES}`, () => {
    const names = namesOf('index.ts', program);
    assert.ok(names.length <= MOST_NAMES, names.map(({ name }) => name).join(', '));
  });

  for (const entry of ENTRIES) {
    it(`of ${entry} have comments`, () => {
      const names = namesOf(entry, program);
      const bare = names.filter(({ comment }) => comment === '').map(({ name }) => name);
      assert.ok(bare.length <= names.length * (1 - LEAST_DOCUMENTED), bare.join(', '));
    });
  }
});
