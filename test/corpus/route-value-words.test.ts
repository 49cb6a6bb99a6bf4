/** Words that stand for values, at every length: which of their beginnings the original takes, and where. */
import { CHANGE_GRAMMAR as NEIGHBOUR } from '../../src/commands/neighbour/change.ts';
import { FILTER_GRAMMAR as NEIGHBOUR_FILTER } from '../../src/commands/neighbour/show.ts';
import { CHANGE_GRAMMAR as NEXTHOP } from '../../src/commands/nexthop/change.ts';
import { ROUTE_GRAMMAR as ROUTE } from '../../src/commands/route/arguments.ts';
import { GET_GRAMMAR as ROUTE_GET } from '../../src/commands/route/get.ts';
import { SELECTOR_GRAMMAR as ROUTE_SELECTOR } from '../../src/commands/route/selectors.ts';
import { CHANGE_GRAMMAR as RULE } from '../../src/commands/rule/change.ts';
import { FILTER_GRAMMAR as RULE_FILTER } from '../../src/commands/rule/show.ts';
import type { Grammar, Operand } from '../../src/schema/keywords.ts';
import type { NameTable } from '../../src/schema/names.ts';
import { linkMessages } from '../support/capture/capture.ts';
import { needs } from '../support/requirements.ts';
import { assertSame, sweepTimeout } from '../support/sweep.ts';

/** Names that both programs know without name files. */
const NAMES: Partial<Record<NameTable, readonly string[]>> = {
  tables: ['default', 'main', 'local', 'all', 'cache'],
  protocols: ['kernel', 'boot', 'static', 'ra', 'all'],
  scopes: ['global', 'nowhere', 'host', 'link', 'site', 'all'],
  groups: ['default'],
};

/** Words of a place in a line. */
function wordsOf({ words = [], names }: Operand): readonly string[] {
  const known = names === undefined ? [] : (NAMES[names as NameTable] ?? []);
  return [...words, ...known];
}

/** The original pads what these send with what its memory holds. */
const PASSED_OVER = ['ila', 'congctl'];

/** The words before each place, with the words that stand there. */
function* places(grammar: Grammar): Generator<{ before: readonly string[]; words: readonly string[] }> {
  for (const { word, operands } of grammar.keywords) {
    if (PASSED_OVER.includes(word)) continue;
    const before = [word];
    for (const operand of operands) {
      const words = wordsOf(operand);
      if (words.length > 0) yield { before: [...before], words };
      if (operand.grammar !== undefined)
        for (const place of places(operand.grammar()))
          yield { ...place, before: [...before, ...place.before] };
      if (!operand.isOptional) before.push(words[0] ?? operand.examples?.[0] ?? '1');
    }
  }
  if (grammar.operand !== undefined) yield { before: [], words: wordsOf(grammar.operand) };
}

function beginnings(word: string): string[] {
  return Array.from(word, (_, index) => word.slice(0, index + 1));
}

function linesOf(grammar: Grammar, before: string, after: string): string[][] {
  const [start, end] = [before, after].map(text => text.split(' ').filter(word => word !== ''));
  const lines = new Map<string, string[]>();
  for (const place of places(grammar)) {
    for (const word of place.words.flatMap(word => [...beginnings(word), word.toUpperCase(), `${word}x`])) {
      const line = [...start!, ...place.before, word, ...end!];
      lines.set(line.join(' '), line);
    }
  }
  return [...lines.values()];
}

const COMMANDS: Readonly<Record<string, readonly [grammar: Grammar, before: string, after: string]>> = {
  'route add': [ROUTE as Grammar, 'route add 10.0.0.0/8', 'dev eth0'],
  'route del of IPv6': [ROUTE as Grammar, '-6 route del fd00::/8', 'dev eth0'],
  'route show': [ROUTE_SELECTOR as Grammar, 'route show', ''],
  'route flush': [ROUTE_SELECTOR as Grammar, 'route flush', 'dev eth0'],
  'route get': [ROUTE_GET as Grammar, 'route get 10.0.0.1', ''],
  'rule add': [RULE as Grammar, 'rule add', 'pref 5'],
  'rule del': [RULE as Grammar, '-6 rule del', 'pref 5'],
  'rule show': [RULE_FILTER as Grammar, 'rule show', 'pref 5'],
  'nexthop add': [NEXTHOP as Grammar, 'nexthop add id 1', 'fdb'],
  'neigh add': [NEIGHBOUR as Grammar, 'neigh add 10.0.0.1', 'dev eth0'],
  'neigh change': [NEIGHBOUR as Grammar, 'neigh change fd00::1', 'dev eth0'],
  'neigh show': [NEIGHBOUR_FILTER as Grammar, 'neigh show', 'dev eth0'],
  'neigh flush': [NEIGHBOUR_FILTER as Grammar, 'neigh flush', 'dev eth0'],
};

describe('words for values are taken at the lengths that the original takes', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  for (const [title, [grammar, start, end]] of Object.entries(COMMANDS)) {
    it(`after ${title}`, async function () {
      this.timeout(5 * sweepTimeout);
      await assertSame(linesOf(grammar, start, end), { replies: linkMessages() });
    });
  }
});

/** Types of routes, also spelt as numbers, in every family. */
const TYPES = [
  ...['unicast', 'local', 'broadcast', 'brd', 'anycast', 'multicast', 'blackhole', 'unreachable', 'prohibit'],
  ...['throw', 'nat', 'xresolve', '+6', ''],
];

const FAMILIES = ['-4 10.0.0.0/8', '-6 fd00::/8', '-M 108', '10.0.0.0/8', 'fd00::/8'];

describe('routes keep their type', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  for (const command of ['add', 'del', 'change', 'replace', 'append', 'prepend', 'test']) {
    it(`in every family, by ${command}`, async function () {
      this.timeout(5 * sweepTimeout);
      const lines = FAMILIES.flatMap(words => {
        const [destination, ...options] = words.split(' ').reverse();
        return TYPES.map(type => {
          const typed = type === '' ? [destination!] : [type, destination!];
          return [...options, 'route', command, ...typed, 'dev', 'eth0'];
        });
      });
      await assertSame(lines, { replies: linkMessages() });
    });
  }
});
