/** The shape of the sources: which layer may import which, and what no source may do. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { KIND_NAMES } from '../src/rtnetlink/kinds/load.ts';
import { keywordsOf } from '../src/schema/parse.ts';
import { LINK_KINDS } from './rtnetlink/kinds/list.ts';
import { repository } from './support/requirements.ts';

/** Each layer with those that it may import besides itself, in order from the bytes up. */
const layers: Readonly<Record<string, readonly string[]>> = {
  linux: [],
  wire: [],
  schema: ['wire'],
  rtnetlink: ['wire', 'schema'],
  genetlink: ['wire', 'schema', 'rtnetlink'],
  xfrm: ['wire', 'schema', 'rtnetlink'],
  nftables: ['wire'],
  kernel: ['wire'],
  namespaces: ['wire', 'schema', 'rtnetlink', 'kernel'],
  output: ['wire', 'schema'],
  layouts: ['wire', 'schema', 'rtnetlink', 'genetlink', 'xfrm'],
  trace: ['wire', 'schema', 'rtnetlink', 'genetlink', 'xfrm', 'kernel', 'namespaces', 'layouts'],
  library: ['wire', 'schema', 'rtnetlink', 'genetlink', 'xfrm', 'kernel', 'namespaces'],
  lab: ['wire', 'schema', 'rtnetlink', 'nftables', 'kernel', 'namespaces', 'library'],
  commands: [
    'wire',
    'schema',
    'rtnetlink',
    'genetlink',
    'xfrm',
    'kernel',
    'namespaces',
    'output',
    'layouts',
    'trace',
    'lab',
  ],
  testing: ['kernel', 'namespaces', 'library', 'lab', 'commands'],
  start: [],
  'index.ts': ['wire', 'rtnetlink', 'genetlink', 'xfrm', 'kernel', 'namespaces', 'library', 'lab'],
  'rtnetlink.ts': ['wire', 'rtnetlink', 'xfrm', 'kernel', 'namespaces', 'library'],
};

/** Packages, and the only place that may import each. */
const packages: Readonly<Record<string, RegExp>> = {
  netlink: /^kernel\//,
  yargs: /^commands\//,
  'yargs-parser': /^commands\/lab\/options\.ts$/,
  'cli-table3': /^output\/columns\.ts$/,
  'string-width': /^wire\/columns\.ts$/,
  yaml: /^lab\/format\/(read|write|yaml)\.ts$/,
  'ipaddr.js': /^wire\/networks\.ts$/,
};

/** What the package exports by name. */
const ENTRIES: ReadonlySet<string> = new Set(['index.ts', 'rtnetlink.ts', 'testing/lab.ts']);

const MAX_FILES = 25;
const MAX_KINDS = 30;

/** Names of constants as the kernel's headers spell them. */
const KERNEL_CONSTANT =
  /^(AF|ARPHRD|CLONE|CTRL|ETH_P|FRA|GENL|IFA|IFF|IFLA|MNT|MSG|MS|NDA|NETLINK|NHA|NLA|NLM|NLMSG|NS_GET|NTF|NUD|RTA|RTEXT|RTM|RTNH|RTN|RTPROT|RT_SCOPE|RT_TABLE|SIOC|SOCK|SOL|SO|TUNSET|XFRM|XFRMA)_|^USER_HZ$/;

const source = resolve(repository, 'src');

interface Import {
  readonly from: string;
  readonly name: string;
  /** The other source, relative to src/; `undefined` for packages. */
  readonly to: string | undefined;
  readonly isTypeOnly: boolean;
  readonly isDynamic: boolean;
}

interface Source {
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
  readonly imports: readonly Import[];
}

const sources: readonly Source[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts'))
  .sort()
  .map(path => {
    const text = readFileSync(join(source, path), 'utf8');
    const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
    return { path, text, tree, imports: importsOf(path, tree) };
  });

describe('the sources', () => {
  it('import only what their layer may', () => {
    const found = allImports().flatMap(({ from, to, name }) => {
      if (to === undefined) return [];
      const [layer, other] = [layerOf(from), layerOf(to)];
      const allowed = layers[layer];
      if (allowed === undefined) return [`${from}: ${layer} is not a layer`];
      return layer === other || other === 'linux' || allowed.includes(other)
        ? []
        : [`${from} imports ${name}: ${layer} may not use ${other}`];
    });
    assert.deepEqual(found, []);
  });

  it('stand in a layer', () => {
    const found = sources.map(({ path }) => path).filter(path => layers[layerOf(path)] === undefined);
    assert.deepEqual(found, []);
  });

  it('have at most 25 files in a folder, and the kinds 30', () => {
    const files = [...sources.map(({ path }) => `src/${path}`), ...testFiles()];
    const counts = new Map<string, number>();
    for (const path of files) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
    const found = [...counts].filter(
      ([folder, count]) => count > (folder === 'src/rtnetlink/kinds' ? MAX_KINDS : MAX_FILES),
    );
    assert.deepEqual(found, []);
  });

  it('do not repeat the name of their folder in their own', () => {
    const found = sources.filter(({ path }) => basename(path).startsWith(`${basename(dirname(path))}-`));
    assert.deepEqual(
      found.map(({ path }) => path),
      [],
    );
  });

  it('declare each kernel constant once', () => {
    const places = new Map<string, string[]>();
    for (const { path, tree } of sources)
      for (const name of constantsOf(tree)) places.set(name, [...(places.get(name) ?? []), path]);
    const found = [...places].filter(
      ([name, paths]) => (KERNEL_CONSTANT.test(name) || paths.includes('linux/errno.ts')) && paths.length > 1,
    );
    assert.deepEqual(found, []);
  });

  it('import packages only where that is their business', () => {
    const found = allImports().flatMap(({ from, name, to }) => {
      if (to !== undefined || name.startsWith('node:')) return [];
      const packageName = name.split('/')[0]!;
      return packages[packageName]?.test(from) ? [] : [`${from} imports ${name}`];
    });
    assert.deepEqual(found, []);
  });

  it('import each package that the package depends on', () => {
    const { dependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
    const imported = new Set(allImports().map(({ name }) => name.split('/')[0]!));
    assert.deepEqual(
      Object.keys(dependencies).filter(name => !imported.has(name)),
      [],
    );
  });

  it('load the addon in two places, one of them before the program, and a package only in one', () => {
    const pathsOf = (pattern: RegExp) =>
      sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
    assert.deepEqual(pathsOf(/process\.dlopen|\.node['"`]/), ['kernel/system/native.ts', 'start/start.ts']);
    assert.deepEqual(pathsOf(/createRequire/), ['wire/on-demand.ts']);
  });

  it('import sources by their whole name, and built-in modules with node:', () => {
    const found = allImports().flatMap(({ from, name }) => {
      const isOwn = name.startsWith('.');
      if (isOwn && !name.endsWith('.ts')) return [`${from} imports ${name}`];
      return !isOwn && isBuiltin(name) && !name.startsWith('node:') ? [`${from} imports ${name}`] : [];
    });
    assert.deepEqual(found, []);
  });

  it('do not import each other in a circle, types included', () => {
    const next = new Map(sources.map(({ path, imports }) => [path, imports.flatMap(importedAtOnce)]));
    const done = new Set<string>();
    const visit = (path: string, trail: readonly string[]): void => {
      const at = trail.indexOf(path);
      if (at >= 0) assert.fail([...trail.slice(at), path].join(' -> '));
      if (done.has(path)) return;
      for (const to of next.get(path) ?? []) visit(to, [...trail, path]);
      done.add(path);
    };
    for (const { path } of sources) visit(path, []);
  });

  it('never touch process.stdout or the console', () => {
    assert.deepEqual(findMembers(['console.*', 'process.stdout', 'process.stderr', 'process.stdin']), []);
  });

  it('end processes in commands only, where they start, and in namespaces', () => {
    const found = findMembers([
      'process.exit',
      'process.abort',
      'process.kill',
      'process.reallyExit',
      'native.exit',
    ]);
    assert.deepEqual(
      // Destroying a lab ends what runs in its namespaces, a namespace what was started in it; the holder ends when it shall.
      found.filter(
        place =>
          !/^(commands\/|start\/|(lab\/processes|library\/belongings|namespaces\/rootless\/holder)\.ts: process\.kill$)/.test(
            place,
          ),
      ),
      [],
    );
  });

  it('start no other program than nsexec, in one place', () => {
    const modules = /^(node:)?(child_process|worker_threads|cluster)$/;
    const imported = allImports().filter(({ name, isTypeOnly }) => !isTypeOnly && modules.test(name));
    assert.deepEqual(imported, []);
    const loading = /getBuiltinModule\('(node:)?(child_process|cluster)'\)/;
    const loaded = sources.filter(({ text }) => loading.test(text)).map(({ path }) => path);
    assert.deepEqual(loaded, ['kernel/plans/child.ts']);
  });

  it('enter namespaces in two places: around the opening of a socket, and for good', () => {
    const found = findMembers(['*.setns', '*.unshare']).map(place => place.split(':')[0]);
    assert.deepEqual(
      [...new Set(found)].filter(
        path =>
          path !== 'kernel/system/namespace.ts' &&
          path !== 'commands/run/bind.ts' &&
          !path!.startsWith('namespaces/'),
      ),
      [],
    );
  });

  it('have names of lower-case words, and none that says nothing', () => {
    const found = sources.filter(({ path }) => {
      const name = basename(path, '.ts');
      return !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || /^(utils?|helpers?|common|types|misc)$/.test(name);
    });
    assert.deepEqual(
      found.map(({ path }) => path),
      [],
    );
  });

  it('begin with what they are', () => {
    const found = sources.filter(
      ({ text, path }) => path !== 'index.ts' && !/^\/\*\*[\s\S]{15,}?\*\//.test(text),
    );
    assert.deepEqual(
      found.map(({ path }) => path),
      [],
    );
  });

  it('export nothing by default, and nothing of others except in the entries of the package', () => {
    const found = sources.flatMap(({ path, tree }) =>
      tree.statements
        .filter(
          statement =>
            ts.isExportAssignment(statement) || isReexport(statement, path) || isDefault(statement),
        )
        .map(() => path),
    );
    assert.deepEqual(found, []);
  });
});

describe('the link kinds', () => {
  it('are listed, each once, and have a file that is used', () => {
    assert.deepEqual(
      LINK_KINDS.map(({ name }) => name as string),
      KIND_NAMES,
    );
    const files = sources.map(({ path }) => path).filter(path => path.startsWith('rtnetlink/kinds/'));
    const imported = new Set(allImports().map(({ to }) => to));
    assert.ok(files.length > 0);
    assert.deepEqual(
      files.filter(path => !imported.has(path)),
      [],
    );
  });

  // A kind that reads its arguments itself does not go by the keywords of its rows.
  for (const kind of LINK_KINDS.filter(({ parse }) => parse === undefined)) {
    it(`${kind.name} names every parameter in its help`, () => {
      const words = wordsOf(kind.usage);
      const keywords = keywordsOf(kind.table.rows);
      const missing = [...new Set(keywords.map(({ name }) => name))].filter(
        row => !keywords.some(({ name, word }) => name === row && words.has(word)),
      );
      assert.deepEqual(missing, []);
    });
  }
});

/** The words of a help text; `[no]learning` stands for two, `[i|o]key` for three. */
function wordsOf(usage: string): Set<string> {
  const spelt = usage.replace(
    /\[([a-z]+(?:\|[a-z]+)*)\](?=([a-z][\w-]*))/g,
    (_, prefixes: string, word: string) =>
      `${prefixes
        .split('|')
        .map(prefix => prefix + word)
        .join(' ')} `,
  );
  return new Set(spelt.match(/[\w-]+/g));
}

function importsOf(from: string, tree: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (name: string, isTypeOnly: boolean, isDynamic: boolean) => {
    const to = name.startsWith('.') ? relative(source, resolve(source, dirname(from), name)) : undefined;
    found.push({ from, name, to, isTypeOnly, isDynamic });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const bindings = node.importClause?.namedBindings;
      const areTypes =
        bindings && ts.isNamedImports(bindings) && bindings.elements.every(({ isTypeOnly }) => isTypeOnly);
      const isTypeOnly = node.importClause?.isTypeOnly || (areTypes && !node.importClause?.name);
      add(node.moduleSpecifier.text, isTypeOnly === true, false);
    } else if (
      ts.isExportDeclaration(node) &&
      node.moduleSpecifier &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      add(node.moduleSpecifier.text, node.isTypeOnly, false);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [name] = node.arguments;
      // What starts the programs imports packages for them; a lab may be a module.
      if (from === 'start/start.ts' || from === 'lab/format/module.ts') return;
      assert.ok(name && ts.isStringLiteral(name), `${from} imports what cannot be seen before it runs`);
      add(name.text, false, true);
    } else if (
      ts.isImportTypeNode(node) &&
      ts.isLiteralTypeNode(node.argument) &&
      ts.isStringLiteral(node.argument.literal)
    ) {
      add(node.argument.literal.text, true, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function allImports(): Import[] {
  return sources.flatMap(({ imports }) => imports);
}

/** The source that an import names, unless a command loads it on demand. */
function importedAtOnce({ to, isDynamic }: Import): string[] {
  return to === undefined || isDynamic ? [] : [to];
}

function layerOf(path: string): string {
  return path.split('/')[0]!;
}

function isBuiltin(name: string): boolean {
  return process.getBuiltinModule('node:module').isBuiltin(name);
}

/** Places where one of `members` (`object.member`, `object.*`, or `*.member`) is used. */
function findMembers(members: readonly string[]): string[] {
  return sources.flatMap(({ path, tree }) => {
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isPropertyAccessExpression(node)) {
        const object = ts.isIdentifier(node.expression) ? node.expression.text : '';
        const member = node.name.text;
        if ([`${object}.${member}`, `${object}.*`, `*.${member}`].some(name => members.includes(name)))
          found.push(`${path}: ${object}.${member}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(tree);
    return found;
  });
}

function isReexport(statement: ts.Statement, path: string): boolean {
  return !ENTRIES.has(path) && ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined;
}

function isDefault(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false;
}

function testFiles(): string[] {
  return readdirSync(join(repository, 'test'), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => relative(repository, join(parentPath, name)));
}

/** The constants that a source declares at its top, names in capitals. */
function constantsOf(tree: ts.SourceFile): string[] {
  return tree.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .flatMap(({ name }) => (ts.isIdentifier(name) && /^[A-Z][A-Z\d_]+$/.test(name.text) ? [name.text] : []));
}
