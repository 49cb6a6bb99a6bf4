/**
 * Synopses keep the spelling of the original's, which programs search for what this `ip` can do: ifupdown2 looks for
 * `[ metric METRIC ]` in the output of `ip addr help`.
 */
import assert from 'node:assert/strict';
import { original, ours } from '../support/capture/capture.ts';
import { needs } from '../support/requirements.ts';

/** Objects whose synopses are made of their grammars. */
const OBJECTS = ['address', 'addrlabel', 'link', 'maddress', 'netconf', 'ntable', 'token', 'tuntap', 'vrf'];

/** A word with the placeholders after it: `metric METRIC`, `arp { on | off }`. */
const PAIR = /(?<![\w-])[a-z][\w-]*(?: (?:[A-Z][A-Z0-9_-]*(?![\w.]| :=)|\{[^{}]*\}))+( \])?/g;

/** One space between words, and brackets apart from words. */
function spaced(text: string): string {
  return text
    .replace(/\[(?![-\]])|(?<!\[-)\]|[{}|]/g, ' $& ')
    .replace(/\s+/g, ' ')
    .replace(/\[ - \]/g, '[-]');
}

/** Every word of a synopsis that has placeholders, in brackets if it stands in a pair of brackets alone. */
function pairsOf(synopsis: string): string[] {
  const text = spaced(synopsis);
  return [...text.matchAll(PAIR)].map(({ 0: pair, 1: end, index }) => {
    if (end === undefined) return pair;
    return text.slice(0, index).endsWith('[ ') ? `[ ${pair}` : pair.slice(0, -end.length);
  });
}

function wordsOf(synopsis: string): Set<string> {
  return new Set(synopsis.match(/(?<![\w-])[a-z][\w-]+/g));
}

async function helpTexts(object: string): Promise<readonly [wanted: string, got: string]> {
  return [original([object, 'help']).stderr, (await ours([object, 'help'])).stderr];
}

describe('the synopsis of the help', () => {
  before(function () {
    needs(this, 'oracle', 'compiler');
  });

  for (const object of OBJECTS) {
    it(`of ${object} has every keyword of the original's, with the same placeholders and brackets`, async () => {
      const [wanted, got] = await helpTexts(object);
      const text = spaced(got);
      const pairs = pairsOf(wanted);
      assert.deepEqual(
        pairs.filter(pair => !text.includes(pair)),
        [],
      );
      assert.ok(pairs.length > 0 || object === 'vrf', wanted);
    });

    it(`of ${object} has every word of the original's`, async () => {
      const [wanted, got] = await helpTexts(object);
      const words = wordsOf(got);
      assert.deepEqual(
        [...wordsOf(wanted)].filter(word => !words.has(word)),
        [],
      );
    });
  }

  it('of address has what ifupdown2 looks for', async () => {
    const { stderr } = await ours(['addr', 'help']);
    assert.ok(stderr.includes('[ metric METRIC ]'), stderr);
  });
});
