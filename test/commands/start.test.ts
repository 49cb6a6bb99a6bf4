/** How a program starts: the slice that a call takes, what happens where that was too little, and that V8 takes its code. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { repository } from '../support/requirements.ts';

const starter = join(repository, 'bin/start.cjs');
const folder = join(repository, 'dist/bin');
const { partOf } = createRequire(import.meta.url)(starter) as {
  partOf(name: string, words: readonly string[]): string;
};

function run(...words: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  return { stdout, stderr, status };
}

describe('a slice of the program', () => {
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
    '-d r': 'tsip-route-show',
    '-d link set lo up': 'tsip-link-change',
    'a add 10.0.0.1/8 dev lo': 'tsip-address-change',
    r: 'tsip-route-show',
    'route del default': 'tsip-route-change',
    n: 'tsip-neighbour-show',
    'n add': 'tsip',
    'netns exec x true': 'tsip-netns-change',
    '-force -b -': 'tsip-batch',
    '--table link': 'tsip',
    '-n': 'tsip',
    nonsense: 'tsip',
  };

  it('is chosen by what a call is likely to run', () => {
    const chosen = Object.keys(cases).map(line => [line, partOf('tsip', line.split(' '))]);
    assert.deepEqual(Object.fromEntries(chosen), cases);
    assert.equal(partOf('tsnsenter', ['link']), 'tsnsenter');
  });

  const demanding = [
    '--strict-json link show lo',
    '--strict-json route show table nonsense',
    '--trace link show lo',
    'link help vlan',
    'link xstats type nonsense',
    'address help',
    'address flush',
    'route get 127.0.0.1',
    'route help',
    '-d neighbour list help',
    'netns help',
    'netns identify',
    '-d link help',
  ];
  for (const line of demanding)
    it(`leaves the call to the whole program where it lacks something: ${line}`, () => {
      const words = line.split(' ');
      assert.ok(partOf('tsip', words).startsWith('tsip-'));
      const whole = run('-e', `require('${starter}').startWhole()`, '--', 'script', ...words);
      const sliced = run(starter, 'tsip', ...words);
      const still = (text: string) =>
        text.replace(/\b(sequence|from port|port) \d+/g, '$1').replace(/"(time|duration)":\d+/g, '');
      assert.equal(still(sliced.stdout), still(whole.stdout));
      assert.equal(still(sliced.stderr), still(whole.stderr));
      assert.equal(sliced.status, whole.status);
      assert.ok(sliced.stdout.length + sliced.stderr.length > 0);
    });
});

describe('compiled code', () => {
  it('is taken by the V8 that made it', () => {
    const caches = readdirSync(folder).filter(name => name.endsWith('.cache'));
    assert.ok(caches.length >= 15, caches.join(' '));
    const takes = `
      const { load } = require(${JSON.stringify(starter)});
      for (const file of process.argv.slice(1)) {
        const cache = file.slice(0, -'.cache'.length);
        const { script } = load(${JSON.stringify(folder)}, cache === 'tsip-batch' ? 'tsip' : cache, cache);
        console.log(file, script.cachedDataRejected);
      }`;
    const { stdout } = run('-e', takes, ...caches);
    assert.equal(stdout, caches.map(name => `${name} false\n`).join(''));
  });
});
