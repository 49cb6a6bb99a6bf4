/** The help of `ip link` names everything that may be said. */
import assert from 'node:assert/strict';
import { LINK_USAGE } from '../../../src/commands/link/usage.ts';
import { LINK_GRAMMAR } from '../../../src/commands/link/words.ts';
import { inetSettings } from '../../../src/rtnetlink/link.ts';
import { LINK_KINDS } from '../../rtnetlink/kinds/list.ts';

const words = new Set(LINK_USAGE.match(/[\w-]+/g));

describe('ip link help', () => {
  it('names every setting', () => {
    const missing = LINK_GRAMMAR.keywords.filter(({ word, isHidden }) => !words.has(word) && !isHidden);
    assert.deepEqual(missing, []);
  });

  it('names every IPv4 setting that can be set', () => {
    const settable = Object.entries(inetSettings.rows).filter(([, row]) => row.words.keyword !== false);
    assert.deepEqual(
      settable.filter(([name]) => !words.has(name)),
      [],
    );
  });

  it('names every kind that takes part in requests', () => {
    const missing = LINK_KINDS.filter(({ name, usage }) => usage !== '' && !words.has(name));
    assert.deepEqual(
      missing.map(({ name }) => name),
      [],
    );
  });
});
