/** What a grammar says of the next word. */
import assert from 'node:assert/strict';
import { expectedAfter } from '../../src/schema/expected.ts';
import {
  anyWord,
  exact,
  flag,
  type Grammar,
  type Keyword,
  reads,
  shortened,
} from '../../src/schema/keywords.ts';

interface Draft {
  device?: string;
  state?: string;
}

const lock = { synopsis: 'lock', words: ['lock'], isOptional: true };
const outer: Grammar<Draft> = {
  keywords: [
    exact('dev', anyWord({ synopsis: 'DEV', names: 'device' }), 'device'),
    shortened(exact('nud', anyWord('STATE'), 'state')),
    flag('router', () => undefined),
    reads('mtu', [lock, { synopsis: 'BYTES' }], () => undefined),
    reads('vf', [{ synopsis: 'NUMBER' }, { synopsis: 'SETTINGS', grammar: () => inner }], () => undefined),
    reads('encap', [{ synopsis: 'TYPE', grammar: () => types as Grammar, isChoice: true }], () => undefined),
  ],
  operand: { synopsis: 'PREFIX' },
};
const types: Grammar<Draft> = {
  keywords: [
    reads(
      'mpls',
      [{ synopsis: 'LABEL' }, { synopsis: 'OPTIONS', grammar: () => labelled as Grammar }],
      () => undefined,
    ),
    flag('none', () => undefined),
  ],
};
const labelled: Grammar<Draft> = { keywords: [exact('ttl', anyWord('TTL'), 'state')] };
const inner: Grammar = { keywords: [flag('trust', () => undefined) as Keyword] };

function shown(...words: string[]): string {
  const { keywords, operands } = expectedAfter(outer as Grammar, words);
  return [...keywords.map(({ word }) => word), ...operands.map(({ synopsis }) => synopsis)].join(' ');
}

describe('what may stand next in a line', () => {
  const START = 'dev nud router mtu vf encap PREFIX';

  it('are all keywords at the beginning, after a value and after an operand', () => {
    assert.equal(shown(), START);
    assert.equal(shown('dev', 'eth0'), START);
    assert.equal(shown('10.0.0.0/8', 'router'), START);
  });

  it('is the value of a keyword, abbreviated or not', () => {
    assert.equal(shown('dev'), 'DEV');
    assert.equal(shown('n'), 'STATE');
  });

  it('is an optional word as well as the value after it', () => {
    assert.equal(shown('mtu'), 'lock BYTES');
    assert.equal(shown('mtu', 'lock'), 'BYTES');
    assert.equal(shown('mtu', '5'), START);
  });

  it('are the keywords of a nested grammar, then those around it too', () => {
    assert.equal(shown('vf'), 'NUMBER');
    assert.equal(shown('vf', '1'), `trust ${START}`);
    assert.equal(shown('vf', '1', 'trust'), `trust ${START}`);
    assert.equal(shown('vf', '1', 'trust', 'dev'), 'DEV');
  });

  it('is one keyword of a nested grammar where only one may stand, with what follows it', () => {
    assert.equal(shown('encap'), 'mpls none');
    assert.equal(shown('encap', 'mpls'), 'LABEL');
    assert.equal(shown('encap', 'mpls', '100'), `ttl ${START}`);
    assert.equal(shown('encap', 'mpls', '100', 'ttl'), 'TTL');
    assert.equal(shown('encap', 'mpls', '100', 'ttl', '5'), `ttl ${START}`);
    assert.equal(shown('encap', 'none'), START);
  });
});
