/** The caches of compiled code: which of them a call takes, and that V8 takes them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { repository } from '../requirements.ts';

const loader = join(repository, 'bin/start.cjs');
const { cacheOf } = createRequire(import.meta.url)(loader) as {
  cacheOf(name: string, words: readonly string[]): string;
};

describe('a cache of compiled code', () => {
  const cases: Readonly<Record<string, string>> = {
    '': 'tsip',
    '-V': 'tsip',
    link: 'tsip-link-show',
    'l sh lo': 'tsip-link-show',
    '-j -n ns0 link list': 'tsip-link-show',
    'link set lo up': 'tsip-link-change',
    '-d link': 'tsip-link-details',
    '-details -6 a': 'tsip-address-details',
    '--net ns0 -rc 9 -br a s': 'tsip-address-show',
    '-N -force r a': 'tsip-route-change',
    'a add 10.0.0.1/8 dev lo': 'tsip-address-change',
    r: 'tsip-route-show',
    'route del default': 'tsip-route-change',
    n: 'tsip-neighbour-show',
    'netns exec x true': 'tsip-netns-change',
    '-force -b -': 'tsip-batch',
    '-n': 'tsip',
    nonsense: 'tsip',
  };

  it('is chosen by what a call is likely to run', () => {
    const chosen = Object.keys(cases).map(line => [line, cacheOf('tsip', line.split(' '))]);
    assert.deepEqual(Object.fromEntries(chosen), cases);
    assert.equal(cacheOf('tsnsenter', ['link']), 'tsnsenter');
  });

  it('is taken by the V8 that made it', () => {
    const folder = join(repository, 'dist/bin');
    const caches = readdirSync(folder).filter(name => name.endsWith('.cache'));
    assert.ok(caches.length >= 10, caches.join(' '));
    const takes = `
      const { load } = require(${JSON.stringify(loader)});
      for (const name of process.argv.slice(1)) {
        const { script } = load(${JSON.stringify(folder)} + '/' + name.split(/[-.]/)[0] + '.cjs', [name.slice(0, -6)]);
        console.log(name, script.cachedDataRejected);
      }`;
    const { stdout } = spawnSync(process.execPath, ['-e', takes, ...caches], { encoding: 'utf8' });
    assert.equal(stdout, caches.map(name => `${name} false\n`).join(''));
  });
});
