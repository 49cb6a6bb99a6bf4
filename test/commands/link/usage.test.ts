/** The help of `ip link` names everything that may be said. */
import assert from 'node:assert/strict';
import { LINK_KEYWORDS } from '../../../src/commands/link/arguments.ts';
import { LINK_USAGE } from '../../../src/commands/link/usage.ts';
import { LINK_KINDS } from '../../../src/rtnetlink/kinds/index.ts';
import { inetSettings } from '../../../src/rtnetlink/link.ts';

const words = new Set(LINK_USAGE.match(/[\w-]+/g));

/** Other words for the same settings. */
const synonyms = ['brd', 'txqlen', 'qlen'];

describe('ip link help', () => {
  it('names every setting', () => {
    const missing = LINK_KEYWORDS.filter(({ word }) => !words.has(word) && !synonyms.includes(word));
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
