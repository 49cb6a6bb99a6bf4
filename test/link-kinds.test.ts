/** How each link kind is proven. The titles are the table: kind, requests, views, live tests. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LINK_KINDS } from '../src/rtnetlink/kinds/index.ts';
import { argumentLines, fixturesFolder, requestsOf } from './fixtures.ts';
import { originalPrograms, Sandbox } from './live/sandbox.ts';
import { needs, repository } from './requirements.ts';

const liveFolder = resolve(repository, 'test/live');
const liveTests = readdirSync(liveFolder)
  .filter(name => name.endsWith('.test.ts'))
  .map(name => ({ name, text: readFileSync(join(liveFolder, name), 'utf8') }));

describe('every link kind', () => {
  for (const { name } of LINK_KINDS) {
    const folder = join(fixturesFolder, 'link', name);
    const has = (file: string) => existsSync(join(folder, file));
    const requests = has('arguments') ? argumentLines(folder).length : 0;
    const live = liveTests
      .filter(({ text }) => new RegExp(`\\btype ${name}\\b`).test(text))
      .map(test => test.name);
    const views = ['text', 'oneline', 'json'].filter(has);
    const cells = [
      `${requests} requests`,
      views.join(' ') || 'not shown',
      live.length > 0 ? live.join(' ') : 'not live',
    ];

    it(`${name.padEnd(14)} ${cells.join(' | ')}`, async function () {
      assert.ok(requests > 0, `no ${folder}/arguments`);
      assert.equal(requestsOf(folder).length, requests);
      assert.deepEqual(views, ['text', 'oneline', 'json']);
      if (live.length > 0) return;
      needs(this, 'namespaces', 'oracle');
      const kind = name.replace(/_slave$/, '');
      const sandbox = await Sandbox.open(originalPrograms());
      try {
        const { stderr } = await sandbox.run(`link add x0 type ${kind}`);
        const isUnknown = /Unknown device type|not supported/.test(stderr);
        assert.ok(
          isUnknown,
          `this kernel knows ${kind}, but no test in test/live says "type ${name}": ${stderr}`,
        );
      } finally {
        await sandbox.close();
      }
      this.test!.title = this.test!.title.replace('not live', 'not live, for this kernel lacks it');
    });
  }
});
